import {
  type TestBackend,
  mockCredentials,
  mockServices,
  startTestBackend,
} from '@backstage/backend-test-utils';
import {
  type SchedulerService,
  coreServices,
  createServiceFactory,
} from '@backstage/backend-plugin-api';
import { catalogServiceRef } from '@backstage/plugin-catalog-node';
import { AuthorizeResult } from '@backstage/plugin-permission-common';
import goldenpath from '../index';
import { LiveCatalog } from './__testUtils__/LiveCatalog';

const SERVICE = mockCredentials.service.header();

// a real backend, on a machine that may be busy
jest.setTimeout(60_000);

describe('goldenpathModuleFindings', () => {
  let backend: TestBackend | undefined;
  let live: LiveCatalog;
  let scheduler: SchedulerService;

  afterEach(async () => {
    await backend?.stop();
    backend = undefined;
  });

  async function start(result: AuthorizeResult = AuthorizeResult.ALLOW) {
    live = new LiveCatalog();
    for (const name of ['a', 'b']) {
      live.put(name, { type: 'team', children: [] }, { kind: 'Group' });
    }
    live.put('shop', { owner: 'a', sytem: 'x', lifecycle: 1 });
    live.put('till', { owner: 'b', sytem: 'x' });
    live.put('well', { owner: 'b' });
    const permissions = mockServices.permissions.mock({
      authorizeConditional: async requests =>
        requests.map(() => ({ result } as any)),
    });
    scheduler = mockServices.scheduler();
    backend = await startTestBackend({
      features: [
        goldenpath,
        createServiceFactory({
          service: coreServices.scheduler,
          deps: {},
          factory: () => scheduler,
        }),
        permissions.factory,
        createServiceFactory({
          service: catalogServiceRef,
          deps: {},
          factory: () => live.service,
        }),
        mockServices.rootConfig.factory({
          data: {
            goldenpath: { audit: {} },
          },
        }),
      ],
    });
  }

  async function get(path: string, authorization = SERVICE) {
    const response = await fetch(
      `http://localhost:${backend?.server.port()}/api/goldenpath/findings${path}`,
      { headers: { authorization } },
    );
    return { status: response.status, body: await response.json() };
  }

  const audit = () => scheduler.triggerTask('goldenpath-catalog-audit');

  it('answers findings, in pages, and how old they are', async () => {
    await start();
    await audit();
    const first = await get('?limit=2');
    expect(first.status).toBe(200);
    expect(first.body).toEqual({
      items: [
        expect.objectContaining({
          entityRef: 'component:default/shop',
          owner: 'group:default/a',
          code: 'catalog/wrong-type',
          severity: 'error',
          pointer: '/spec/lifecycle',
        }),
        expect.objectContaining({ code: 'catalog/unknown-field' }),
      ],
      pageInfo: { nextCursor: expect.any(String) },
      audit: { asOf: expect.any(String), ageSeconds: expect.any(Number) },
    });
    const { body } = await get(`?cursor=${first.body.pageInfo.nextCursor}`);
    expect(body.pageInfo).toEqual({});
    expect(body.items).toEqual([
      expect.objectContaining({ entityRef: 'component:default/till' }),
    ]);
  });

  it('answers by entity, owner, code and severity', async () => {
    await start();
    await audit();
    for (const [query, refs] of [
      ['entityRef=Till', ['till']],
      ['owner=a', ['shop', 'shop']],
      ['owner=group:default/b&severity=error', []],
      ['severity=error,info', ['shop']],
      ['code=catalog/unknown-field,catalog/none', ['shop', 'till']],
    ] as const) {
      const { body } = await get(`?${query}`);
      expect(body.items.map((one: any) => one.entityRef.slice(18))).toEqual(
        refs,
      );
    }
  });

  it('answers how entities and owners do', async () => {
    await start();
    await audit();
    const { body: owners } = await get('/owners?owner=b');
    expect(owners.items).toEqual([
      {
        owner: 'group:default/b',
        entities: 2,
        sound: 1,
        score: 50,
        findings: { error: 0, warning: 1, info: 0 },
        levels: [],
      },
    ]);
    const { body: entities } = await get('/entities?entityRef=well');
    expect(entities.items).toEqual([
      {
        entityRef: 'component:default/well',
        owner: 'group:default/b',
        findings: { error: 0, warning: 0, info: 0 },
      },
    ]);
  });

  it('sees that an entity was mended', async () => {
    await start();
    await audit();
    live.put('till', { owner: 'b' });
    await audit();
    const { body } = await get('?entityRef=till');
    expect(body.items).toEqual([]);
  });

  it('answers nothing of what the asker may not read', async () => {
    const ann = mockCredentials.user.header('user:default/ann');
    await start(AuthorizeResult.DENY);
    await audit();
    await expect(get('', ann)).resolves.toMatchObject({
      status: 200,
      body: { items: [] },
    });
    await backend?.stop();

    await start(AuthorizeResult.CONDITIONAL);
    await audit();
    live.shows = (entity, { principal }: any) =>
      principal.userEntityRef !== 'user:default/ann' ||
      entity.metadata.name !== 'shop';
    const { body } = await get('', ann);
    expect(body.items.map((one: any) => one.entityRef)).toEqual([
      'component:default/till',
    ]);
    const { body: owners } = await get('/owners', ann);
    // the groups have no owner
    expect(owners.items.map(({ owner }: any) => owner)).toEqual([
      undefined,
      'group:default/b',
    ]);
    const { body: all } = await get('');
    expect(all.items).toHaveLength(3);
  });

  it('does not name to the asker what they may not read', async () => {
    await start(AuthorizeResult.CONDITIONAL);
    live.put('secret', { owner: 'b' }, { kind: 'System' });
    live.put('till', { owner: 'b', system: 'secre' });
    await audit();
    const path = '?code=reference/dangling';
    const { body } = await get(path);
    expect(body.items).toEqual([
      expect.objectContaining({
        message: expect.stringContaining('`system:default/secre`'),
        help: 'did you mean `system:default/secret`?',
      }),
    ]);
    live.shows = ({ kind }) => kind !== 'System';
    const { body: less } = await get(path);
    expect(less.items).toEqual([
      {
        ...body.items[0],
        help: 'did you mean an entity that you may not read?',
      },
    ]);
  });

  it.each([
    ['`severty` is not a parameter', '?severty=error'],
    ['`bad` is not a severity', '?severity=bad'],
    ['`limit` has to be from 1 to 1000', '?limit=1001'],
    ['`limit` has to be from 1 to 1000', '?limit=x'],
    ['`cursor` is not one', '?cursor=eA'],
    ['`entityRef` is not an entity ref: `a:`', '?entityRef=a:'],
    ['`owner` has to be given once', '?owner=a&owner=b'],
    ['`severity` is not a parameter', '/owners?severity=error'],
  ])('says what is wrong: %s', async (message, path) => {
    await start();
    const { status, body } = await get(path);
    expect(status).toBe(400);
    expect(body.error.message).toContain(message);
  });

  it('says that there is nothing to say yet, and nothing to strangers', async () => {
    await start();
    await expect(get('')).resolves.toMatchObject({
      status: 503,
      body: { error: { name: 'ServiceUnavailableError' } },
    });
    await expect(get('', mockCredentials.none.header())).resolves.toMatchObject(
      { status: 401 },
    );
  });
});
