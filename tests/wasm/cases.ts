import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

/** The folder of an area's cases. */
export function area(name: string): string {
  return join(import.meta.dirname, '../cases', name);
}

/**
 * The files below an area whose names end so, as paths relative to it, sorted. Fails on none, so that
 * a renamed folder cannot turn a suite into nothing.
 */
export function inputs(name: string, suffix: string): string[] {
  const found = readdirSync(area(name), { recursive: true, encoding: 'utf8' })
    .filter(path => path.endsWith(suffix))
    .sort();
  if (found.length === 0) throw new Error(`no *${suffix} in ${area(name)}`);
  return found;
}

/** The text of a file, if it is there. */
export function text(path: string): string | undefined {
  return existsSync(path) ? readFileSync(path, 'utf8') : undefined;
}

/** The JSON in a file, if it is there. */
export function json(path: string) {
  const content = text(path);
  return content === undefined ? undefined : JSON.parse(content);
}
