import { type FSWatcher, watch } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { LoggerService } from '@backstage/backend-plugin-api';
import { NotFoundError, toError } from '@backstage/errors';
import globby from 'globby';
import type { SourceFile } from 'goldenpath';

/** An editor may write a file in several steps; this long after the last one it is read. */
const SETTLE_MS = 100;

/** Reads the files that paths and globs name, each of which must name at least one. */
export async function readPolicyFiles(
  patterns: string[],
): Promise<SourceFile[]> {
  const names = new Set<string>();
  for (const pattern of patterns) {
    const matches = await globby(pattern, { expandDirectories: false });
    if (matches.length === 0) {
      throw new NotFoundError(
        `no policy file matches \`${pattern}\` of \`goldenpath.policy.files\`, looked for it in ${process.cwd()}`,
      );
    }
    matches.sort().forEach(name => names.add(name));
  }
  return Promise.all(
    [...names].map(async name => ({ name, content: await readFile(name) })),
  );
}

/**
 * Calls back after files in the patterns' folders have changed.
 *
 * @remarks
 *
 * Folders are watched, as editors and Kubernetes replace files rather than write
 * into them. Where the system reports no changes, as on a network drive, the
 * regular refresh finds them.
 *
 * @returns a function that stops it
 */
export function watchPolicyFiles(options: {
  patterns: string[];
  logger: LoggerService;
  onChange: () => void;
}): () => void {
  const { patterns, logger, onChange } = options;
  let timer: NodeJS.Timeout | undefined;
  const settle = () => {
    clearTimeout(timer);
    timer = setTimeout(onChange, SETTLE_MS).unref();
  };
  const watchers: FSWatcher[] = [];
  for (const pattern of patterns) {
    const giveUp = (error: unknown) =>
      logger.warn(
        `changes of \`${pattern}\` are found by the regular refresh only`,
        toError(error),
      );
    try {
      watchers.push(watchFolder(pattern, settle).on('error', giveUp));
    } catch (error) {
      giveUp(error);
    }
  }
  return () => {
    clearTimeout(timer);
    watchers.forEach(watcher => watcher.close());
  };
}

function watchFolder(pattern: string, onEvent: () => void): FSWatcher {
  const { folder, recursive } = folderOf(pattern);
  return watch(folder, { recursive, persistent: false }, onEvent);
}

/** The folder before the first segment with a wildcard. */
function folderOf(pattern: string): { folder: string; recursive: boolean } {
  const segments = dirname(pattern).split('/');
  const wild = segments.findIndex(segment => /[*?[\]{}()!+@]/.test(segment));
  return wild < 0
    ? { folder: dirname(pattern), recursive: false }
    : { folder: segments.slice(0, wild).join('/') || '.', recursive: true };
}
