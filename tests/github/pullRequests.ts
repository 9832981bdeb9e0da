import { HttpError, notFound, readFields, route, type Route } from './http.ts';
import { pullRequestJson, type GitHub } from './json.ts';
import type { PullRequest, Repository } from './store.ts';

const STATUS: Record<string, string> = {
  A: 'added',
  D: 'removed',
  M: 'modified',
  T: 'changed',
};

/** What the pull request plugin of Octokit asks by GraphQL: the open pull request of a branch. */
const BRANCH_QUERY = `query ($owner: String!, $repo: String!, $head: String!) { repository(name: $repo, owner: $owner) {
  ref(qualifiedName: $head) { associatedPullRequests(first: 1, states: OPEN) { edges { node { id number url } } } } } }`;

export function pullRequestRoutes(github: GitHub): Route[] {
  const find = ({ owner, repo }: Record<string, string>) =>
    github.store.repository(owner, repo);
  const findPull = (parameters: Record<string, string>) => {
    const repository = find(parameters);
    const pull = repository.pulls.find(
      ({ number }) => String(number) === parameters.number,
    );
    if (!pull) {
      throw notFound();
    }
    return { repository, pull };
  };
  return [
    route('GET', '/repos/:owner/:repo/pulls', async ({ parameters }) => {
      const repository = find(parameters);
      const json = await Promise.all(
        repository.pulls.map(pull => pullRequestJson(github, repository, pull)),
      );
      return { status: 200, json };
    }),

    route('POST', '/repos/:owner/:repo/pulls', async ({ parameters, body }) => {
      const repository = find(parameters);
      const fields = readFields(body, {
        title: 'string',
        head: 'string',
        base: 'string',
        body: 'string?',
        draft: 'boolean?',
      });
      const pull = await openPullRequest(repository, fields);
      return {
        status: 201,
        json: await pullRequestJson(github, repository, pull),
      };
    }),

    route(
      'GET',
      '/repos/:owner/:repo/pulls/:number',
      async ({ parameters }) => {
        const { repository, pull } = findPull(parameters);
        return {
          status: 200,
          json: await pullRequestJson(github, repository, pull),
        };
      },
    ),

    route(
      'PATCH',
      '/repos/:owner/:repo/pulls/:number',
      async ({ parameters, body }) => {
        const { repository, pull } = findPull(parameters);
        const { title, body: text } = readFields(body, {
          title: 'string?',
          body: 'string?',
          // Not part of GitHub's API, but the plugin sends them.
          head: 'string?',
          base: 'string?',
          draft: 'boolean?',
        });
        pull.title = title ?? pull.title;
        pull.body = text ?? pull.body;
        return {
          status: 200,
          json: await pullRequestJson(github, repository, pull),
        };
      },
    ),

    route(
      'GET',
      '/repos/:owner/:repo/pulls/:number/files',
      async ({ parameters }) => {
        const { repository, pull } = findPull(parameters);
        const changes = await changesOf(repository, pull);
        const json = changes.map(({ status, path, patch }) => ({
          filename: path,
          status: STATUS[status],
          patch,
        }));
        return { status: 200, json };
      },
    ),

    route(
      'POST',
      '/repos/:owner/:repo/pulls/:number/requested_reviewers',
      async ({ parameters, body }) => {
        const { repository, pull } = findPull(parameters);
        const fields = readFields(body, {
          reviewers: 'strings?',
          team_reviewers: 'strings?',
        });
        pull.reviewers = [
          ...new Set([...pull.reviewers, ...(fields.reviewers ?? [])]),
        ];
        pull.teamReviewers = [
          ...new Set([...pull.teamReviewers, ...(fields.team_reviewers ?? [])]),
        ];
        return {
          status: 201,
          json: await pullRequestJson(github, repository, pull),
        };
      },
    ),

    route(
      'POST',
      '/repos/:owner/:repo/issues/:number/assignees',
      async ({ parameters, body }) => {
        const { repository, pull } = findPull(parameters);
        const { assignees } = readFields(body, { assignees: 'strings' });
        pull.assignees = [...new Set([...pull.assignees, ...assignees])];
        return {
          status: 201,
          json: await pullRequestJson(github, repository, pull),
        };
      },
    ),
  ];
}

/** Answers the one query that Backstage sends. */
export async function answerGraphql(
  github: GitHub,
  body: unknown,
): Promise<unknown> {
  const { query, variables } = readFields(body, {
    query: 'string',
    variables: 'object',
  });
  if (squeeze(query) !== squeeze(BRANCH_QUERY)) {
    throw new HttpError(
      404,
      `this stand-in does not know the query ${squeeze(query)}`,
    );
  }
  const { owner, repo, head } = readFields(variables, {
    owner: 'string',
    repo: 'string',
    head: 'string',
  });
  const repository = github.store.repository(owner, repo);
  if (!(await repository.git.resolve(`refs/heads/${head}`))) {
    return { data: { repository: { ref: null } } };
  }
  const open = repository.pulls
    .filter(pull => pull.head === head && pull.state === 'open')
    .slice(0, 1);
  const edges = open.map(({ number }) => ({
    node: {
      id: `PR_${repository.id}_${number}`,
      number,
      url: `${github.webUrl}/${owner}/${repo}/pull/${number}`,
    },
  }));
  return {
    data: { repository: { ref: { associatedPullRequests: { edges } } } },
  };
}

/** The files that a pull request changes, against where it left its base. */
export async function changesOf(
  { git }: Repository,
  { head, base }: PullRequest,
) {
  const headSha = await git.resolve(`refs/heads/${head}`);
  const baseSha = await git.resolve(`refs/heads/${base}`);
  return headSha && baseSha
    ? await git.changes(await git.mergeBase(baseSha, headSha), headSha)
    : [];
}

async function openPullRequest(
  repository: Repository,
  fields: Record<string, any>,
): Promise<PullRequest> {
  const head = fields.head.replace(`${repository.owner}:`, '');
  const { base } = fields;
  const headSha = await repository.git.resolve(`refs/heads/${head}`);
  const baseSha = await repository.git.resolve(`refs/heads/${base}`);
  if (!headSha || !baseSha) {
    throw new HttpError(422, 'Validation Failed', [
      {
        resource: 'PullRequest',
        field: headSha ? 'base' : 'head',
        code: 'invalid',
      },
    ]);
  }
  if (
    repository.pulls.some(
      pull => pull.head === head && pull.base === base && pull.state === 'open',
    )
  ) {
    throw invalid(
      `A pull request already exists for ${repository.owner}:${head}.`,
    );
  }
  if ((await repository.git.mergeBase(baseSha, headSha)) === headSha) {
    throw invalid(`No commits between ${base} and ${head}`);
  }
  const pull: PullRequest = {
    number: repository.pulls.length + 1,
    title: fields.title,
    body: fields.body ?? '',
    draft: fields.draft ?? false,
    state: 'open',
    head,
    base,
    reviewers: [],
    teamReviewers: [],
    assignees: [],
  };
  repository.pulls.push(pull);
  return pull;
}

function invalid(message: string): HttpError {
  return new HttpError(422, 'Validation Failed', [
    { resource: 'PullRequest', code: 'custom', message },
  ]);
}

function squeeze(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}
