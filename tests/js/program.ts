import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

/** The program as npm installs it. */
export const program = join(import.meta.dirname, '../../js/bin/goldenpath.js');

/** Runs the program in a folder. */
export function goldenpath(cwd: string, ...args: string[]) {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [program, ...args],
    { cwd, encoding: 'utf8' },
  );
  return { status, stdout, stderr };
}
