import {
  type Provenance,
  signProvenance,
  verifyProvenance,
} from '../provenance';
import { type Command, read, required, takesNone } from './command';
import { readSource } from './files';
import { readCommit } from './git';
import { refusing } from './policy/inputs';
import { Unusable, exit, print, printJson } from './terminal';

/** The commands about who asked for a bot's commit. */
export const provenanceCommands: Record<string, Command> = {
  'provenance sign': {
    usage:
      'provenance sign --key FILE --request ID --requester REF --repository OWNER/REPO --tree ID',
    summary:
      "Sign who asked for a commit that a bot makes, for the commit's message",
    help: `Options:
  --key FILE                       The bot's private Ed25519 key, in PEM
  --request ID                     What the portal knows the request by
  --requester REF                  The user who asked, user:default/ann
  --repository OWNER/REPO
  --tree ID, --parent ID           Of the commit; --parent is repeatable
  --digest TEXT                    What was planned, and is consented to
  --expires TIME                   RFC 3339; default: in seven days
  --now TIME                       RFC 3339; default: the present

Examples:
  git add --all
  git commit -m "Add shop" --trailer "$(goldenpath provenance sign --key bot.pem \\
    --request 4711 --requester user:default/ann --repository acme/platform-config \\
    --tree "$(git write-tree)" --parent "$(git rev-parse HEAD)")"

Ends with 0 if it is signed, 2 if something cannot be used.`,

    async run(args) {
      const { values, positionals } = read(args, {
        key: { type: 'string' },
        request: { type: 'string' },
        requester: { type: 'string' },
        repository: { type: 'string' },
        tree: { type: 'string' },
        parent: { type: 'string', multiple: true, default: [] },
        digest: { type: 'string' },
        expires: { type: 'string' },
        now: { type: 'string', default: new Date().toISOString() },
      });
      takesNone(positionals);
      const provenance: Provenance = {
        request: required('request', values.request),
        requester: required('requester', values.requester),
        repository: required('repository', values.repository),
        tree: required('tree', values.tree),
        parents: values.parent,
        ...(values.digest !== undefined && { digest: values.digest }),
        issuedAt: values.now,
        expiresAt: values.expires ?? inSevenDays(values.now),
      };
      const pem = await readKey(required('key', values.key));
      print(refusing(() => signProvenance(provenance, pem)));
      return exit.ok;
    },
  },

  'provenance verify': {
    usage: 'provenance verify --key FILE --repository OWNER/REPO [--commit ID]',
    summary: "Verify who asked for a bot's commit",
    help: `Options:
  --key FILE                       The bot's public Ed25519 key, in PEM; repeatable
  --repository OWNER/REPO
  --commit ID                      Default: the one that the folder is at
  --root FOLDER                    A clone of the repository; default: the current folder
  --now TIME                       RFC 3339; default: the present

Prints the provenance as JSON.

Examples:
  goldenpath provenance verify --key portal.pub --repository acme/platform-config

Ends with 0 if it holds, 1 if not, 2 if something cannot be used.`,

    async run(args) {
      const { values, positionals } = read(args, {
        key: { type: 'string', multiple: true },
        repository: { type: 'string' },
        commit: { type: 'string' },
        root: { type: 'string', default: '.' },
        now: { type: 'string', default: new Date().toISOString() },
      });
      takesNone(positionals);
      const repository = required('repository', values.repository);
      const names = required('key', values.key);
      const keys = await Promise.all(names.map(readKey));
      const { message, ...commit } = await readCommit(
        values.root,
        values.commit,
      );
      const { provenance, problem } = refusing(
        () =>
          verifyProvenance(
            message,
            { ...commit, repository },
            { keys, now: values.now },
          ),
        names.join(', '),
      );
      if (!provenance) {
        print(problem);
        return exit.findings;
      }
      printJson(provenance);
      return exit.ok;
    },
  },
};

export async function readKey(path: string): Promise<string> {
  return (await readSource(path)).content.toString();
}

function inSevenDays(now: string): string {
  const time = Date.parse(now);
  if (Number.isNaN(time)) throw new Unusable(`--now is no time: \`${now}\``);
  return new Date(time + 7 * 24 * 3600 * 1000).toISOString();
}
