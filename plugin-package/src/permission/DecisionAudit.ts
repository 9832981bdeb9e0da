import type {
  AuditorService,
  LoggerService,
} from '@backstage/backend-plugin-api';
import { toError } from '@backstage/errors';
import type { Permission } from '@backstage/plugin-permission-common';
import type { Decision, Reason } from 'goldenpath';

/** A decision as the auditor is told of it. */
export interface AuditedDecision {
  permission: Permission;
  /** The ref of the user who asked; nobody if absent. */
  subject?: string;
  decision: Pick<Decision, 'result' | 'reasons' | 'more'>;
  /** Set if not our policy decided. */
  decidedBy?: 'innerPolicy';
  /** The version of our policy, which decided or does not cover the permission. */
  version: string;
  /** Why deciding failed, if it did. */
  error?: Error;
}

/** Tells the auditor of decisions. That it cannot is logged once, and stops nothing. */
export class DecisionAudit {
  readonly #auditor: AuditorService;
  readonly #logger: LoggerService;
  readonly #auditReads: boolean;
  #hasFailed = false;

  constructor(context: {
    auditor: AuditorService;
    logger: LoggerService;
    /** Whether reads that are not denied are audited too. */
    auditReads: boolean;
  }) {
    this.#auditor = context.auditor;
    this.#logger = context.logger;
    this.#auditReads = context.auditReads;
  }

  /** Tells of one decision, and does not wait for the auditor. */
  record(decided: AuditedDecision): void {
    this.#write(decided).catch(error => this.#report(error));
  }

  async #write(decided: AuditedDecision) {
    const { permission, decision, error } = decided;
    const reads = permission.attributes.action === 'read';
    const denied = decision.result === 'DENY';
    if (reads && !denied && !this.#auditReads) {
      return;
    }
    const event = await this.#auditor.createEvent({
      eventId: 'decision',
      severityLevel: denied && !reads ? 'medium' : 'low',
      meta: {
        permission: permission.name,
        subject: decided.subject,
        result: decision.result,
        rules: decision.reasons.map(toRule),
        moreRules: decision.more,
        decidedBy: decided.decidedBy,
        policyVersion: decided.version,
      },
    });
    await (error ? event.fail({ error }) : event.success());
  }

  #report(error: unknown) {
    if (!this.#hasFailed) {
      this.#hasFailed = true;
      this.#logger.error(
        'decisions are not audited, as the auditor fails; this is logged once',
        toError(error),
      );
    }
  }
}

function toRule({ rule, effect, at }: Reason) {
  return { id: rule, effect, at: `${at.file}:${at.start.line}` };
}
