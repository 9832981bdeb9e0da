import type {
  AuditorService,
  LoggerService,
} from '@backstage/backend-plugin-api';
import { NotAllowedError } from '@backstage/errors';
import type { JsonObject } from '@backstage/types';
import type { CheckResult, PermissionInfo } from 'goldenpath';
import { AuditTrail, toMeta } from '../audit/AuditTrail';

/** What a task asked. */
export interface AskedCheck {
  permission: string | PermissionInfo;
  /** The ref of the user it was asked for, if that was found out. */
  subject?: string;
  /** The ref of the entity it was asked for, if it was named by its ref. */
  resource?: string;
  /** What the scaffolder knows of the task. */
  circumstances: {
    template?: string;
    user?: string;
    task: string;
    dryRun: boolean;
  };
}

/** Tells the auditor which task asked what of the policy. */
export class CheckAudit {
  readonly #trail: AuditTrail;
  readonly #policy: { readonly version: string };

  constructor(context: {
    auditor: AuditorService;
    logger: LoggerService;
    policy: { readonly version: string };
  }) {
    this.#trail = new AuditTrail(context);
    this.#policy = context.policy;
  }

  /** Tells of an answer. */
  answered(asked: AskedCheck, result: CheckResult): void {
    const { outcome, decision, approvals } = result;
    this.#tell(asked, outcome === 'deny', {
      outcome,
      ...toMeta(decision),
      approvals: approvals.map(({ id, state }) => ({ id, state })),
    });
  }

  /** Tells of what could not be asked, or may not be. */
  failed(asked: AskedCheck, error: Error): void {
    this.#tell(asked, error instanceof NotAllowedError, {}, error);
  }

  #tell(
    asked: AskedCheck,
    isGrave: boolean,
    answer: JsonObject,
    error?: Error,
  ) {
    const { permission, subject, resource, circumstances } = asked;
    this.#trail.tell(
      {
        eventId: 'policy-check',
        severityLevel: isGrave ? 'medium' : 'low',
        meta: {
          permission:
            typeof permission === 'string' ? permission : permission.name,
          subject,
          resource,
          ...answer,
          ...circumstances,
          policyVersion: this.#policy.version,
        },
      },
      error,
    );
  }
}
