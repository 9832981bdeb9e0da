import type { CatalogOptions } from './catalog';
import type { Diagnostic } from './common';

export interface CatalogGraphOptions {
  /**
   * Whether no entity is anywhere else, so that a reference to another leads nowhere. Default false:
   * what is not in the graph may be in the catalogue.
   */
  complete?: boolean;
  /** What findings weigh, by their code (`reference/…`), where it is not the usual. */
  rules?: CatalogOptions['rules'];
}

/** One entity of a graph, and all that is wrong with its references. */
export interface JudgedEntity {
  /** `kind:namespace/name` in lower case. */
  entityRef: string;
  /**
   * In order of their places; none if it is well, or gone. The file of an entity that came without one
   * is its reference; then `pointer` says where in the entity.
   */
  findings: Diagnostic[];
}
