import { mockCredentials, mockServices } from '@backstage/backend-test-utils';
import {
  AuthorizeResult,
  createPermission,
} from '@backstage/plugin-permission-common';
import type { PolicyQueryUser } from '@backstage/plugin-permission-node';
import type { Decision } from 'goldenpath';
import type { AuditedDecision } from './DecisionAudit';
import { GoldenpathPolicy } from './GoldenpathPolicy';

const readEntity = createPermission({
  name: 'catalog.entity.read',
  attributes: { action: 'read' },
  resourceType: 'catalog-entity',
});

/** `info` is deprecated, and going to be absent. */
const user = { credentials: mockCredentials.user() } as PolicyQueryUser;

describe('GoldenpathPolicy', () => {
  const logger = mockServices.logger.mock();
  const userInfo = mockServices.userInfo.mock();
  const decide = jest.fn<Decision, [unknown]>();
  const audit = { record: jest.fn<void, [AuditedDecision]>() };
  const policy = new GoldenpathPolicy({
    policy: { decide, covers: () => false, version: 'abc' },
    audit,
    userInfo,
    logger,
  });

  const ann = {
    userEntityRef: 'user:default/ann',
    ownershipEntityRefs: ['user:default/ann', 'group:default/team-a'],
  };

  beforeEach(() => {
    jest.resetAllMocks();
    userInfo.getUserInfo.mockResolvedValue(ann);
  });

  it('asks for the permission and the user', async () => {
    decide.mockReturnValue({ result: 'ALLOW', reasons: [] });
    await expect(
      policy.handle({ permission: readEntity }, user),
    ).resolves.toEqual({ result: AuthorizeResult.ALLOW });
    expect(userInfo.getUserInfo).toHaveBeenCalledWith(user.credentials);
    expect(decide).toHaveBeenCalledWith({
      permission: {
        name: 'catalog.entity.read',
        action: 'read',
        resourceType: 'catalog-entity',
      },
      subject: ann,
      now: expect.any(String),
    });
  });

  it('asks for the present moment', async () => {
    decide.mockReturnValue({ result: 'ALLOW', reasons: [] });
    const now = '2026-11-24T17:00:00.250Z';
    jest.useFakeTimers({ now: new Date(now) });
    try {
      await policy.handle({ permission: readEntity }, user);
    } finally {
      jest.useRealTimers();
    }
    expect(decide).toHaveBeenCalledWith(expect.objectContaining({ now }));
  });

  it('has what it decides audited', async () => {
    const decision: Decision = { result: 'ALLOW', reasons: [] };
    decide.mockReturnValue(decision);
    await policy.handle({ permission: readEntity }, user);
    await policy.handle({ permission: readEntity });
    const decided = { permission: readEntity, decision, version: 'abc' };
    expect(audit.record.mock.calls).toEqual([
      [{ ...decided, subject: 'user:default/mock' }],
      [decided],
    ]);
  });

  it('asks for nobody if there is no user', async () => {
    decide.mockReturnValue({ result: 'DENY', reasons: [] });
    await expect(policy.handle({ permission: readEntity })).resolves.toEqual({
      result: AuthorizeResult.DENY,
    });
    expect(decide).toHaveBeenCalledWith(
      expect.objectContaining({ subject: undefined }),
    );
  });

  it('passes conditions on', async () => {
    const conditions = {
      rule: 'IS_ENTITY_OWNER',
      resourceType: 'catalog-entity',
      params: { claims: ['group:default/team-a'] },
    };
    decide.mockReturnValue({
      result: 'CONDITIONAL',
      pluginId: 'catalog',
      resourceType: 'catalog-entity',
      conditions,
      reasons: [],
    });
    await expect(
      policy.handle({ permission: readEntity }, user),
    ).resolves.toEqual({
      result: AuthorizeResult.CONDITIONAL,
      pluginId: 'catalog',
      resourceType: 'catalog-entity',
      conditions,
    });
  });

  it('denies when the decision fails', async () => {
    decide.mockImplementation(() => {
      throw new Error('out of order');
    });
    await expect(
      policy.handle({ permission: readEntity }, user),
    ).resolves.toEqual({ result: AuthorizeResult.DENY });
    expect(logger.error).toHaveBeenCalledTimes(1);
  });

  it('denies when the user is unknown', async () => {
    const error = new Error('unavailable');
    userInfo.getUserInfo.mockRejectedValue(error);
    decide.mockReturnValue({ result: 'ALLOW', reasons: [] });
    await expect(
      policy.handle({ permission: readEntity }, user),
    ).resolves.toEqual({ result: AuthorizeResult.DENY });
    expect(audit.record).toHaveBeenCalledWith({
      permission: readEntity,
      subject: 'user:default/mock',
      decision: { result: 'DENY', reasons: [] },
      version: 'abc',
      error,
    });
  });

  describe('with an inner policy', () => {
    const covers = jest.fn<boolean, [unknown]>();
    const inner = { handle: jest.fn() };
    const outer = new GoldenpathPolicy({
      policy: { decide, covers, version: 'abc' },
      inner,
      audit,
      userInfo,
      logger,
    });

    it('decides itself what it covers', async () => {
      covers.mockReturnValue(true);
      decide.mockReturnValue({ result: 'DENY', reasons: [] });
      await expect(
        outer.handle({ permission: readEntity }, user),
      ).resolves.toEqual({ result: AuthorizeResult.DENY });
      expect(covers).toHaveBeenCalledWith({
        name: 'catalog.entity.read',
        action: 'read',
        resourceType: 'catalog-entity',
      });
      expect(inner.handle).not.toHaveBeenCalled();
    });

    it('has the inner policy decide the rest, and that audited', async () => {
      const answer = {
        result: AuthorizeResult.CONDITIONAL,
        pluginId: 'catalog',
        resourceType: 'catalog-entity',
        conditions: { rule: 'IS_ENTITY_OWNER', resourceType: 'catalog-entity' },
      };
      covers.mockReturnValue(false);
      inner.handle.mockResolvedValue(answer);
      const query = { permission: readEntity };
      await expect(outer.handle(query, user)).resolves.toBe(answer);
      expect(inner.handle).toHaveBeenCalledWith(query, user);
      expect(decide).not.toHaveBeenCalled();
      expect(audit.record).toHaveBeenCalledWith({
        permission: readEntity,
        subject: 'user:default/mock',
        decision: { result: 'CONDITIONAL', reasons: [] },
        decidedBy: 'innerPolicy',
        version: 'abc',
      });
    });

    it('denies when the inner policy fails', async () => {
      const error = new Error('out of order');
      covers.mockReturnValue(false);
      for (const fail of [
        () => {
          throw error;
        },
        () => Promise.reject(error),
      ]) {
        inner.handle.mockImplementationOnce(fail);
        await expect(
          outer.handle({ permission: readEntity }, user),
        ).resolves.toEqual({ result: AuthorizeResult.DENY });
        expect(audit.record).toHaveBeenLastCalledWith(
          expect.objectContaining({
            decision: { result: 'DENY', reasons: [] },
            decidedBy: 'innerPolicy',
            error,
          }),
        );
      }
    });

    it('denies when it cannot find out what it covers', async () => {
      covers.mockImplementation(() => {
        throw new Error('out of order');
      });
      inner.handle.mockResolvedValue({ result: AuthorizeResult.ALLOW });
      await expect(
        outer.handle({ permission: readEntity }, user),
      ).resolves.toEqual({ result: AuthorizeResult.DENY });
    });
  });
});
