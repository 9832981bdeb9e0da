import { mockCredentials, mockServices } from '@backstage/backend-test-utils';
import type { Entity } from '@backstage/catalog-model';
import { catalogServiceMock } from '@backstage/plugin-catalog-node/testUtils';
import { createMockActionContext } from '@backstage/plugin-scaffolder-node-test-utils';
import { type Policy, compilePolicy } from 'goldenpath';
import { parse } from 'yaml';
import { CheckAudit } from '../CheckAudit';
import { createPolicyCheckAction } from './policyCheck';
import { examples } from './policyCheck.examples';

const POLICY = `apiVersion: goldenpath/v1alpha1
kind: AccessPolicy
rules:
  - id: create
    effect: allow
    permissions: [goldenpath.environment.create, catalog.location.create]
  - id: frozen
    effect: deny
    permissions: catalog.location.create
    when: { context: { freeze: true } }
  - id: own
    effect: allow
    permissions: [goldenpath.environment.destroy, goldenpath.environment.extend]
    when: { owner: $ownership }
  - id: by-template
    effect: allow
    permissions: goldenpath.service.create
    when:
      context:
        scaffolder.template: template:default/service
        scaffolder.user: user:default/mock
        scaffolder.dryRun: false
approvals:
  - id: destroy
    for: { permissions: goldenpath.environment.destroy }
    require:
      - { count: 2, from: group:default/ops }
      - { from: user:default/boss }
`;

const ENVIRONMENT: Entity = {
  apiVersion: 'backstage.io/v1alpha1',
  kind: 'Resource',
  metadata: { name: 'pr-1', namespace: 'default' },
  spec: { type: 'environment', owner: 'user:mock' },
  relations: [{ type: 'ownedBy', targetRef: 'user:default/mock' }],
};
const REF = 'resource:default/pr-1';
const ANN = 'user:default/ann';

const extend = { permission: 'goldenpath.environment.extend', resource: REF };
const destroy = { permission: 'goldenpath.environment.destroy', resource: REF };

