import type { Diagnostic, Score } from 'goldenpath';

/** What an audit holds against an entity. It has no place: the catalogue keeps no text. */
export type Finding = Pick<
  Diagnostic,
  'code' | 'severity' | 'message' | 'why' | 'help' | 'pointer'
>;

/** An entity of the catalogue, as far as an audit keeps it. */
export interface AuditedEntity {
  entityRef: string;
  /** Which version of it was judged. */
  etag: string;
  /** The ref of its owner, if it has one. */
  owner?: string;
  /** Where the catalogue has it from, such as `url:https://…`. */
  location?: string;
  /** How far it is by the organisation's levels, if one asks anything of it. */
  score?: Score;
  /** The entities that have to be there by the organisation's rules. */
  needs: string[];
  /** Those that were not there. */
  lacks: string[];
  /** What it is by itself. */
  own: Finding[];
  /** What is wrong between it and others. */
  between: Finding[];
}

/** All that is held against an entity. */
export function findingsOf({ own, between }: AuditedEntity): Finding[] {
  return between.length > 0 ? [...own, ...between] : own;
}

/** The entities of the last audit, by their refs. */
export class AuditedEntities {
  readonly #entities = new Map<string, AuditedEntity>();
  #inOrder?: AuditedEntity[];

  get size(): number {
    return this.#entities.size;
  }

  get(entityRef: string): AuditedEntity | undefined {
    return this.#entities.get(entityRef);
  }

  /** All of them, in the order of their refs. */
  inOrder(): readonly AuditedEntity[] {
    this.#inOrder ??= [...this.#entities.values()].sort((a, b) =>
      compare(a.entityRef, b.entityRef),
    );
    return this.#inOrder;
  }

  put(entity: AuditedEntity) {
    this.#entities.set(entity.entityRef, entity);
    this.#inOrder = undefined;
  }

  delete(entityRef: string) {
    this.#entities.delete(entityRef);
    this.#inOrder = undefined;
  }

  /** The refs of those that are not among some. */
  missingFrom(present: ReadonlySet<string>): string[] {
    return [...this.#entities.keys()].filter(ref => !present.has(ref));
  }
}

/** The order of code units, which is the same everywhere. */
export function compare(a: string, b: string): number {
  if (a === b) {
    return 0;
  }
  return a < b ? -1 : 1;
}
