// The schema for editors, in the YAML language server that editors use.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';

import { TextDocument } from 'vscode-languageserver-textdocument';
import { getLanguageService } from 'yaml-language-server';

const uri = 'file:///catalog-info.schema.json';
const schema = readFileSync(
  new URL('../cases/editor/expected.schema.json', import.meta.url),
  'utf8',
);

const good = `apiVersion: backstage.io/v1alpha1
kind: Component
metadata:
  name: shop
  labels: { acme.com/tier: gold }
  annotations:
    sentry.io/project-slug: shop
    grafana/team: shop
spec:
  type: service
  lifecycle: production
  owner: team-a
`;

test('what is right is right, in each of several documents', async () => {
  assert.deepEqual(await problems(`${good}---\n${good}`), []);
});

for (const [what, from, to, said] of [
  [
    'a kind that there is not',
    'kind: Component',
    'kind: Componnent',
    /not accepted/,
  ],
  [
    'a field that is missing',
    '  owner: team-a\n',
    '',
    /Missing property "owner"/,
  ],
  ['a name', 'name: shop', 'name: web shop', /a name is 1 to 63 letters/],
  [
    'a value of another type',
    'owner: team-a',
    'owner: [team-a]',
    /Incorrect type/,
  ],
  [
    'a field that nothing reads',
    'owner: team-a',
    'owner: team-a\n  onwer: x',
    /accepts and ignores/,
  ],
  [
    'an annotation that nothing reads',
    'grafana/team: shop',
    'jaeger.io/service-name: shop',
    /Jaeger reads `jaegertracing\.io\/service`/,
  ],
  [
    'an annotation that a plugin needs',
    'sentry.io/project-slug: shop',
    'example.com/a: b',
    /`sentry\.io\/project-slug` is missing/,
  ],
  [
    'a label that is missing',
    'acme.com/tier: gold',
    'a: b',
    /every service has a tier/,
  ],
  [
    'a value that the organisation has not',
    'tier: gold',
    'tier: bronze',
    /not accepted|every service/,
  ],
  [
    'a lifecycle',
    'lifecycle: production',
    'lifecycle: prod',
    /not accepted|every service/,
  ],
]) {
  test(`it says: ${what}`, async () => {
    assert.ok(good.includes(from));
    const found = await problems(good.replace(from, to));
    assert.ok(
      found.some(message => said.test(message)),
      `${said}: ${JSON.stringify(found)}`,
    );
  });
}

test('it completes kinds, fields and annotations, and says what they are', async () => {
  const service = languageService();
  const labels = async (text, line, character) => {
    const { items } = await service.doComplete(
      document(text),
      { line, character },
      false,
    );
    return items.map(({ label }) => label);
  };
  assert.ok((await labels('kind: \n', 0, 6)).includes('Component'));
  const annotations = good.replace('grafana/team: shop', '');
  const offered = await labels(annotations, 7, 4);
  assert.ok(offered.includes('pagerduty.com/service-id'), offered.join());
  assert.ok(!offered.some(key => key.startsWith('jaeger.io/')));
  const fields = await labels(`${good}  `, 12, 2);
  assert.ok(fields.includes('providesApis'), fields.join());
  const { contents } = await service.doHover(document(good), {
    line: 6,
    character: 8,
  });
  assert.match(JSON.stringify(contents), /the project/);
});

async function problems(text) {
  const found = await languageService().doValidation(document(text), false);
  return found.map(({ message }) => message);
}

/** The server keeps what it has read of a file by name and version. */
let versions = 0;

function document(text) {
  versions += 1;
  const file = 'file:///catalog-info.yaml';
  return TextDocument.create(file, 'yaml', versions, text);
}

function languageService() {
  const settings = {
    validate: true,
    completion: true,
    hover: true,
    schemas: [{ uri, fileMatch: ['*.yaml'] }],
  };
  const service = getLanguageService({
    schemaRequestService: async requested =>
      requested === uri ? schema : assert.fail(`asked for ${requested}`),
    workspaceContext: { resolveRelativePath: path => path },
    connection: undefined,
    telemetry: { send() {}, sendError() {}, sendTrack() {} },
    yamlSettings: { yamlFormatterSettings: {} },
    clientCapabilities: undefined,
  });
  service.configure(settings);
  return service;
}
