// Nunjucks as Backstage's scaffolder sets it up.

import { resolve } from 'node:path/posix';

import nunjucks from 'nunjucks';
import { filters, globals } from './host.mjs';

const root = '/skeleton/';

const BACKSTAGE = { variableStart: '${{', variableEnd: '}}' };

/** Nunjucks' FileSystemLoader, on files in memory. */
class Skeleton extends nunjucks.Loader {
  constructor(files) {
    super();
    this.cache = {};
    this.files = new Map(
      Object.entries(files).map(([name, text]) => [root + name, text]),
    );
  }

  getSource(name) {
    const path = resolve(root, name);
    const src = this.files.get(path);
    if (src === undefined) return null;
    // Nunjucks tells an error of syntax in such a file too late, and to nobody
    const { asyncFilters, extensionsList, opts } = this.environment;
    nunjucks.compiler.compile(src, asyncFilters, extensionsList, path, opts);
    return { src, path, noCache: true };
  }
}

/** Renders a case; throws where Nunjucks throws. */
export function render({ template, files = {}, context = {}, options = {} }) {
  const { cookiecutterCompat, trimBlocks, lstripBlocks, tags } = options;
  const uninstall = cookiecutterCompat
    ? nunjucks.installJinjaCompat()
    : () => {};
  try {
    const skeleton = new Skeleton(files);
    const environment = new nunjucks.Environment([skeleton], {
      autoescape: false,
      trimBlocks,
      lstripBlocks,
      tags: cookiecutterCompat ? tags : { ...BACKSTAGE, ...tags },
    });
    skeleton.environment = environment;
    environment.addFilter('jsonify', environment.getFilter('dump'));
    for (const [name, filter] of Object.entries(filters)) {
      environment.addFilter(name, filter);
    }
    for (const [name, value] of Object.entries(globals)) {
      environment.addGlobal(name, value);
    }
    const main = new nunjucks.Template(template, environment, `${root}main`);
    return main.render(structuredClone(context));
  } finally {
    uninstall();
  }
}

/**
 * Renders the texts of a value as the scaffolder did up to 3.x, in `render` of its
 * NunjucksWorkflowRunner: a text with a single tag is wrapped in `dump` and read as JSON, what is empty
 * is undefined. Only its last resort is left out, to give a text that fails as it is.
 */
export function renderValue({ value, ...rest }) {
  const renderText = template => render({ ...rest, template });
  return JSON.parse(JSON.stringify(value), (_key, text) => {
    if (typeof text !== 'string') return text;
    try {
      if (isSingleTemplateString(text)) {
        const wrapped = text.replace(/\${{(.+)}}/g, '${{ ( $1 ) | dump }}');
        const rendered = renderText(wrapped);
        return rendered === '' ? undefined : JSON.parse(rendered);
      }
    } catch {
      // rendered plainly
    }
    const rendered = renderText(text);
    return rendered === '' ? undefined : rendered;
  });
}

function isSingleTemplateString(text) {
  const { children } = nunjucks.parser.parse(text, [], {
    autoescape: false,
    tags: BACKSTAGE,
  });
  const [first] = children[0]?.children ?? [];
  return (
    children.length === 1 && !(first instanceof nunjucks.nodes.TemplateData)
  );
}
