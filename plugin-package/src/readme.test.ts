import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { mockServices } from '@backstage/backend-test-utils';
import { ConfigReader } from '@backstage/config';
import { ScmIntegrations } from '@backstage/integration';
import { catalogServiceMock } from '@backstage/plugin-catalog-node/testUtils';
import { parse } from 'yaml';
import { createPolicyCheckAction } from './scaffolder/actions/policyCheck';
import { createRenderTemplateAction } from './scaffolder/actions/renderTemplate';
import { createValidateCatalogAction } from './scaffolder/actions/validateCatalog';

const readme = readFileSync(join(__dirname, '../README.md'), 'utf8');

const actions = [
  createRenderTemplateAction({
    reader: mockServices.urlReader.mock(),
    integrations: ScmIntegrations.fromConfig(new ConfigReader({})),
  }),
  createValidateCatalogAction(),
  createPolicyCheckAction({
    audit: { answered: jest.fn(), failed: jest.fn() },
    auth: mockServices.auth(),
    catalog: catalogServiceMock(),
    policy: { check: jest.fn(), permissions: jest.fn() },
    userInfo: mockServices.userInfo(),
  }),
];

/** The first column of the tables below a heading, by the heads of the tables. */
function tablesBelow(heading: string): Record<string, string[]> {
  const [, section = ''] = readme.split(`#### ${heading}\n`);
  const tables: Record<string, string[]> = {};
  for (const block of section.split('\n#')[0].split('\n\n')) {
    const [head, , ...rows] = block
      .trim()
      .split('\n')
      .map(line => line.match(/^\| `?([^|`]+?)`? +\|/)?.[1] ?? '');
    if (head) {
      tables[head] = rows;
    }
  }
  return tables;
}

describe('README', () => {
  it.each(actions)('has all inputs and outputs of $id', ({ id, schema }) => {
    expect(tablesBelow(`\`${id}\``)).toEqual({
      input: Object.keys(schema?.input?.properties ?? {}),
      output: Object.keys(schema?.output?.properties ?? {}),
    });
  });

  it('has an example of actions and inputs that there are', () => {
    const [, yaml] = readme.match(/#### Example\n\n```yaml\n([^]*?)```/) ?? [];
    const steps: { action: string; input?: object }[] = parse(yaml).steps;
    for (const { id, schema } of actions) {
      const step = steps.find(({ action }) => action === id);
      expect(step).toBeDefined();
      expect(Object.keys(schema?.input?.properties ?? {})).toEqual(
        expect.arrayContaining(Object.keys(step?.input ?? {})),
      );
    }
  });
});
