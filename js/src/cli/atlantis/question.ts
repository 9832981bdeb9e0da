import { Unusable } from '../terminal';

/** What Atlantis asks: its arguments and variables, checked. */
export interface Question {
  command: string;
  /** `owner/name` */
  repository: string;
  /** Who commented, by their login. */
  login: string;
  /**
   * What is known once the repository is cloned. Atlantis asks before that too, and after it for each
   * project, unless the command is not about projects.
   */
  project?: {
    /** The pull request's author, by their login. */
    author: string;
    commit: string;
    /** The clone. */
    root: string;
    /** Of the project in it; empty at the root. */
    path: string;
    name?: string;
    branch?: string;
    workspace?: string;
  };
}

type Environment = Record<string, string | undefined>;

/**
 * Atlantis runs `sh -c "COMMAND ARGS… atlantis-command repo owner/team…"` without quotes, so that a
 * team's name may be several words and look like options. Ours end at the first word that is none; of
 * the rest only two count, which the variables confirm.
 */
export function splitArguments(args: string[]): [string[], string[]] {
  let at = 0;
  while (args[at]?.startsWith('-')) at += args[at].includes('=') ? 1 : 2;
  return [args.slice(0, at), args.slice(at)];
}

export function readQuestion(
  [command, repository]: string[],
  env: Environment,
): Question {
  if (!command || !repository) {
    throw new Unusable('Atlantis gives a command and a repository');
  }
  confirm('COMMAND_NAME', env.COMMAND_NAME, command);
  if (env.BASE_REPO_OWNER || env.BASE_REPO_NAME) {
    const base = `${env.BASE_REPO_OWNER}/${env.BASE_REPO_NAME}`;
    confirm('BASE_REPO_OWNER/BASE_REPO_NAME', base, repository);
  }
  const question = { command, repository, login: given(env, 'USER_NAME') };
  if (isPreFlight(env)) return question;
  return {
    ...question,
    project: {
      author: given(env, 'PULL_AUTHOR'),
      commit: given(env, 'HEAD_COMMIT'),
      root: given(env, 'REPO_ROOT'),
      path: folder(env.REPO_REL_PATH ?? ''),
      name: env.PROJECT_NAME ?? '',
      branch: env.BASE_BRANCH_NAME,
      workspace: env.WORKSPACE || undefined,
    },
  };
}

/** Older versions do not say it, but know no pull request then. */
function isPreFlight({ CHECK_TYPE, PULL_NUM, HEAD_COMMIT }: Environment) {
  if (CHECK_TYPE) return CHECK_TYPE === 'pre_flight';
  return (PULL_NUM ?? '0') === '0' && !HEAD_COMMIT;
}

function confirm(name: string, value: string | undefined, argument: string) {
  if (value && value !== argument) {
    throw new Unusable(`${name} is \`${value}\`, the argument \`${argument}\``);
  }
}

function given(env: Environment, name: string): string {
  const value = env[name];
  if (!value) throw new Unusable(`the variable ${name} is not set`);
  return value;
}

function folder(path: string): string {
  const parts = path.split('/').filter(part => part !== '' && part !== '.');
  if (parts.includes('..')) {
    throw new Unusable(`REPO_REL_PATH leaves the repository: \`${path}\``);
  }
  return parts.join('/');
}
