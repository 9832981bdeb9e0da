import { HttpError, notFound, readFields, route, type Route } from './http.ts';
import { commitJson, type GitHub } from './json.ts';
import type { Repository } from './store.ts';

const MODES: Record<string, 'blob' | 'tree' | 'commit'> = {
  '100644': 'blob',
  '100755': 'blob',
  '120000': 'blob',
  '040000': 'tree',
  '160000': 'commit',
};

/** Git's own objects, over HTTP: commits are built from blobs, trees and refs. */
export function gitDataRoutes(github: GitHub): Route[] {
  const find = ({ owner, repo }: Record<string, string>) =>
    github.store.repository(owner, repo);
  const objectUrl = (repository: Repository, kind: string, name: string) =>
    `${github.apiUrl}/repos/${repository.owner}/${repository.name}/git/${kind}/${name}`;
  return [
    route('GET', '/repos/:owner/:repo/commits', async ({ parameters, url }) => {
      const repository = find(parameters);
      const sha = await repository.git.resolve(
        url.searchParams.get('sha') ?? repository.defaultBranch,
      );
      if (!sha) {
        throw new HttpError(409, 'Git Repository is empty.');
      }
      const count = Number(url.searchParams.get('per_page') ?? 30);
      const commits = await repository.git.commits(sha, count);
      return {
        status: 200,
        json: commits.map(commit => commitJson(github, repository, commit)),
      };
    }),

    route(
      'POST',
      '/repos/:owner/:repo/git/blobs',
      async ({ parameters, body }) => {
        const repository = find(parameters);
        // Octokit's pull request plugin sends the tree's `mode` along.
        const { content, encoding } = readFields(body, {
          content: 'string',
          encoding: 'string?',
          mode: 'string?',
        });
        const sha = await repository.git.writeBlob(
          Buffer.from(content, encoding === 'base64' ? 'base64' : 'utf8'),
        );
        return {
          status: 201,
          json: { sha, url: objectUrl(repository, 'blobs', sha) },
        };
      },
    ),

    route(
      'GET',
      '/repos/:owner/:repo/git/blobs/:sha',
      async ({ parameters: { sha, ...parameters } }) => {
        const repository = find(parameters);
        if (!(await repository.git.exists(sha, 'blob'))) {
          throw notFound();
        }
        const content = await repository.git.blob(sha);
        return {
          status: 200,
          json: {
            sha,
            size: content.length,
            encoding: 'base64',
            content: content.toString('base64'),
          },
        };
      },
    ),

    route(
      'POST',
      '/repos/:owner/:repo/git/trees',
      async ({ parameters, body }) => {
        const repository = find(parameters);
        const { base_tree: base, tree } = readFields(body, {
          base_tree: 'string?',
          tree: 'objects',
        });
        const entries = await Promise.all(
          tree.map((entry: unknown) => readTreeEntry(repository, entry)),
        );
        const sha = await repository.git.writeTree(base, entries);
        return {
          status: 201,
          json: { sha, url: objectUrl(repository, 'trees', sha) },
        };
      },
    ),

    route(
      'GET',
      '/repos/:owner/:repo/git/trees/*ref',
      async ({ parameters, url }) => {
        const repository = find(parameters);
        const sha = await repository.git.resolve(parameters.ref);
        if (!sha) {
          throw notFound();
        }
        // GitHub looks only whether the parameter is there.
        const tree = await repository.git.tree(
          sha,
          url.searchParams.has('recursive'),
        );
        const json = tree.map(entry => ({
          ...entry,
          url: objectUrl(repository, `${entry.type}s`, entry.sha),
        }));
        return { status: 200, json: { sha, tree: json, truncated: false } };
      },
    ),

    route(
      'POST',
      '/repos/:owner/:repo/git/commits',
      async ({ parameters, body }) => {
        const repository = find(parameters);
        const fields = readFields(body, {
          message: 'string',
          tree: 'string',
          parents: 'strings?',
          author: 'object?',
          committer: 'object?',
        });
        const parents: string[] = fields.parents ?? [];
        const known = await Promise.all([
          repository.git.exists(fields.tree, 'tree'),
          ...parents.map(parent => repository.git.exists(parent, 'commit')),
        ]);
        if (known.includes(false)) {
          throw new HttpError(422, 'Tree or parent SHA does not exist');
        }
        const person = { name: 'string', email: 'string', date: 'string?' };
        const author = readFields(
          fields.author ?? {
            name: 'backstage-bot',
            email: 'backstage-bot@example.com',
          },
          person,
        );
        const committer = readFields(fields.committer ?? author, person);
        const sha = await repository.git.writeCommit({
          tree: fields.tree,
          parents,
          message: fields.message,
          author: { name: author.name, email: author.email, date: author.date },
          committer: {
            name: committer.name,
            email: committer.email,
            date: committer.date,
          },
        });
        return {
          status: 201,
          json: {
            sha,
            url: objectUrl(repository, 'commits', sha),
            message: fields.message,
          },
        };
      },
    ),

    route(
      'POST',
      '/repos/:owner/:repo/git/refs',
      async ({ parameters, body }) => {
        const repository = find(parameters);
        const { ref, sha } = readFields(body, { ref: 'string', sha: 'string' });
        if (await repository.git.resolve(ref)) {
          throw new HttpError(422, 'Reference already exists');
        }
        return { status: 201, json: await setRef(repository, ref, sha) };
      },
    ),

    route(
      'PATCH',
      '/repos/:owner/:repo/git/refs/*ref',
      async ({ parameters, body }) => {
        const repository = find(parameters);
        const { sha } = readFields(body, { sha: 'string', force: 'boolean?' });
        const ref = `refs/${parameters.ref}`;
        if (!(await repository.git.resolve(ref))) {
          throw new HttpError(422, 'Reference does not exist');
        }
        return { status: 200, json: await setRef(repository, ref, sha) };
      },
    ),

    route('GET', '/repos/:owner/:repo/git/ref/*ref', async ({ parameters }) => {
      const ref = `refs/${parameters.ref}`;
      const sha = await find(parameters).git.resolve(ref);
      if (!sha) {
        throw notFound();
      }
      return { status: 200, json: refJson(ref, sha) };
    }),
  ];
}

async function readTreeEntry(repository: Repository, entry: unknown) {
  const fields = readFields(entry, {
    path: 'string',
    mode: 'string',
    type: 'string?',
    sha: 'string|null?',
    content: 'string?',
  });
  const { path, mode, content } = fields;
  const type = MODES[mode];
  if (
    !type ||
    path.startsWith('/') ||
    path
      .split('/')
      .some((part: string) => ['', '.', '..', '.git'].includes(part))
  ) {
    throw new HttpError(422, 'tree.path or tree.mode is not valid');
  }
  if (fields.sha === null) {
    return { path, mode };
  }
  const sha =
    fields.sha ?? (await repository.git.writeBlob(Buffer.from(content ?? '')));
  if (!(await repository.git.exists(sha, type))) {
    throw new HttpError(422, `tree.sha ${sha} is not a valid ${type}`);
  }
  return { path, mode, sha };
}

async function setRef(repository: Repository, ref: string, sha: string) {
  if (!/^refs\/(heads|tags)\/./.test(ref)) {
    throw new HttpError(
      422,
      'Reference name must start with refs/heads/ or refs/tags/',
    );
  }
  if (!(await repository.git.exists(sha, 'commit'))) {
    throw new HttpError(422, 'Object does not exist');
  }
  await repository.git.setRef(ref, sha);
  return refJson(ref, sha);
}

function refJson(ref: string, sha: string) {
  return { ref, object: { type: 'commit', sha } };
}
