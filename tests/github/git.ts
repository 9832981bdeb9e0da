import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';

/** Settings of the machine's user must not change what the stand-in does. */
export const GIT_ENVIRONMENT = {
  PATH: process.env.PATH,
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_TERMINAL_PROMPT: '0',
};

export interface Identity {
  name: string;
  email: string;
  date?: string;
}

interface RunOptions {
  input?: string | Buffer;
  env?: Record<string, string>;
}

/** Runs git; rejects with what it wrote to stderr. */
function runGit(
  directory: string,
  args: string[],
  options: RunOptions = {},
): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const child = spawn('git', args, {
      cwd: directory,
      env: { ...GIT_ENVIRONMENT, ...options.env },
    });
    const out: Buffer[] = [];
    const err: Buffer[] = [];
    child.stdout.on('data', chunk => out.push(chunk));
    child.stderr.on('data', chunk => err.push(chunk));
    child.on('error', reject);
    child.on('close', code => {
      if (code === 0) {
        resolve(Buffer.concat(out));
      } else {
        const reason = Buffer.concat(err).toString().trim();
        reject(new Error(`git ${args[0]} ended with ${code}: ${reason}`));
      }
    });
    // Git may end before it has read everything; its exit code tells the story.
    child.stdin.on('error', () => {});
    child.stdin.end(options.input);
  });
}

export interface TreeEntry {
  mode: string;
  type: 'blob' | 'tree' | 'commit';
  sha: string;
  size?: number;
  path: string;
}

export interface Commit {
  sha: string;
  tree: string;
  parents: string[];
  message: string;
  author: Required<Identity>;
  committer: Required<Identity>;
}

/** One bare repository, by git's plumbing commands. */
export class GitRepository {
  readonly directory: string;

  constructor(directory: string) {
    this.directory = directory;
  }

  async initialise(defaultBranch: string): Promise<void> {
    await this.git([
      'init',
      '--quiet',
      '--bare',
      `--initial-branch=${defaultBranch}`,
    ]);
  }

  /** The commit that a branch, tag or hash names, if there is one. */
  async resolve(name: string): Promise<string | undefined> {
    if (!/^\w[\w./+@-]*$/.test(name)) {
      return undefined;
    }
    try {
      const out = await this.git([
        'rev-parse',
        '--verify',
        '--quiet',
        `${name}^{commit}`,
      ]);
      return out.toString().trim();
    } catch {
      return undefined;
    }
  }

  async commits(sha: string, count: number): Promise<Commit[]> {
    const format = [
      '%H',
      '%T',
      '%P',
      '%an',
      '%ae',
      '%aI',
      '%cn',
      '%ce',
      '%cI',
      '%B',
    ];
    const out = await this.git([
      'log',
      '-z',
      `--max-count=${count}`,
      `--format=tformat:${format.join('%x00')}`,
      sha,
    ]);
    const fields = out.toString().split('\0');
    const commits: Commit[] = [];
    for (let i = 0; i + format.length <= fields.length; i += format.length) {
      const [hash, tree, parents, an, ae, ad, cn, ce, cd, message] =
        fields.slice(i, i + format.length);
      commits.push({
        sha: hash,
        tree,
        parents: parents.split(' ').filter(Boolean),
        author: { name: an, email: ae, date: ad },
        committer: { name: cn, email: ce, date: cd },
        message: message.trimEnd(),
      });
    }
    return commits;
  }

  async tree(sha: string, recursive: boolean): Promise<TreeEntry[]> {
    const out = await this.git([
      'ls-tree',
      '-z',
      '--long',
      ...(recursive ? ['-r', '-t'] : []),
      sha,
    ]);
    return out
      .toString()
      .split('\0')
      .filter(Boolean)
      .map(line => {
        const [head, path] = line.split('\t');
        const [mode, type, hash, size] = head.split(/ +/);
        return {
          mode,
          type: type as TreeEntry['type'],
          sha: hash,
          path,
          ...(size === '-' ? {} : { size: Number(size) }),
        };
      });
  }

