import type { Policy } from '../../policy';
import { verifyProvenance } from '../../provenance';
import type { JsonObject, Vote } from '../../types';
import { readValue } from '../files';
import { readCommit } from '../git';
import { refusing } from '../policy/inputs';
import { readKey } from '../provenance';
import { Unusable } from '../terminal';
import { type Answer, approvalsLacking, because, refused } from './answer';
import { type Catalogue, TERRAFORM_ANNOTATION } from './catalogue';
import { needOf } from './commands';
import type { Question } from './question';

/** What a question is decided by. */
export interface Means {
  policy: Policy;
  catalogue: Catalogue;
  /** Logins that open pull requests for others. */
  bot: string[];
  /** Files with their public keys. */
  key: string[];
  votes?: string;
  permission: string[];
  now: string;
}

/** Asks the policy. What is decided here is only who somebody is, and who asked for a bot's commit. */
export async function decide(
  question: Question,
  means: Means,
): Promise<Answer> {
  const { command, repository, login, project } = question;
  const { policy, catalogue, now } = means;
  const user = catalogue.userOf(login);
  if (user === undefined) {
    return refused(
      `nobody is known by the login \`${login}\``,
      'a User entity of the directory needs the annotation `github.com/user-login`, or give --user LOGIN=REF',
    );
  }
  const need = needOf(command, means.permission, policy.permissions());
  const general = {
    permission: need.permission,
    subject: { userEntityRef: user },
    context: contextOf(question),
    now,
  };
  if (!project && !need.askedOnce) {
    return {
      authorized: true,
      reasons: [
        `\`${user}\` is known; Atlantis asks again for each project, and then the policy decides`,
      ],
    };
  }

  const origin =
    project && need.changes && isBot(project.author, means)
      ? await originOf(repository, project, means)
      : undefined;
  if (origin?.problem !== undefined) {
    return refused(
      origin.problem,
      'of what a bot opens, only what the portal signed is applied: start again from there',
    );
  }
  const provenance = origin?.provenance;
  const requester =
    provenance?.requester ?? (project && catalogue.userOf(project.author));
  const resource = catalogue.entityAt(repository, project?.path ?? '');
  const request = { ...general, ...(resource && { resource }) };
  const votes = await readVotes(means.votes);
  const check = refusing(() =>
    policy.check({
      ...request,
      requester,
      digest: provenance?.digest ?? project?.commit,
      votes,
    }),
  );
  const reasons = [
    ...because(check.decision, () => policy.explain(request)),
    ...approvalsLacking(check),
  ];
  if (check.outcome === 'deny' && !resource) {
    const place = [repository, project?.path].filter(Boolean).join('//');
    reasons.push(
      `no entity of the directory has the annotation ${TERRAFORM_ANNOTATION}: ${place}`,
    );
  }
  const isOwn = provenance?.requester.toLowerCase() === user;
  if (isOwn) {
    reasons.push(
      `\`${user}\` asked for it (request ${provenance?.request}): somebody else has to run \`${command}\``,
    );
  }
  return {
    authorized: check.outcome === 'allow' && !isOwn,
    reasons,
    decision: check.decision,
    check,
  };
}

function isBot(author: string, { bot }: Means): boolean {
  return bot.some(known => known.toLowerCase() === author.toLowerCase());
}

/** Who asked for the commit, or why that is not believed. */
async function originOf(
  repository: string,
  { root, commit: id }: NonNullable<Question['project']>,
  { key, now }: Means,
) {
  const keys = await Promise.all(key.map(readKey));
  const { message, ...commit } = await readCommit(root, id);
  return refusing(
    () => verifyProvenance(message, { ...commit, repository }, { keys, now }),
    key.join(', '),
  );
}

/** What conditions on the context can tell; what an older Atlantis does not say is unknown. */
function contextOf({ command, repository, project }: Question): JsonObject {
  const { path, name, branch, workspace } = project ?? {};
  const told = { command, repository, path, project: name, branch, workspace };
  const known = Object.entries(told).filter(([, value]) => value !== undefined);
  return { atlantis: Object.fromEntries(known) as JsonObject };
}

async function readVotes(path?: string): Promise<Vote[]> {
  if (path === undefined) return [];
  const value = await readValue(path);
  if (!Array.isArray(value)) throw new Unusable(`\`${path}\` is not a list`);
  return value as unknown as Vote[];
}
