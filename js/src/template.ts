import type {
  Context as CoreContext,
  Renderer as CoreRenderer,
} from '../wasm/goldenpath';
import { Handle, type Instance, call } from './load';
import type {
  RenderOptions,
  RenderResult,
  RenderValueOptions,
  RenderedValue,
  RenderedPath,
  SourceFile,
  TemplateBranch,
  TemplateFile,
  TemplateLintOptions,
  TemplateLintReport,
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
  /** What texts are called at present. */
  #named: { by?: CoreRenderer; name?: string; target?: string } = {};

  constructor(options: RenderOptions = {}) {
    const { filters = {}, globals = {}, templates, ...rest } = options;
    const settings = JSON.stringify(rest);
    this.#handle = new Handle(
      core => new core.Renderer(settings, filters, globals, loader(templates)),
    );
  }

  /** Renders a file's content. `target` is its path in the target, if that is another than its name. */
  renderText(
    file: SourceFile,
    context: object | Context,
    target?: string,
  ): RenderResult {
    const { name, content } = file;
    const { handle } = prepared(context);
    return call('renderText', instance => {
      const renderer = this.#handle.in(instance);
      const values = handle.in(instance);
      return typeof content === 'string'
        ? this.#renderString(instance, renderer, values, name, content, target)
        : result(renderer.renderText(name, content, values, target));
    });
  }

  /** In the core's memory, since for a small template copies of strings cost as much as the rendering. */
  #renderString(
    instance: Instance,
    renderer: CoreRenderer,
    values: CoreContext,
    name: string,
    content: string,
    target?: string,
  ): RenderResult {
    const named = this.#named;
    if (
      named.by !== renderer ||
      named.name !== name ||
      named.target !== target
    ) {
      renderer.nameText(name, target);
      this.#named = { by: renderer, name, target };
    }
    // a unit of UTF-16 takes three bytes at most
    const room = renderer.room(content.length * 3);
    const written = instance.memory().write(content, room);
    const length = renderer.renderRoom(written, values);
    if (length < 0) return result(renderer.answer());
    const start = renderer.output();
    const output = instance.memory().toString('utf8', start, start + length);
    return { output, diagnostics: [] };
  }

  /**
   * Renders the texts of a JSON value, as the scaffolder does with the inputs of a step; keys are no
   * templates. Undefined fields are left out, in lists they are null.
   */
  renderValue(
    value: unknown,
    context: object | Context,
    { name = 'value', typing = 'backstage' }: RenderValueOptions = {},
  ): RenderedValue {
    const { handle } = prepared(context);
    const request = JSON.stringify({ name, value: value ?? null, typing });
    return call('renderValue', instance =>
      JSON.parse(
        this.#handle.in(instance).renderValue(request, handle.in(instance)),
      ),
    );
  }

  /** The conditions of all templates so far; with the option `coverage` only. */
  branches(): TemplateBranch[] {
    return call('branches', instance =>
      JSON.parse(this.#handle.in(instance).branches()),
    );
  }

  /** Renders a path relative to the target, with `/`. An empty part leaves the entry out. */
  renderPath(path: string, context: object | Context): RenderedPath {
    const { handle } = prepared(context);
    const answer: string | RenderedPath = call('renderPath', instance =>
      this.#handle.in(instance).renderPath(path, handle.in(instance)),
    );
    return typeof answer === 'string'
      ? { path: answer, diagnostics: [] }
      : answer;
  }
}

/**
 * Checks a template against itself, the skeletons that its steps render, and the actions of an instance.
 * The first file is the template, the others are what is in its folder.
 */
export function lintTemplate(
  files: TemplateFile[],
  options: TemplateLintOptions = {},
): TemplateLintReport {
  return call('lintTemplate', ({ core }) =>
    JSON.parse(
      core.lintTemplate(JSON.stringify(files), JSON.stringify(options)),
    ),
  );
}

function result(answer: string | RenderResult): RenderResult {
  return typeof answer === 'string'
    ? { output: answer, diagnostics: [] }
    : answer;
}

function prepared(context: object | Context): Context {
  return context instanceof Context ? context : new Context(context);
}

function loader(templates: RenderOptions['templates']) {
  if (typeof templates === 'function') return templates;
  const files = new Map(Object.entries(templates ?? {}));
  return (path: string) => files.get(path);
}
