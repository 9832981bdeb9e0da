import { hasErrors } from '../../diagnostics';
import { compilePolicy } from '../../policy';
import { type Command, oneOf, read } from '../command';
import {
  Unusable,
  exit,
  plural,
  print,
  printDiagnostics,
  printJson,
  tally,
} from '../terminal';
import { readPolicy } from './inputs';

export const policyCheck: Command = {
  usage: 'policy check FILE|FOLDER...',
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

    const files = await readPolicy(positionals);
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
