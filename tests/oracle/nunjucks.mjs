// Nunjucks as Backstage's scaffolder sets it up.

import nunjucks from 'nunjucks';
import { filters, globals } from './host.mjs';

/** Renders a case; throws where Nunjucks throws. */
export function render({ template, context = {}, options = {} }) {
  const { cookiecutterCompat, trimBlocks, lstripBlocks } = options;
  const uninstall = cookiecutterCompat
    ? nunjucks.installJinjaCompat()
    : () => {};
  try {
    const environment = new nunjucks.Environment([], {
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
    return environment.renderString(template, structuredClone(context));
  } finally {
    uninstall();
  }
}
