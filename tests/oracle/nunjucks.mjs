// Nunjucks as Backstage's scaffolder sets it up.

import { resolve } from 'node:path/posix';

import nunjucks from 'nunjucks';
import { filters, globals } from './host.mjs';

const root = '/skeleton/';

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
    return src === undefined ? null : { src, path, noCache: true };
  }
}

/** Renders a case; throws where Nunjucks throws. */
export function render({ template, files = {}, context = {}, options = {} }) {
  const { cookiecutterCompat, trimBlocks, lstripBlocks } = options;
  const uninstall = cookiecutterCompat
    ? nunjucks.installJinjaCompat()
    : () => {};
  try {
    const environment = new nunjucks.Environment([new Skeleton(files)], {
      autoescape: false,
      trimBlocks,
      lstripBlocks,
      tags: cookiecutterCompat
        ? undefined
        : { variableStart: '${{', variableEnd: '}}' },
    });
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
