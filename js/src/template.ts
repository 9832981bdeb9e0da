import type {
  Context as CoreContext,
  Renderer as CoreRenderer,
} from '../wasm/goldenpath';
import { bytes } from './bytes';
import { Handle, call } from './load';
import type {
  RenderOptions,
  RenderResult,
  RenderedPath,
  SourceFile,
} from './types';

/** Values of templates, taken across to the core once for many renderings. */
export class Context {
  /** @internal */
  readonly handle: Handle<CoreContext>;

  /** Reads the values at its first use; later changes of them are not seen. */
  constructor(values: object) {
    this.handle = new Handle(core => core.prepareContext(values));
  }
}

/** Renders templates of one dialect with one set of filters and globals. */
export class Renderer {
  readonly #handle: Handle<CoreRenderer>;

  constructor(options: RenderOptions = {}) {
    const { filters = {}, globals = {}, ...rest } = options;
    const settings = JSON.stringify(rest);
    this.#handle = new Handle(
      core => new core.Renderer(settings, filters, globals),
    );
  }

  /** Renders a file's content. `target` is its path in the target, if that is another than its name. */
  renderText(
    file: SourceFile,
    context: object | Context,
    target?: string,
  ): RenderResult {
    const { handle } = prepared(context);
    return call('renderText', instance =>
      JSON.parse(
        this.#handle
          .in(instance)
          .renderText(
            file.name,
            bytes(file.content),
            handle.in(instance),
            target,
          ),
      ),
    );
  }

  /** Renders a path relative to the target, with `/`. An empty part leaves the entry out. */
  renderPath(path: string, context: object | Context): RenderedPath {
    const { handle } = prepared(context);
    return call('renderPath', instance =>
      JSON.parse(
        this.#handle.in(instance).renderPath(path, handle.in(instance)),
      ),
    );
  }
}

function prepared(context: object | Context): Context {
  return context instanceof Context ? context : new Context(context);
}
