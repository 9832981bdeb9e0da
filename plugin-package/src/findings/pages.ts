import { type AuditedEntity, type Finding, compare } from './AuditedEntities';
import { type FindingsQuery, writeCursor } from './FindingsQuery';
import { BATCH, type OnlyReadable } from './ReadableEntities';

/** A finding, and of which entity. */
export interface EntityFinding extends Finding {
  entityRef: string;
  owner?: string;
  location?: string;
}

/** How many findings there are of each severity. */
export interface Counts {
  error: number;
  warning: number;
  info: number;
}

/** How an entity does. */
export interface EntitySummary {
  entityRef: string;
  owner?: string;
  location?: string;
  findings: Counts;
}

/** How the entities of an owner do. */
export interface OwnerSummary {
  /** Absent of the entities that have none. */
  owner?: string;
  entities: number;
  /** How many of them have neither errors nor warnings. */
  sound: number;
  /** The share of sound entities, in per cent, rounded down. */
  score: number;
  findings: Counts;
}

/** Some items, and where the next ones begin. */
export interface Page<T> {
  items: T[];
  nextCursor?: string;
}

/** The findings of entities, one after the other. */
export function findingsPage(
  entities: readonly AuditedEntity[],
  query: FindingsQuery,
  onlyReadable: OnlyReadable,
): Promise<Page<EntityFinding>> {
  return pageOf(query, onlyReadable, {
    groups: entities
      .filter(entity => isOf(entity, query))
      .map(entity => ({ name: entity.entityRef, entities: [entity] })),
    itemsOf: ([{ entityRef, owner, location, findings }]) =>
      findings
        .filter(finding => isAskedFor(finding, query))
        .map(finding => ({ entityRef, owner, location, ...finding })),
  });
}

/** What findings each entity has, those without any too. */
export function entitiesPage(
  entities: readonly AuditedEntity[],
  query: FindingsQuery,
  onlyReadable: OnlyReadable,
): Promise<Page<EntitySummary>> {
  return pageOf(query, onlyReadable, {
    groups: entities
      .filter(entity => isOf(entity, query))
      .map(entity => ({ name: entity.entityRef, entities: [entity] })),
    itemsOf: ([{ entityRef, owner, location, findings }]) => [
      { entityRef, owner, location, findings: countsOf(findings) },
    ],
  });
}

/** How each owner does. */
export function ownersPage(
  entities: readonly AuditedEntity[],
  query: FindingsQuery,
  onlyReadable: OnlyReadable,
): Promise<Page<OwnerSummary>> {
  return pageOf(query, onlyReadable, {
    groups: byOwner(entities.filter(entity => isOf(entity, query))),
    itemsOf: owned => [summaryOf(owned)],
  });
}

/** Entities that are told of together. */
interface Group {
  /** By which they are in order. */
  name: string;
  entities: AuditedEntity[];
}

/**
 * Fills a page from groups in order, leaving out what may not be read, until it is full and one more
 * item is found: there is a next page if, and only if, it has an item.
 */
async function pageOf<T>(
  { after, limit }: FindingsQuery,
  onlyReadable: OnlyReadable,
  { groups, itemsOf }: { groups: Group[]; itemsOf(of: AuditedEntity[]): T[] },
): Promise<Page<T>> {
  const items: T[] = [];
  const rest = after ? groups.filter(({ name }) => name >= after.name) : groups;
  for (const batch of batches(rest, entities => itemsOf(entities).length > 0)) {
    const refs = batch.flatMap(({ entities }) =>
      entities.map(({ entityRef }) => entityRef),
    );
    const readable = await onlyReadable(refs);
    for (const { name, entities } of batch) {
      const shown = entities.filter(({ entityRef }) => readable.has(entityRef));
      const found = shown.length > 0 ? itemsOf(shown) : [];
      const start = name === after?.name ? after.skip : 0;
      for (let skip = start; skip < found.length; skip += 1) {
        if (items.length === limit) {
          return { items, nextCursor: writeCursor({ name, skip }) };
        }
        items.push(found[skip]);
      }
    }
  }
  return { items };
}

/** Groups for about one question to the catalogue each, without those that would say nothing. */
function* batches(
  groups: Group[],
  saysSomething: (entities: AuditedEntity[]) => boolean,
): Generator<Group[]> {
  let batch: Group[] = [];
  let size = 0;
  for (const group of groups) {
    if (saysSomething(group.entities)) {
      batch.push(group);
      size += group.entities.length;
    }
    if (size >= BATCH) {
      yield batch;
      batch = [];
      size = 0;
    }
  }
  yield batch;
}

function byOwner(entities: AuditedEntity[]): Group[] {
  const groups = new Map<string, AuditedEntity[]>();
  for (const entity of entities) {
    const owner = entity.owner ?? '';
    const owned = groups.get(owner) ?? [];
    owned.push(entity);
    groups.set(owner, owned);
  }
  return [...groups]
    .map(([name, owned]) => ({ name, entities: owned }))
    .sort((a, b) => compare(a.name, b.name));
}

function summaryOf(entities: AuditedEntity[]): OwnerSummary {
  const sound = entities.filter(({ findings }) =>
    findings.every(({ severity }) => severity === 'info'),
  ).length;
  return {
    owner: entities[0].owner,
    entities: entities.length,
    sound,
    score: Math.floor((100 * sound) / entities.length),
    findings: countsOf(entities.flatMap(({ findings }) => findings)),
  };
}

function countsOf(findings: Finding[]): Counts {
  const counts: Counts = { error: 0, warning: 0, info: 0 };
  for (const { severity } of findings) {
    counts[severity] += 1;
  }
  return counts;
}

function isOf(entity: AuditedEntity, { entityRef, owner }: FindingsQuery) {
  return (
    (entityRef === undefined || entity.entityRef === entityRef) &&
    (owner === undefined || entity.owner === owner)
  );
}

function isAskedFor(finding: Finding, { codes, severities }: FindingsQuery) {
  return (
    (codes?.includes(finding.code) ?? true) &&
    (severities?.includes(finding.severity) ?? true)
  );
}
