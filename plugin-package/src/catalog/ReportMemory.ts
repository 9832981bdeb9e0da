import { stringifyLocationRef } from '@backstage/catalog-model';
import type { LocationSpec } from '@backstage/plugin-catalog-common';
import type { CatalogReport, Diagnostic, SourceFile } from 'goldenpath';

interface Remembered {
  file: SourceFile;
  diagnostics: Map<string, Diagnostic[]>;
}

/**
 * Remembers the places of problems in the files read last.
 *
 * @remarks
 *
 * A processor is given an entity and never its text. It finds the text here if
 * this process has read the file; a verdict never depends on that.
 */
export class ReportMemory {
  readonly #files = new Map<string, Remembered>();
  readonly #maxBytes: number;
  #bytes = 0;

  constructor(options?: { maxBytes?: number }) {
    this.#maxBytes = options?.maxBytes ?? 32 * 1024 * 1024;
  }

  /** Keeps what a report says of its entities; files without problems cost nothing. */
  remember(location: LocationSpec, file: SourceFile, report: CatalogReport) {
    const key = stringifyLocationRef(location);
    this.#forget(key);

    const diagnostics = new Map<string, Diagnostic[]>();
    for (const document of report.documents) {
      if (document.entityRef && document.diagnostics.length > 0) {
        diagnostics.set(document.entityRef, document.diagnostics);
      }
    }
    if (diagnostics.size > 0) {
      this.#files.set(key, { file, diagnostics });
      this.#bytes += file.content.length;
      this.#forgetOldest();
    }
  }

  /**
   * Moves diagnostics of an entity to their places in its file.
   *
   * @remarks
   *
   * Entries of a list may have changed places on the way to the processor, so a
   * problem is known by its pointer or else by its message.
   */
  relocate(
    location: LocationSpec,
    entityRef: string,
    diagnostics: Diagnostic[],
  ): { diagnostics: Diagnostic[]; file?: SourceFile } {
    const remembered = this.#files.get(stringifyLocationRef(location));
    const unused = [...(remembered?.diagnostics.get(entityRef) ?? [])];
    const take = (isSame: (candidate: Diagnostic) => boolean) => {
      const index = unused.findIndex(isSame);
      return index < 0 ? undefined : unused.splice(index, 1)[0];
    };
    return {
      file: remembered?.file,
      diagnostics: diagnostics.map(
        ({ code, pointer, message, ...rest }) =>
          take(known => known.code === code && known.pointer === pointer) ??
          take(known => known.code === code && known.message === message) ?? {
            code,
            pointer,
            message,
            ...rest,
          },
      ),
    };
  }

  #forgetOldest() {
    for (const key of this.#files.keys()) {
      if (this.#bytes <= this.#maxBytes) {
        return;
      }
      this.#forget(key);
    }
  }

  #forget(key: string) {
    this.#bytes -= this.#files.get(key)?.file.content.length ?? 0;
    this.#files.delete(key);
  }
}
