import { notFound, route, type Answer, type Call, type Route } from './http.ts';
import type { GitHub } from './json.ts';
import { changesOf } from './pullRequests.ts';

/** Plain pages under the addresses that Backstage shows as links. */
export function pageRoutes({ store }: GitHub): Route[] {
  // A repository's clone address is also a link in Backstage.
  const find = ({ owner, repo }: Record<string, string>) =>
    store.repository(owner, repo.replace(/\.git$/, ''));
  return [
    route('GET', '/', call => {
      const links = store
        .list()
        .map(({ owner, name }) =>
          link(`/${owner}/${name}`, `${owner}/${name}`),
        );
      return page(call, 'Repositories', list(links));
    }),

    route('GET', '/:owner/:repo', async call => {
      const repository = find(call.parameters);
      const { owner, name, defaultBranch, git } = repository;
      const sha = await git.resolve(defaultBranch);
      const files = sha
        ? (await git.tree(sha, true)).filter(({ type }) => type === 'blob')
        : [];
      const fileLinks = files.map(({ path }) =>
        link(`/${owner}/${name}/blob/${defaultBranch}/${path}`, path),
      );
      const pullLinks = repository.pulls.map(pull =>
        link(`/${owner}/${name}/pull/${pull.number}`, pull.title),
      );
      return page(
        call,
        `${owner}/${name}`,
        `${list(fileLinks)}<h2>Pull requests</h2>${list(pullLinks)}`,
      );
    }),

    // `tree` is how Backstage writes some of its links to files.
    route('GET', '/:owner/:repo/:kind/:ref/*path', async call => {
      const { git } = find(call.parameters);
      if (!['blob', 'tree'].includes(call.parameters.kind)) {
        throw notFound();
      }
      const sha = await git.resolve(call.parameters.ref);
      const entry = sha
        ? await git.entry(sha, call.parameters.path)
        : undefined;
      if (entry?.type !== 'blob') {
        throw notFound();
      }
      const content = await git.blob(entry.sha);
      return page(
        call,
        call.parameters.path,
        `<pre>${escape(content.toString())}</pre>`,
      );
    }),

    route('GET', '/:owner/:repo/pull/:number', async call => {
      const repository = find(call.parameters);
      const pull = repository.pulls.find(
        ({ number }) => String(number) === call.parameters.number,
      );
      if (!pull) {
        throw notFound();
      }
      const changes = await changesOf(repository, pull);
      const patches = changes
        .map(({ patch }) => `<pre>${escape(patch)}</pre>`)
        .join('');
      const branches = `<p><code>${escape(
        pull.head,
      )}</code> into <code>${escape(pull.base)}</code></p>`;
      return page(
        call,
        `${pull.title} #${pull.number}`,
        `${branches}<pre>${escape(pull.body)}</pre>${patches}`,
      );
    }),
  ];
}

function page({ response }: Call, title: string, content: string): Answer {
  response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' });
  response.end(
    `<!doctype html><title>${escape(title)}</title><h1>${escape(
      title,
    )}</h1>${content}`,
  );
  return undefined;
}

function list(items: string[]): string {
  return `<ul>${items.map(item => `<li>${item}</li>`).join('')}</ul>`;
}

function link(path: string, text: string): string {
  return `<a href="${escape(encodeURI(path))}">${escape(text)}</a>`;
}

function escape(text: string): string {
  return text.replace(/[&<>"']/g, character => `&#${character.charCodeAt(0)};`);
}
