import { explainAll, explainCode } from '../explain';
import { type Command, oneOf, read } from './command';
import { Unusable, exit, print, printJson } from './terminal';

export const explain: Command = {
  usage: 'explain CODE...',
  summary:
    'Say what a code means: what is wrong, why, an example, and what to do',
  help: `CODE is what stands in brackets before a finding, such as catalog/invalid-name.

Options:
  --list                           All codes, each with a sentence
  --format pretty|json             Default: pretty

Examples:
  goldenpath explain catalog/invalid-name
  goldenpath explain --list

Ends with 0 if the codes are known, 2 if one is not.`,

  async run(args) {
    const { values, positionals: codes } = read(args, {
      list: { type: 'boolean', default: false },
      format: { type: 'string', default: 'pretty' },
    });
    const format = oneOf('format', ['pretty', 'json'], values.format);
    if (values.list === codes.length > 0) {
      throw new Unusable('give codes, or --list for all of them');
    }
    if (values.list) {
      const all = explainAll();
      if (format === 'json') printJson(all);
      else
        print(all.map(({ code, what }) => `${code}\n    ${what}`).join('\n'));
      return exit.ok;
    }
    const known = codes.map(code => {
      const explained = explainCode(code);
      if (explained.explanation) return explained;
      throw new Unusable(
        explained.meant
          ? `there is no code \`${code}\`: did you mean \`${explained.meant}\`?`
          : `there is no code \`${code}\`: see \`goldenpath explain --list\``,
      );
    });
    if (format === 'json') {
      printJson(known.map(({ explanation }) => explanation));
    } else {
      print(known.map(({ text }) => text.trimEnd()).join('\n\n'));
    }
    return exit.ok;
  },
};