  /** The entry at `path` in a commit or tree. */
  async entry(sha: string, path: string): Promise<TreeEntry | undefined> {
    const entries = await this.tree(sha, true);
    return entries.find(entry => entry.path === path);
  }

  async blob(sha: string): Promise<Buffer> {
    return await this.git(['cat-file', 'blob', sha]);
  }

  async exists(
    sha: string,
    type: 'blob' | 'tree' | 'commit',
  ): Promise<boolean> {
    try {
      return (
        (await this.git(['cat-file', '-t', sha])).toString().trim() === type
      );
    } catch {
      return false;
    }
  }

  async writeBlob(content: Buffer): Promise<string> {
    return (
      await this.git(['hash-object', '-w', '--stdin'], { input: content })
    )
      .toString()
      .trim();
  }

  /** Writes a tree: `base` with entries added or replaced, or removed where `sha` is missing. */
  async writeTree(
    base: string | undefined,
    entries: Array<{ path: string; mode: string; sha?: string }>,
  ): Promise<string> {
    const index = join(this.directory, `index-${randomUUID()}`);
    const env = { GIT_INDEX_FILE: index };
    await this.git(base ? ['read-tree', base] : ['read-tree', '--empty'], {
      env,
    });
    // Mode 0 removes; the hash of it is not looked at.
    const lines = entries.map(({ path, mode, sha }) =>
      sha ? `${mode} ${sha}\t${path}` : `0 ${'0'.repeat(40)}\t${path}`,
    );
    await this.git(['update-index', '-z', '--index-info'], {
      env,
      input: lines.map(line => `${line}\0`).join(''),
    });
    const tree = (await this.git(['write-tree'], { env })).toString().trim();
    await rm(index);
    return tree;
  }

  async writeCommit(commit: {
    tree: string;
    parents: string[];
    message: string;
    author: Identity;
    committer: Identity;
  }): Promise<string> {
    const { author, committer } = commit;
    const env = {
      GIT_AUTHOR_NAME: author.name,
      GIT_AUTHOR_EMAIL: author.email,
      GIT_COMMITTER_NAME: committer.name,
      GIT_COMMITTER_EMAIL: committer.email,
      ...(author.date ? { GIT_AUTHOR_DATE: author.date } : {}),
      ...(committer.date ? { GIT_COMMITTER_DATE: committer.date } : {}),
    };
    const parents = commit.parents.flatMap(parent => ['-p', parent]);
    const out = await this.git(['commit-tree', commit.tree, ...parents], {
      env,
      input: commit.message,
    });
    return out.toString().trim();
  }

  async setRef(ref: string, sha: string): Promise<void> {
    await this.git(['update-ref', ref, sha]);
  }

  /** Files that differ between two commits. */
  async changes(
    from: string,
    to: string,
  ): Promise<Array<{ status: string; path: string; patch: string }>> {
    const out = await this.git([
      'diff-tree',
      '-r',
      '-z',
      '--name-status',
      from,
      to,
    ]);
    const words = out.toString().split('\0').filter(Boolean);
    const changes = [];
    for (let i = 0; i + 1 < words.length; i += 2) {
      const [status, path] = [words[i], words[i + 1]];
      const patch = await this.git(['diff-tree', '-p', from, to, '--', path]);
      changes.push({ status, path, patch: patch.toString() });
    }
    return changes;
  }

  async mergeBase(one: string, other: string): Promise<string> {
    return (await this.git(['merge-base', one, other])).toString().trim();
  }

  async archive(sha: string, prefix: string): Promise<Buffer> {
    return await this.git([
      'archive',
      '--format=tar.gz',
      `--prefix=${prefix}/`,
      sha,
    ]);
  }

  private git(args: string[], options?: RunOptions): Promise<Buffer> {
    return runGit(this.directory, args, options);
  }
}
