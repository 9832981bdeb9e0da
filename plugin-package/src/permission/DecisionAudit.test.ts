import { mockServices } from '@backstage/backend-test-utils';
import { createPermission } from '@backstage/plugin-permission-common';
import type { Decision } from 'goldenpath';
import { type AuditedDecision, DecisionAudit } from './DecisionAudit';

const readEntity = createPermission({
  name: 'catalog.entity.read',
  attributes: { action: 'read' },
  resourceType: 'catalog-entity',
});

const deleteEntity = createPermission({
  name: 'catalog.entity.delete',
  attributes: { action: 'delete' },
  resourceType: 'catalog-entity',
});

const DENY: Decision = { result: 'DENY', reasons: [] };

const ALLOW: Decision = {
  result: 'ALLOW',
  reasons: [
    {
      rule: 'look-after-ones-own',
      effect: 'allow',
      message: 'it reaches everyone',
      at: {
        file: 'policy/catalog.yaml',
        start: { line: 27, column: 5, offset: 600 },
        end: { line: 27, column: 9, offset: 604 },
      },
    },
  ],
};

const CONDITIONAL: Decision = {
  ...ALLOW,
  result: 'CONDITIONAL',
  pluginId: 'catalog',
  resourceType: 'catalog-entity',
  conditions: { rule: 'IS_ENTITY_OWNER', resourceType: 'catalog-entity' },
};

describe('DecisionAudit', () => {
  const auditor = mockServices.auditor.mock();
  const logger = mockServices.logger.mock();
  const event = { success: jest.fn(), fail: jest.fn() };

  beforeEach(() => {
    jest.resetAllMocks();
    auditor.createEvent.mockResolvedValue(event);
  });

  async function record(
    decided: Pick<AuditedDecision, 'permission' | 'decision' | 'error'>,
    auditReads = false,
  ) {
    const audit = new DecisionAudit({ auditor, logger, auditReads });
    audit.record({ subject: 'user:default/ann', version: 'abc', ...decided });
    await settle();
  }

  it('names the permission, the user, the rules and the policy', async () => {
    await record({
      permission: deleteEntity,
      decision: { ...ALLOW, more: true },
    });
    expect(auditor.createEvent).toHaveBeenCalledTimes(1);
    expect(auditor.createEvent).toHaveBeenCalledWith({
      eventId: 'decision',
      severityLevel: 'low',
      meta: {
        permission: 'catalog.entity.delete',
        subject: 'user:default/ann',
        result: 'ALLOW',
        rules: [
          {
            id: 'look-after-ones-own',
            effect: 'allow',
            at: 'policy/catalog.yaml:27',
          },
        ],
        moreRules: true,
        policyVersion: 'abc',
      },
    });
    expect(event.success).toHaveBeenCalledTimes(1);
    expect(event.fail).not.toHaveBeenCalled();
  });

  it.each([
    ['medium', deleteEntity, DENY],
    ['low', deleteEntity, CONDITIONAL],
    ['low', readEntity, DENY],
  ])('has severity %s', async (severityLevel, permission, decision) => {
    await record({ permission, decision });
    expect(auditor.createEvent).toHaveBeenCalledWith(
      expect.objectContaining({ severityLevel }),
    );
  });

  it.each([ALLOW, CONDITIONAL])(
    'leaves out reads that are not denied, unless asked for',
    async decision => {
      await record({ permission: readEntity, decision });
      expect(auditor.createEvent).not.toHaveBeenCalled();
      await record({ permission: readEntity, decision }, true);
      expect(auditor.createEvent).toHaveBeenCalledWith(
        expect.objectContaining({ severityLevel: 'low' }),
      );
    },
  );

  it('tells of decisions that failed', async () => {
    const error = new Error('out of order');
    await record({ permission: readEntity, decision: DENY, error });
    expect(event.fail).toHaveBeenCalledWith({ error });
    expect(event.success).not.toHaveBeenCalled();
  });

  it('logs once that the auditor fails', async () => {
    const audit = new DecisionAudit({ auditor, logger, auditReads: false });
    const decided = {
      permission: deleteEntity,
      decision: DENY,
      version: 'abc',
    };
    auditor.createEvent.mockImplementationOnce(() => {
      throw new Error('at once');
    });
    audit.record(decided);
    auditor.createEvent.mockRejectedValueOnce(new Error('later'));
    audit.record(decided);
    event.success.mockRejectedValueOnce(new Error('at last'));
    audit.record(decided);
    await settle();
    expect(auditor.createEvent).toHaveBeenCalledTimes(3);
    expect(logger.error).toHaveBeenCalledTimes(1);
  });
});

function settle() {
  return new Promise(resolve => setImmediate(resolve));
}
