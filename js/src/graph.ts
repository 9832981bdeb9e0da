import type { CatalogGraph as CoreGraph } from '../wasm/goldenpath';
import { bytes } from './bytes';
import { withNow } from './catalog';
import { Handle, type Instance, call } from './load';
import type {
  CatalogGraphOptions,
  CatalogOptions,
  CatalogReport,
  JudgedEntity,
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

  /** Checks a catalogue file as `checkCatalogFile` does, and adds its entities with their places. */
  checkFile(file: SourceFile, options: CatalogOptions = {}): CatalogReport {
    const json = JSON.stringify(withNow(options));
    const content = bytes(file.content);
    return JSON.parse(
      this.#change('CatalogGraph.checkFile', graph =>
        graph.checkFile(file.name, content, json),
      ),
    );
  }

  /**
   * Judges what a change since the last call may have touched, the first time everything. Entities that
   * are well now are among the answer, without findings, and so are those that are gone.
   */
  judge(): JudgedEntity[] {
    return this.#ask('CatalogGraph.judge', graph => graph.judge());
  }

  /** Judges everything; only entities with findings are in the answer. */
  findings(): JudgedEntity[] {
    return this.#ask('CatalogGraph.findings', graph => graph.findings());
  }

  #ask<T>(request: string, work: (graph: CoreGraph) => string): T {
    return JSON.parse(call(request, instance => work(this.#in(instance))));
  }

  #change<R>(request: string, work: (graph: CoreGraph) => R): R {
    return call(request, instance => {
      const graph = this.#in(instance);
      this.#isFilled = true;
      return work(graph);
    });
  }

  #in(instance: Instance): CoreGraph {
    return this.#handle.in(instance);
  }
}
