import { realpathSync } from 'node:fs';

import { checkCatalogFile } from '../catalog';
import { CatalogGraph } from '../graph';
import type {
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
  /** The entities that are known beside the files; nothing if there may be any. */
  known: string[] | undefined;

  constructor(options: CatalogOptions, isComplete: boolean) {
    const { rules } = options;
    this.#graph = new CatalogGraph({ complete: isComplete, rules });
    this.#options = options;
    if (isComplete) this.known = [];
  }

  /** Takes the live catalogue from a snapshot; says what is wrong with it. */
  readLive(snapshot: SourceFile): Diagnostic[] {
    const wrong = this.#graph.readLive(snapshot);
    if (wrong.length > 0) return wrong;
    const { entities } = JSON.parse(Buffer.from(snapshot.content).toString());
    this.known = entities.map(({ ref }: { ref: string }) => ref);
    return [];
  }

  /** Checks a file by itself, and keeps its references for {@link addTo}. */
  check(file: SourceFile, repository: Repository): CatalogReport {
    // a symbolic link to a file is no second file
    const path = realpathSync(file.name);
    if (this.#seen.has(path)) {
      return checkCatalogFile(file, this.#options, repository);
    }
    this.#seen.add(path);
    return this.#graph.checkFile(file, this.#options, repository);
  }

  /** Adds what is wrong with the references to the documents that they are in. */
  addTo(checked: Checked[]) {
    const reports = new Map(
      checked.map(({ file, report }) => [file.name, report]),
    );
    for (const { findings } of this.#graph.findings()) {
      for (const finding of findings) {
        const { diagnostics, documents } = reports.get(finding.file)!;
        const document = documents.findLast(
          ({ start }) => start.offset <= finding.start.offset,
        );
        const list = document?.diagnostics ?? diagnostics;
        list.push(finding);
        list.sort((a, b) => a.start.offset - b.start.offset);
      }
    }
  }
}
