import type { Policy } from '../../policy';
import type { JsonObject, PermissionInfo } from '../../types';
import { type Command, oneOf, read, required, takesNone } from '../command';
import { Unusable, exit, print, printJson } from '../terminal';
import { owned } from './directory';
import {
  directoryOption,
  readObject,
  policyHelp,
  policyOption,
  readPolicy,
  refusing,
  withPolicy,
} from './inputs';

/** What may be asked about: each question takes some of it. */
interface Question {
  permission?: string;
  user?: string;
  resource?: JsonObject;
  moment: { now: string; context?: JsonObject };
}

const options = `${policyOption}
${directoryOption}
  --resource FILE                  What it is about: an entity of a catalogue file, or as the catalogue's API gives it
  --context FILE                   Facts for conditions on the context
  --now TIME                       RFC 3339; the present, if absent
  --format pretty|json             Default: pretty`;

const ends = `Ends with 0 if there is an answer, 1 if the policy has an error, 2 if a file cannot be used.`;

const particulars = {
  as: '  --as USER                        user:default/ann',
  permission: '  --permission NAME                catalog.entity.delete',
};

export const policyExplain = question({
  usage: 'policy explain --policy FILE --as USER --permission NAME',
  summary:
    'Explain a decision: rules with their lines, paths to roles, the nearest miss',
  asks: ['as', 'permission'],
  example:
    'explain --policy policy.yaml --directory people.yaml --as user:default/ann --permission catalog.entity.delete --resource shop.yaml',
  answer: (policy, asked) =>
    policy.explain({
      ...about(asked),
      permission: known(policy, asked),
      subject: subject(asked),
    }),
});

export const policyWhoCan = question({
  usage: 'policy who-can --policy FILE --directory FILE --permission NAME',
  summary: 'List all users that may use a permission, and through which rules',
  asks: ['permission'],
  example:
    'who-can --policy policy.yaml --directory people.yaml --permission catalog.entity.delete --resource shop.yaml',
  answer: (policy, asked) =>
    policy.whoCan({ ...about(asked), permission: known(policy, asked) }),
});

export const policyWhatCan = question({
  usage: 'policy what-can --policy FILE --as USER',
  summary: 'List what a user may do, on one entity or at all',
  asks: ['as'],
  example:
    'what-can --policy policy.yaml --directory people.yaml --as user:default/ann',
  answer: (policy, asked) =>
    policy.whatCan({
      ...about(asked),
      subject: subject(asked),
    }),
});

function question(row: {
  usage: string;
  summary: string;
  asks: Array<keyof typeof particulars>;
  example: string;
  answer(policy: Policy, asked: Question): { text: string };
}): Command {
  return {
    usage: row.usage,
    summary: row.summary,
    help: `Options:
${row.asks.map(option => particulars[option]).join('\n')}
${options}
All files are YAML or JSON.

Examples:
  goldenpath policy ${row.example}

${ends}`,

    async run(args) {
      const { values, positionals } = read(args, {
        policy: { type: 'string', multiple: true },
        directory: { type: 'string' },
        as: { type: 'string' },
        permission: { type: 'string' },
        resource: { type: 'string' },
        context: { type: 'string' },
        now: { type: 'string', default: new Date().toISOString() },
        format: { type: 'string', default: 'pretty' },
      });
      takesNone(positionals, policyHelp);
      for (const option of ['as', 'permission'] as const) {
        if (values[option] !== undefined && !row.asks.includes(option)) {
          throw new Unusable(`--${option} is no part of this question`);
        }
      }
      const format = oneOf('format', ['pretty', 'json'], values.format);
      const files = await readPolicy(required('policy', values.policy));
      const asked: Question = {
        permission: values.permission,
        user: values.as,
        resource: await resourceIn(values.resource),
        moment: { now: values.now, context: await objectIn(values.context) },
      };
      return withPolicy(
        { files, directory: values.directory, json: format === 'json' },
        policy => {
          const answer = refusing(() => row.answer(policy, asked));
          if (format === 'json') printJson(answer);
          else print(answer.text);
          return exit.ok;
        },
      );
    },
  };
}

/** A name alone would be a stranger's, who may what everybody may. */
function subject(asked: Question) {
  const userEntityRef = required('as', asked.user);
  if (!/^user:[^\s:/]+\/[^\s:/]+$/i.test(userEntityRef)) {
    throw new Unusable(
      `--as is a user such as user:default/ann, not \`${userEntityRef}\``,
    );
  }
  return { userEntityRef };
}

function about({ resource, moment }: Question) {
  return { ...moment, ...(resource && { resource }) };
}

/** An entity as its owners wrote it will do. */
async function resourceIn(path?: string): Promise<JsonObject | undefined> {
  const resource = await objectIn(path);
  return resource && owned(resource);
}

async function objectIn(path?: string): Promise<JsonObject | undefined> {
  return path === undefined ? undefined : readObject(path);
}

/** The permission as its plugin declares it: a question names it only. */
function known(policy: Policy, asked: Question): PermissionInfo {
  const name = required('permission', asked.permission);
  const permissions = policy.permissions();
  const found = permissions.find(candidate => candidate.name === name);
  if (found) return found;
  throw new Unusable(
    `unknown permission \`${name}\`: see \`goldenpath policy what-can\` for all`,
  );
}
