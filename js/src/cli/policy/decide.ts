import type { DecisionRequest, JsonValue } from '../../types';
import { type Command, read, required, takesNone } from '../command';
import { isObject, readValue } from '../files';
import { exit, printJson } from '../terminal';
import {
  directoryOption,
  policyHelp,
  policyOption,
  readPolicy,
  refusing,
  withPolicy,
} from './inputs';

export const policyDecide: Command = {
  usage: 'policy decide --policy FILE --request FILE [--directory FILE]',
  summary: 'Decide one request by a policy, with the reasons, as JSON',
  help: `Options:
${policyOption}
  --request FILE                   {permission: {name, action?, resourceType?}, subject?: {userEntityRef}, resource?},
                                   with \`now\` and \`context\` if it is not about the present, or a list of these
                                   in JSON, for a list of decisions
${directoryOption}
All files are YAML or JSON.

Examples:
  goldenpath policy decide --policy policy.yaml --directory people.yaml --request request.json

Ends with 0 if it was decided, 1 if the policy has an error, 2 if a file cannot be read.`,

  async run(args) {
    const { values, positionals } = read(args, {
      policy: { type: 'string', multiple: true },
      request: { type: 'string' },
      directory: { type: 'string' },
    });
    takesNone(positionals, policyHelp);
    const names = required('policy', values.policy);
    const path = required('request', values.request);
    const files = await readPolicy(names);
    const request = await readValue(path);
    const now = new Date().toISOString();
    const timed = (one: JsonValue) =>
      (isObject(one) ? { now, ...one } : one) as unknown as DecisionRequest;
    return withPolicy({ files, directory: values.directory }, policy => {
      const decide = () =>
        Array.isArray(request)
          ? policy.decideBatch(request.map(timed))
          : policy.decide(timed(request));
      printJson(refusing(decide, path));
      return exit.ok;
    });
  },
};
