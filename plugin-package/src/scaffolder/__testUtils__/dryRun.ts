import {
  type TestBackend,
  mockCredentials,
} from '@backstage/backend-test-utils';

/** Runs a template by the scaffolder's own dry run; `files` are contents in base64 by paths. */
export async function dryRun(
  backend: TestBackend,
  template: object,
  parameters: object,
  files: Iterable<[path: string, base64Content: string]> = [],
): Promise<{ status: number; body: any }> {
  const response = await fetch(
    `http://localhost:${backend.server.port()}/api/scaffolder/v2/dry-run`,
    {
      method: 'POST',
      headers: {
        authorization: mockCredentials.user.header(),
        'content-type': 'application/json',
      },
      body: JSON.stringify({
        template,
        values: parameters,
        secrets: {},
        directoryContents: Array.from(files, ([path, base64Content]) => ({
          path,
          base64Content,
        })),
      }),
    },
  );
  return { status: response.status, body: await response.json() };
}

/** A template of these steps; the text of its output is the expression. */
export function templateOf(
  type: string,
  steps: object[],
  [title, content]: [title: string, content: string],
): object {
  return {
    apiVersion: 'scaffolder.backstage.io/v1beta3',
    kind: 'Template',
    metadata: { name: 'tried' },
    spec: {
      type,
      parameters: { type: 'object' },
      steps,
      output: { text: [{ title, content }] },
    },
  };
}
