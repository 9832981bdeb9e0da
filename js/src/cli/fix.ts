import {
  chmodSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { resolve } from 'node:path';

import { fixCatalogFile, unifiedDiff } from '../catalog';
import type { CatalogOptions, Diagnostic, SourceFile } from '../types';
import { type WorkingTrees, isBelow, rootOf } from './repository';
import { Unusable, cannot } from './terminal';

/** Fixes files before they are checked, or only says how. */
export class Fixer {
  /** What was fixed, or would be. */
  readonly fixed: Diagnostic[] = [];
  /** What would change in the files, as `diff -u` shows it. */
  diff = '';

  constructor(
    private readonly options: CatalogOptions,
    private readonly trees: WorkingTrees,
    private readonly isDryRun: boolean,
  ) {}

  /** `3 fixed`. */
  get summary(): string {
    return `${this.fixed.length} ${this.isDryRun ? 'can be ' : ''}fixed`;
  }

  /** A line for each problem that was fixed. */
  get lines(): string {
    const lines = this.fixed.map(
      ({ file, start, code, fix }) =>
        `fixed ${file}:${start.line}:${start.column}: ${fix?.title} [${code}]\n`,
    );
    return lines.join('');
  }

  /** The file as it is on disk afterwards. */
  fix(file: SourceFile): SourceFile {
    const { name } = file;
    const real = realpathSync(name);
    // what a link leads to may be anybody's
    if (!isBelow(realpathSync(rootOf(resolve(name))), real)) return file;
    const { content, fixed } = fixCatalogFile(
      file,
      this.options,
      this.trees.of(name),
    );
    if (content === undefined) return file;
    this.fixed.push(...fixed);
    if (this.isDryRun) {
      this.diff += unifiedDiff(name, text(file), content);
      return file;
    }
    replace(real, content);
    return { name, content };
  }
}

function text({ content }: SourceFile): string {
  return typeof content === 'string'
    ? content
    : Buffer.from(content).toString();
}

/** Writes a file such that nobody ever reads half of it, with the mode that it has. */
function replace(path: string, content: string) {
  const beside = `${path}.${process.pid}.tmp`;
  try {
    const { mode } = statSync(path);
    writeFileSync(beside, content, { flag: 'wx' });
    chmodSync(beside, mode);
    renameSync(beside, path);
  } catch (error) {
    rmSync(beside, { force: true });
    throw cannot('write', path, error);
  }
}

/** The one that the options ask for, if they do. */
export function fixerFor(
  {
    fix,
    'dry-run': isDryRun,
    scorecard,
    'update-baseline': updateBaseline,
  }: Record<'fix' | 'dry-run' | 'scorecard' | 'update-baseline', boolean>,
  format: string,
  options: CatalogOptions,
  trees: WorkingTrees,
): Fixer | undefined {
  if (isDryRun && !fix) throw new Unusable('--dry-run is for --fix');
  if (isDryRun && format !== 'pretty') {
    throw new Unusable(`--dry-run prints a diff, not ${format}`);
  }
  // the diff would be hidden, or a file written
  if (isDryRun && (scorecard || updateBaseline)) {
    const other = scorecard ? '--scorecard' : '--update-baseline';
    throw new Unusable(`--dry-run does not go with ${other}`);
  }
  return fix ? new Fixer(options, trees, isDryRun) : undefined;
}
