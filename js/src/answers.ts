import { isAbsolute, normalize } from 'node:path/posix';

import { checkCatalogFile, entityYaml } from './catalog';
import type { JsonObject, JsonValue, RenderOptions, SourceFile } from './types';
import { isObject } from './values';

/** Where a rendered folder tells what it was rendered from. */
export const ANSWERS_FILE = '.goldenpath/answers.yaml';

const API_VERSION = 'goldenpath/v1alpha1';
const KIND = 'TemplateAnswers';

/** What a folder was rendered from, so that an upgrade can render it again. */
export interface TemplateAnswers {
  template?: {
    /** The template's entity reference. */
    ref?: string;
    /** Where the skeleton is. */
    url?: string;
    /** The commit that the skeleton was read at, if it is known. */
    commit?: string;
  };
  /** The values, without those that held a secret. */
  values: JsonObject;
  /** The values that are left out because they held a secret, names joined by dots. */
  secretValues?: string[];
  /** How it was rendered, as far as that is not the default. */
  options?: AnswersOptions;
}

/** The options that change what is rendered. */
export interface AnswersOptions
  extends Pick<
    RenderOptions,
    | 'strict'
    | 'escape'
    | 'cookiecutterCompat'
    | 'tags'
    | 'trimBlocks'
    | 'lstripBlocks'
  > {
  copyWithoutTemplating?: string[];
  partials?: string[];
  templateFileExtension?: string;
}

const BOOLEANS = [
  'strict',
  'cookiecutterCompat',
  'trimBlocks',
  'lstripBlocks',
] as const;
const LISTS = ['copyWithoutTemplating', 'partials'] as const;

/** The text of the answers' file: the same for the same answers. */
export function formatAnswers(answers: TemplateAnswers): string {
  const { template, values, secretValues, options } = answers;
  const document = {
    apiVersion: API_VERSION,
    kind: KIND,
    template: present(template),
    values: sorted(values),
    secretValues: secretValues?.length ? [...secretValues].sort() : undefined,
    options: present(options),
  };
  return `# What this folder was rendered from; \`goldenpath template upgrade\` needs it.\n${entityYaml(
    JSON.parse(JSON.stringify(document)),
  )}`;
}

/** A path of answers, such that it leads into the target; throws a `TypeError` if it leads out. */
export function inTarget(path: string): string {
  const inner = normalize(path);
  if (isAbsolute(inner) || /^\.\.?(\/|$)/.test(inner) || /\\|\0/.test(inner)) {
    throw new TypeError(
      `the answers' path \`${path}\` leads out of the target`,
    );
  }
  return inner;
}

/** Reads the answers' file; throws a `TypeError` that says what is wrong with it. */
export function readAnswers(file: SourceFile): TemplateAnswers {
  // a catalogue file is any YAML that can be said in JSON
  const { diagnostics, documents } = checkCatalogFile(file);
  const entity = documents[0]?.entity as JsonValue | undefined;
  const refuse = (what: string): never => {
    throw new TypeError(`\`${file.name}\` ${what}`);
  };
  if (diagnostics.some(found => found.severity === 'error')) {
    refuse(`is not readable YAML: ${diagnostics[0].message}`);
  }
  if (documents.length !== 1 || !isObject(entity)) {
    return refuse('is not one object');
  }
  if (entity.apiVersion !== API_VERSION || entity.kind !== KIND) {
    refuse(`is not a \`${KIND}\` of \`${API_VERSION}\``);
  }
  const {
    template = {},
    values = {},
    secretValues = [],
    options = {},
  } = entity;
  if (!isObject(values)) return refuse('has `values` that are not an object');
  if (!isObject(template) || !Object.values(template).every(isText)) {
    return refuse('has a `template` that is not an object of texts');
  }
  if (!isTexts(secretValues)) {
    return refuse('has `secretValues` that are not a list of texts');
  }
  return {
    template,
    values,
    secretValues,
    options: isObject(options)
      ? readOptions(options, refuse)
      : refuse('has `options` that are not an object'),
  };
}

function readOptions(
  options: JsonObject,
  refuse: (what: string) => never,
): AnswersOptions {
  const known: Record<string, (value: JsonValue) => boolean> = {
    ...Object.fromEntries(BOOLEANS.map(name => [name, isBoolean])),
    ...Object.fromEntries(LISTS.map(name => [name, isTexts])),
    templateFileExtension: isText,
    escape: value => value === 'auto' || value === 'off',
    tags: value => isObject(value) && Object.values(value).every(isText),
  };
  for (const [name, value] of Object.entries(options)) {
    if (!Object.hasOwn(known, name))
      refuse(`has an unknown option \`${name}\``);
    if (!known[name](value as JsonValue)) {
      refuse(`has a wrong value for the option \`${name}\``);
    }
  }
  return options as AnswersOptions;
}

function present<T extends object>(value: T | undefined): T | undefined {
  const entries = Object.entries(value ?? {});
  const kept = entries.filter(([, inner]) => inner !== undefined);
  return kept.length > 0 ? (Object.fromEntries(kept) as T) : undefined;
}

/** Names in order, so that the order of a form does not show. */
function sorted(value: JsonValue): JsonValue {
  if (Array.isArray(value)) return value.map(sorted);
  if (!isObject(value)) return value;
  const names = Object.keys(value).sort();
  return Object.fromEntries(names.map(name => [name, sorted(value[name]!)]));
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}

function isBoolean(value: unknown): value is boolean {
  return typeof value === 'boolean';
}

function isTexts(value: unknown): value is string[] {
  return Array.isArray(value) && value.every(isText);
}
