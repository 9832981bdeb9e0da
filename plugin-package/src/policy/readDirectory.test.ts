import { mockServices } from '@backstage/backend-test-utils';
import type { Entity } from '@backstage/catalog-model';
import { catalogServiceMock } from '@backstage/plugin-catalog-node/testUtils';
import { readDirectory } from './readDirectory';

function entity(kind: string, name: string, relations: [string, string][]) {
  return {
    apiVersion: 'backstage.io/v1alpha1',
    kind,
    metadata: { namespace: 'default', name },
    relations: relations.map(([type, targetRef]) => ({ type, targetRef })),
  } satisfies Entity;
}

describe('readDirectory', () => {
  it('reads users, groups and who belongs where', async () => {
    const catalog = catalogServiceMock({
      entities: [
        entity('User', 'Ann', [
          ['memberOf', 'group:default/team-a'],
          ['memberOf', 'group:default/guild'],
          ['ownerOf', 'component:default/a'],
        ]),
        entity('Group', 'team-a', [
          ['childOf', 'group:default/engineering'],
          ['hasMember', 'user:default/ann'],
        ]),
        entity('Group', 'engineering', [['parentOf', 'group:default/team-a']]),
        entity('Component', 'a', []),
      ],
    });
    const before = new Date().toISOString();
    const { asOf, ...people } = await readDirectory(
      catalog,
      mockServices.auth(),
    );
    const after = new Date().toISOString();
    expect([before, asOf, after]).toEqual([before, asOf, after].sort());
    expect(people).toEqual({
      users: [
        {
          ref: 'user:default/ann',
          memberOf: ['group:default/team-a', 'group:default/guild'],
        },
      ],
      groups: [
        { ref: 'group:default/team-a', parent: 'group:default/engineering' },
        { ref: 'group:default/engineering', parent: undefined },
      ],
    });
  });
});
