import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

import { Unusable } from './terminal';

const run = promisify(execFile);

/** What a commit is of, as git keeps it. */
export interface Commit {
  tree: string;
  parents: string[];
  message: string;
}

/** Reads a commit of the repository in a folder by its full id, or the one it is at. */
export async function readCommit(root: string, id?: string): Promise<Commit> {
  if (id !== undefined && !/^([0-9a-f]{40}|[0-9a-f]{64})$/.test(id)) {
    throw new Unusable(`\`${id}\` is no full id of a commit`);
  }
  // a repository may replace an object for its readers: not for us
  const args = ['--no-replace-objects', '-C', root, 'cat-file', 'commit'];
  const { stdout } = await run('git', [...args, id ?? 'HEAD']).catch(error => {
    const { code, stderr } = error as { code: unknown; stderr?: string };
    const why =
      code === 'ENOENT' ? 'git is not installed' : stderr?.split('\n')[0];
    throw new Unusable(`cannot read commit ${id ?? 'HEAD'} in ${root}: ${why}`);
  });
  const end = stdout.indexOf('\n\n');
  const header = stdout.slice(0, end).split('\n');
  const values = (name: string) =>
    header
      .filter(line => line.startsWith(`${name} `))
      .map(line => line.slice(name.length + 1));
  return {
    tree: values('tree')[0] ?? '',
    parents: values('parent'),
    message: stdout.slice(end + 2),
  };
}