describe('goldenpath:policy:check', () => {
  const policy = compilePolicy([{ name: 'policy.yaml', content: POLICY }])
    .policy as Policy;
  const catalog = catalogServiceMock.mock();
  const check = jest.spyOn(policy, 'check');
  const auditor = mockServices.auditor.mock();
  const event = { success: jest.fn(), fail: jest.fn() };
  const action = createPolicyCheckAction({
    audit: new CheckAudit({
      auditor,
      logger: mockServices.logger.mock(),
      policy: { version: 'v1' },
    }),
    auth: mockServices.auth(),
    catalog,
    policy,
    userInfo: mockServices.userInfo(),
  });

  beforeAll(() => {
    policy.setDirectory({
      groups: [{ ref: 'group:default/ops' }],
      users: ['ann', 'bob', 'mock'].map(name => ({
        ref: `user:default/${name}`,
        memberOf: ['group:default/ops'],
      })),
    });
  });

  beforeEach(() => {
    jest.clearAllMocks();
    auditor.createEvent.mockResolvedValue(event);
    catalog.getEntityByRef.mockResolvedValue(ENVIRONMENT);
  });

  async function run(
    input: Record<string, any>,
    rest: object = {},
  ): Promise<Record<string, any>> {
    const context = createMockActionContext({
      input,
      workspacePath: '/none',
      templateInfo: { entityRef: 'template:default/service' },
      user: { ref: 'user:default/mock' },
    });
    await action.handler({ ...context, ...rest } as any);
    return Object.fromEntries((context.output as jest.Mock).mock.calls);
  }

  const byService = {
    getInitiatorCredentials: async () => mockCredentials.service(),
  };

  it('outputs the answer of the engine', async () => {
    const output = await run({ ...extend, digest: 'sha256:1' });
    const [{ value }] = check.mock.results;
    expect(output).toEqual({
      outcome: 'allow',
      decision: value.decision,
      reasons: [expect.stringMatching(/^policy\.yaml:11 own \(allow\): .+/)],
      approvals: [],
      approvers: [],
      quorum: 0,
      obligations: [],
      digest: 'sha256:1',
    });
    expect(value.decision.result).toBe('ALLOW');
  });

  it('asks for the user of the task, with the claims of their token', async () => {
    await run(extend);
    expect(check).toHaveBeenCalledWith(
      expect.objectContaining({
        permission: policy
          .permissions()
          .find(({ name }) => name === extend.permission),
        subject: {
          userEntityRef: 'user:default/mock',
          ownershipEntityRefs: ['user:default/mock'],
        },
        resource: ENVIRONMENT,
        now: expect.stringMatching(/^\d{4}-.*Z$/),
      }),
    );
  });

  it('reads an entity with the rights of who started the task', async () => {
    await run(extend);
    expect(catalog.getEntityByRef).toHaveBeenCalledWith(REF, {
      credentials: mockCredentials.user(),
    });
    catalog.getEntityByRef.mockResolvedValue(undefined);
    await expect(run(extend)).rejects.toThrow(
      `the entity \`${REF}\` is not in the catalogue, or`,
    );
  });

  it('takes resources and permissions as they are', async () => {
    const { outcome } = await run({
      permission: {
        name: 'goldenpath.environment.extend',
        resourceType: 'catalog-entity',
      },
      resource: ENVIRONMENT,
    });
    expect(outcome).toBe('allow');
    expect(catalog.getEntityByRef).not.toHaveBeenCalled();
  });

  it('fails on a denial, with the rules at their lines', async () => {
    const input = {
      permission: 'catalog.location.create',
      context: { freeze: true },
    };
    await expect(run(input)).rejects.toThrow(
      /^the policy denies it\n {2}policy\.yaml:7 frozen \(deny\): /,
    );
    await expect(run({ permission: 'goldenpath.policy.read' })).rejects.toThrow(
      'the policy denies it, as no rule allows it',
    );
    await expect(run({ permission: extend.permission })).rejects.toThrow(
      'has to know the `resource`',
    );
    await expect(run({ ...input, onDeny: 'output' })).resolves.toMatchObject({
      outcome: 'deny',
      decision: { result: 'DENY' },
      reasons: [expect.stringContaining('frozen')],
    });
    await expect(run({ ...input, onNeedsApproval: 'output' })).rejects.toThrow(
      'denies',
    );
  });

  it('fails while consent is missing, and says whose', async () => {
    await expect(run(destroy)).rejects.toThrow(
      'the policy asks for the consent of 3 of user:default/ann, user:default/bob, user:default/boss (destroy, pending)',
    );
    await expect(run({ ...destroy, onDeny: 'output' })).rejects.toThrow(
      'consent',
    );
    await expect(
      run({ ...destroy, onNeedsApproval: 'output' }),
    ).resolves.toMatchObject({
      outcome: 'needs-approval',
      decision: { result: 'ALLOW' },
      approvals: [{ id: 'destroy', state: 'pending' }],
      approvers: [ANN, 'user:default/bob', 'user:default/boss'],
      quorum: 3,
    });
  });

  it('counts votes for what is done', async () => {
    const votes = ['ann', 'bob', 'boss'].map(name => ({
      by: `user:default/${name}`,
      at: '2026-11-24T12:00:00Z',
      digest: 'sha256:1',
      approve: true,
    }));
    await expect(
      run({ ...destroy, digest: 'sha256:1', votes }),
    ).resolves.toMatchObject({ outcome: 'allow', quorum: 0, approvers: [] });
    await expect(
      run({ ...destroy, digest: 'sha256:2', votes }),
    ).rejects.toThrow('(destroy, void)');
    await expect(
      run({ ...destroy, digest: 'sha256:1', votes, requester: ANN }),
    ).rejects.toThrow('consent of 1 of user:default/mock (destroy');
    const refused = [{ ...votes[0], approve: false }];
    await expect(
      run({ ...destroy, digest: 'sha256:1', votes: refused }),
    ).rejects.toThrow('denied, as the approval destroy was rejected');
  });

  it('tells the policy what it knows of the task, whatever the template says', async () => {
    const input = {
      permission: 'goldenpath.service.create',
      context: { scaffolder: { template: 'template:default/other' } },
    };
    await expect(run(input)).resolves.toMatchObject({ outcome: 'allow' });
    await expect(run(input, { isDryRun: true })).rejects.toThrow('denies');
    await expect(
      run(input, {
        templateInfo: { entityRef: 'template:default/other' },
      }),
    ).rejects.toThrow('denies');
  });

  it('is told by services whom they ask about, and by nobody else', async () => {
    await expect(run({ ...extend, as: ANN }, byService)).rejects.toThrow(
      'denies',
    );
    await expect(
      run({ ...extend, as: 'user:default/mock' }, byService),
    ).resolves.toMatchObject({ outcome: 'allow' });
    await expect(run(extend, byService)).rejects.toThrow('in `as`');
    await expect(run({ ...extend, as: ANN })).rejects.toThrow(
      '`as` is for tasks that a service started',
    );
  });

  it('tells the auditor of each answer, with its rules', async () => {
    const circumstances = {
      template: 'template:default/service',
      user: 'user:default/mock',
      task: 'task-7',
      dryRun: true,
      policyVersion: 'v1',
    };
    const dryRun = { isDryRun: true, task: { id: 'task-7' } };
    await run({ ...destroy, onNeedsApproval: 'output' }, dryRun);
    expect(auditor.createEvent.mock.calls).toEqual([
      [
        {
          eventId: 'policy-check',
          severityLevel: 'low',
          meta: {
            permission: 'goldenpath.environment.destroy',
            subject: 'user:default/mock',
            resource: REF,
            outcome: 'needs-approval',
            result: 'ALLOW',
            rules: [{ id: 'own', effect: 'allow', at: 'policy.yaml:11' }],
            approvals: [{ id: 'destroy', state: 'pending' }],
            ...circumstances,
          },
        },
      ],
    ]);
    expect(event.success).toHaveBeenCalledTimes(1);

    await expect(
      run({ permission: 'goldenpath.policy.read' }, dryRun),
    ).rejects.toThrow('denies');
    expect(auditor.createEvent).toHaveBeenLastCalledWith({
      eventId: 'policy-check',
      severityLevel: 'medium',
      meta: expect.objectContaining({ outcome: 'deny', rules: [] }),
    });
    expect(event.success).toHaveBeenCalledTimes(2);
    expect(event.fail).not.toHaveBeenCalled();
  });

  it('tells the auditor of what may not be asked, and of what cannot', async () => {
    await expect(run({ ...extend, as: ANN })).rejects.toThrow('`as`');
    expect(auditor.createEvent).toHaveBeenLastCalledWith(
      expect.objectContaining({
        severityLevel: 'medium',
        meta: expect.objectContaining({
          permission: extend.permission,
          user: 'user:default/mock',
        }),
      }),
    );
    catalog.getEntityByRef.mockResolvedValue(undefined);
    await expect(run(extend)).rejects.toThrow('not in the catalogue');
    expect(auditor.createEvent).toHaveBeenLastCalledWith(
      expect.objectContaining({
        severityLevel: 'low',
        meta: expect.objectContaining({ subject: 'user:default/mock' }),
      }),
    );
    await new Promise(setImmediate);
    expect(event.fail.mock.calls.map(([{ error }]) => error.name)).toEqual([
      'NotAllowedError',
      'NotFoundError',
    ]);
    expect(event.success).not.toHaveBeenCalled();
  });

  it('does not guess permissions', async () => {
    await expect(run({ permission: 'catalog.entity.raed' })).rejects.toThrow(
      'the policy knows no permission `catalog.entity.raed`',
    );
    expect(check).not.toHaveBeenCalled();
  });

  it.each(examples.map(({ description, example }) => [description, example]))(
    '%s',
    async (_, example) => {
      const [step] = parse(example).steps;
      expect(step.action).toBe(action.id);
      await expect(run(step.input)).resolves.toBeDefined();
    },
  );
});
