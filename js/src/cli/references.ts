import { lstatSync, realpathSync } from 'node:fs';

import { checkCatalogFile } from '../catalog';
import { CatalogGraph } from '../graph';
import type {
  CatalogDocument,
  CatalogOptions,
  CatalogReport,
  Diagnostic,
  Repository,
  SourceFile,
} from '../types';
import type { Checked } from './locations';

/** Checks files and the references between them. */
export class ReferenceCheck {
  readonly #graph: CatalogGraph;
  readonly #options: CatalogOptions;
  readonly #seen = new Set<string>();
  readonly #links: Array<[SourceFile, Repository]> = [];
  /** References of entities beside the files, if it is known which there are. */
  known: string[] | undefined;

  constructor(options: CatalogOptions, isComplete: boolean) {
    if (isComplete) this.known = [];
    const { rules } = options;
    this.#graph = new CatalogGraph({ complete: isComplete, rules });
    this.#options = options;
  }

  /** Takes the live catalogue from a snapshot; says what is wrong with it. */
  readLive(snapshot: SourceFile): Diagnostic[] {
    const wrong = this.#graph.readLive(snapshot);
    if (wrong.length === 0) this.known = refsIn(snapshot);
    return wrong;
  }

  /** Checks a file by itself, and keeps its references for {@link addTo}. */
  check(file: SourceFile, repository: Repository): CatalogReport {
    // a symbolic link to a file is no second file, whichever is read first
    if (isLink(file.name)) {
      this.#links.push([file, repository]);
      return checkCatalogFile(file, this.#options, repository);
    }
    this.#seen.add(realPath(file.name));
    return this.#graph.checkFile(file, this.#options, repository);
  }

  /** Adds what is wrong with the references to the documents that they are in. */
  addTo(checked: Checked[]) {
    this.#links.sort(([a], [b]) => (a.name < b.name ? -1 : 1));
    for (const [file, repository] of this.#links) {
      const path = realPath(file.name);
      if (this.#seen.has(path)) continue;
      this.#seen.add(path);
      this.#graph.checkFile(file, this.#options, repository);
    }
    const reports = new Map(
      checked.map(({ file, report }) => [file.name, report]),
    );
    const grown = new Set<Diagnostic[]>();
    for (const { findings } of this.#graph.findings()) {
      for (const finding of findings) {
        const report = reports.get(finding.file);
        if (report === undefined) continue;
        const { diagnostics, documents } = report;
        const document = documentAt(documents, finding.start.offset);
        const list = document?.diagnostics ?? diagnostics;
        list.push(finding);
        grown.add(list);
      }
    }
    for (const list of grown) {
      list.sort((a, b) => a.start.offset - b.start.offset);
    }
  }
}

/** The last document that begins before an offset; there may be as many findings as documents. */
function documentAt(
  documents: CatalogDocument[],
  offset: number,
): CatalogDocument | undefined {
  let [from, to] = [0, documents.length];
  while (from < to) {
    const middle = Math.floor((from + to) / 2);
    if (documents[middle].start.offset <= offset) from = middle + 1;
    else to = middle;
  }
  return documents[from - 1];
}

/** The references in a snapshot that the core has read. */
function refsIn({ content }: SourceFile): string[] {
  const text = Buffer.from(content as Uint8Array).toString();
  const { entities } = JSON.parse(text.replace(/^\ufeff/, ''));
  return entities.map(({ ref }: { ref: string }) => ref);
}

function realPath(name: string): string {
  try {
    return realpathSync(name);
  } catch {
    return name;
  }
}

function isLink(name: string): boolean {
  return lstatSync(name, { throwIfNoEntry: false })?.isSymbolicLink() ?? false;
}
