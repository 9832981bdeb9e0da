import type { CatalogOptions } from './catalog';
import type { Diagnostic, Place } from './common';

export interface CatalogGraphOptions {
  /**
   * Whether no entity is anywhere else, so that a reference to another leads nowhere. Default false:
   * what is not in the graph may be in the catalogue.
   */
  complete?: boolean;
  /** What findings weigh, by their code (`reference/…`), where it is not the usual. */
  rules?: CatalogOptions['rules'];
  /** Kinds of one's own, whose references count in `set`, too; `checkFile` has options of its own. */
  kinds?: CatalogOptions['kinds'];
  /** The kinds of a Backstage, likewise. */
  model?: CatalogOptions['model'];
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

/** The blast radius of a change. */
export interface CatalogDiff {
  /** Files that cannot be read, so that their entities are missing here; what was so before is a warning. */
  diagnostics: Diagnostic[];
  added: DiffedEntity[];
  removed: DiffedEntity[];
  /** Entities with another owner. */
  reowned: Array<{
    entityRef: string;
    from?: string;
    to?: string;
    at: Place;
  }>;
  /** Entities that are otherwise another than before; the pointers say where. */
  changed: Array<{ entityRef: string; pointers: string[]; at: Place }>;
  /** Relations that lead nowhere now, those of the live catalogue among them. */
  dangling: DiffedRelation[];
  /** Relations that led nowhere before. */
  mended: DiffedRelation[];
}

export interface DiffedEntity {
  entityRef: string;
  owner?: string;
  at: Place;
}

export interface DiffedRelation {
  entityRef: string;
  /** The field of `spec`. */
  field: string;
  target: string;
  /** Where it is written; only the live catalogue has it if absent. */
  at?: Place;
}
