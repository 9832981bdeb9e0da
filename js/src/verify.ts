import { bytes } from './bytes';
import { call } from './load';
import type { Diagnostic, SourceFile, Verification } from './types';

/**
 * What is wrong with a file in the sight of the tools that will read it: its syntax, and the structure
 * of workflows, entities and objects of Kubernetes.
 */
export function verifyFile(
  file: SourceFile,
  checks: readonly Verification[],
): Diagnostic[] {
  return call('verifyFile', ({ core }) =>
    JSON.parse(
      core.verifyFile(
        file.name,
        bytes(file.content),
        JSON.stringify({ checks }),
      ),
    ),
  );
}
