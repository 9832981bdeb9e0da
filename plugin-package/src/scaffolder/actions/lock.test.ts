import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { mockServices } from '@backstage/backend-test-utils';
import { ConfigReader } from '@backstage/config';
import { ScmIntegrations } from '@backstage/integration';
import { createPolicyCheckAction } from './policyCheck';
import { createRenderTemplateAction } from './renderTemplate';
import { createUpgradeTemplateAction } from './upgradeTemplate';
import { createValidateCatalogAction } from './validateCatalog';

const LOCK = join(
  __dirname,
  '../../../../src/template/lint/lock/goldenpath.json',
);

it('keeps what `goldenpath template lint` knows of our actions (UPDATE_LOCK=1 writes it)', async () => {
  const services = {
    reader: mockServices.urlReader.mock(),
    integrations: ScmIntegrations.fromConfig(new ConfigReader({})),
  };
  const actions = [
    createValidateCatalogAction(),
    createPolicyCheckAction({} as any),
    createRenderTemplateAction(services),
    createUpgradeTemplateAction(services),
  ].map(({ id, schema }) => ({ id, schema }));
  const text = `${JSON.stringify({ actions }, null, 2)}\n`;
  if (process.env.UPDATE_LOCK) {
    await writeFile(LOCK, text);
  }
  expect(await readFile(LOCK, 'utf8')).toBe(text);
});
