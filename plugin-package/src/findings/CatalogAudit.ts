import { setImmediate } from 'node:timers/promises';
import type { AuthService } from '@backstage/backend-plugin-api';
import { type Entity, stringifyEntityRef } from '@backstage/catalog-model';
import type { CatalogService } from '@backstage/plugin-catalog-node';
import { CatalogGraph, type CatalogOptions } from 'goldenpath';
import { AuditedEntities } from './AuditedEntities';
import { hasComeDue } from './hasComeDue';
import { asWritten, etagOf, judge, toFinding } from './judge';

/** So many entities are read with one request. */
const PAGE = 500;

/** So many are judged at one go, then others have their turn. */
const GO = 50;

/** Of refs, so many fit into one request. */
const BATCH = 200;

/** What is asked of every entity each time. */
const VERSION = [
  'kind',
  'metadata.name',
  'metadata.namespace',
  'metadata.etag',
];

/** When the catalogue was audited last. */
export interface AuditTime {
  /** When it was begun: what changed later is not in it. */
  asOf: Date;
  /** Milliseconds. */
  took: number;
  entities: number;
  /** How many of them had changed. */
  judged: number;
  /** How many were judged again as to what is between them and others. */
  touched: number;
}

/**
 * Judges the live catalogue.
 *
 * @remarks
 *
 * The first time it reads all entities, and from then on their etags, so that only what has changed
 * is read and judged again. What it knows is of this process, and read anew after a restart.
 */
export class CatalogAudit {
  readonly entities = new AuditedEntities();
  readonly #catalog: Pick<
    CatalogService,
    'getEntitiesByRefs' | 'streamEntities'
  >;
  readonly #auth: AuthService;
  readonly #options: CatalogOptions;
  /** The references between all of them; lost if the core fails inside. */
  #graph?: CatalogGraph;
  #last?: AuditTime;

  constructor(context: {
    catalog: Pick<CatalogService, 'getEntitiesByRefs' | 'streamEntities'>;
    auth: AuthService;
    options: CatalogOptions;
  }) {
    this.#catalog = context.catalog;
    this.#auth = context.auth;
    this.#options = context.options;
  }

  /** Nothing until all entities were judged once. */
  get last(): AuditTime | undefined {
    return this.#last;
  }

  /** Judges what has changed. If it fails, the next run goes on from where it was. */
  async run(signal?: AbortSignal): Promise<AuditTime> {
    try {
      return await this.#run(signal);
    } catch (error) {
      this.#forgetLostGraph();
      throw error;
    }
  }

  /** A core that fails inside is given up with all that it held: everything has to be read again. */
  #forgetLostGraph() {
    try {
      this.#graph?.set([]);
    } catch {
      this.#graph = undefined;
    }
  }

  async #run(signal?: AbortSignal): Promise<AuditTime> {
    const asOf = new Date();
    const present = new Set<string>();
    let judged = 0;
    // what has not been read yet is there, until everything is read
    const isFirst = !this.#graph;
    const isThere = (ref: string) => isFirst || present.has(ref);
    const pages =
      this.#graph && !this.#isOutOfDate(asOf)
        ? this.#changed(present, signal)
        : this.#all(present, signal);
    const { rules, kinds, model } = this.#options;
    this.#graph ??= new CatalogGraph({ complete: true, rules, kinds, model });
    judged += await this.#judgePages(pages, this.#graph, isThere);
    const gone = this.entities.missingFrom(present);
    this.#graph.remove(gone);
    gone.forEach(entityRef => this.entities.delete(entityRef));
    const unsettled = this.#byRefs(this.#unsettled(), signal);
    const isPresent = (ref: string) => present.has(ref);
    judged += await this.#judgePages(unsettled, this.#graph, isPresent);
    const touched = this.#judgeBetween(this.#graph);
    this.#last = {
      asOf,
      took: Date.now() - asOf.getTime(),
      entities: this.entities.size,
      judged,
      touched,
    };
    return this.#last;
  }

  async #judgePages(
    pages: AsyncIterable<Entity[]>,
    graph: CatalogGraph,
    isThere: (entityRef: string) => boolean,
  ): Promise<number> {
    let judged = 0;
    for await (const page of pages) {
      for (let start = 0; start < page.length; start += GO) {
        const entities = page.slice(start, start + GO);
        graph.set(entities.map(asWritten));
        for (const entity of entities) {
          const { between = [] } =
            this.entities.get(stringifyEntityRef(entity)) ?? {};
          const own = judge(entity, this.#options, isThere);
          this.entities.put({ ...own, between });
        }
        await setImmediate();
      }
      judged += page.length;
    }
    return judged;
  }

  /** Whether a rule judges otherwise than the last time. */
  #isOutOfDate(now: Date): boolean {
    return (
      this.#last !== undefined &&
      hasComeDue(this.#options, this.#last.asOf, now)
    );
  }

  /** The entities for which something that a rule wants has come or gone. */
  #unsettled(): string[] {
    const isLacking = (ref: string) => !this.entities.get(ref);
    return this.entities
      .inOrder()
      .filter(
        ({ needs, lacks }) => needs.filter(isLacking).join() !== lacks.join(),
      )
      .map(({ entityRef }) => entityRef);
  }

  /** A change of one entity may touch those that refer to it. */
  #judgeBetween(graph: CatalogGraph): number {
    const touched = graph.judge();
    for (const { entityRef, findings } of touched) {
      const entity = this.entities.get(entityRef);
      if (entity) {
        const between = findings.map(toFinding);
        this.entities.put({ ...entity, between });
      }
    }
    return touched.length;
  }

  async *#all(present: Set<string>, signal?: AbortSignal) {
    for await (const page of this.#stream(undefined, signal)) {
      page.forEach(entity => present.add(stringifyEntityRef(entity)));
      yield page;
    }
  }

  async *#changed(present: Set<string>, signal?: AbortSignal) {
    const refs: string[] = [];
    for await (const page of this.#stream(VERSION, signal)) {
      for (const entity of page) {
        const ref = stringifyEntityRef(entity);
        present.add(ref);
        if (this.entities.get(ref)?.etag !== etagOf(entity)) {
          refs.push(ref);
        }
      }
    }
    yield* this.#byRefs(refs, signal);
  }

  async *#byRefs(refs: string[], signal?: AbortSignal) {
    for (let start = 0; start < refs.length; start += BATCH) {
      signal?.throwIfAborted();
      const { items } = await this.#catalog.getEntitiesByRefs(
        { entityRefs: refs.slice(start, start + BATCH) },
        await this.#asOurselves(),
      );
      // one that is gone since is missing the next time
      yield items.filter(entity => entity !== undefined) as Entity[];
    }
  }

  async *#stream(fields?: string[], signal?: AbortSignal) {
    const pages = this.#catalog.streamEntities(
      { fields, pageSize: PAGE },
      await this.#asOurselves(),
    );
    for await (const page of pages) {
      signal?.throwIfAborted();
      yield page;
    }
  }

  async #asOurselves() {
    return { credentials: await this.#auth.getOwnServiceCredentials() };
  }
}
