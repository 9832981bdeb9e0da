import type {
  AuditorService,
  LoggerService,
} from '@backstage/backend-plugin-api';
import { NotAllowedError } from '@backstage/errors';
import type { JsonObject } from '@backstage/types';
import type { ErrorRequestHandler, Request } from 'express';
import type { Decision, DecisionRequest } from 'goldenpath';
import { AuditTrail, isAllowedRead, toMeta } from '../audit/AuditTrail';

/** Of many decisions that are asked for at once, so many are told of. */
const MAX_DECISIONS = 20;

/** A decision that somebody asked for. */
export interface AskedDecision {
  request?: DecisionRequest;
  decision?: Decision;
}

/** Tells the auditor who asked what of the policy. */
export class QuestionAudit {
  readonly #trail: AuditTrail;
  readonly #auditReads: boolean;
  readonly #policy: { readonly version: string };

  constructor(context: {
    auditor: AuditorService;
    logger: LoggerService;
    /** Whether reads that are not denied, and what users ask about themselves, are audited too. */
    auditReads: boolean;
    policy: { readonly version: string };
  }) {
    this.#trail = new AuditTrail(context);
    this.#auditReads = context.auditReads;
    this.#policy = context.policy;
  }

  /** Tells of decisions, but for those that are left out; of one request at once. */
  decisions(request: Request, queryType: string, asked: AskedDecision[]): void {
    const told = asked.flatMap(({ request: question, decision }) => {
      if (!question || !decision) {
        return [];
      }
      const { permission, subject } = question;
      const isQuiet = isAllowedRead(permission.action, decision);
      return isQuiet && !this.#auditReads
        ? []
        : {
            permission: permission.name,
            subject: subject?.userEntityRef,
            ...toMeta(decision),
          };
    });
    if (told.length > 0) {
      const more = told.length - MAX_DECISIONS;
      this.#tell(request, queryType, {
        decisions: told.slice(0, MAX_DECISIONS),
        moreDecisions: more > 0 ? more : undefined,
      });
    }
  }

  /** Tells of a question about the policy as a whole, or about one subject. */
  question(
    request: Request,
    queryType: string,
    about: {
      permission?: string;
      subject?: string;
      /** Whether the subject asks about themselves. */
      isSelf?: boolean;
      /** How many results there are. */
      results: number;
    },
  ): void {
    const { isSelf, ...meta } = about;
    if (!isSelf || this.#auditReads) {
      this.#tell(request, queryType, meta);
    }
  }

  /** Tells of whoever asks what they may not, at the paths below a prefix. */
  refused(prefix = ''): ErrorRequestHandler {
    return (error, request, _, next) => {
      if (error instanceof NotAllowedError) {
        const queryType = `${prefix}${request.path.slice(1)}`;
        this.#tell(request, queryType, {}, error);
      }
      next(error);
    };
  }

  #tell(request: Request, queryType: string, meta: JsonObject, error?: Error) {
    this.#trail.tell(
      {
        eventId: 'policy-question',
        severityLevel: error ? 'medium' : 'low',
        request,
        meta: { queryType, ...meta, policyVersion: this.#policy.version },
      },
      error,
    );
  }
}
