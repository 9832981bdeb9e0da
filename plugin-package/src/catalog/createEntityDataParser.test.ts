import type { CatalogProcessorResult } from '@backstage/plugin-catalog-node';
import { createEntityDataParser } from './createEntityDataParser';
import { ReportMemory } from './ReportMemory';

const location = {
  type: 'url',
  target: 'https://example.com/catalog-info.yaml',
};

const GOOD = `apiVersion: backstage.io/v1alpha1
kind: Domain
metadata:
  name: shop
spec:
  owner: team-a
`;

async function parse(data: string | Buffer) {
  const parser = createEntityDataParser({
    options: {},
    memory: new ReportMemory(),
  });
  const results: CatalogProcessorResult[] = [];
  for await (const result of parser({ data: Buffer.from(data), location })) {
    results.push(result);
  }
  return results;
}

async function parseError(data: string | Buffer): Promise<string> {
  const results = await parse(data);
  expect(results.map(({ type }) => type)).toEqual(['error']);
  return results[0].type === 'error' ? results[0].error.message : '';
}

describe('createEntityDataParser', () => {
  it('reads every document and leaves out the empty ones', async () => {
    const results = await parse(`${GOOD}---\n---\n${GOOD}---\n`);
    expect(results).toEqual([
      expect.objectContaining({ type: 'entity', location }),
      expect.objectContaining({ type: 'entity', location }),
    ]);
  });

  it('leaves the problems of an entity to the processor', async () => {
    const results = await parse(GOOD.replace('owner: team-a', 'owner: []'));
    expect(results.map(({ type }) => type)).toEqual(['entity']);
  });

  it('keeps the order of keys', async () => {
    const [result] = await parse(GOOD);
    expect(result.type === 'entity' ? Object.keys(result.entity) : []).toEqual([
      'apiVersion',
      'kind',
      'metadata',
      'spec',
    ]);
  });

  it.each([
    ['YAML that cannot be read', `${GOOD}  - nonsense: [\n`],
    ['a key given twice', `${GOOD}  owner: team-b\n`],
    ['a root that is no map', `${GOOD}---\n- a\n`],
    ['a document that is no entity', `${GOOD}---\nkind: Domain\n`],
    [
      'annotations that are no map',
      GOOD.replace('  name: shop', '  name: shop\n  annotations: [a]'),
    ],
    ['bytes that are not UTF-8', Buffer.from([0x61, 0xff, 0xfe])],
    ['10,000 levels of nesting', '['.repeat(10_000)],
    [
      'aliases that multiply',
      `a0: &a0 [x,x,x,x,x,x,x,x,x]\n${Array.from(
        { length: 9 },
        (_, i) =>
          `a${i + 1}: &a${i + 1} [${Array(9).fill(`*a${i}`).join(',')}]\n`,
      ).join('')}`,
    ],
    ['a file of 6 MB', `a: ${'x'.repeat(6_000_000)}\n`],
  ])('refuses a file with %s, naming the place', async (_what, data) => {
    expect(await parseError(data)).toMatch(
      /https:\/\/example\.com\/catalog-info\.yaml:\d+:\d+/,
    );
  });

  it('tells all errors of a refused file', async () => {
    const message = await parseError(
      `${GOOD.replace('owner: team-a', 'owner: []')}---\nkind: Domain\n`,
    );
    expect(message).toContain(':6:');
    expect(message).toContain('`apiVersion`');
    expect(message).toContain('`metadata`');
  });
});
