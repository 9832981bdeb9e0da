import type { Commit } from './git.ts';
import type { PullRequest, Repository, Store } from './store.ts';

/** What every handler needs: the data, and under which address it is served. */
export interface GitHub {
  store: Store;
  /** Where the pages and the git repositories are; the API is below /api. */
  webUrl: string;
  apiUrl: string;
}

export function accountJson(login: string, type: 'Organization' | 'User') {
  return { login, type };
}

export function repositoryJson(
  { webUrl, apiUrl }: GitHub,
  repository: Repository,
) {
  const { id, owner, name, description } = repository;
  const fullName = `${owner}/${name}`;
  const url = `${apiUrl}/repos/${fullName}`;
  return {
    id,
    name,
    full_name: fullName,
    owner: accountJson(owner, 'Organization'),
    private: repository.private,
    visibility: repository.private ? 'private' : 'public',
    description: description ?? null,
    default_branch: repository.defaultBranch,
    topics: repository.topics,
    permissions: { admin: true, push: true, pull: true },
    html_url: `${webUrl}/${fullName}`,
    clone_url: `${webUrl}/${fullName}.git`,
    url,
    archive_url: `${url}/{archive_format}{/ref}`,
    trees_url: `${url}/git/trees{/sha}`,
  };
}

export function commitJson(
  { apiUrl, webUrl }: GitHub,
  repository: Repository,
  commit: Commit,
) {
  const fullName = `${repository.owner}/${repository.name}`;
  const url = `${apiUrl}/repos/${fullName}/git`;
  return {
    sha: commit.sha,
    html_url: `${webUrl}/${fullName}/commit/${commit.sha}`,
    commit: {
      message: commit.message,
      author: commit.author,
      committer: commit.committer,
      tree: { sha: commit.tree, url: `${url}/trees/${commit.tree}` },
    },
    parents: commit.parents.map(sha => ({ sha })),
  };
}

export async function pullRequestJson(
  github: GitHub,
  repository: Repository,
  pull: PullRequest,
) {
  const { apiUrl, webUrl } = github;
  const fullName = `${repository.owner}/${repository.name}`;
  const branch = async (ref: string) => ({
    ref,
    label: `${repository.owner}:${ref}`,
    sha: await repository.git.resolve(`refs/heads/${ref}`),
    repo: repositoryJson(github, repository),
  });
  return {
    number: pull.number,
    state: pull.state,
    draft: pull.draft,
    title: pull.title,
    body: pull.body,
    head: await branch(pull.head),
    base: await branch(pull.base),
    requested_reviewers: pull.reviewers.map(login =>
      accountJson(login, 'User'),
    ),
    requested_teams: pull.teamReviewers.map(slug => ({ slug })),
    assignees: pull.assignees.map(login => accountJson(login, 'User')),
    url: `${apiUrl}/repos/${fullName}/pulls/${pull.number}`,
    html_url: `${webUrl}/${fullName}/pull/${pull.number}`,
  };
}
