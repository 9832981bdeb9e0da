import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';

import { diffPolicies } from '../../policy';
import type { PolicySnapshot, SourceFile } from '../../types';
import { type Command, oneOf, read } from '../command';
import {
  Unusable,
  cannot,
  exit,
  print,
  printDiagnostics,
  printJson,
  tally,
} from '../terminal';
import { readObject, readSources, refusing } from './inputs';

export const policyDiff: Command = {
  usage: 'policy diff OLD NEW [--snapshot FILE]',
  summary: 'Say who gains and who loses what, and by which lines',
  help: `OLD and NEW are policy files, or folders whose *.yaml files make one policy each.

Options:
  --snapshot FILE                  {directory: {groups, users}, entities: [...]}, YAML or JSON
  --context FILE                   Facts for conditions on the context
  --now TIME                       RFC 3339; the present, if absent
  --format pretty|json             Default: pretty

Examples:
  goldenpath policy diff main/policy policy --snapshot snapshot.json

Ends with 0 if nobody gains or loses anything, 1 if somebody does or a policy has an error, 2 if a file cannot be used.`,

  async run(args) {
    const { values, positionals } = read(args, {
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
    const [old, next] = await Promise.all([before, after].map(policyIn));
    const path = values.snapshot;
    const snapshot: PolicySnapshot = {
      now: new Date().toISOString(),
      ...(path && (await readObject(path))),
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

async function policyIn(path: string): Promise<SourceFile[]> {
  try {
    if (!(await stat(path)).isDirectory()) return readSources([path]);
    const names = (await readdir(path)).filter(name => /\.ya?ml$/.test(name));
    if (names.length === 0) throw new Unusable(`no *.yaml in \`${path}\``);
    return readSources(names.sort().map(name => join(path, name)));
  } catch (error) {
    throw error instanceof Unusable ? error : cannot('read', path, error);
  }
}
