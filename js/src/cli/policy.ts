import { hasErrors } from '../diagnostics';
import { compilePolicy } from '../policy';
import type { DecisionRequest, Directory } from '../types';
import { type Command, oneOf, read, required } from './command';
import { readSource, readValue } from './files';
import {
  Unusable,
  exit,
  plural,
  print,
  printDiagnostics,
  printJson,
  tally,
} from './terminal';

export const policyCheck: Command = {
  usage: 'policy check FILE...',
  summary: 'Check policy files, which together make one policy',
  help: `Options:
  --format pretty|json             Default: pretty

Examples:
  goldenpath policy check policy/*.yaml

Ends with 0 if there is no error, 1 if there is one, 2 if a file cannot be read.`,

  async run(args) {
    const { values, positionals } = read(args, {
      format: { type: 'string', default: 'pretty' },
    });
    const format = oneOf('format', ['pretty', 'json'], values.format);
    if (positionals.length === 0) throw new Unusable('name a policy file');

    const files = await Promise.all(positionals.map(readSource));
    const { diagnostics } = compilePolicy(files);
    if (format === 'json') {
      printJson({ diagnostics });
    } else {
      printDiagnostics(diagnostics, files);
      print(`${plural(files.length, 'file')}: ${tally(diagnostics)}`);
    }
    return hasErrors(diagnostics) ? exit.findings : exit.ok;
  },
};

export const policyDecide: Command = {
  usage: 'policy decide --policy FILE --request FILE [--directory FILE]',
  summary: 'Decide one request by a policy, with the reasons, as JSON',
  help: `Options:
  --policy FILE                    Repeatable; the files together make one policy
  --request FILE                   {permission: {name, action?, resourceType?}, subject?: {userEntityRef}, resource?}
  --directory FILE                 {groups: [{ref, parent?}], users: [{ref, memberOf}]}
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
    if (positionals.length > 0) {
      throw new Unusable(`unexpected argument \`${positionals[0]}\``);
    }
    const names = required('policy', values.policy);
    const request = await readValue(required('request', values.request));
    const files = await Promise.all(names.map(readSource));

    const { policy, diagnostics } = compilePolicy(files);
    if (!policy) {
      printDiagnostics(diagnostics, files);
      print(tally(diagnostics));
      return exit.findings;
    }
    // what is read here is checked by the core
    try {
      if (values.directory !== undefined) {
        const directory = await readValue(values.directory);
        policy.setDirectory(directory as unknown as Directory);
      }
      printJson(policy.decide(request as unknown as DecisionRequest));
    } catch (error) {
      throw new Unusable((error as Error).message);
    }
    return exit.ok;
  },
};
