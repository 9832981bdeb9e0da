import {
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { TestContext } from 'node:test';

/** What is in a folder: text, `{link}`, or `null` for a folder. */
export type Tree = Record<
  string,
  string | Uint8Array | { link: string } | null
>;

/** A folder that the end of the test removes. */
export function folder(t: TestContext, content: Tree = {}): string {
  const path = mkdtempSync(join(tmpdir(), 'goldenpath-test-'));
  t.after(() => rmSync(path, { recursive: true, force: true }));
  fill(path, content);
  return path;
}

function fill(path: string, content: Tree) {
  for (const [name, value] of Object.entries(content)) {
    const file = join(path, name);
    mkdirSync(value === null ? file : dirname(file), { recursive: true });
    if (value === null) continue;
    if (typeof value === 'object' && 'link' in value) {
      symlinkSync(value.link, file);
    } else {
      writeFileSync(file, value);
    }
  }
}

/** What is in a folder; folders that are not empty are left out. */
export function tree(path: string): Tree {
  const found: Tree = {};
  for (const name of readdirSync(path, { recursive: true, encoding: 'utf8' })) {
    const file = join(path, name);
    const stats = lstatSync(file);
    if (stats.isSymbolicLink()) found[name] = { link: readlinkSync(file) };
    else if (stats.isFile()) found[name] = readFileSync(file, 'utf8');
    else if (readdirSync(file).length === 0) found[name] = null;
  }
  return found;
}
