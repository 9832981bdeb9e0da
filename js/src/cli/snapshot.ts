import { hasErrors } from '../diagnostics';
import { CatalogGraph, catalogGraphFields } from '../graph';
import type { JsonValue } from '../types';
import { type Command, read, required, takesNone } from './command';
import { findCatalogFiles, isObject, readSource, writeWhole } from './files';
import { withTargets } from './locations';
import { type Remote, ask, remote, remoteOptions } from './remote';
import { Unusable, exit, print, printDiagnostics } from './terminal';

/** As many as the catalogue gives at once. */
const PAGE = 500;

export const snapshot: Command = {
  usage: 'snapshot --url URL [--token-env NAME]|--from PATH... --out FILE',
  summary: 'Keep who is in the catalogue and who refers to whom',
  help: `It is for \`check --snapshot\` and \`diff --snapshot\`: which references lead nowhere.

Options:
  --url URL                        The backend of a running Backstage: https://backstage.acme.dev
  --token-env NAME                 The variable with a token that may read the catalogue
  --timeout SECONDS                For each page; default: 30
  --from PATH                      Instead, repeatable: a file, or a folder that is searched for
                                   catalog-info*.yaml, as \`check\` does
  --out FILE                       Written whole or not at all

Examples:
  goldenpath snapshot --url http://localhost:7007 --token-env BACKSTAGE_TOKEN --out catalog.snapshot.json
  goldenpath snapshot --from catalog --from teams --out catalog.snapshot.json

The same catalogue gives the same file. It has the kinds, names and references of entities, nothing else.

Ends with 0 if it is written, 2 if the catalogue does not answer or a file cannot be read.`,

  async run(args) {
    const { values, positionals } = read(args, {
      ...remoteOptions,
      from: { type: 'string', multiple: true },
      out: { type: 'string' },
    });
    takesNone(positionals, 'each path has a --from of its own');
    const out = required('out', values.out);
    const { from, url } = values;
    if ((from === undefined) === (url === undefined)) {
      throw new Unusable('say where the entities are: --url or --from');
    }
    const graph = new CatalogGraph();
    if (from === undefined) await fillFrom(remote(values), graph);
    else await fillWith(from, graph);
    const text = graph.snapshot();
    await writeWhole(out, text);
    // all lines but the first and the last are of one entity each
    const entities = text.trimEnd().split('\n').length - 2;
    print(`${out}: ${entities} ${entities === 1 ? 'entity' : 'entities'}`);
    return exit.ok;
  },
};

async function fillFrom(source: Remote, graph: CatalogGraph) {
  const fail = (why: string) => new Unusable(`the catalogue: ${why}`);
  const query = new URLSearchParams({
    limit: String(PAGE),
    fields: catalogGraphFields().join(','),
  });
  const seen = new Set<string>();
  for (;;) {
    const path = `api/catalog/entities/by-query?${query}`;
    const page = await ask(path, source, {
      fail,
      missing: 'it is not there, or older than Backstage 1.17',
    });
    const [items, cursor] = pageOf(page, fail);
    graph.set(items);
    if (cursor === undefined) return;
    if (seen.has(cursor)) throw fail('its pages do not end');
    seen.add(cursor);
    query.set('cursor', cursor);
  }
}

function pageOf(
  page: JsonValue | undefined,
  fail: (why: string) => Unusable,
): [object[], string | undefined] {
  const { items, pageInfo } = isObject(page) ? page : {};
  if (!Array.isArray(items) || !items.every(isObject)) {
    throw fail('the answer has no list of entities');
  }
  const cursor = isObject(pageInfo) ? pageInfo.nextCursor : undefined;
  return [items, typeof cursor === 'string' ? cursor : undefined];
}

async function fillWith(paths: string[], graph: CatalogGraph) {
  const names = await findCatalogFiles(paths);
  if (names.length === 0) {
    throw new Unusable(`no catalog-info*.yaml in ${paths.join(', ')}`);
  }
  const named = await Promise.all(names.map(readSource));
  const checked = await withTargets(
    named.map(file => ({ file, report: graph.checkFile(file) })),
    file => graph.checkFile(file),
  );
  const broken = checked.filter(({ report }) => hasErrors(report.diagnostics));
  if (broken.length === 0) return;
  for (const { file, report } of broken) {
    printDiagnostics(report.diagnostics, [file]);
  }
  throw new Unusable('nothing is written, as a file cannot be read');
}
