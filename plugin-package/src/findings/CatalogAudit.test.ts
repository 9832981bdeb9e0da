import { mockServices } from '@backstage/backend-test-utils';
import { CatalogGraph, type OrganisationRule } from 'goldenpath';
import { findingsOf } from './AuditedEntities';
import { CatalogAudit } from './CatalogAudit';
import { LiveCatalog } from './__testUtils__/LiveCatalog';

describe('CatalogAudit', () => {
  let live: LiveCatalog;
  let audit: CatalogAudit;

  beforeEach(() => {
    live = new LiveCatalog();
    audit = new CatalogAudit({
      catalog: live.service,
      auth: mockServices.auth(),
      options: {},
    });
    live.put('a', { type: 'team', children: [] }, { kind: 'Group' });
    live.put('shop', { owner: 'a' });
    live.put('till', { owner: 'a', sytem: 'shop' });
  });

  const listOf = (ref: string) => {
    const entity = audit.entities.get(ref);
    return entity && findingsOf(entity);
  };
  const codesOf = (ref: string) => listOf(ref)?.map(({ code }) => code);

  it('judges every entity, as a file would be', async () => {
    expect(audit.last).toBeUndefined();
    await expect(audit.run()).resolves.toMatchObject({
      entities: 3,
      judged: 3,
    });
    expect(codesOf('component:default/shop')).toEqual([]);
    expect(audit.entities.get('component:default/till')).toMatchObject({
      owner: 'group:default/a',
      own: [
        {
          code: 'catalog/unknown-field',
          severity: 'warning',
          pointer: '/spec/sytem',
          help: expect.stringContaining('`system`'),
        },
      ],
    });
  });

  it('reads again only what has changed', async () => {
    await audit.run();
    live.read.splice(0);
    await expect(audit.run()).resolves.toMatchObject({ judged: 0 });
    expect(live.read).toEqual([]);

    live.put('till', { owner: 'a' });
    live.put('new', { owner: ['a'] });
    live.remove('component:default/shop');
    await expect(audit.run()).resolves.toMatchObject({
      entities: 3,
      judged: 2,
    });
    expect(live.read).toEqual([
      'component:default/till',
      'component:default/new',
    ]);
    expect(codesOf('component:default/till')).toEqual([]);
    expect(codesOf('component:default/new')).toEqual(['catalog/wrong-type']);
    expect(codesOf('component:default/shop')).toBeUndefined();
  });

  it('judges again those that refer to what came or went', async () => {
    live.put('desk', { owner: 'a', dependsOn: ['component:till'] });
    live.put('shelf', { owner: 'a', dependsOn: ['component:gone'] });
    await audit.run();
    expect(codesOf('component:default/desk')).toEqual([]);
    expect(listOf('component:default/shelf')).toEqual([
      expect.objectContaining({
        code: 'reference/dangling',
        pointer: '/spec/dependsOn/0',
      }),
    ]);

    live.remove('component:default/till');
    live.read.splice(0);
    await expect(audit.run()).resolves.toMatchObject({
      judged: 0,
      touched: 2,
    });
    expect(live.read).toEqual([]);
    expect(codesOf('component:default/desk')).toEqual(['reference/dangling']);
    expect(codesOf('component:default/till')).toBeUndefined();

    live.put('till', { owner: 'a' });
    await audit.run();
    expect(codesOf('component:default/desk')).toEqual([]);
  });

  describe("by the organisation's rules", () => {
    const organisation: OrganisationRule[] = [
      {
        name: 'owned',
        for: { kind: 'Component' },
        require: { owner: 'Group' },
      },
      {
        name: 'tagged',
        for: { kind: 'Component' },
        require: { tags: ['*'] },
        dueBy: '2026-11-30',
      },
    ];
    const scorecard = {
      levels: [
        { name: 'bronze', rules: ['owned'] },
        { name: 'gold', rules: ['tagged'] },
      ],
    };

    beforeEach(() => {
      audit = new CatalogAudit({
        catalog: live.service,
        auth: mockServices.auth(),
        options: {
          organisation,
          scorecard,
          rules: { 'reference/dangling': 'off' },
        },
      });
    });

    afterEach(() => jest.useRealTimers());

    it('sees that an owner came, and gives the level', async () => {
      live.put('desk', { owner: 'b' });
      await audit.run();
      expect(codesOf('component:default/shop')).toEqual([
        'organisation/tagged',
      ]);
      const levelOf = (ref: string) => audit.entities.get(ref)?.score?.level;
      expect(levelOf('component:default/shop')).toBe('bronze');
      expect(codesOf('component:default/desk')).toEqual([
        'organisation/tagged',
        'organisation/owned',
      ]);
      expect(levelOf('component:default/desk')).toBeUndefined();

      live.put('b', { type: 'team', children: [] }, { kind: 'Group' });
      await expect(audit.run()).resolves.toMatchObject({ judged: 2 });
      expect(codesOf('component:default/desk')).toEqual([
        'organisation/tagged',
      ]);
      expect(levelOf('component:default/desk')).toBe('bronze');
      live.remove('group:default/b');
      await audit.run();
      expect(codesOf('component:default/desk')).toContain('organisation/owned');
    });

    it('judges again what has become due', async () => {
      jest.useFakeTimers({
        now: new Date('2026-11-30T23:00:00Z'),
        doNotFake: ['setImmediate'],
      });
      await audit.run();
      const severities = () =>
        listOf('component:default/shop')?.map(({ severity }) => severity);
      expect(severities()).toEqual(['warning']);
      await expect(audit.run()).resolves.toMatchObject({ judged: 0 });
      jest.setSystemTime(new Date('2026-12-01T00:01:00Z'));
      await expect(audit.run()).resolves.toMatchObject({ judged: 3 });
      expect(severities()).toEqual(['error']);
    });
  });

  it('says that an entity is older than its file', async () => {
    const message = 'InputError: error[catalog/wrong-type]: no\n --> a.yaml:1';
    live.put('shop', { owner: 'a' }, {
      status: {
        items: [
          { type: 'backstage.io/catalog-processing', level: 'error', message },
          { type: 'acme.example/other', level: 'error', message: 'no' },
        ],
      },
    } as object);
    await audit.run();
    expect(listOf('component:default/shop')).toEqual([
      expect.objectContaining({
        code: 'catalog/refused-update',
        why: 'InputError: error[catalog/wrong-type]: no',
      }),
    ]);
  });

  it('leaves the kinds of other plugins to them', async () => {
    live.put('custom', {}, { apiVersion: 'acme.example/v1', kind: 'Product' });
    await audit.run();
    expect(codesOf('product:default/custom')).toEqual([]);
  });

  it('reads everything again when the core has failed inside', async () => {
    await audit.run();
    const set = jest
      .spyOn(CatalogGraph.prototype, 'set')
      .mockImplementation(() => {
        throw new Error('lost');
      });
    live.put('new', { owner: 'a' });
    await expect(audit.run()).rejects.toThrow('lost');
    set.mockRestore();
    live.read.splice(0);
    await expect(audit.run()).resolves.toMatchObject({ judged: 4 });
    expect(live.read).toHaveLength(4);
    expect(codesOf('component:default/till')).toEqual([
      'catalog/unknown-field',
    ]);
  });

  it('goes on where it was when it had failed or run out of time', async () => {
    for (let number = 0; number < 700; number += 1) {
      live.put(`n${number}`, { owner: 'a' });
    }
    const abort = new AbortController();
    const stream = live.service.streamEntities;
    live.service.streamEntities = async function* once(request, options) {
      for await (const page of stream(request, options)) {
        yield page;
        abort.abort();
      }
    };
    await expect(audit.run(abort.signal)).rejects.toThrow('abort');
    expect(audit.last).toBeUndefined();
    expect(audit.entities.size).toBe(500);

    live.service.streamEntities = stream;
    live.read.splice(0);
    await expect(audit.run()).resolves.toMatchObject({ entities: 703 });
    expect(live.read).toHaveLength(203);
  });
});
