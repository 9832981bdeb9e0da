import { mockServices } from '@backstage/backend-test-utils';
import { permissionRules } from '@backstage/plugin-catalog-backend/alpha';
import { catalogServiceMock } from '@backstage/plugin-catalog-node/testUtils';
import { compilePolicy } from 'goldenpath';
import * as permissions from '.';
import { createEnvironmentResourceType } from './createEnvironmentResourceType';

function entity(name: string, type: unknown, kind = 'Resource') {
  return {
    apiVersion: 'backstage.io/v1alpha1',
    kind,
    metadata: { namespace: 'default', name },
    spec: type === undefined ? undefined : { type: type as string },
  };
}

const environment = entity('shop-pr-7', 'environment');
const upperCase = entity('shop-pr-8', 'Environment', 'resource');

describe('createEnvironmentResourceType', () => {
  const type = createEnvironmentResourceType({
    auth: mockServices.auth(),
    catalog: catalogServiceMock({
      entities: [
        environment,
        upperCase,
        entity('database', 'database'),
        entity('untyped', undefined),
        entity('environment', 'environment', 'Component'),
      ],
    }),
  });

  it('finds environments, and nothing else', async () => {
    await expect(
      type.getResources([
        'resource:default/shop-pr-7',
        'resource:default/database',
        'resource:default/shop-pr-8',
        'resource:default/untyped',
        'component:default/environment',
        'resource:default/missing',
      ]),
    ).resolves.toEqual([
      environment,
      undefined,
      upperCase,
      undefined,
      undefined,
      undefined,
    ]);
  });

  it('applies the rules of the catalogue, as its own', () => {
    const { resourceRef } = type;
    expect(type.rules).toEqual(
      Object.values(permissionRules).map(rule => ({
        ...rule,
        resourceRef,
        resourceType: 'goldenpath-environment',
      })),
    );
    expect(type.rules.map(({ name }) => name).sort()).toEqual([
      'HAS_ANNOTATION',
      'HAS_LABEL',
      'HAS_METADATA',
      'HAS_SPEC',
      'IS_ENTITY_KIND',
      'IS_ENTITY_OWNER',
    ]);
  });

  it('has the permissions that the core knows', () => {
    const { policy } = compilePolicy([
      {
        name: 'policy.yaml',
        content: 'apiVersion: goldenpath/v1alpha1\nkind: AccessPolicy\n',
      },
    ]);
    const known = policy
      ?.permissions()
      .filter(({ name }) => name.startsWith('goldenpath.'));
    const declared = Object.values(permissions).map(permission => ({
      name: permission.name,
      action: permission.attributes.action,
      ...('resourceType' in permission && {
        resourceType: permission.resourceType,
        pluginId:
          permission.resourceType === type.resourceRef.resourceType
            ? type.resourceRef.pluginId
            : 'catalog',
      }),
    }));
    const byName = (one: { name: string }, other: { name: string }) =>
      one.name.localeCompare(other.name);
    expect(declared.sort(byName)).toEqual(known?.sort(byName));
  });
});
