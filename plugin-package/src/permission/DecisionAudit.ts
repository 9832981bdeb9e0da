import type {
  AuditorService,
  LoggerService,
} from '@backstage/backend-plugin-api';
import type { Permission } from '@backstage/plugin-permission-common';
import {
  AuditTrail,
  type DecidedBy,
  isAllowedRead,
  toMeta,
} from '../audit/AuditTrail';

/** A decision as the auditor is told of it. */
export interface AuditedDecision {
  permission: Permission;
  /** The ref of the user who asked; nobody if absent. */
  subject?: string;
  decision: DecidedBy;
  /** Set if not our policy decided. */
  decidedBy?: 'innerPolicy';
  /** The version of our policy, which decided or does not cover the permission. */
  version: string;
  /** Why deciding failed, if it did. */
  error?: Error;
}

/** Tells the auditor of decisions. */
export class DecisionAudit {
  readonly #trail: AuditTrail;
  readonly #auditReads: boolean;

  constructor(context: {
    auditor: AuditorService;
    logger: LoggerService;
    /** Whether reads that are not denied are audited too. */
    auditReads: boolean;
  }) {
    this.#trail = new AuditTrail(context);
    this.#auditReads = context.auditReads;
  }

  /** Tells of one decision, and does not wait for the auditor. */
  record(decided: AuditedDecision): void {
    const { permission, decision, error } = decided;
    const { action } = permission.attributes;
    if (isAllowedRead(action, decision) && !this.#auditReads) {
      return;
    }
    const isGrave = decision.result === 'DENY' && action !== 'read';
    this.#trail.tell(
      {
        eventId: 'decision',
        severityLevel: isGrave ? 'medium' : 'low',
        meta: {
          permission: permission.name,
          subject: decided.subject,
          ...toMeta(decision),
          decidedBy: decided.decidedBy,
          policyVersion: decided.version,
        },
      },
      error,
    );
  }
}
