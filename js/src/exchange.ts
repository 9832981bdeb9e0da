import type { RhdhPolicy as CoreRhdhPolicy } from '../wasm/goldenpath';
import { type Compiled, compile, fileInJson } from './compiled';
import { call } from './load';
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
} from './types';

/** What compiling gives: a policy, unless a diagnostic is an error. */
export interface RhdhCompilation {
  policy?: RhdhPolicy;
  diagnostics: Diagnostic[];
}

/** Files of Red Hat's RBAC plugin, which decides as that plugin does. */
export class RhdhPolicy {
  readonly #compiled: Compiled<CoreRhdhPolicy>;

  /** @internal */
  constructor(compiled: Compiled<CoreRhdhPolicy>) {
    this.#compiled = compiled;
  }

  /** Says who the users and groups are; replaces what was said before. */
  setDirectory(directory: Directory): void {
    this.#compiled.setDirectory(directory);
  }

  /** Decides one request; the rules of a reason are lines, `policy.csv:7`. */
  decide(request: DecisionRequest): Decision {
    return this.#compiled.ask('decide', request);
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
  const { compiled, diagnostics } = compile('compileRhdh', core =>
    core.compileRhdh(request, settings),
  );
  return compiled
    ? { policy: new RhdhPolicy(compiled), diagnostics }
    : { diagnostics };
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
  return JSON.stringify({
    csv: fileInJson(csv),
    ...(conditions && { conditions: fileInJson(conditions) }),
  });
}
