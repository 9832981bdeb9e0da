import { execFile } from 'node:child_process';
import {
  cp,
  mkdtemp,
  readFile,
  readdir,
  rm,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import {
  type TestBackend,
  mockServices,
  startTestBackend,
} from '@backstage/backend-test-utils';
import { catalogServiceMock } from '@backstage/plugin-catalog-node/testUtils';
import scaffolderBackend from '@backstage/plugin-scaffolder-backend';
import { parse } from 'yaml';
import { dryRun } from './__testUtils__/dryRun';
import { scaffolderModuleGoldenpath } from './module';

const ROOT = join(__dirname, '../../..');
const EXAMPLE = join(ROOT, 'examples/templates/new-service');

const PARAMETERS = {
  name: 'fraud-check',
  owner: 'group:default/payments',
  description: 'Scores card payments: "no", # or "yes"',
  repoUrl: 'github.com?owner=acme&repo=fraud-check',
};

// a real backend, on a machine that may be busy
jest.setTimeout(60_000);

describe('`goldenpath template test` and the dry run of a real scaffolder', () => {
  let backend: TestBackend;
  let directory: string;

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'goldenpath-template-test-'));
    backend = await startTestBackend({
      features: [
        scaffolderBackend,
        scaffolderModuleGoldenpath,
        catalogServiceMock.factory(),
        mockServices.rootConfig.factory({ data: {} }),
      ],
    });
  });

  afterAll(async () => {
    await backend.stop();
    await rm(directory, { recursive: true, force: true });
  });

  /** What a folder has: contents by paths. */
  async function contentsOf(folder: string): Promise<Map<string, string>> {
    const found = new Map<string, string>();
    for (const entry of await readdir(folder, {
      recursive: true,
      withFileTypes: true,
    })) {
      if (!entry.isFile()) {
        continue;
      }
      const path = join(entry.parentPath, entry.name);
      found.set(
        path.slice(folder.length + 1),
        (await readFile(path)).toString('base64'),
      );
    }
    return found;
  }

  /** What the scaffolder makes of it: contents by paths. */
  async function filesOf(template: any, parameters: object) {
    // what is published is not written, and its actions are not installed
    const steps = template.spec.steps.filter(
      ({ action }: { action: string }) => !/^(publish|catalog):/.test(action),
    );
    const { output: _, ...spec } = template.spec;
    const { status, body } = await dryRun(
      backend,
      { ...template, spec: { ...spec, steps } },
      parameters,
      await contentsOf(EXAMPLE),
    );
    expect({ status, error: body.error }).toEqual({ status: 200 });
    return new Map<string, string>(
      body.directoryContents.map(
        ({ path, base64Content }: { path: string; base64Content: string }) => [
          path,
          base64Content,
        ],
      ),
    );
  }

  it.each([
    ['goldenpath:template:render', { language: 'python', database: true }],
    ['goldenpath:template:render', { language: 'typescript', cpu: 4 }],
    ['fetch:template', { language: 'python', database: true, cpu: 2 }],
    ['fetch:template', { language: 'typescript' }],
  ])('give the same bytes: %s %j', async (action, choice) => {
    const parameters = { ...PARAMETERS, ...choice };
    const folder = await mkdtemp(join(directory, 'template-'));
    await cp(EXAMPLE, folder, { recursive: true, verbatimSymlinks: true });
    const example = await readFile(join(EXAMPLE, 'template.yaml'), 'utf8');
    const text =
      action === 'fetch:template'
        ? example
            .replaceAll('goldenpath:template:render', action)
            // an input that it does not have
            .replaceAll(/^ +answers: .*\n/gm, '')
        : example;
    await writeFile(join(folder, 'template.yaml'), text);
    await writeFile(
      join(folder, 'template.test.yaml'),
      JSON.stringify({
        cases: [
          {
            name: 'here',
            parameters,
            user: { ref: 'user:default/mock' },
            steps: { publish: {}, request: {}, register: {} },
          },
        ],
      }),
    );
    const { stdout } = await promisify(execFile)(
      process.execPath,
      [
        ...[join(ROOT, 'js/bin/goldenpath.js'), 'template', 'test', folder],
        '--update',
      ],
      { cwd: directory },
    ).catch(error => error);
    expect(stdout).toContain('1 case: 1 passed, 0 failed');

    const ours = await contentsOf(join(folder, 'snapshots/here'));
    const theirs = await filesOf(parse(text), parameters);
    expect([...ours.keys()].sort()).toEqual([...theirs.keys()].sort());
    expect(ours.size).toBeGreaterThan(15);
    expect(new Map([...ours].sort())).toEqual(new Map([...theirs].sort()));
  });
});
