import type { Diagnostic, SourceFile, Verification } from '../types';
import { verifyFile } from '../verify';

/** A text to be written, and the secrets in it. */
export interface Rendered {
  path: string;
  text: string;
  secrets: readonly string[];
}

/** What is wrong with a rendered text, and the text, unless it has secrets. */
export function verifyRendered(
  { path, text, secrets }: Rendered,
  checks: readonly Verification[],
): { diagnostics: Diagnostic[]; sources: SourceFile[] } {
  const found = verifyFile({ name: path, content: text }, checks);
  if (found.length === 0) return { diagnostics: [], sources: [] };
  // the template may have the same name
  const name = `${path} (rendered)`;
  const masked = (words: string | undefined) =>
    words && secrets.reduce((all, one) => all.split(one).join('***'), words);
  const diagnostics = found.map(({ fix: _, ...diagnostic }) => ({
    ...diagnostic,
    file: name,
    message: masked(diagnostic.message) ?? '',
    why: masked(diagnostic.why),
    help: masked(diagnostic.help),
    related: diagnostic.related?.map(place => ({
      ...place,
      file: name,
      message: masked(place.message) ?? '',
    })),
  }));
  const sources = secrets.length > 0 ? [] : [{ name, content: text }];
  return { diagnostics, sources };
}
