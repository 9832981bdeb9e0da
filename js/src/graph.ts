import type { CatalogGraph as CoreGraph } from '../wasm/goldenpath';
import { bytes } from './bytes';
import { whereabouts, withNow } from './catalog';
import { Handle, type Instance, call } from './load';
import type {
  CatalogDiff,
  CatalogGraphOptions,
  CatalogOptions,
  CatalogReport,
  Diagnostic,
  JudgedEntity,
  Repository,
  SourceFile,
} from './types';

/**
 * Entities and the references between them: what no look at one file can tell. After a change, only
 * what it touches is judged again.
 */
export class CatalogGraph {
  readonly #handle: Handle<CoreGraph>;
  #isFilled = false;

  constructor(options: CatalogGraphOptions = {}) {
    const json = JSON.stringify(options);
    this.#handle = new Handle(core => {
      if (this.#isFilled) {
        throw new Error(
          'the entities of this graph are lost, since goldenpath failed inside: fill a new one',
        );
      }
      return new core.CatalogGraph(json);
    });
  }

  /** Adds entities, in place of those with the same references. */
  set(entities: object[]): void {
    const json = JSON.stringify(entities);
    this.#change('CatalogGraph.set', graph => graph.set(json));
  }

  /** Removes entities by their references, `kind:namespace/name`. */
  remove(entityRefs: string[]): void {
    const json = JSON.stringify(entityRefs);
    this.#change('CatalogGraph.remove', graph => graph.remove(json));
  }

  /**
   * Checks a catalogue file as `checkCatalogFile` does, and adds its entities with their places: two of
   * one reference at different places are duplicates.
   */
  checkFile(
    { name, content }: SourceFile,
    options: CatalogOptions = {},
    repository?: Repository,
  ): CatalogReport {
    const wishes = JSON.stringify(withNow(options));
    return JSON.parse(
      this.#change('CatalogGraph.checkFile', graph =>
        repository
          ? graph.checkFileIn(
              name,
              bytes(content),
              wishes,
              whereabouts(repository),
              repository.read,
            )
          : graph.checkFile(name, bytes(content), wishes),
      ),
    );
  }

  /**
   * Takes the live catalogue from a snapshot, so that it can be said which references lead nowhere. Is
   * it none, the diagnostics say why, and nothing changes.
   */
  readLive({ name, content }: SourceFile): Diagnostic[] {
    return JSON.parse(
      this.#change('CatalogGraph.readLive', graph =>
        graph.readLive(name, bytes(content)),
      ),
    );
  }

  /** The entities that were added, as a snapshot: the same entities give the same text. */
  snapshot(): string {
    return this.#change('CatalogGraph.snapshot', graph => graph.snapshot());
  }

  /**
   * Judges what a change since the last call may have touched, the first time everything. Entities that
   * are well now are among the answer, without findings, and so are those that are gone.
   */
  judge(): JudgedEntity[] {
    return JSON.parse(
      this.#change('CatalogGraph.judge', graph => graph.judge()),
    );
  }

  /** Judges everything; only entities with findings are in the answer. */
  findings(): JudgedEntity[] {
    return JSON.parse(
      this.#change('CatalogGraph.findings', graph => graph.findings()),
    );
  }

  #change<R>(request: string, work: (graph: CoreGraph) => R): R {
    return call(request, instance => {
      const graph = this.#handle.in(instance);
      this.#isFilled = true;
      return work(graph);
    });
  }
}

/** What a graph reads of entities, as paths with dots: all that a catalogue must be asked for. */
export function catalogGraphFields(): string[] {
  return call('catalogGraphFields', ({ core }) =>
    JSON.parse(core.catalogGraphFields()),
  );
}

/**
 * The blast radius of a change: what the files `head` do to a catalogue that has the files `base`. With
 * a snapshot of it, also to what others refer to. `refused` says why the snapshot is none.
 */
export function diffCatalogs(
  base: SourceFile[],
  head: SourceFile[],
  snapshot?: SourceFile,
): CatalogDiff | { refused: Diagnostic[] } {
  const [before, after] = [base, head].map(files =>
    JSON.stringify(files.map(inJson)),
  );
  return call('diffCatalogs', ({ core }) =>
    JSON.parse(
      core.diffCatalogs(
        before,
        after,
        snapshot?.name ?? '',
        snapshot && bytes(snapshot.content),
      ),
    ),
  );
}

/** The core says what is wrong with bytes that are no text. */
function inJson({ name, content }: SourceFile) {
  if (typeof content === 'string') return { name, content };
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
    return { name, content: text.decode(content) };
  } catch {
    return { name, content: Array.from(content) };
  }
}
