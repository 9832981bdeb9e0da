import { lstat, mkdtemp, readFile, readlink, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import {
  ANSWERS_FILE,
  type TemplateAnswers,
  formatAnswers,
  inTarget,
  readAnswers,
} from './answers';
import { hasErrors } from './diagnostics';
import { mergeFile } from './merge';
import { type SkeletonReport, renderSkeleton } from './skeleton';
import { type Output, checkOutputs } from './skeleton/check';
import { inOrder } from './skeleton/inOrder';
import { walk } from './skeleton/walk';
import { type Placed, write } from './skeleton/write';
import type {
  Diagnostic,
  FileMerge,
  JsonObject,
  RenderOptions,
  SourceFile,
} from './types';
import { onlyPaths, over, withoutPaths, withoutSecrets } from './values';

/** What ends the name of the template's version of a file, beside the file. */
export const SIDECAR = '.goldenpath-theirs';

export interface UpgradeOptions {
  /** The folder that was rendered and edited since; it has its answers in `.goldenpath/answers.yaml`. */
  target: string;
  /** Where its answers are, if not there. */
  answers?: string;
  /** The folder of the skeleton that it was rendered from. */
  base: string;
  /** The folder of the skeleton that it is to follow. */
  skeleton: string;
  /**
   * Values of the new skeleton, over the recorded ones. Those that were not recorded because they are secret
   * have to be given again; the old skeleton sees them too.
   */
  values?: JsonObject;
  /** Texts that are secret: values that hold one are masked, and not recorded. */
  secrets?: string[];
  /** Where the new skeleton is from, to be recorded. */
  template?: TemplateAnswers['template'];
  /**
   * What to do where both sides changed the same: `markers`, the default, writes both into the file;
   * `sidecar` keeps the repository's and puts the template's whole file beside it; `fail` writes nothing
   * at all. A file that can have no markers gets a sidecar.
   */
  conflicts?: 'markers' | 'sidecar' | 'fail';
  /** What renders beside the recorded options. */
  renderer?: Pick<RenderOptions, 'filters' | 'globals' | 'limits'>;
  /** Names of the skeletons in diagnostics. Default: their folders. */
  names?: { base: string; skeleton: string };
}

export interface UpgradedFile extends Pick<FileMerge, 'action' | 'conflicts'> {
  /** Relative to the target, with `/`. */
  path: string;
  /** Where the template's version is, if it is beside the file. */
  sidecar?: string;
}

export interface UpgradeReport {
  /** Each file of either skeleton. */
  files: UpgradedFile[];
  /** If one of them is an error, nothing was written. */
  diagnostics: Diagnostic[];
  /** The texts that they are about. */
  sources: SourceFile[];
  /** Whether the target was changed: not with errors, nor with conflicts under `fail`. */
  isWritten: boolean;
}

/**
 * Brings what a newer skeleton changed into a folder that was rendered from an older one, without
 * losing what was edited there since: all of it, or nothing.
 */
export async function upgradeSkeleton(
  options: UpgradeOptions,
): Promise<UpgradeReport> {
  const { target, conflicts = 'markers' } = options;
  const answersFile = inTarget(options.answers ?? ANSWERS_FILE);
  const answers = await answersOf(target, answersFile);
  const plan = valuesOf(answers, options);
  const scratch = await mkdtemp(join(tmpdir(), 'goldenpath-upgrade-'));
  try {
    const [base, theirs] = [join(scratch, 'base'), join(scratch, 'theirs')];
    const rendered = [
      await render(options, 'base', base, answers, plan.base, plan),
      await render(options, 'skeleton', theirs, answers, plan.theirs, plan),
    ];
    const diagnostics = rendered.flatMap(report => report.diagnostics);
    const sources = rendered.flatMap(report => report.sources);
    if (hasErrors(diagnostics)) {
      return { files: [], diagnostics, sources, isWritten: false };
    }

    const paths = await filesOf([base, theirs], answersFile);
    const merges = await inOrder(paths, async path =>
      merge(path, {
        base: await look(base, path),
        ours: await look(target, path),
        theirs: await look(theirs, path),
        hasMarkers: conflicts === 'markers',
      }),
    );
    const files = merges.map(({ file }) => file);
    const outputs = merges.flatMap(merged => merged.outputs);
    outputs.push({
      path: answersFile,
      entry: { path: answersFile, kind: 'file', mode: 0o644 },
      text: formatAnswers({
        ...answers,
        template: options.template ?? answers.template,
        values: plan.recorded,
        secretValues: plan.secretValues,
      }),
    });
    const checked = await checkOutputs(outputs, target, true);
    diagnostics.push(...checked.diagnostics);
    const isUndecided = files.some(({ action }) => action === 'conflict');
    if (hasErrors(diagnostics) || (isUndecided && conflicts === 'fail')) {
      const plain = files.map(({ sidecar: _, ...file }) => file);
      return { files: plain, diagnostics, sources, isWritten: false };
    }
    const placed: Placed[] = outputs.map((output, index) => ({
      ...output,
      replaces: checked.verdicts[index] === 'replace',
    }));
    await write(placed, theirs, target);
    return { files, diagnostics, sources, isWritten: true };
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

async function answersOf(
  target: string,
  path: string,
): Promise<TemplateAnswers> {
  const name = join(target, path);
  return readAnswers({ name, content: await readFile(name) });
}

/** The values for each skeleton, and those to write down. */
interface Values {
  base: JsonObject;
  theirs: JsonObject;
  recorded: JsonObject;
  secretValues: string[];
}

function valuesOf(
  answers: TemplateAnswers,
  { values = {}, secrets = [] }: UpgradeOptions,
): Values {
  const known = answers.secretValues ?? [];
  const theirs = over(answers.values, values);
  const found = withoutSecrets(theirs, secrets);
  return {
    base: over(answers.values, onlyPaths(values, known)),
    theirs,
    recorded: withoutPaths(found.values, known),
    secretValues: [...new Set([...known, ...found.secretValues])],
  };
}

async function render(
  { renderer, names, ...options }: UpgradeOptions,
  which: 'base' | 'skeleton',
  target: string,
  { options: recorded = {} }: TemplateAnswers,
  values: JsonObject,
  { secretValues }: Values,
): Promise<SkeletonReport> {
  const { copyWithoutTemplating, partials, templateFileExtension, ...dialect } =
    recorded;
  const root = dialect.cookiecutterCompat ? 'cookiecutter' : 'values';
  const report = await renderSkeleton({
    source: options[which],
    target,
    context: { [root]: values },
    renderer: {
      ...dialect,
      ...renderer,
      secrets: secretValues.map(path => `${root}.${path}`),
    },
    copyWithoutTemplating,
    partials,
    templateFileExtension,
  });
  const within = <T extends { file: string }>(place: T): T => ({
    ...place,
    file: join(names?.[which] ?? options[which], place.file),
  });
  return {
    ...report,
    diagnostics: report.diagnostics.map(found => ({
      ...within(found),
      related: found.related?.map(within),
      fix: found.fix && within(found.fix),
    })),
    sources: report.sources.map(({ name, content }) => ({
      name: within({ file: name }).file,
      content,
    })),
  };
}

/** The files and links below either folder, but for the answers. */
async function filesOf(
  folders: string[],
  answersFile: string,
): Promise<string[]> {
  const entries = (
    await Promise.all(folders.map(folder => walk(folder)))
  ).flat();
  const files = entries.filter(({ kind }) => kind !== 'directory');
  const paths = new Set(files.map(({ path }) => path));
  paths.delete(answersFile);
  return [...paths].sort();
}

/** A file as it is in one of the three folders. */
interface Side {
  content: Uint8Array;
  mode: number;
  link?: string;
  isFolder?: boolean;
}

async function look(folder: string, path: string): Promise<Side | undefined> {
  const file = join(folder, path);
  try {
    const stats = await lstat(file);
    const mode = stats.mode & 0o777;
    if (stats.isSymbolicLink()) {
      const link = await readlink(file);
      // no text, so that a link is taken or left as a whole
      return { content: Buffer.from(`\0link ${link}`), mode, link };
    }
    if (!stats.isFile()) {
      return { content: Buffer.from('\0folder'), mode, isFolder: true };
    }
    return { content: await readFile(file), mode };
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw error;
  }
}

interface Sides {
  base?: Side;
  ours?: Side;
  theirs?: Side;
  hasMarkers: boolean;
}

function merge(
  path: string,
  { base, ours, theirs, hasMarkers }: Sides,
): { file: UpgradedFile; outputs: Removable[] } {
  const merged = mergeFile(
    { base: base?.content, ours: ours?.content, theirs: theirs?.content },
    { path, markers: hasMarkers },
  );
  const { action, conflicts, take, text } = merged;
  const isModeOurs = base?.mode !== ours?.mode;
  const mode =
    (isModeOurs ? ours?.mode : theirs?.mode) ?? theirs?.mode ?? 0o644;
  const entry: Output['entry'] = { path, kind: 'file', mode };
  const outputs: Removable[] = [];
  if (take === 'theirs') {
    outputs.push({ path, entry, link: theirs?.link });
  } else if (take === 'text') {
    outputs.push({ path, entry, text });
  } else if (take === 'nothing' && ours) {
    outputs.push({ path, entry, isRemoved: true });
  }
  const file: UpgradedFile = { path, action, conflicts };
  const isPlain = theirs && theirs.link === undefined;
  if (action === 'conflict' && isPlain && !(hasMarkers && take === 'text')) {
    file.sidecar = `${path}${SIDECAR}`;
    outputs.push({
      path: file.sidecar,
      entry: { ...entry, mode: theirs.mode },
    });
  }
  return { file, outputs };
}

type Removable = Output & Pick<Placed, 'isRemoved'>;
