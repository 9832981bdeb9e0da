import type { RhdhPolicy as CoreRhdhPolicy } from '../wasm/goldenpath';
import { type Core, Handle, type Instance, call } from './load';
import type { Policy } from './policy';
import type {
  CedarExport,
  CedarSnapshot,
  Decision,
  DecisionRequest,
  Diagnostic,
  Directory,
  ImportedPolicy,
  MigrationReport,
  RhdhFiles,
  RhdhOptions,
  SourceFile,
} from './types';

/** What compiling gives: a policy, unless a diagnostic is an error. */
export interface RhdhCompilation {
  policy?: RhdhPolicy;
  diagnostics: Diagnostic[];
}

/** Files of Red Hat's RBAC plugin, which decides as that plugin does. */
export class RhdhPolicy {
  readonly #handle: Handle<CoreRhdhPolicy>;
  #directory: string | undefined;

  /** @internal */
  constructor(compile: (core: Core) => CoreRhdhPolicy) {
    this.#handle = new Handle(core => {
      const policy = compile(core);
      if (this.#directory) policy.setDirectory(this.#directory);
      return policy;
    });
  }

  /** @internal */
  take(instance: Instance, policy: CoreRhdhPolicy) {
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

  /** Decides one request; the rules of a reason are lines, `policy.csv:7`. */
  decide(request: DecisionRequest): Decision {
    const json = JSON.stringify(request);
    return call('decide', instance =>
      JSON.parse(this.#handle.in(instance).decide(json)),
    );
  }
}

/** Writes files of Red Hat's RBAC plugin as an access policy, in which no deny is outvoted. */
export function importRhdh(
  files: RhdhFiles,
  options: RhdhOptions = {},
): ImportedPolicy {
  return call('importRhdh', ({ core }) =>
    JSON.parse(core.importRhdh(filesJson(files), JSON.stringify(options))),
  );
}

/** Reads files of Red Hat's RBAC plugin, to decide as it does. */
export function compileRhdh(
  files: RhdhFiles,
  options: RhdhOptions = {},
): RhdhCompilation {
  const request = filesJson(files);
  const settings = JSON.stringify(options);
  const compile = (core: Core) => {
    const compilation = core.compileRhdh(request, settings);
    const diagnostics: Diagnostic[] = JSON.parse(compilation.diagnostics());
    const policy = compilation.policy();
    compilation.free();
    return { policy, diagnostics };
  };
  return call('compileRhdh', instance => {
    const { policy, diagnostics } = compile(instance.core);
    if (!policy) return { diagnostics };
    const handle = new RhdhPolicy(core => {
      const again = compile(core).policy;
      if (!again) throw new Error('files that compiled once do not now');
      return again;
    });
    handle.take(instance, policy);
    return { policy: handle, diagnostics };
  });
}

/** Lists whose decisions change, and by which lines, if the imported policy takes over. */
export function compareRhdh(
  files: RhdhFiles,
  directory: Directory,
  options: RhdhOptions = {},
): MigrationReport {
  return call('compareRhdh', ({ core }) =>
    JSON.parse(
      core.compareRhdh(
        filesJson(files),
        JSON.stringify(options),
        JSON.stringify(directory),
      ),
    ),
  );
}

/** Writes a policy with its users, groups and resources for Cedar. */
export function exportCedar(
  policy: Policy,
  snapshot: CedarSnapshot = {},
): CedarExport {
  return policy.exportCedar(snapshot);
}

function filesJson({ csv, conditions }: RhdhFiles): string {
  const file = ({ name, content }: SourceFile) => ({
    name,
    content: typeof content === 'string' ? content : Array.from(content),
  });
  return JSON.stringify({
    csv: file(csv),
    ...(conditions && { conditions: file(conditions) }),
  });
}
