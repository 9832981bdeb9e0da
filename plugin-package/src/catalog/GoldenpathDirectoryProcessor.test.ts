import { mockServices } from '@backstage/backend-test-utils';
import type { Entity } from '@backstage/catalog-model';
import { DirectoryChanges } from './DirectoryChanges';
import { GoldenpathDirectoryProcessor } from './GoldenpathDirectoryProcessor';

function entity(kind: string, spec?: Entity['spec'], title = kind): Entity {
  return {
    apiVersion: 'backstage.io/v1alpha1',
    kind,
    metadata: { namespace: 'default', name: 'it', title },
    spec,
  };
}

describe('GoldenpathDirectoryProcessor', () => {
  const note = jest.fn<void, [string]>();
  const processor = new GoldenpathDirectoryProcessor({ changes: { note } });
  let cache: Map<string, any>;

  beforeEach(() => {
    jest.resetAllMocks();
    cache = new Map();
  });

  function process(one: Entity) {
    return processor.postProcessEntity(
      one,
      { type: 'url', target: '' },
      () => {},
      {
        get: async key => cache.get(key),
        set: async (key, value) => void cache.set(key, value),
      },
    );
  }

  it.each([
    ['User', { memberOf: ['team-a'] }, { memberOf: ['team-b'] }],
    ['Group', { parent: 'a' }, {}],
    ['group', { children: ['a'] }, { children: [] }],
    ['Group', { members: ['ann'] }, { members: ['ann', 'bob'] }],
  ])('notes a %s that belongs elsewhere', async (kind, before, after) => {
    await process(entity(kind, before));
    await process(entity(kind, before, 'another title'));
    expect(note).toHaveBeenCalledTimes(1);
    const changed = entity(kind, after);
    await expect(process(changed)).resolves.toBe(changed);
    expect(note).toHaveBeenCalledTimes(2);
    expect(note).toHaveBeenLastCalledWith(
      `${kind.toLocaleLowerCase('en-US')}:default/it`,
    );
  });

  it('does not mind other kinds', async () => {
    await process(entity('Component', { memberOf: ['team-a'] }));
    await process(entity('Resource'));
    expect(note).not.toHaveBeenCalled();
    expect(cache.size).toBe(0);
  });
});

describe('DirectoryChanges', () => {
  const logger = mockServices.logger.mock();
  const publish = jest.fn();

  beforeEach(() => {
    jest.resetAllMocks();
    jest.useFakeTimers();
  });

  afterEach(() => jest.useRealTimers());

  it('tells what comes together once', async () => {
    const changes = new DirectoryChanges({ events: { publish }, logger });
    changes.note('user:default/ann');
    await jest.advanceTimersByTimeAsync(200);
    changes.note('user:default/bob');
    changes.note('user:default/ann');
    expect(publish).not.toHaveBeenCalled();
    await jest.advanceTimersByTimeAsync(1000);
    changes.note('group:default/team-a');
    await jest.advanceTimersByTimeAsync(1000);
    expect(publish.mock.calls).toEqual(
      [['user:default/ann', 'user:default/bob'], ['group:default/team-a']].map(
        entityRefs => [
          {
            topic: 'goldenpath.catalog.changed',
            eventPayload: { entityRefs },
          },
        ],
      ),
    );
  });

  it('logs once that it cannot', async () => {
    const changes = new DirectoryChanges({ events: { publish }, logger });
    publish.mockRejectedValue(new Error('unavailable'));
    for (let i = 0; i < 2; i++) {
      changes.note('user:default/ann');
      await jest.advanceTimersByTimeAsync(1000);
    }
    expect(publish).toHaveBeenCalledTimes(2);
    expect(logger.warn).toHaveBeenCalledTimes(1);
  });
});
