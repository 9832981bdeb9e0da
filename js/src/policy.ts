import type { Policy as CorePolicy } from '../wasm/goldenpath';
import { type Core, Handle, type Instance, call } from './load';
import type {
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
  readonly #handle: Handle<CorePolicy>;
  #directory: string | undefined;
  #zones: string[] | undefined;

  /** @internal */
  constructor(compile: (core: Core) => CorePolicy) {
    this.#handle = new Handle(core => {
      const policy = compile(core);
      if (this.#directory) policy.setDirectory(this.#directory);
      return policy;
    });
  }

  /** @internal */
  take(instance: Instance, policy: CorePolicy) {
    this.#handle.set(instance, policy);
  }

  /** Says who the users and groups are; replaces what was said before. */
  setDirectory(directory: Directory): void {
    const json = JSON.stringify(directory);
    call('setDirectory', instance =>
      this.#handle.in(instance).setDirectory(json),
    );
    this.#directory = json;
  }

  /** Decides one request, and says why. */
  decide(request: DecisionRequest): Decision {
    const json = JSON.stringify(this.#atItsTime(request));
    return call('decide', instance =>
      JSON.parse(this.#handle.in(instance).decide(json)),
    );
  }

  /** Decides many requests at once, which is faster than one by one. */
  decideBatch(requests: DecisionRequest[]): Decision[] {
    const json = JSON.stringify(requests.map(one => this.#atItsTime(one)));
    return call('decideBatch', instance =>
      JSON.parse(this.#handle.in(instance).decideBatch(json)),
    );
  }

  /** Decides one request, says whose consent it needs, and whether it has it. */
  check(request: CheckRequest): CheckResult {
    const json = JSON.stringify(this.#atItsTime(request));
    return call('check', instance =>
      JSON.parse(this.#handle.in(instance).check(json)),
    );
  }

  /** The names of the time zones in the policy, sorted. */
  timeZones(): string[] {
    this.#zones ??= call('timeZones', instance =>
      JSON.parse(this.#handle.in(instance).timeZones()),
    ) as string[];
    return this.#zones;
  }

  /** Runs the tests that stand beside the rules, with the users and groups of the directory. */
  runTests(options: PolicyTestOptions = {}): PolicyTestResult[] {
    return call('runTests', instance => {
      const policy = this.#handle.in(instance);
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
    return this.#ask('explain', this.#atItsTime(request));
  }

  /** Finds all users that may use a permission, on a resource if it is given. */
  whoCan(
    question: Moment & { permission: PermissionInfo; resource?: JsonValue },
  ): WhoCan {
    return this.#ask('whoCan', this.#atItsTime(question));
  }

  /** Decides every known permission for one subject; those about the resource's type, for it. */
  whatCan(
    question: Moment & {
      subject: NonNullable<DecisionRequest['subject']>;
      resource?: JsonValue;
      resourceType?: string;
    },
  ): WhatCan {
    return this.#ask('whatCan', this.#atItsTime(question));
  }

  /** Finds what is likely not meant: rules without effect, unknown subjects, conditions too long. */
  lint(options: PolicyLintOptions = {}): Diagnostic[] {
    const known = zoneOffsets(this.timeZones(), '1970-01-01T00:00:00Z');
    const unknownTimeZones = this.timeZones().filter(zone => !(zone in known));
    return this.#ask('lint', { ...options, unknownTimeZones });
  }

  /** @internal */
  exportCedar(snapshot: CedarSnapshot): CedarExport {
    return this.#ask('exportCedar', snapshot);
  }

  #ask<T>(
    method: 'explain' | 'whoCan' | 'whatCan' | 'lint' | 'exportCedar',
    question: object,
  ): T {
    const json = JSON.stringify(question);
    return call(method, instance =>
      JSON.parse(this.#handle.in(instance)[method](json)),
    );
  }
}

/** Compiles policy files into one policy. */
export function compilePolicy(
  files: SourceFile[],
  options: PolicyOptions = {},
): PolicyCompilation {
  const compile = compiler(files, options);
  return call('compilePolicy', instance => {
    const { policy, diagnostics } = compile(instance.core);
    if (!policy) return { diagnostics };
    const handle = new Policy(core => rebuilt(compile(core).policy));
    handle.take(instance, policy);
    return { policy: handle, diagnostics };
  });
}

/** Says who gains and who loses what, by which rules, if one policy takes the place of another. */
export function diffPolicies(
  oldFiles: SourceFile[],
  newFiles: SourceFile[],
  snapshot: PolicySnapshot,
  options: PolicyOptions = {},
): PolicyDiff {
  return call('diffPolicies', ({ core }) =>
    JSON.parse(
      core.diffPolicies(
        filesJson(oldFiles),
        filesJson(newFiles),
        JSON.stringify(snapshot),
        JSON.stringify(options),
      ),
    ),
  );
}

function compiler(files: SourceFile[], options: PolicyOptions) {
  const request = filesJson(files);
  const settings = JSON.stringify(options);
  return (core: Core) => {
    const compilation = core.compilePolicy(request, settings);
    const diagnostics: Diagnostic[] = JSON.parse(compilation.diagnostics());
    const policy = compilation.policy();
    compilation.free();
    return { policy, diagnostics };
  };
}

function filesJson(files: SourceFile[]): string {
  const entries = files.map(({ name, content }) => ({
    name,
    content: typeof content === 'string' ? content : Array.from(content),
  }));
  return JSON.stringify(entries);
}

function rebuilt(policy: CorePolicy | undefined): CorePolicy {
  if (!policy) throw new Error('a policy that compiled once does not now');
  return policy;
}
