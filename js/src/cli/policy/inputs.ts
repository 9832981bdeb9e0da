import { InternalError } from '../../load';
import { compilePolicy, type Policy } from '../../policy';
import type { Directory, JsonObject, SourceFile } from '../../types';
import { isObject, readSource, readValue, yamlFilesIn } from '../files';
import {
  type ExitCode,
  Unusable,
  exit,
  print,
  printDiagnostics,
  printJson,
  tally,
} from '../terminal';
import { readDirectory } from './directory';

/** How the help of a command says what `directory` is. */
export const directoryOption =
  '  --directory FILE                 Users and groups: a catalogue file, or {groups: [{ref, parent?}], users: [{ref, memberOf}]}';

/** How the help of a command says what `policy` is. */
export const policyOption =
  '  --policy FILE|FOLDER             Repeatable; all files, and the *.yaml of folders, make one policy';

/** What whoever has a shell write out `--policy *.yaml` should do. */
export const policyHelp = 'repeat --policy for each file, or name the folder';

/** A policy's files and the users and groups it is asked about. */
export interface PolicyInputs {
  files: SourceFile[];
  /** A file, or what was read from one. */
  directory?: string | Directory;
  /** Whether a program reads the answer. */
  json?: boolean;
}

export const readSources = (names: string[]): Promise<SourceFile[]> =>
  Promise.all(names.map(readSource));

/** The files of a policy: those that are named, and those in folders that are named. */
export async function readPolicy(paths: string[]): Promise<SourceFile[]> {
  const names = await Promise.all(
    paths.map(async path => (await yamlFilesIn(path)) ?? [path]),
  );
  return readSources(names.flat());
}

/** Asks the policy of some files; without one, prints why and ends with findings. */
export async function withPolicy(
  { files, directory, json }: PolicyInputs,
  ask: (policy: Policy) => ExitCode | Promise<ExitCode>,
): Promise<ExitCode> {
  const { policy, diagnostics } = compilePolicy(files);
  if (!policy) {
    if (json) {
      printJson({ diagnostics });
    } else {
      printDiagnostics(diagnostics, files);
      print(tally(diagnostics));
    }
    return exit.findings;
  }
  if (directory !== undefined) {
    const isFile = typeof directory === 'string';
    const people = isFile ? await readDirectory(directory) : directory;
    const path = isFile ? directory : undefined;
    refusing(() => policy.setDirectory(people), path);
  }
  return ask(policy);
}

/**
 * What is asked, and what a file holds, is checked by the core: what it refuses is the user's to mend,
 * unless it is a defect of the core.
 */
export function refusing<T>(use: () => T, path?: string): T {
  try {
    return use();
  } catch (error) {
    if (error instanceof Unusable || error instanceof InternalError) {
      throw error;
    }
    const { message } = error as Error;
    throw new Unusable(
      path === undefined ? message : `\`${path}\`: ${message}`,
    );
  }
}

/** The value of a file that must be an object. */
export async function readObject(path: string): Promise<JsonObject> {
  const value = await readValue(path);
  if (!isObject(value)) throw new Unusable(`\`${path}\` is not an object`);
  return value;
}

/** The objects in a file that must be a list, or hold one under `items`, as the catalogue's API does. */
export async function readEntities(path: string): Promise<JsonObject[]> {
  const value = await readValue(path);
  const list = isObject(value) ? value.items : value;
  if (!Array.isArray(list) || !list.every(isObject)) {
    throw new Unusable(`\`${path}\` is not a list of entities`);
  }
  return list as JsonObject[];
}
