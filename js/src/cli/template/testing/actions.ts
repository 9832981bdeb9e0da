import { cp, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';

import picomatch from 'picomatch';

import { checkCatalogFile, entityYaml } from '../../../catalog';
import { hasErrors } from '../../../diagnostics';
import type { Policy } from '../../../policy';
import { renderSkeleton } from '../../../skeleton';
import { walk } from '../../../skeleton/walk';
import type {
  CatalogOptions,
  CheckRequest,
  Diagnostic,
  JsonObject,
  PermissionInfo,
  SourceFile,
  TemplateBranch,
} from '../../../types';

/** What actions may look at. */
export interface Setting {
  /** The folder of the template. */
  folder: string;
  workspace: string;
  user: JsonObject;
  now: string;
  policy?: Policy;
  catalog?: CatalogOptions;
  /** Told of the branches of a skeleton, by the names of its files. */
  covered(branches: TemplateBranch[]): void;
}

/** A step fails, as it would in the scaffolder. */
export class StepFailure extends Error {
  constructor(
    message: string,
    readonly diagnostics: Diagnostic[] = [],
    readonly sources: SourceFile[] = [],
  ) {
    super(message);
  }
}

type Action = (
  input: any,
  setting: Setting,
) => Promise<JsonObject> | JsonObject;

/** The actions that need nothing but the workspace. */
export const actions: Record<string, Action> = {
  'fetch:template': (input, setting) => renderStep(input, setting, false),
  'goldenpath:template:render': (input, setting) =>
    renderStep(input, setting, input.strict ?? true),

  async 'fetch:plain'(input, setting) {
    await cp(
      local(input.url, setting),
      within(setting.workspace, input.targetPath ?? '.'),
      { recursive: true, verbatimSymlinks: true },
    );
    return {};
  },

  async 'fs:rename'({ files }, { workspace }) {
    for (const { from, to, overwrite } of files) {
      const [source, target] = [within(workspace, from), within(workspace, to)];
      if (existsSync(target)) {
        if (!overwrite) throw new StepFailure(`\`${to}\` is there already`);
        await rm(target, { recursive: true });
      }
      await mkdir(dirname(target), { recursive: true });
      await rename(source, target).catch(() => {
        throw new StepFailure(`there is no \`${from}\` to rename`);
      });
    }
    return {};
  },

  async 'fs:delete'({ files }, { workspace }) {
    const isMeant = picomatch(files, { dot: true });
    for (const { path } of await walk(workspace)) {
      if (isMeant(path)) {
        await rm(within(workspace, path), { recursive: true, force: true });
      }
    }
    return {};
  },

  async 'catalog:write'({ filePath = 'catalog-info.yaml', entity }, setting) {
    const path = within(setting.workspace, filePath);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, entityYaml(entity));
    return {};
  },

  'debug:log': () => ({}),

  async 'goldenpath:catalog:validate'(input, setting) {
    const files = await catalogFiles(setting.workspace, input.files);
    if (files.length === 0) {
      throw new StepFailure('no file of the workspace matches');
    }
    return { entityRefs: checkCatalog(files, setting) };
  },

  'goldenpath:policy:check'(input, { policy, user, now }) {
    if (!policy) {
      throw new StepFailure(
        'there is no policy: give --policy, or the output of the step in the case',
      );
    }
    const known = policy.permissions();
    const permission: PermissionInfo | undefined =
      typeof input.permission === 'string'
        ? known.find(({ name }) => name === input.permission)
        : input.permission;
    if (!permission) {
      throw new StepFailure(
        `the policy knows no permission \`${input.permission}\``,
      );
    }
    const userEntityRef = input.as ?? user.ref;
    const { outcome, decision, approvals, obligations } = policy.check({
      permission,
      subject: userEntityRef && { userEntityRef },
      resource: input.resource,
      context: input.context,
      now,
      votes: input.votes,
      digest: input.digest,
      requester: input.requester,
    } as CheckRequest);
    const told = outcome === 'deny' ? input.onDeny : input.onNeedsApproval;
    const failure =
      outcome === 'allow' || told === 'output'
        ? undefined
        : `the policy says ${outcome}: ${
            decision.reasons.map(({ rule }) => rule).join(', ') || 'no rule'
          }`;
    return { outcome, decision, approvals, obligations, failure } as any;
  },
};

