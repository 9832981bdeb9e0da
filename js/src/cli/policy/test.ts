import { type Command, oneOf, read } from '../command';
import {
  Unusable,
  exit,
  plural,
  print,
  printDiagnostics,
  printJson,
} from '../terminal';
import {
  directoryOption,
  readEntities,
  readPolicy,
  withPolicy,
} from './inputs';

export const policyTest: Command = {
  usage: 'policy test FILE|FOLDER... [--directory FILE] [--entities FILE]',
  summary: 'Run the tests that stand beside the rules',
  help: `Options:
${directoryOption}
  --entities FILE                  A list of the entities that tests name, with their relations
  --format pretty|json             Default: pretty

Examples:
  goldenpath policy test policy/*.yaml --directory people.yaml

Ends with 0 if all tests pass, 1 if one fails or the policy has an error or no test, 2 if a file cannot be used.`,

  async run(args) {
    const { values, positionals } = read(args, {
      directory: { type: 'string' },
      entities: { type: 'string' },
      format: { type: 'string', default: 'pretty' },
    });
    const format = oneOf('format', ['pretty', 'json'], values.format);
    if (positionals.length === 0) throw new Unusable('name a policy file');
    const files = await readPolicy(positionals);
    const entities =
      values.entities === undefined
        ? undefined
        : await readEntities(values.entities);

    return withPolicy(
      { files, directory: values.directory, json: format === 'json' },
      policy => {
        const tests = policy.runTests({ entities });
        const failed = tests.filter(({ passed }) => !passed);
        if (format === 'json') {
          printJson({ tests });
        } else {
          printDiagnostics(
            failed.flatMap(({ diagnostic }) => diagnostic ?? []),
            files,
          );
          const passed = tests.length - failed.length;
          print(
            tests.length === 0
              ? 'no tests: write `tests` beside the rules'
              : `${plural(tests.length, 'test')}: ${passed} passed, ${
                  failed.length
                } failed`,
          );
        }
        return tests.length > 0 && failed.length === 0
          ? exit.ok
          : exit.findings;
      },
    );
  },
};
