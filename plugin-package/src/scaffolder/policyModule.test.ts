import {
  type TestBackend,
  createMockDirectory,
  mockServices,
  startTestBackend,
} from '@backstage/backend-test-utils';
import type { Entity } from '@backstage/catalog-model';
import { catalogServiceMock } from '@backstage/plugin-catalog-node/testUtils';
import scaffolderBackend from '@backstage/plugin-scaffolder-backend';
import { dryRun, templateOf } from './__testUtils__/dryRun';
import { scaffolderModuleGoldenpathPolicy } from './policyModule';

const POLICY = `apiVersion: goldenpath/v1alpha1
kind: AccessPolicy
rules:
  - id: own
    effect: allow
    permissions: goldenpath.environment.destroy
    when: { owner: $ownership }
`;

function environment(name: string, owner: string): Entity {
  return {
    apiVersion: 'backstage.io/v1alpha1',
    kind: 'Resource',
    metadata: { name, namespace: 'default' },
    spec: { type: 'environment', owner },
    relations: [{ type: 'ownedBy', targetRef: owner }],
  };
}

// a real backend, on a machine that may be busy
jest.setTimeout(60_000);

describe('a dry run that asks the policy', () => {
  const folder = createMockDirectory({ content: { 'policy.yaml': POLICY } });
  let backend: TestBackend;

  beforeAll(async () => {
    backend = await startTestBackend({
      features: [
        scaffolderBackend,
        scaffolderModuleGoldenpathPolicy,
        catalogServiceMock.factory({
          entities: [
            environment('mine', 'user:default/mock'),
            environment('theirs', 'user:default/ann'),
          ],
        }),
        mockServices.scheduler.factory({ skipTaskRunOnStartup: true }),
        mockServices.rootConfig.factory({
          data: {
            goldenpath: { policy: { files: [folder.resolve('policy.yaml')] } },
          },
        }),
      ],
    });
  });

  afterAll(async () => {
    await backend.stop();
  });

  function destroy(environmentName: string, input: object = {}) {
    const step = {
      id: 'check',
      name: 'Ask the policy',
      action: 'goldenpath:policy:check',
      input: {
        permission: 'goldenpath.environment.destroy',
        resource: `resource:default/${environmentName}`,
        ...input,
      },
    };
    const template = templateOf(
      'environment',
      [step],
      ['outcome', '${{ steps.check.output.outcome }}'],
    );
    return dryRun(backend, template, {});
  }

  it('goes on if the policy allows it to its user', async () => {
    const { status, body } = await destroy('mine');
    expect({ status, body }).toEqual({ status: 200, body: expect.anything() });
    expect(body.output.text[0].content).toBe('allow');
  });

  it('ends if not, with the reason', async () => {
    const { status, body } = await destroy('theirs');
    expect(status).toBe(403);
    expect(JSON.stringify(body)).toContain('the policy denies it');
  });

  it('goes on with the answer if it is told to', async () => {
    const { body } = await destroy('theirs', { onDeny: 'output' });
    expect(body.output.text[0].content).toBe('deny');
  });
});
