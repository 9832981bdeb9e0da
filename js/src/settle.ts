import { withNow } from './catalog';
import { call } from './load';
import type {
  CatalogDocument,
  CatalogFacts,
  CatalogOptions,
  FileReport,
  SettledFindings,
} from './types';
import { isObject } from './values';

/**
 * The last step of a check of many files: what one file cannot tell is decided with the others and the
 * facts, a baseline hides what is known, and scores are given. Findings that you add before obey the
 * same weights and comments.
 */
export function settleFindings(
  files: FileReport[],
  facts: CatalogFacts = {},
  options: CatalogOptions = {},
): SettledFindings {
  const { baseline } = facts;
  const request = {
    ...facts,
    baseline: baseline && {
      name: baseline.name,
      content: Buffer.from(baseline.content).toString(),
    },
    files: files.map(({ documents, ...file }) => ({
      ...file,
      documents: documents.map(withoutEntity),
    })),
    options: withNow(options),
  };
  const settled = call('settleFindings', ({ core }) =>
    JSON.parse(core.settleFindings(JSON.stringify(request))),
  );
  return {
    ...settled,
    files: settled.files.map((file: FileReport, nth: number) => ({
      ...file,
      documents: file.documents.map((document, index) =>
        withEntity(files[nth].documents[index], document),
      ),
    })),
  };
}

/** The core has no use for the entities, which are most of the text. */
function withoutEntity({ entity, start: _, ...document }: CatalogDocument) {
  const kind = isObject(entity) ? entity.kind : undefined;
  return { ...document, ...(typeof kind === 'string' && { kind }) };
}

function withEntity(
  { entity, start }: CatalogDocument,
  { kind: _, ...settled }: CatalogDocument & { kind?: string },
): CatalogDocument {
  return { ...settled, entity, start };
}