async function renderStep(
  input: any,
  setting: Setting,
  strict: boolean,
): Promise<JsonObject> {
  const source = local(input.url, setting);
  const values = input.values ?? {};
  const report = await renderSkeleton({
    source,
    target: within(setting.workspace, input.targetPath ?? '.'),
    context: input.cookiecutterCompat ? { cookiecutter: values } : { values },
    renderer: {
      strict,
      escape: input.escape ?? 'off',
      cookiecutterCompat: input.cookiecutterCompat,
      trimBlocks: input.trimBlocks,
      lstripBlocks: input.lstripBlocks,
      coverage: true,
    },
    copyWithoutTemplating: input.copyWithoutTemplating,
    partials: input.partials,
    templateFileExtension: extension(input.templateFileExtension),
    replace: input.replace,
  });
  const folder = relative(setting.folder, source).replaceAll(sep, '/');
  const named = <T extends { file: string }>(place: T): T => ({
    ...place,
    file: `${folder}/${place.file}`,
  });
  setting.covered((report.branches ?? []).map(named));
  if (hasErrors(report.diagnostics)) {
    throw new StepFailure(
      'the skeleton has errors',
      report.diagnostics.map(named),
      report.sources.map(({ name, content }) => ({
        name: `${folder}/${name}`,
        content,
      })),
    );
  }
  return { files: report.files as any };
}

function extension(input: string | boolean | undefined): string | undefined {
  if (!input) return undefined;
  if (input === true) return '.njk';
  return input.startsWith('.') ? input : `.${input}`;
}

/** The catalogue files of a workspace. */
export async function catalogFiles(
  workspace: string,
  globs: string[] = ['**/catalog-info.{yaml,yml}'],
): Promise<SourceFile[]> {
  const isMeant = picomatch(globs, { dot: true });
  const entries = (await walk(workspace)).filter(
    ({ kind, path }) => kind === 'file' && isMeant(path),
  );
  return Promise.all(
    entries.map(async ({ path }) => ({
      name: path,
      content: await readFile(join(workspace, path)),
    })),
  );
}

/** The refs of the entities in catalogue files, if nothing is wrong with them. */
export function checkCatalog(
  files: SourceFile[],
  { catalog }: Pick<Setting, 'catalog'>,
): string[] {
  const reports = files.map(file => checkCatalogFile(file, catalog));
  const documents = reports.flatMap(report => report.documents);
  const diagnostics = [...reports, ...documents].flatMap(
    report => report.diagnostics,
  );
  if (hasErrors(diagnostics)) {
    throw new StepFailure(
      'the catalogue files are not valid',
      diagnostics,
      files,
    );
  }
  return documents.flatMap(({ entityRef }) => entityRef ?? []);
}

/** A path of the workspace; nothing is read or written outside of it. */
function within(workspace: string, path: string): string {
  const resolved = resolve(workspace, path);
  if (resolved !== workspace && !resolved.startsWith(workspace + sep)) {
    throw new StepFailure(`\`${path}\` is not in the workspace`);
  }
  return resolved;
}

/** A folder beside the template. */
function local(url: unknown, { folder }: Setting): string {
  if (typeof url !== 'string' || url.includes('://')) {
    throw new StepFailure(
      `\`${url}\` is not beside the template: give the output of the step in the case`,
    );
  }
  const path = resolve(folder, url);
  if (!existsSync(path)) throw new StepFailure(`there is no folder \`${url}\``);
  return path;
}
