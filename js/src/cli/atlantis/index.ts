import { type Command, read, required } from '../command';
import { writeWhole } from '../files';
import {
  directoryOption,
  policyOption,
  readPolicy,
  withPolicy,
} from '../policy/inputs';
import { Unusable, exit, print } from '../terminal';
import { type Answer, oneLine, textOf } from './answer';
import { Catalogue, TERRAFORM_ANNOTATION } from './catalogue';
import { decide } from './decide';
import { readQuestion, splitArguments } from './question';

export const atlantisAuthz: Command = {
  usage:
    'atlantis-authz --policy FILE --directory FILE [OPTIONS] COMMAND OWNER/REPO [TEAM...]',
  summary: 'Answer Atlantis whether somebody may run a command, by a policy',
  help: `Atlantis calls it, with what it knows in variables: \`team_authz\` in its server-side repository
configuration, with the options under \`args\`. Teams are not looked at: the policy has the groups.

Options:
${policyOption}
${directoryOption}
                                   Users are found by their annotation github.com/user-login, what is
                                   planned by the annotation ${TERRAFORM_ANNOTATION}: OWNER/REPO//FOLDER
  --user LOGIN=REF                 Who somebody is whom the file does not know; repeatable
  --bot LOGIN                      Opens pull requests for others: its commits need a signed provenance,
                                   and nobody applies what they asked for; repeatable
  --key FILE                       A public key of the bot, in PEM; repeatable
  --votes FILE                     What people said: [{by, at, digest, approve}]
  --permission COMMAND=NAME        Instead of goldenpath.platform.plan (plan, policy_check, version,
                                   unlock, cancel), .apply (apply, import, state) or .approve
                                   (approve_policies); repeatable
  --report FILE                    Write {authorized, reasons, decision, check} there, as JSON
  --now TIME                       RFC 3339; default: the present

Examples:
  team_authz:
    command: goldenpath
    args: [atlantis-authz, --policy, /etc/goldenpath/policy.yaml, --directory, /etc/goldenpath/org.yaml]

Ends with 0 if it was decided: the last line is \`pass\` if it is allowed, and \`refused\` if not. Ends with
1 if the policy has an error, 2 if something cannot be used; Atlantis refuses then, too.`,

  async run(args) {
    const [own, asked] = splitArguments(args);
    const { values } = read(own, {
      policy: { type: 'string', multiple: true },
      directory: { type: 'string' },
      user: { type: 'string', multiple: true, default: [] },
      bot: { type: 'string', multiple: true, default: [] },
      key: { type: 'string', multiple: true, default: [] },
      votes: { type: 'string' },
      permission: { type: 'string', multiple: true, default: [] },
      report: { type: 'string' },
      now: { type: 'string', default: new Date().toISOString() },
    });
    try {
      // one without the other would let who asked apply the bot's pull request
      if (values.bot.length > 0) required('key', values.key[0]);
      if (values.key.length > 0) required('bot', values.bot[0]);
      const question = readQuestion(asked, process.env);
      const names = required('policy', values.policy);
      const files = await readPolicy(names);
      const catalogue = await Catalogue.read(values.directory, values.user);
      const { directory } = catalogue;
      return await withPolicy({ files, directory }, async policy => {
        const answer = await decide(question, { ...values, policy, catalogue });
        if (values.report !== undefined) await report(values.report, answer);
        print(textOf(answer));
        return exit.ok;
      });
    } catch (error) {
      if (!(error instanceof Unusable)) throw error;
      throw new Unusable(oneLine(error.message));
    }
  },
};

async function report(path: string, answer: Answer) {
  const { authorized, reasons, decision, check } = answer;
  const told = { authorized, reasons, decision, check };
  const text = JSON.stringify(told, null, 2);
  await writeWhole(path, `${text}\n`);
}
