import { mockCredentials } from '@backstage/backend-test-utils';
import type { CatalogService } from '@backstage/plugin-catalog-node';
import { catalogServiceMock } from '@backstage/plugin-catalog-node/testUtils';
import type { JsonObject } from 'goldenpath';
import { Entities } from './Entities';
import { entity } from './__testUtils__/useDecisionPoint';

const credentials = mockCredentials.user();

describe('Entities', () => {
  const names = Array.from({ length: 450 }, (_, n) => `record-${n}`);
  const all = catalogServiceMock({
    entities: [...names.map(name => entity(name)), entity('shop', 'Component')],
  });
  const queryEntities = jest.fn((...args: unknown[]) =>
    all.queryEntities(...(args as Parameters<typeof all.queryEntities>)),
  );
  const getEntitiesByRefs = jest.fn((...args: unknown[]) =>
    all.getEntitiesByRefs(
      ...(args as Parameters<typeof all.getEntitiesByRefs>),
    ),
  );
  const entities = new Entities({
    queryEntities,
    getEntitiesByRefs,
  } as object as CatalogService);

  beforeEach(() => jest.clearAllMocks());

  function search(
    page: { token?: string; limit?: number },
    isWanted = (_: JsonObject) => true,
  ) {
    return entities.search({
      filter: { kind: 'record' },
      page,
      credentials,
      isWanted: found => found.map(isWanted),
    });
  }

  async function searchAll(
    limit: number,
    isWanted?: (found: JsonObject) => boolean,
  ) {
    const pages: string[][] = [];
    let token: string | undefined;
    do {
      const { results, page } = await search({ limit, token }, isWanted);
      expect(page.count).toBe(results.length);
      pages.push(results);
      token = page.next_token;
    } while (token);
    return pages;
  }

  it.each([1000, 450, 200, 199, 64, 7])(
    'finds each once, %d a page',
    async limit => {
      const pages = await searchAll(limit);
      expect(pages.flat()).toEqual(names.map(name => `record:default/${name}`));
      expect(pages).toHaveLength(Math.ceil(450 / limit));
    },
  );

  it('has no page without results', async () => {
    const isEarly = ({ metadata }: JsonObject) =>
      ['record-0', 'record-1'].includes(
        (metadata as JsonObject).name as string,
      );
    await expect(searchAll(2, isEarly)).resolves.toEqual([
      ['record:default/record-0', 'record:default/record-1'],
    ]);
    await expect(searchAll(1, isEarly)).resolves.toHaveLength(2);
    await expect(searchAll(1, () => false)).resolves.toEqual([[]]);
  });

  it('reads until the page is full, as whoever asks', async () => {
    await search({ limit: 10 });
    expect(queryEntities).toHaveBeenCalledTimes(1);
    expect(queryEntities).toHaveBeenCalledWith(expect.anything(), {
      credentials,
    });
  });

  it('does not take other tokens', async () => {
    for (const position of ['x', [1, 2], ['', 'x'], ['']]) {
      const json = JSON.stringify(position);
      const token = Buffer.from(json).toString('base64url');
      await expect(search({ token })).rejects.toThrow('`page.token`');
    }
    await expect(search({ token: '?' })).rejects.toThrow('`page.token`');
  });

  it('gets many by their refs, and leaves out what is not there', async () => {
    const refs = names.map(name => `record:default/${name}`);
    const found = await entities.get(
      [...refs, ...refs, 'record:default/nix'],
      credentials,
    );
    expect([...found.keys()]).toEqual(refs);
    expect(found.get(refs[449])).toMatchObject({
      metadata: { name: 'record-449' },
    });
    expect(getEntitiesByRefs).toHaveBeenCalledTimes(3);
    expect(await entities.get([], credentials)).toEqual(new Map());
    expect(getEntitiesByRefs).toHaveBeenCalledTimes(3);
  });
});
