import type {
  AuditorService,
  AuditorServiceCreateEventOptions,
  LoggerService,
} from '@backstage/backend-plugin-api';
import { toError } from '@backstage/errors';
import type { JsonObject } from '@backstage/types';
import type { Decision } from 'goldenpath';

/** Tells the auditor of what has happened. That it cannot is logged once, and stops nothing. */
export class AuditTrail {
  readonly #auditor: AuditorService;
  readonly #logger: LoggerService;
  #hasFailed = false;

  constructor(context: { auditor: AuditorService; logger: LoggerService }) {
    this.#auditor = context.auditor;
    this.#logger = context.logger;
  }

  /** Tells of one event, which has failed if there is an error, and does not wait. */
  tell(event: AuditorServiceCreateEventOptions, error?: Error): void {
    this.#write(event, error).catch(cause => this.#report(cause));
  }

  async #write(options: AuditorServiceCreateEventOptions, error?: Error) {
    const event = await this.#auditor.createEvent(options);
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

/** What decided, as the auditor is told of it. */
export type DecidedBy = Pick<Decision, 'result' | 'reasons' | 'more'>;

/** A decision's result and rules, each with file and line. */
export function toMeta({ result, reasons, more }: DecidedBy): JsonObject {
  return {
    result,
    rules: reasons.map(({ rule, effect, at }) => ({
      id: rule,
      effect,
      at: `${at.file}:${at.start.line}`,
    })),
    moreRules: more,
  };
}

/** Whether somebody may read something, which is asked so often that it is not always told. */
export function isAllowedRead(
  action: string | undefined,
  { result }: DecidedBy,
): boolean {
  return action === 'read' && result !== 'DENY';
}
