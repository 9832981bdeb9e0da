import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import {
  type TestBackend,
  createMockDirectory,
  mockServices,
  startTestBackend,
} from '@backstage/backend-test-utils';
import { createCatalogModelLayer } from '@backstage/catalog-model/alpha';
import catalogBackend from '@backstage/plugin-catalog-backend';
import { provideStaticCatalogModel } from '@backstage/plugin-catalog-node/alpha';
import goldenpath from '../index';

const TOKEN = 'a-token-of-a-robot';

const robots = createCatalogModelLayer({
  layerId: 'acme.com/robots',
  builder: model => {
    model.addKind({
      group: 'acme.com',
      names: { kind: 'Robot', singular: 'robot', plural: 'robots' },
      description: 'A machine',
      versions: [
        {
          name: 'v1',
          relationFields: [
            {
              selector: { path: 'spec.owner' },
              relation: 'ownedBy',
              defaultKind: 'Group',
            },
          ],
          schema: {
            jsonSchema: {
              type: 'object',
              required: ['spec'],
              properties: {
                spec: {
                  type: 'object',
                  required: ['arms'],
                  properties: {
                    arms: { type: 'integer' },
                    owner: { type: 'string' },
                  },
                },
              },
            },
          },
        },
      ],
    });
  },
});

// a real backend, on a machine that may be busy
jest.setTimeout(60_000);

describe('goldenpathModuleModel', () => {
  const folder = createMockDirectory();
  let backend: TestBackend | undefined;

  afterEach(async () => {
    await backend?.stop();
    backend = undefined;
    folder.clear();
  });

  async function start(features: any[] = []) {
    backend = await startTestBackend({
      features: [
        catalogBackend,
        goldenpath,
        mockServices.auth.factory(),
        mockServices.httpAuth.factory({
          defaultCredentials: {
            $$type: '@backstage/BackstageCredentials',
            principal: { type: 'service', subject: 'robot' },
          } as any,
        }),
        mockServices.rootConfig.factory({ data: {} }),
        ...features,
      ],
    });
    return `http://localhost:${backend.server.port()}`;
  }

  /** The program, as npm installs it. */
  async function run(...args: string[]) {
    const program = join(__dirname, '../../../js/bin/goldenpath.js');
    return promisify(execFile)(process.execPath, [program, ...args], {
      cwd: folder.path,
      env: { ...process.env, BACKSTAGE_TOKEN: TOKEN },
    }).then(
      ({ stdout }) => ({ code: 0, stdout }),
      ({ code, stdout, stderr }) => ({ code, stdout: stdout + stderr }),
    );
  }

  it('answers the model that modules have given the catalogue', async () => {
    const url = await start([provideStaticCatalogModel({ layers: [robots] })]);
    const response = await fetch(`${url}/api/goldenpath/model`);
    expect(response.status).toBe(200);
    const { kinds, relations } = await response.json();
    expect(kinds).toContainEqual(
      expect.objectContaining({
        kind: 'Robot',
        apiVersion: 'acme.com/v1',
        relationFields: [expect.objectContaining({ path: 'spec.owner' })],
        jsonSchema: expect.objectContaining({ type: 'object' }),
      }),
    );
    expect(kinds).toContainEqual(
      expect.objectContaining({ kind: 'Component' }),
    );
    expect(relations.length).toBeGreaterThan(0);
  });

  it('answers the built-in kinds where there is no model', async () => {
    const url = await start();
    const { kinds } = await (await fetch(`${url}/api/goldenpath/model`)).json();
    expect([...new Set(kinds.map(({ kind }: any) => kind))].sort()).toEqual([
      'API',
      'Component',
      'Domain',
      'Group',
      'Location',
      'Resource',
      'System',
      'User',
    ]);
  });

  it('lets the program check files as the catalogue will', async () => {
    const url = await start([provideStaticCatalogModel({ layers: [robots] })]);
    folder.setContent({
      'good.yaml':
        'apiVersion: acme.com/v1\nkind: Robot\nmetadata: { name: a }\nspec: { arms: 2, owner: team-a }\n',
      'bad.yaml':
        'apiVersion: acme.com/v1\nkind: Robot\nmetadata: { name: b }\nspec: { arms: two }\n',
    });
    const pulled = await run(
      'model',
      'pull',
      ...[
        '--url',
        url,
        '--token-env',
        'BACKSTAGE_TOKEN',
        '--out',
        'model.json',
      ],
    );
    expect(pulled).toEqual({
      code: 0,
      stdout: expect.stringContaining('Robot'),
    });
    await expect(run('check', 'good.yaml')).resolves.toMatchObject({ code: 1 });
    await expect(
      run('check', '--model', 'model.json', 'good.yaml'),
    ).resolves.toMatchObject({ code: 0 });
    await expect(
      run('check', '--model', 'model.json', 'bad.yaml'),
    ).resolves.toEqual({
      code: 1,
      stdout: expect.stringContaining('catalog/wrong-type'),
    });
  });
});
