import type { Policy as CorePolicy } from '../wasm/goldenpath';
import { type Compiled, compile, fileInJson } from './compiled';
import { call } from './load';
import type {
  AuthzenQuestions,
  AuthzenRequest,
  CedarExport,
  CedarSnapshot,
  CheckRequest,
  CheckResult,
  Decision,
  DecisionRequest,
  Diagnostic,
  Directory,
  Explanation,
  JsonValue,
  PermissionInfo,
  PolicyDiff,
  PolicyLintOptions,
  PolicyOptions,
  PolicySnapshot,
  PolicyTestOptions,
  PolicyTestResult,
  SourceFile,
  WhatCan,
  WhoCan,
} from './types';
import { zoneOffsets } from './zones';

/** When something is asked, and under which circumstances. */
type Moment = Pick<DecisionRequest, 'now' | 'zoneOffsets' | 'context'>;

/** What compiling gives: a policy, unless a diagnostic is an error. */
export interface PolicyCompilation {
  policy?: Policy;
  diagnostics: Diagnostic[];
}

/** A compiled policy. */
export class Policy {
  readonly #compiled: Compiled<CorePolicy>;
  #zones: string[] | undefined;

  /** @internal */
  constructor(compiled: Compiled<CorePolicy>) {
    this.#compiled = compiled;
  }

  /** Says who the users and groups are; replaces what was said before. */
  setDirectory(directory: Directory): void {
    this.#compiled.setDirectory(directory);
  }

  /** Says that the users and groups are still the same at a later time, as explanations shall show it. */
  setDirectoryAsOf(asOf: string): void {
    this.#compiled.tell('setDirectoryAsOf', asOf);
  }

  /** Decides one request, and says why. */
  decide(request: DecisionRequest): Decision {
    return this.#compiled.ask('decide', this.#atItsTime(request));
  }

  /** Decides many requests at once, which is faster than one by one. */
  decideBatch(requests: DecisionRequest[]): Decision[] {
    const timed = requests.map(one => this.#atItsTime(one));
    return this.#compiled.ask('decideBatch', timed);
  }

  /** Decides one request, says whose consent it needs, and whether it has it. */
  check(request: CheckRequest): CheckResult {
    return this.#compiled.ask('check', this.#atItsTime(request));
  }

  /** Whether some rule is about a permission, whomever it reaches; `*` is about every one. */
  covers(permission: PermissionInfo): boolean {
    const json = JSON.stringify(permission);
    return call('covers', instance => this.#compiled.in(instance).covers(json));
  }

  /** The permissions that the policy was compiled with, as their plugins declare them. */
  permissions(): PermissionInfo[] {
    return call('permissions', instance =>
      JSON.parse(this.#compiled.in(instance).permissions()),
    );
  }

  /** The names of the time zones in the policy, sorted. */
  timeZones(): string[] {
    this.#zones ??= call('timeZones', instance =>
      JSON.parse(this.#compiled.in(instance).timeZones()),
    ) as string[];
    return this.#zones;
  }

  /** Runs the tests that stand beside the rules, with the users and groups of the directory. */
  runTests(options: PolicyTestOptions = {}): PolicyTestResult[] {
    return call('runTests', instance => {
      const policy = this.#compiled.in(instance);
      const times: string[] = JSON.parse(policy.testTimes());
      const offsets = times.map(now => [
        now,
        zoneOffsets(this.timeZones(), now),
      ]);
      const request = { ...options, zoneOffsets: Object.fromEntries(offsets) };
      return JSON.parse(policy.runTests(JSON.stringify(request)));
    });
  }

  /** With what the clocks of the policy's time zones show, which only the host knows. */
  #atItsTime<R extends Moment>(request: R): R {
    const { now, zoneOffsets: known } = request;
    if (now === undefined || known || !this.timeZones().length) return request;
    return { ...request, zoneOffsets: zoneOffsets(this.timeZones(), now) };
  }

  // analysis

  /** Decides one request and explains it: rules, paths to roles, conditions, and the nearest miss. */
  explain(request: DecisionRequest): Explanation {
    return this.#compiled.ask('explain', this.#atItsTime(request));
  }

  /** Finds all users that may use a permission, on a resource if it is given. */
  whoCan(
    question: Moment & { permission: PermissionInfo; resource?: JsonValue },
  ): WhoCan {
    return this.#compiled.ask('whoCan', this.#atItsTime(question));
  }

  /** Decides every known permission for one subject; those about the resource's type, for it. */
  whatCan(
    question: Moment & {
      subject: NonNullable<DecisionRequest['subject']>;
      resource?: JsonValue;
      resourceType?: string;
    },
  ): WhatCan {
    return this.#compiled.ask('whatCan', this.#atItsTime(question));
  }

  /** Finds what is likely not meant: rules without effect, unknown subjects, conditions too long. */
  lint(options: PolicyLintOptions = {}): Diagnostic[] {
    const known = zoneOffsets(this.timeZones(), '1970-01-01T00:00:00Z');
    const unknownTimeZones = this.timeZones().filter(zone => !(zone in known));
    const question = { ...this.#atItsTime(options), unknownTimeZones };
    return this.#compiled.ask('lint', question);
  }

  /** Says what a request of AuthZEN asks; throws if it is none. */
  authzen(request: AuthzenRequest): AuthzenQuestions {
    return this.#compiled.ask('authzen', request);
  }

  /** @internal */
  exportCedar(snapshot: CedarSnapshot): CedarExport {
    return this.#compiled.ask('exportCedar', snapshot);
  }
}

/** Compiles policy files into one policy. */
export function compilePolicy(
  files: SourceFile[],
  options: PolicyOptions = {},
): PolicyCompilation {
  const request = filesJson(files);
  const settings = JSON.stringify(options);
  const { compiled, diagnostics } = compile('compilePolicy', core =>
    core.compilePolicy(request, settings),
  );
  return compiled
    ? { policy: new Policy(compiled), diagnostics }
    : { diagnostics };
}

/** Whether an entity of the catalogue is an environment, as permissions on environments are about. */
export function isEnvironment(entity: object): boolean {
  const json = JSON.stringify(entity);
  return call('isEnvironment', ({ core }) => core.isEnvironment(json));
}

/** Says who gains and who loses what, by which rules, if one policy takes the place of another. */
export function diffPolicies(
  oldFiles: SourceFile[],
  newFiles: SourceFile[],
  snapshot: PolicySnapshot,
  options: PolicyOptions = {},
): PolicyDiff {
  const moment = { ...snapshot };
  if (moment.now !== undefined && !moment.zoneOffsets) {
    const zones = [oldFiles, newFiles].flatMap(
      files => compilePolicy(files, options).policy?.timeZones() ?? [],
    );
    moment.zoneOffsets = zoneOffsets(zones, moment.now);
  }
  return call('diffPolicies', ({ core }) =>
    JSON.parse(
      core.diffPolicies(
        filesJson(oldFiles),
        filesJson(newFiles),
        JSON.stringify(moment),
        JSON.stringify(options),
      ),
    ),
  );
}

function filesJson(files: SourceFile[]): string {
  return JSON.stringify(files.map(fileInJson));
}
