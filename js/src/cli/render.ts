import { join } from 'node:path';

import { type AnswersOptions, formatAnswers } from '../answers';
import { hasErrors } from '../diagnostics';
import { type SkeletonReport, renderSkeleton } from '../skeleton';
import { Renderer } from '../template';
import type { JsonObject, JsonValue, TemplateTags } from '../types';
import { type Command, oneOf, read, required } from './command';
import { readValue } from './files';
import {
  Unusable,
  cannot,
  exit,
  print,
  printDiagnostics,
  printJson,
  tally,
} from './terminal';

const VERIFICATIONS = [
  'yaml',
  'json',
  'hcl',
  'workflow',
  'entity',
  'kubernetes',
] as const;

const TAGS = [
  'blockStart',
  'blockEnd',
  'variableStart',
  'variableEnd',
  'commentStart',
  'commentEnd',
] as const;

export const render: Command = {
  usage: 'render SKELETON --values FILE --out FOLDER',
  summary: 'Render a template skeleton as the scaffolder would',
  help: `Renders names and contents of the folder SKELETON into FOLDER: all of it, or nothing if there is an error.

Options:
  --values FILE                    YAML or JSON; the templates see it as \`values\`
  --out FOLDER                     Made if it is not there
  --replace                        Replace files that are there already; by default they stay
  --lenient                        Render unknown names as empty text instead of an error
  --escape auto|off                auto: no value can change the structure of a file (default: off)
  --copy GLOB                      Copy the content of these files (repeatable)
  --verify CHECK                   yaml, json, hcl, workflow, entity or kubernetes: files that are so by their
                                   names have to be so by content (repeatable)
  --answers                        Write FOLDER/.goldenpath/answers.yaml, which \`template upgrade\` needs
  --partials GLOB                  These files are only there to be included (repeatable)
  --extension EXT                  Render only files with this extension, and take it off
  --cookiecutter                   {{ cookiecutter.x }} instead of \${{ values.x }}
  --tag NAME=TEXT                  Another delimiter: blockStart, blockEnd, variableStart, variableEnd,
                                   commentStart or commentEnd (repeatable)
  --trim-blocks, --lstrip-blocks   As in Nunjucks
  --format pretty|json             Default: pretty

Examples:
  goldenpath render ./skeleton --values values.yaml --out ./payment-service
  goldenpath render ./skeleton --values v.json --out . --copy '.github/workflows/**'

Ends with 0 if it was rendered, 1 if a template has an error, 2 if a file cannot be read or written.`,

  async run(args) {
    const { values: options, positionals } = read(args, {
      values: { type: 'string' },
      out: { type: 'string' },
      replace: { type: 'boolean', default: false },
      lenient: { type: 'boolean', default: false },
      escape: { type: 'string', default: 'off' },
      copy: { type: 'string', multiple: true, default: [] },
      verify: { type: 'string', multiple: true, default: [] },
      answers: { type: 'boolean', default: false },
      partials: { type: 'string', multiple: true, default: [] },
      extension: { type: 'string' },
      cookiecutter: { type: 'boolean', default: false },
      tag: { type: 'string', multiple: true, default: [] },
      'trim-blocks': { type: 'boolean', default: false },
      'lstrip-blocks': { type: 'boolean', default: false },
      format: { type: 'string', default: 'pretty' },
    });
    const format = oneOf('format', ['pretty', 'json'], options.format);
    const escape = oneOf('escape', ['auto', 'off'], options.escape);
    const verify = options.verify.map(check =>
      oneOf('verify', VERIFICATIONS, check),
    );
    const [source, ...more] = positionals;
    if (!source || more.length > 0) {
      throw new Unusable('name one skeleton folder');
    }
    const target = required('out', options.out);
    const values = object(await readValue(required('values', options.values)));

    const tags = readTags(options.tag, options.cookiecutter);

    const recorded: AnswersOptions = {
      strict: !options.lenient,
      escape: escape === 'off' ? undefined : escape,
      cookiecutterCompat: options.cookiecutter || undefined,
      tags: options.tag.length ? tags : undefined,
      trimBlocks: options['trim-blocks'] || undefined,
      lstripBlocks: options['lstrip-blocks'] || undefined,
      copyWithoutTemplating: options.copy.length ? options.copy : undefined,
      partials: options.partials.length ? options.partials : undefined,
      templateFileExtension: options.extension,
    };
    const report = await renderSkeleton({
      source,
      target,
      context: { [options.cookiecutter ? 'cookiecutter' : 'values']: values },
      renderer: {
        strict: !options.lenient,
        escape,
        cookiecutterCompat: options.cookiecutter,
        tags,
        trimBlocks: options['trim-blocks'],
        lstripBlocks: options['lstrip-blocks'],
      },
      copyWithoutTemplating: options.copy,
      partials: options.partials,
      templateFileExtension: options.extension,
      replace: options.replace,
      verify,
      answers: options.answers
        ? { text: formatAnswers({ values, options: recorded }) }
        : undefined,
    }).catch(error => {
      throw error.code ? cannot('render', source, error) : error;
    });

    if (format === 'json') {
      printJson({ files: report.files, diagnostics: report.diagnostics });
    } else {
      printPretty(report, source);
      for (const { action, path } of report.files) {
        print(`${action.padEnd(9)} ${path}`);
      }
      const skipped = report.files.filter(f => f.action === 'skipped').length;
      print(
        hasErrors(report.diagnostics)
          ? `nothing written: ${tally(report.diagnostics)}`
          : `${target}: ${
              report.files.length - skipped
            } written, ${skipped} skipped`,
      );
    }
    return hasErrors(report.diagnostics) ? exit.findings : exit.ok;
  },
};

function readTags(given: string[], cookiecutterCompat: boolean): TemplateTags {
  const pairs = given.map(tag => {
    const [name, ...text] = tag.split('=');
    return [oneOf('tag', TAGS, name), text.join('=')];
  });
  const tags: TemplateTags = Object.fromEntries(pairs);
  try {
    new Renderer({ tags, cookiecutterCompat }).renderPath('', {});
  } catch (error) {
    const { message } = error as Error;
    throw new Unusable(message.replace(/^invalid request: /, ''));
  }
  return tags;
}

function object(value: JsonValue): JsonObject {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new Unusable('the values are not a map of names to values');
  }
  return value;
}

/** With file names as the user's terminal knows them. */
function printPretty({ diagnostics, sources }: SkeletonReport, folder: string) {
  const here = <T extends { file: string }>(place: T): T => ({
    ...place,
    file: join(folder, place.file),
  });
  const shown = diagnostics.map(diagnostic => ({
    ...here(diagnostic),
    related: diagnostic.related?.map(here),
    fix: diagnostic.fix && here(diagnostic.fix),
  }));
  const files = sources.map(({ name, content }) => ({
    name: join(folder, name),
    content,
  }));
  printDiagnostics(shown, files);
}
