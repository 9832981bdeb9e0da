import { notFound, route, type Call, type Route } from './http.ts';
import { repositoryJson, type GitHub } from './json.ts';
import type { Repository } from './store.ts';

/** Reading files: what Backstage's URL reader asks for. */
export function contentRoutes(github: GitHub): Route[] {
  const find = ({ owner, repo }: Record<string, string>) =>
    github.store.repository(owner, repo);
  return [
    route('GET', '/repos/:owner/:repo/contents/*path', call =>
      readContent(find(call.parameters), call),
    ),

    route(
      'GET',
      '/repos/:owner/:repo/commits/*ref/status',
      async ({ parameters }) => {
        const repository = find(parameters);
        const sha = await commitOf(repository, parameters.ref);
        const json = {
          sha,
          state: 'pending',
          total_count: 0,
          statuses: [],
          repository: repositoryJson(github, repository),
        };
        return { status: 200, json };
      },
    ),

    route(
      'GET',
      '/repos/:owner/:repo/tarball/*ref',
      async ({ parameters, response }) => {
        const repository = find(parameters);
        const sha = await commitOf(repository, parameters.ref);
        const prefix = `${repository.owner}-${repository.name}-${sha.slice(
          0,
          7,
        )}`;
        response.writeHead(200, { 'content-type': 'application/x-gzip' });
        response.end(await repository.git.archive(sha, prefix));
        return undefined;
      },
    ),
  ];
}

async function readContent(
  repository: Repository,
  { parameters, url, request, response }: Call,
) {
  const path = parameters.path;
  const sha = await commitOf(
    repository,
    url.searchParams.get('ref') ?? repository.defaultBranch,
  );
  const entry = await repository.git.entry(sha, path);
  if (entry?.type !== 'blob') {
    throw notFound();
  }
  const etag = `"${entry.sha}"`;
  if (request.headers['if-none-match'] === etag) {
    response.writeHead(304, { etag }).end();
    return undefined;
  }
  const content = await repository.git.blob(entry.sha);
  if (
    /application\/vnd\.github(\.v3)?\.raw/.test(request.headers.accept ?? '')
  ) {
    response.writeHead(200, {
      etag,
      'content-type': 'application/octet-stream',
    });
    response.end(content);
    return undefined;
  }
  const json = {
    type: 'file',
    encoding: 'base64',
    content: content.toString('base64'),
    name: path.split('/').at(-1),
    path,
    sha: entry.sha,
    size: content.length,
  };
  return { status: 200, json };
}

async function commitOf(repository: Repository, name: string): Promise<string> {
  const sha = await repository.git.resolve(name);
  if (!sha) {
    throw notFound();
  }
  return sha;
}
