import { createHash } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import type { LoggerService } from '@backstage/backend-plugin-api';
import { InputError, toError } from '@backstage/errors';
import {
  type AuthzenQuestions,
  type AuthzenRequest,
  type CheckRequest,
  type CheckResult,
  type Decision,
  type DecisionRequest,
  type Diagnostic,
  type Directory,
  type Explanation,
  type PermissionInfo,
  type Policy,
  type PolicyLintOptions,
  type SourceFile,
  type WhatCan,
  type WhoCan,
  compilePolicy,
  formatDiagnostics,
} from 'goldenpath';
import { errorsOf, warningsOf } from '../diagnostics';
import { RecentDecisions } from './RecentDecisions';
import { readPolicyFiles } from './policyFiles';

/** Where a policy comes from. */
export interface PolicySetup {
  /** Paths and globs, relative to the working directory. */
  files: string[];
  /** Permissions that the policy may name beyond those known to goldenpath. */
  permissions: PermissionInfo[];
  /** How many bytes the conditions of one decision should have at most. */
  conditionBytes?: number;
  logger: LoggerService;
}

/**
 * A policy that follows its files.
 *
 * @remarks
 *
 * A new text takes effect at once and as a whole. One that is not valid is
 * reported, and the last valid one stays in effect.
 */
export class LivePolicy {
  readonly #setup: PolicySetup;
  readonly #recent = new RecentDecisions();
  #policy: Policy;
  #directory?: Directory;
  #version: string;
  /** Of the files that were read last; not a version if they are not valid. */
  #fingerprint: string;
  #problem?: string;
  #reloading = Promise.resolve();

  /** Loads the policy, or rejects with all that is wrong with it. */
  static async load(setup: PolicySetup): Promise<LivePolicy> {
    const files = await readPolicyFiles(setup.files);
    return new LivePolicy(setup, compile(files, setup), fingerprint(files));
  }

  private constructor(setup: PolicySetup, policy: Policy, version: string) {
    this.#setup = setup;
    this.#policy = policy;
    this.#version = version;
    this.#fingerprint = version;
  }

  /** A hash of the files that the policy in effect was read from. */
  get version(): string {
    return this.#version;
  }

  /** Decides by the last valid policy; the same request of the same second once only. */
  decide(request: DecisionRequest): Decision {
    return this.#recent.get(request, one => this.#policy.decide(one));
  }

  /** Decides many requests by one policy. */
  decideBatch(requests: DecisionRequest[]): Decision[] {
    return this.#policy.decideBatch(requests);
  }

  /** Decides one request, and says whose consent it needs. */
  check(request: CheckRequest): CheckResult {
    return this.#policy.check(request);
  }

  /** The permissions that the policy knows, as their plugins declare them. */
  permissions(): PermissionInfo[] {
    return this.#policy.permissions();
  }

  /** Decides one request and explains it. */
  explain(request: DecisionRequest): Explanation {
    return this.#policy.explain(request);
  }

  /** Whether some rule of the last valid policy is about a permission. */
  covers(permission: PermissionInfo): boolean {
    return this.#policy.covers(permission);
  }

  /** Finds all users that may use a permission. */
  whoCan(question: Parameters<Policy['whoCan']>[0]): WhoCan {
    return this.#policy.whoCan(question);
  }

  /** Decides every known permission for one subject. */
  whatCan(question: Parameters<Policy['whatCan']>[0]): WhatCan {
    return this.#policy.whatCan(question);
  }

  /** Says what a request of AuthZEN asks; throws if it is none. */
  authzen(request: AuthzenRequest): AuthzenQuestions {
    return this.#policy.authzen(request);
  }

  /** Finds what is likely not meant. */
  lint(options?: PolicyLintOptions): Diagnostic[] {
    return this.#policy.lint(options);
  }

  /**
   * Tells who belongs where; before that only the claims of a user's token count.
   *
   * @remarks
   *
   * Of one that says nothing new the core is told the time only, as more takes a while.
   *
   * @returns whether it says something new
   */
  setDirectory(directory: Directory): boolean {
    const isNews = !isSame(directory, this.#directory);
    if (isNews) {
      this.#policy.setDirectory(directory);
      this.#recent.clear();
    } else if (directory.asOf) {
      this.#policy.setDirectoryAsOf(directory.asOf);
    }
    this.#directory = directory;
    return isNews;
  }

  /** Takes over what the files say now, one reload after the other; never rejects. */
  reload(): Promise<void> {
    this.#reloading = this.#reloading.then(() => this.#reload());
    return this.#reloading;
  }

  async #reload() {
    try {
      const files = await readPolicyFiles(this.#setup.files);
      const print = fingerprint(files);
      if (print !== this.#fingerprint) {
        this.#fingerprint = print;
        this.#replace(compile(files, this.#setup), print);
      }
      this.#problem = undefined;
    } catch (error) {
      this.#report(toError(error).message);
    }
  }

  #replace(policy: Policy, version: string) {
    if (this.#directory) {
      policy.setDirectory(this.#directory);
    }
    this.#policy = policy;
    this.#version = version;
    this.#recent.clear();
    this.#setup.logger.info('the changed policy is in effect');
  }

  #report(problem: string) {
    if (problem !== this.#problem) {
      this.#problem = problem;
      this.#setup.logger.error(
        `the changed policy is not valid, the last valid one stays in effect\n${problem}`,
      );
    }
  }
}

function compile(files: SourceFile[], setup: PolicySetup): Policy {
  const { permissions, conditionBytes, logger } = setup;
  const { policy, diagnostics } = compilePolicy(files, {
    permissions,
    budgetBytes: conditionBytes,
  });
  const errors = errorsOf(diagnostics);
  if (!policy || errors.length > 0) {
    throw new InputError(`invalid policy\n${formatDiagnostics(errors, files)}`);
  }
  const warnings = warningsOf(diagnostics);
  if (warnings.length > 0) {
    logger.warn(
      `the policy has warnings\n${formatDiagnostics(warnings, files)}`,
    );
  }
  return policy;
}

/** Whether two directories say the same, whenever they were read. */
function isSame(one: Directory, other: Directory | undefined): boolean {
  return isDeepStrictEqual(
    { ...one, asOf: undefined },
    { ...other, asOf: undefined },
  );
}

function fingerprint(files: SourceFile[]): string {
  const hash = createHash('sha256');
  for (const { name, content } of files) {
    hash.update(`${name}\0${content.length}\0`).update(content);
  }
  return hash.digest('hex');
}
