import { readlink, readFile } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { dirname } from 'node:path/posix';

import { isBinaryFile } from 'isbinaryfile';
import picomatch from 'picomatch';

import { ANSWERS_FILE, inTarget } from './answers';
import { hasErrors } from './diagnostics';
import { type Output, type Verdict, checkOutputs } from './skeleton/check';
import { inOrder } from './skeleton/inOrder';
import { problem } from './skeleton/problem';
import { Partials } from './skeleton/partials';
import { verifyRendered } from './skeleton/verify';
import { type Entry, walk } from './skeleton/walk';
import { write } from './skeleton/write';
import { Context, Renderer } from './template';
import type {
  Diagnostic,
  RenderOptions,
  SourceFile,
  TemplateBranch,
  Verification,
} from './types';

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
  /** Globs of files that are only there to be included, imported or extended. */
  partials?: string[];
  /** Renders the content of files with this extension only, and takes it off their names. */
  templateFileExtension?: string;
  /** Replaces files that are there already; by default they stay and the new ones are skipped. */
  replace?: boolean;
  /** Verifies what is rendered, by the names of the files, before anything is written. */
  verify?: readonly Verification[];
  /**
   * Writes a text of {@link formatAnswers} with the rest, into `.goldenpath/answers.yaml` unless there is
   * another path.
   */
  answers?: { text: string; path?: string } | false;
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
  /** The texts that they are about, for {@link formatDiagnostics}. */
  sources: SourceFile[];
  /** With the renderer's option `coverage`. */
  branches?: TemplateBranch[];
}

/**
 * Renders a folder, names and contents, as Backstage's `fetch:template` does, but all of it or
 * nothing: every problem of every file is reported, and if one is an error the target stays as it was.
 */
export async function renderSkeleton(
  options: SkeletonOptions,
): Promise<SkeletonReport> {
  const { source, target, replace = false } = options;
  const dialect = readOptions(options);

  const entries = renderNames(await walk(source), dialect);
  const results = await inOrder(entries, entry =>
    renderContent(entry, source, dialect),
  );
  const outputs = results.flatMap(({ output }) => output ?? []);
  const answers = options.answers ? [answersOf(options.answers)] : [];
  outputs.push(...answers);
  const { verdicts, diagnostics: conflicts } = await checkOutputs(
    outputs,
    target,
    replace,
  );
  const diagnostics = results.flatMap(result => result.diagnostics);
  diagnostics.push(...conflicts);
  const { verify = [] } = options;
  const verified = results.flatMap(({ output, secrets = [] }) =>
    verify.length > 0 && output?.text !== undefined
      ? verifyRendered(
          { path: output.path, text: output.text, secrets },
          verify,
        )
      : [],
  );
  diagnostics.push(...verified.flatMap(found => found.diagnostics));
  const sources = () => [
    ...verified.flatMap(found => found.sources),
    ...results.flatMap(result => result.sources),
    ...dialect.partials.sources(diagnostics),
  ];
  const branches = options.renderer?.coverage && dialect.renderer.branches();
  const told = {
    diagnostics,
    sources: sources(),
    ...(branches && { branches }),
  };
  if (hasErrors(diagnostics)) return { files: [], ...told };

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
  for (const output of answers) {
    files.push(summary(output.entry, output, verdictOf.get(output)));
  }
  return { files, ...told };
}

/** What the options say about each entry. */
interface Dialect {
  partials: Partials;
  isPartial(path: string): boolean;
  renderer: Renderer;
  context: Context;
  isTemplate(path: string): boolean;
  /** A template's path without what marks it as one. */
  bare(path: string): string;
}

function readOptions(options: SkeletonOptions): Dialect {
  const { templateFileExtension: extension, copyWithoutTemplating } = options;
  if (extension && copyWithoutTemplating?.length) {
    throw new TypeError(
      'templateFileExtension and copyWithoutTemplating exclude each other',
    );
  }
  const isCopied = picomatch(copyWithoutTemplating ?? [], { dot: true });
  const partials = new Partials(options.source);
  return {
    partials,
    isPartial: picomatch(options.partials ?? [], { dot: true }),
    renderer: new Renderer({ templates: partials.load, ...options.renderer }),
    context: new Context(options.context),
    isTemplate: path =>
      extension ? extname(path) === extension : !isCopied(path),
    bare: path => (extension ? path.slice(0, -extension.length) : path),
  };
}

/** An entry with its place in the target. */
interface Named {
  entry: Entry;
  isTemplate: boolean;
  /** Absent if the entry is left out or its name or a folder's has errors. */
  path?: string;
  isLeftOut: boolean;
  diagnostics: Diagnostic[];
  /** The texts that the diagnostics are about. */
  sources: SourceFile[];
}

/** Parents come before children; an error in a folder's name is not told again for all below it. */
function renderNames(entries: Entry[], dialect: Dialect): Named[] {
  const unnamed = new Set<string>();
  return entries.map(entry => {
    const isTemplate = entry.kind === 'file' && dialect.isTemplate(entry.path);
    const sources: SourceFile[] = [];
    if (dialect.isPartial(entry.path)) {
      return {
        ...{ entry, isTemplate, isLeftOut: true },
        ...{ diagnostics: [], sources },
      };
    }
    if (unnamed.has(dirname(entry.path))) {
      unnamed.add(entry.path);
      return {
        ...{ entry, isTemplate, isLeftOut: false },
        ...{ diagnostics: [], sources },
      };
    }
    const template = isTemplate ? dialect.bare(entry.path) : entry.path;
    const { path, diagnostics } = dialect.renderer.renderPath(
      template,
      dialect.context,
    );
    const isWrong = hasErrors(diagnostics);
    if (isWrong) unnamed.add(entry.path);
    // a place in the name is none in the file
    const name = `${entry.path} (name)`;
    if (diagnostics.length > 0) sources.push({ name, content: template });
    return {
      ...{ entry, isTemplate, path, sources },
      isLeftOut: path === undefined && !isWrong,
      diagnostics: diagnostics.map(found => ({ ...found, file: name })),
    };
  });
}

interface Rendering {
  entry: Entry;
  /** Absent if the entry is left out or its name has errors. */
  output?: Output;
  /** The secret texts that its content was made of. */
  secrets?: string[];
  diagnostics: Diagnostic[];
  sources: SourceFile[];
}

async function renderContent(
  { entry, isTemplate, isLeftOut, path, diagnostics, sources }: Named,
  source: string,
  { renderer, context }: Dialect,
): Promise<Rendering> {
  const { kind } = entry;
  if (kind === 'other') {
    return { entry, diagnostics: [special(entry)], sources };
  }
  if (isLeftOut) return { entry, diagnostics, sources };

  let secrets: string[] | undefined;
  const file = join(source, entry.path);
  const output: Output = { path: path ?? '', entry: { ...entry, kind } };
  if (kind === 'symlink') {
    output.link = await readlink(file);
  } else if (isTemplate) {
    const template = { name: entry.path, content: await readFile(file) };
    if (!(await isBinaryFile(template.content))) {
      const result = renderer.renderText(template, context, path);
      output.text = result.output;
      secrets = result.secrets;
      if (result.diagnostics.length > 0) sources.push(template);
      diagnostics.push(...result.diagnostics);
    }
  }
  return path === undefined
    ? { entry, diagnostics, sources }
    : { entry, output, secrets, diagnostics, sources };
}

function answersOf({
  text,
  path = ANSWERS_FILE,
}: {
  text: string;
  path?: string;
}): Output {
  const place = inTarget(path);
  return {
    path: place,
    entry: { path: place, kind: 'file', mode: 0o644 },
    text,
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
