import { readlink, readFile } from 'node:fs/promises';
import { extname, join } from 'node:path';

import { isBinaryFile } from 'isbinaryfile';
import picomatch from 'picomatch';

import { hasErrors } from './diagnostics';
import { type Output, type Verdict, checkOutputs } from './skeleton/check';
import { inOrder } from './skeleton/inOrder';
import { problem } from './skeleton/problem';
import { type Entry, walk } from './skeleton/walk';
import { write } from './skeleton/write';
import { Context, Renderer } from './template';
import type { Diagnostic, RenderOptions } from './types';

export interface SkeletonOptions {
  /** The folder of the skeleton. */
  source: string;
  /** The folder to render into; made if it is not there. Nothing is written outside it. */
  target: string;
  /** What the templates see. */
  context: Record<string, unknown>;
  renderer?: RenderOptions;
  /** Globs of files whose content is copied; their names are rendered all the same. */
  copyWithoutTemplating?: string[];
  /** Renders the content of files with this extension only, and takes it off their names. */
  templateFileExtension?: string;
  /** Replaces files that are there already; by default they stay and the new ones are skipped. */
  replace?: boolean;
}

export interface SkeletonEntry {
  /** Relative to the target, with `/`; of a left out entry the path in the skeleton. */
  path: string;
  kind: 'file' | 'directory' | 'symlink';
  action: 'rendered' | 'copied' | 'skipped';
}

export interface SkeletonReport {
  files: SkeletonEntry[];
  /** If one of them is an error, nothing was written. */
  diagnostics: Diagnostic[];
}

/**
 * Renders a folder, names and contents, as Backstage's `fetch:template` does, but all of it or
 * nothing: every problem of every file is reported, and if one is an error the target stays as it was.
 */
export async function renderSkeleton(
  options: SkeletonOptions,
): Promise<SkeletonReport> {
  const { source, target, replace = false } = options;

  const entries = await walk(source);
  const results = await inOrder(entries, entryRenderer(options));
  const outputs = results.flatMap(({ output }) => output ?? []);
  const { verdicts, diagnostics: conflicts } = await checkOutputs(
    outputs,
    target,
    replace,
  );
  const diagnostics = results.flatMap(result => result.diagnostics);
  diagnostics.push(...conflicts);
  if (hasErrors(diagnostics)) return { files: [], diagnostics };

  const verdictOf = new Map(outputs.map((output, i) => [output, verdicts[i]]));
  const placed = outputs
    .filter(output => verdictOf.get(output) !== 'keep')
    .map(output => ({
      ...output,
      replaces: verdictOf.get(output) === 'replace',
    }));
  await write(placed, source, target);
  const files = results.map(({ entry, output }) =>
    summary(entry, output, output && verdictOf.get(output)),
  );
  return { files, diagnostics };
}

interface Rendering {
  entry: Entry;
  /** Absent if the entry is left out or has errors. */
  output?: Output;
  diagnostics: Diagnostic[];
}

function entryRenderer(options: SkeletonOptions) {
  const { source, templateFileExtension: extension } = options;
  const renderer = new Renderer(options.renderer);
  const context = new Context(options.context);
  const copied = picomatch(options.copyWithoutTemplating ?? [], { dot: true });
  if (extension && options.copyWithoutTemplating?.length) {
    throw new TypeError(
      'templateFileExtension and copyWithoutTemplating exclude each other',
    );
  }

  return async (entry: Entry): Promise<Rendering> => {
    const { kind } = entry;
    if (kind === 'other') return { entry, diagnostics: [special(entry)] };

    const isTemplate = extension
      ? extname(entry.path) === extension
      : !copied(entry.path);
    const name =
      extension && isTemplate && kind === 'file'
        ? entry.path.slice(0, -extension.length)
        : entry.path;
    const { path, diagnostics } = renderer.renderPath(name, context);
    if (path === undefined) return { entry, diagnostics };

    const output: Output = { path, entry: { ...entry, kind } };
    const file = join(source, entry.path);
    if (kind === 'symlink') {
      output.link = await readlink(file);
    } else if (kind === 'file' && isTemplate && !(await isBinaryFile(file))) {
      const content = await readFile(file);
      const result = renderer.renderText(
        { name: entry.path, content },
        context,
      );
      output.text = result.output;
      diagnostics.push(...result.diagnostics);
    }
    return { entry, output, diagnostics };
  };
}

function special({ path }: Entry): Diagnostic {
  return problem(
    path,
    'special-file',
    'this is neither a file nor a folder nor a symbolic link',
    'pipes, sockets and devices have no content to render',
    'take it out of the skeleton',
  );
}

function summary(
  { path, kind }: Entry,
  output: Output | undefined,
  verdict: Verdict | undefined,
): SkeletonEntry {
  const rendered = kind === 'directory' || output?.text !== undefined;
  const written =
    verdict !== undefined && (verdict !== 'keep' || kind === 'directory');
  const done = rendered ? 'rendered' : 'copied';
  return {
    path: output?.path ?? path,
    kind: kind as SkeletonEntry['kind'],
    action: written ? done : 'skipped',
  };
}
