import { existsSync } from 'node:fs';

import { hasErrors } from '../diagnostics';
import { settleFindings } from '../settle';
import type {
  CatalogOptions,
  Diagnostic,
  FileReport,
  SourceFile,
} from '../types';
import { readSource, writeWhole } from './files';
import { Unusable } from './terminal';

/** What a command says of the last step. */
export interface Settling {
  /** References of entities that are known beside the files. */
  known?: string[];
  /** The baseline's path. */
  baseline?: string;
  updateBaseline: boolean;
  /** How it is said that the baseline has errors. */
  refuse: (diagnostics: Diagnostic[], file: SourceFile) => void;
}

/** The last word on the files, and what to add to the summary. */
export async function settled(
  reports: FileReport[],
  options: CatalogOptions,
  { known, baseline: path, updateBaseline, refuse }: Settling,
): Promise<{ reports: FileReport[]; files: SourceFile[]; notes: string[] }> {
  if (updateBaseline && path === undefined) {
    throw new Unusable('--update-baseline needs --baseline FILE');
  }
  const isRead = path !== undefined && !updateBaseline;
  if (isRead && !existsSync(path)) {
    throw new Unusable(
      `there is no baseline \`${path}\`: --update-baseline writes it`,
    );
  }
  const baseline = isRead ? await readSource(path) : undefined;
  const present = filesNeeded(reports).filter(file => existsSync(file));
  const answer = settleFindings(
    reports,
    { known, present, baseline, updateBaseline },
    options,
  );
  const { files: last, diagnostics, hidden } = answer;
  if (baseline && hasErrors(diagnostics)) {
    refuse(diagnostics, baseline);
    throw new Unusable(`\`${baseline.name}\` cannot be used`);
  }
  if (path !== undefined && answer.baseline !== undefined) {
    await writeWhole(path, answer.baseline);
  }
  const ignored = last
    .flatMap(report => [report, ...report.documents])
    .reduce((sum, part) => sum + (part.ignored?.length ?? 0), 0);
  const notes = [];
  if (ignored > 0) notes.push(`${ignored} ignored`);
  if (hidden > 0) notes.push(`${hidden} in the baseline`);
  if (!baseline || diagnostics.length === 0) {
    return { reports: last, files: [], notes };
  }
  return {
    reports: [...last, { file: baseline.name, diagnostics, documents: [] }],
    files: [baseline],
    notes,
  };
}

/** The files that pending findings ask for. */
function filesNeeded(reports: FileReport[]): string[] {
  return reports
    .flatMap(({ documents }) => documents)
    .flatMap(({ pending = [] }) => pending)
    .flatMap(({ needs }) => ('files' in needs ? needs.files : []));
}
