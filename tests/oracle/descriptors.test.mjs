// The example descriptors against Backstage's own published processing: what we accept it accepts,
// what we refuse it refuses, in the words that the README quotes.
import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

// The example installs the backend that these parts are of; they are not exported.
const backstage = createRequire(
  new URL('../../examples/backstage/package.json', import.meta.url),
);
const part = path =>
  backstage(
    join(
      dirname(
        backstage.resolve('@backstage/plugin-catalog-backend/package.json'),
      ),
      'dist',
      path,
    ),
  );
const { DefaultCatalogProcessingOrchestrator } = part(
  'processing/DefaultCatalogProcessingOrchestrator.cjs.js',
);
const { BuiltinKindsEntityProcessor } = part(
  'processors/BuiltinKindsEntityProcessor.cjs.js',
);
const { parseEntityYaml } = backstage('@backstage/plugin-catalog-node');
const {
  DefaultNamespaceEntityPolicy,
  EntityPolicies,
  FieldFormatEntityPolicy,
  NoForeignRootFieldsEntityPolicy,
  SchemaValidEntityPolicy,
} = backstage('@backstage/catalog-model');
const { ScmIntegrations } = backstage('@backstage/integration');
const { ConfigReader } = backstage('@backstage/config');

const silent = { child: () => silent };
for (const level of ['debug', 'info', 'warn', 'error'])
  silent[level] = () => {};

/** Takes every target of a Location for read. */
const readsNothing = {
  getProcessorName: () => 'readsNothing',
  readLocation: async () => true,
};

const orchestrator = new DefaultCatalogProcessingOrchestrator({
  processors: [new BuiltinKindsEntityProcessor(), readsNothing],
  integrations: ScmIntegrations.fromConfig(new ConfigReader({})),
  logger: silent,
  parser: async function* noParser() {},
  policy: EntityPolicies.allOf([
    new SchemaValidEntityPolicy(),
    new DefaultNamespaceEntityPolicy(),
    new NoForeignRootFieldsEntityPolicy(),
    new FieldFormatEntityPolicy(),
  ]),
  rulesEnforcer: { isAllowed: () => true },
});

const catalog = fileURLToPath(
  new URL('../../examples/catalog/', import.meta.url),
);

for (const name of yamlFiles('commerce-stack')) {
  test(`Backstage accepts commerce-stack/${name}`, async () => {
    assert.deepEqual(await complaints(join('commerce-stack', name)), []);
  });
}

const readme = readFileSync(join(catalog, 'broken/README.md'), 'utf8');

for (const name of yamlFiles('broken')) {
  test(`Backstage refuses broken/${name} as the README says`, async () => {
    const [complaint] = await complaints(join('broken', name));
    const row = readme
      .split('\n')
      .find(line => line.startsWith(`| [${name}](`));
    const quote = row.split('|')[3].trim().slice(1, -1);
    for (const words of quote.split(' … ')) {
      assert.ok(complaint.includes(words.replace(/ …$/, '')), complaint);
    }
  });
}

/** What Backstage says of a file: the first mistake of each document. */
async function complaints(path) {
  const location = {
    type: 'url',
    target: `https://github.com/acme/shop/blob/main/${path}`,
  };
  const found = [];
  for (const result of parseEntityYaml(
    readFileSync(join(catalog, path)),
    location,
  )) {
    if (result.type === 'error') {
      found.push(String(result.error));
      continue;
    }
    const { metadata } = result.entity;
    metadata.annotations = {
      ...metadata.annotations,
      'backstage.io/managed-by-location': `${location.type}:${location.target}`,
      'backstage.io/managed-by-origin-location': `${location.type}:${location.target}`,
    };
    const { ok, errors } = await orchestrator.process({
      entity: result.entity,
    });
    if (!ok) found.push(String(errors[0]));
  }
  return found;
}

function yamlFiles(folder) {
  return readdirSync(join(catalog, folder)).filter(name =>
    name.endsWith('.yaml'),
  );
}
