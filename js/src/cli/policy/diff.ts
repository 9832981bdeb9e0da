import { diffPolicies } from '../../policy';
import type { PolicySnapshot } from '../../types';
import { type Command, oneOf, read } from '../command';
import {
  Unusable,
  exit,
  print,
  printDiagnostics,
  printJson,
  tally,
} from '../terminal';
import { readDirectory } from './directory';
import { directoryOption, readObject, readPolicy, refusing } from './inputs';

export const policyDiff: Command = {
  usage: 'policy diff OLD NEW --directory FILE|--snapshot FILE',
  summary: 'Say who gains and who loses what, and by which lines',
  help: `OLD and NEW are policy files, or folders whose *.yaml files make one policy each.

Options:
${directoryOption}
  --snapshot FILE                  Instead, with entities: {directory: {groups, users}, entities: [...]}, YAML or JSON
  --context FILE                   Facts for conditions on the context
  --now TIME                       RFC 3339; the present, if absent
  --format pretty|json             Default: pretty

Without users and groups nobody is known who could gain or lose, so it wants either.

Examples:
  goldenpath policy diff main/policy policy --directory people.yaml
  goldenpath policy diff main/policy policy --snapshot snapshot.json

Ends with 0 if nobody gains or loses anything, 1 if somebody does or a policy has an error, 2 if a file cannot be used.`,

  async run(args) {
    const { values, positionals } = read(args, {
      directory: { type: 'string' },
      snapshot: { type: 'string' },
      context: { type: 'string' },
      now: { type: 'string' },
      format: { type: 'string', default: 'pretty' },
    });
    const format = oneOf('format', ['pretty', 'json'], values.format);
    const [before, after, ...more] = positionals;
    if (before === undefined || after === undefined || more.length > 0) {
      throw new Unusable('name two policies: the old one and the new one');
    }
    const [old, next] = await Promise.all(
      [before, after].map(path => readPolicy([path])),
    );
    const path = values.snapshot ?? values.directory;
    const snapshot: PolicySnapshot = {
      now: new Date().toISOString(),
      ...(await snapshotIn(values)),
      ...(values.now !== undefined && { now: values.now }),
      ...(values.context && { context: await readObject(values.context) }),
    };

    const diff = refusing(() => diffPolicies(old, next, snapshot), path);
    if (format === 'json') {
      printJson(diff);
    } else if (diff.diagnostics.length > 0) {
      printDiagnostics(diff.diagnostics, [...old, ...next]);
      print(tally(diff.diagnostics));
    } else {
      print(diff.text);
    }
    const { gained, lost, diagnostics } = diff;
    const same = [gained, lost, diagnostics].every(list => list.length === 0);
    return same ? exit.ok : exit.findings;
  },
};

/** Whom a diff is about: that there is nobody is no news, but looks like good news. */
async function snapshotIn(given: {
  directory?: string;
  snapshot?: string;
}): Promise<PolicySnapshot> {
  const { directory, snapshot: path } = given;
  if (directory !== undefined && path === undefined) {
    return { directory: await readDirectory(directory) };
  }
  if (directory !== undefined || path === undefined) {
    throw new Unusable('name the users and groups: --directory or --snapshot');
  }
  const snapshot = await readObject(path);
  if (snapshot.directory === undefined) {
    throw new Unusable(`\`${path}\` has no \`directory\``);
  }
  return snapshot;
}
