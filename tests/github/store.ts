import { mkdir, readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { GitRepository } from './git.ts';
import { HttpError, notFound } from './http.ts';

export interface Repository {
  id: number;
  owner: string;
  name: string;
  description?: string;
  private: boolean;
  defaultBranch: string;
  topics: string[];
  variables: Map<string, string>;
  /** Who may do what: `team:payments` to `admin`. */
  access: Map<string, string>;
  /** Branch to the protection that was asked for. */
  protections: Map<string, unknown>;
  pulls: PullRequest[];
  git: GitRepository;
}

export interface PullRequest {
  number: number;
  title: string;
  body: string;
  draft: boolean;
  state: 'open' | 'closed';
  head: string;
  base: string;
  reviewers: string[];
  teamReviewers: string[];
  assignees: string[];
}

/** All that the stand-in knows: repositories on disk, everything about them in memory. */
export class Store {
  readonly root: string;
  /** Those that own a repository. */
  readonly organisations = new Set<string>();
  private readonly repositories = new Map<string, Repository>();

  constructor(root: string) {
    this.root = root;
  }

  repository(owner: string, name: string): Repository {
    const found = this.repositories.get(key(owner, name));
    if (!found) {
      throw notFound();
    }
    return found;
  }

  list(): Repository[] {
    return [...this.repositories.values()];
  }

  async create(
    owner: string,
    name: string,
    options: { description?: string; private: boolean },
  ): Promise<Repository> {
    if (!/^[\w.-]+$/.test(name) || /^\.+$/.test(name)) {
      throw creationFailed('name is invalid');
    }
    if (this.repositories.has(key(owner, name))) {
      throw creationFailed('name already exists on this account');
    }
    const directory = join(this.root, owner, `${name}.git`);
    const repository: Repository = {
      ...options,
      id: this.repositories.size + 1,
      owner,
      name,
      defaultBranch: 'main',
      topics: [],
      variables: new Map(),
      access: new Map(),
      protections: new Map(),
      pulls: [],
      git: new GitRepository(directory),
    };
    this.repositories.set(key(owner, name), repository);
    await mkdir(directory, { recursive: true });
    await repository.git.initialise(repository.defaultBranch);
    return repository;
  }

  /** Makes the public repository `owner/name`, with the files of `directory` as its first commit. */
  async seed(fullName: string, directory: string): Promise<void> {
    const [owner, name] = fullName.split('/');
    this.organisations.add(owner);
    const { git, defaultBranch } = await this.create(owner, name, {
      private: false,
    });
    const author = {
      name: 'Platform Team',
      email: 'platform@acme.example',
      date: '2026-01-01T00:00:00Z',
    };
    const tree = await git.writeTree(
      undefined,
      await writeFiles(git, directory),
    );
    const commit = await git.writeCommit({
      tree,
      parents: [],
      message: 'Initial commit',
      author,
      committer: author,
    });
    await git.setRef(`refs/heads/${defaultBranch}`, commit);
  }
}

function key(owner: string, name: string): string {
  return `${owner}/${name}`.toLowerCase();
}

function creationFailed(message: string): HttpError {
  return new HttpError(422, 'Repository creation failed.', [
    { resource: 'Repository', code: 'custom', field: 'name', message },
  ]);
}

async function writeFiles(git: GitRepository, directory: string) {
  const entries = [];
  for (const path of await readdir(directory, { recursive: true })) {
    const file = join(directory, path);
    const status = await stat(file);
    if (status.isFile()) {
      const sha = await git.writeBlob(await readFile(file));
      entries.push({
        path,
        mode: status.mode & 0o100 ? '100755' : '100644',
        sha,
      });
    }
  }
  return entries;
}
