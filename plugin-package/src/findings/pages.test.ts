import type { AuditedEntity } from './AuditedEntities';
import { AuditedEntities, findingsOf } from './AuditedEntities';
import { readQuery } from './FindingsQuery';
import { entitiesPage, findingsPage, ownersPage } from './pages';

const PARAMETERS = ['entityRef', 'owner', 'code', 'severity'];

const world = new AuditedEntities();
for (let number = 0; number < 900; number += 1) {
  world.put({
    entityRef: `component:default/c${(number * 7) % 900}`,
    etag: '1',
    owner: number % 5 === 0 ? undefined : `group:default/g${number % 5}`,
    needs: [],
    lacks: [],
    score:
      number % 2 === 0
        ? undefined
        : {
            level: number % 3 === 0 ? undefined : 'bronze',
            next: 'silver',
            missing: ['runbook'],
            unknown: [],
          },
    own: [],
    between: Array.from({ length: number % 4 }, (_, index) => ({
      code: `catalog/${index}`,
      severity: index === 0 ? 'error' : 'warning',
      message: `${number}`,
    })),
  });
}
const ENTITIES = world.inOrder();

/** Every third entity is not for them. */
const isReadable = ({ entityRef }: AuditedEntity) =>
  Number(entityRef.slice(19)) % 3 > 0;
const questions: number[] = [];
const onlyReadable = async (refs: string[]) => {
  questions.push(refs.length);
  return new Set(
    ENTITIES.filter(isReadable)
      .map(({ entityRef }) => entityRef)
      .filter(ref => refs.includes(ref)),
  );
};

async function allPages<T>(
  pageOf: (...args: Parameters<typeof findingsPage>) => Promise<{
    items: T[];
    nextCursor?: string;
  }>,
  query: Record<string, string>,
) {
  const items: T[] = [];
  let cursor: string | undefined;
  do {
    const page = await pageOf(
      world,
      readQuery({ query: { ...query, ...(cursor && { cursor }) } }, PARAMETERS),
      onlyReadable,
    );
    expect(page.items.length).toBeLessThanOrEqual(Number(query.limit));
    expect(cursor && page.items.length === 0).toBeFalsy();
    items.push(...page.items);
    cursor = page.nextCursor;
  } while (cursor);
  return items;
}

describe('pages', () => {
  it.each(['1', '7', '100', '1000'])(
    'have each readable finding once, by %s',
    async limit => {
      const owner = 'group:default/g2';
      const severity = 'warning';
      const query = { limit, owner, severity };
      const expected = ENTITIES.filter(isReadable)
        .filter(entity => entity.owner === owner)
        .flatMap(entity =>
          findingsOf(entity)
            .filter(finding => finding.severity === severity)
            .map(({ code }) => `${entity.entityRef} ${code}`),
        );
      expect(expected.length).toBeGreaterThan(50);
      const found = await allPages(findingsPage, query);
      expect(found.map(one => `${one.entityRef} ${one.code}`)).toEqual(
        expected,
      );
    },
  );

  it('ask about no more than they need', async () => {
    questions.splice(0);
    await findingsPage(
      world,
      readQuery({ query: { limit: '10' } }, PARAMETERS),
      onlyReadable,
    );
    expect(questions).toEqual([200]);
  });

  it('count what each entity has, and its readable ones for each owner', async () => {
    const readable = ENTITIES.filter(isReadable);
    const entities = await allPages(entitiesPage, { limit: '101' });
    expect(entities.map(({ entityRef }) => entityRef)).toEqual(
      readable.map(({ entityRef }) => entityRef),
    );
    const owners = await allPages(ownersPage, { limit: '2' });
    expect(owners.map(({ owner }) => owner)).toEqual([
      undefined,
      ...[1, 2, 3, 4].map(number => `group:default/g${number}`),
    ]);
    for (const { owner, ...counted } of owners) {
      const own = readable.filter(entity => entity.owner === owner);
      const all = own.flatMap(findingsOf);
      const errors = all.filter(({ severity }) => severity === 'error').length;
      const sound = own.filter(
        entity => findingsOf(entity).length === 0,
      ).length;
      expect(counted).toEqual({
        entities: own.length,
        sound,
        score: Math.floor((100 * sound) / own.length),
        findings: { error: errors, warning: all.length - errors, info: 0 },
        levels: [undefined, 'bronze']
          .map(level => ({
            level,
            entities: own.filter(one => one.score && one.score.level === level)
              .length,
          }))
          .filter(one => one.entities > 0),
      });
    }
  });
});
