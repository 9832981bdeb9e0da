import { HttpError, notFound, readFields, route, type Route } from './http.ts';
import { accountJson, repositoryJson, type GitHub } from './json.ts';

const NEW_REPOSITORY = {
  name: 'string',
  description: 'string?',
  homepage: 'string?',
  private: 'boolean?',
  visibility: 'string?',
  has_issues: 'boolean?',
  has_projects: 'boolean?',
  has_wiki: 'boolean?',
  auto_init: 'boolean?',
  allow_auto_merge: 'boolean?',
  allow_merge_commit: 'boolean?',
  allow_rebase_merge: 'boolean?',
  allow_squash_merge: 'boolean?',
  allow_update_branch: 'boolean?',
  delete_branch_on_merge: 'boolean?',
  squash_merge_commit_message: 'string?',
  squash_merge_commit_title: 'string?',
  custom_properties: 'object?',
};

const PROTECTION = {
  required_status_checks: 'object|null',
  enforce_admins: 'boolean|null',
  required_pull_request_reviews: 'object|null',
  restrictions: 'object|null',
  required_linear_history: 'boolean?',
  required_conversation_resolution: 'boolean?',
  block_creations: 'boolean?',
};

/** Accounts, repositories, and who may do what in them. */
export function repositoryRoutes(github: GitHub): Route[] {
  const { store } = github;
  const find = ({ owner, repo }: Record<string, string>) =>
    store.repository(owner, repo);
  return [
    route('GET', '/users/:login', ({ parameters: { login } }) => {
      if (!store.organisations.has(login)) {
        throw notFound();
      }
      return { status: 200, json: accountJson(login, 'Organization') };
    }),

    route('GET', '/user', () => ({
      status: 200,
      json: accountJson('backstage-bot', 'User'),
    })),

    route('POST', '/orgs/:org/repos', async ({ parameters: { org }, body }) => {
      if (!store.organisations.has(org)) {
        throw notFound();
      }
      const fields = readFields(body, NEW_REPOSITORY);
      const repository = await store.create(org, fields.name, {
        description: fields.description,
        private: fields.private ?? fields.visibility === 'private',
      });
      return { status: 201, json: repositoryJson(github, repository) };
    }),

    route('GET', '/orgs/:org/repos', ({ parameters: { org } }) => ({
      status: 200,
      json: store
        .list()
        .filter(repository => repository.owner === org)
        .map(repository => repositoryJson(github, repository)),
    })),

    route('GET', '/repos/:owner/:repo', ({ parameters }) => ({
      status: 200,
      json: repositoryJson(github, find(parameters)),
    })),

    route('PUT', '/repos/:owner/:repo/topics', ({ parameters, body }) => {
      const { names } = readFields(body, { names: 'strings' });
      if (
        names.some((name: string) => !/^[a-z0-9][a-z0-9-]{0,49}$/.test(name))
      ) {
        throw new HttpError(422, 'Validation Failed');
      }
      find(parameters).topics = names;
      return { status: 200, json: { names } };
    }),

    route(
      'POST',
      '/repos/:owner/:repo/actions/variables',
      ({ parameters, body }) => {
        const { name, value } = readFields(body, {
          name: 'string',
          value: 'string',
        });
        find(parameters).variables.set(name, value);
        return { status: 201, json: {} };
      },
    ),

    route(
      'PUT',
      '/repos/:owner/:repo/collaborators/:user',
      ({ parameters, body }) => {
        const { permission } = readFields(body, { permission: 'string?' });
        find(parameters).access.set(
          `user:${parameters.user}`,
          permission ?? 'push',
        );
        return { status: 204 };
      },
    ),

    route('GET', '/orgs/:org/teams/:team', ({ parameters: { org, team } }) => {
      if (!store.organisations.has(org)) {
        throw notFound();
      }
      return { status: 200, json: { slug: team, name: team } };
    }),

    route(
      'PUT',
      '/orgs/:org/teams/:team/repos/:owner/:repo',
      ({ parameters, body }) => {
        const { permission } = readFields(body, { permission: 'string?' });
        find(parameters).access.set(
          `team:${parameters.team}`,
          permission ?? 'push',
        );
        return { status: 204 };
      },
    ),

    route(
      'PUT',
      '/repos/:owner/:repo/branches/:branch/protection',
      async ({ parameters, body }) => {
        const repository = find(parameters);
        const protection = readFields(body, PROTECTION);
        if (
          !(await repository.git.resolve(`refs/heads/${parameters.branch}`))
        ) {
          throw new HttpError(404, 'Branch not found');
        }
        repository.protections.set(parameters.branch, protection);
        return { status: 200, json: protection };
      },
    ),

    route(
      'GET',
      '/repos/:owner/:repo/branches/:branch/protection',
      ({ parameters }) => {
        const protection = find(parameters).protections.get(parameters.branch);
        if (!protection) {
          throw new HttpError(404, 'Branch not protected');
        }
        return { status: 200, json: protection };
      },
    ),
  ];
}
