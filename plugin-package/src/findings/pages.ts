import type { Score } from 'goldenpath';
import {
  type AuditedEntities,
  type AuditedEntity,
  type Finding,
  compare,
  findingsOf,
} from './AuditedEntities';
import { mentionsOf, withoutMentions } from './mentions';
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
  /** How far it is, if a level of the scorecard asks anything of it. */
  score?: Pick<Score, 'level' | 'next' | 'missing'>;
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
  /** How many have reached which level of the scorecard and none above; without a name, none at all. */
  levels: Array<{ level?: string; entities: number }>;
}

/** Some items, and where the next ones begin. */
export interface Page<T> {
  items: T[];
  nextCursor?: string;
}

/** The findings of entities, one after the other. */
export function findingsPage(
  entities: AuditedEntities,
  query: FindingsQuery,
  onlyReadable: OnlyReadable,
): Promise<Page<EntityFinding>> {
  return pageOf(query, onlyReadable, {
    groups: entities
      .inOrder()
      .filter(entity => isOf(entity, query))
      .map(entity => ({ name: entity.entityRef, entities: [entity] })),
    alsoNamedBy: ([entity]) =>
      findingsOf(entity)
        .filter(finding => isAskedFor(finding, query))
        .flatMap(mentionsOf)
        .filter(ref => ref !== entity.entityRef && entities.get(ref)),
    itemsOf: ([entity], mayName) =>
      findingsOf(entity)
        .filter(finding => isAskedFor(finding, query))
        .map(finding => ({
          ...nameOf(entity),
          ...withoutMentions(finding, ref => !mayName(ref)),
        })),
  });
}

/** What findings each entity has, those without any too. */
export function entitiesPage(
  entities: AuditedEntities,
  query: FindingsQuery,
  onlyReadable: OnlyReadable,
): Promise<Page<EntitySummary>> {
  return pageOf(query, onlyReadable, {
    groups: entities
      .inOrder()
      .filter(entity => isOf(entity, query))
      .map(entity => ({ name: entity.entityRef, entities: [entity] })),
    itemsOf: ([entity]) => [
      {
        ...nameOf(entity),
        findings: countsOf(findingsOf(entity)),
        score: entity.score && publicScore(entity.score),
      },
    ],
  });
}

/** How each owner does. */
export function ownersPage(
  entities: AuditedEntities,
  query: FindingsQuery,
  onlyReadable: OnlyReadable,
): Promise<Page<OwnerSummary>> {
  return pageOf(query, onlyReadable, {
    groups: byOwner(entities.inOrder().filter(entity => isOf(entity, query))),
    itemsOf: owned => [summaryOf(owned)],
  });
}

/** Entities that are told of together. */
interface Group {
  /** By which they are in order. */
  name: string;
  entities: AuditedEntity[];
}

/** What a page is filled from. */
interface Source<T> {
  groups: Group[];
  /** The entities that the items of some would name besides. */
  alsoNamedBy?(entities: AuditedEntity[]): string[];
  /** The items of some that may be read. */
  itemsOf(
    entities: AuditedEntity[],
    mayName: (entityRef: string) => boolean,
  ): T[];
}

/**
 * Fills a page from groups in order, leaving out what may not be read, until it is full and one more
 * item is found: there is a next page if, and only if, it has an item.
 */
async function pageOf<T>(
  { after, limit }: FindingsQuery,
  onlyReadable: OnlyReadable,
  { groups, alsoNamedBy = () => [], itemsOf }: Source<T>,
): Promise<Page<T>> {
  const items: T[] = [];
  const rest = after ? groups.filter(({ name }) => name >= after.name) : groups;
  const saysSomething = ({ entities }: Group) =>
    itemsOf(entities, () => true).length > 0;
  for (const batch of batches(rest, saysSomething)) {
    const own = batch.flatMap(({ entities }) => entities.map(refOf));
    const others = batch.flatMap(({ entities }) => alsoNamedBy(entities));
    const readable = await onlyReadable([...new Set([...own, ...others])]);
    const asked = new Set(others);
    const mayName = (ref: string) => !asked.has(ref) || readable.has(ref);
    for (const { name, entities } of batch) {
      const shown = entities.filter(entity => readable.has(refOf(entity)));
      const found = shown.length > 0 ? itemsOf(shown, mayName) : [];
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
  saysSomething: (group: Group) => boolean,
): Generator<Group[]> {
  let batch: Group[] = [];
  let size = 0;
  for (const group of groups) {
    if (saysSomething(group)) {
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
  const sound = entities.filter(entity =>
    findingsOf(entity).every(({ severity }) => severity === 'info'),
  ).length;
  return {
    owner: entities[0].owner,
    entities: entities.length,
    sound,
    score: Math.floor((100 * sound) / entities.length),
    findings: countsOf(entities.flatMap(findingsOf)),
    levels: levelsOf(entities),
  };
}

function publicScore({ level, next, missing }: Score) {
  return { level, next, missing };
}

function levelsOf(entities: AuditedEntity[]): OwnerSummary['levels'] {
  const counts = new Map<string | undefined, number>();
  for (const { score } of entities) {
    if (score) {
      counts.set(score.level, (counts.get(score.level) ?? 0) + 1);
    }
  }
  return [...counts]
    .map(([level, count]) => ({ level, entities: count }))
    .sort((a, b) => compare(a.level ?? '', b.level ?? ''));
}

function countsOf(findings: Finding[]): Counts {
  const counts: Counts = { error: 0, warning: 0, info: 0 };
  for (const { severity } of findings) {
    counts[severity] += 1;
  }
  return counts;
}

function nameOf({ entityRef, owner, location }: AuditedEntity) {
  return { entityRef, owner, location };
}

function refOf({ entityRef }: AuditedEntity): string {
  return entityRef;
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
