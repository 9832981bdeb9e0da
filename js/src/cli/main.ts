import { version } from '../version';
import type { Command } from './command';
import { type ExitCode, Unusable, exit, print } from './terminal';

type Commands = Record<string, Command>;

/**
 * Commands by the first word of their names. What one needs is loaded when it is called, since most of
 * the time of a short run is spent on loading.
 */
const groups: Record<string, () => Commands> = {
  check: () => ({ check: load<typeof import('./check')>('./check').check }),
  explain: () => ({
    explain: load<typeof import('./explain')>('./explain').explain,
  }),
  schema: () => ({
    schema: load<typeof import('./schema')>('./schema').schema,
  }),
  diff: () => ({ diff: load<typeof import('./diff')>('./diff').diff }),
  snapshot: () => ({
    snapshot: load<typeof import('./snapshot')>('./snapshot').snapshot,
  }),
  render: () => ({
    render: load<typeof import('./render')>('./render').render,
  }),
  model: () => ({
    'model pull': load<typeof import('./model')>('./model').modelPull,
  }),
  policy: () => load<typeof import('./policy')>('./policy').policyCommands,
  template: () => ({
    ...load<typeof import('./template')>('./template').templateCommands,
    'template upgrade':
      load<typeof import('./upgrade')>('./upgrade').templateUpgrade,
  }),
  provenance: () =>
    load<typeof import('./provenance')>('./provenance').provenanceCommands,
  'atlantis-authz': () => ({
    'atlantis-authz':
      load<typeof import('./atlantis')>('./atlantis').atlantisAuthz,
  }),
  cost: () => ({ cost: load<typeof import('./cost')>('./cost').cost }),
  plan: () => load<typeof import('./plan')>('./plan').planCommands,
};

/** The program: reads the command line and sets the exit code. */
export async function main(args = process.argv.slice(2)): Promise<void> {
  // the reader of a pipe has seen enough
  process.stdout.on('error', error => {
    if ((error as NodeJS.ErrnoException).code !== 'EPIPE') throw error;
    process.exit();
  });
  try {
    process.exitCode = await run(args);
  } catch (error) {
    const expected = error instanceof Unusable;
    const { message, stack } = error as Error;
    process.stderr.write(`goldenpath: ${expected ? message : stack}\n`);
    process.exitCode = exit.unusable;
  }
}

async function run(args: string[]): Promise<ExitCode> {
  const [name, command, rest] = find(args);
  if (command) {
    if (!wantsHelp(rest)) return command.run(rest);
    const gap = command.help.startsWith('Options:') ? '\n' : '';
    print(`Usage: goldenpath ${command.usage}\n\n${command.summary}.\n${gap}`);
    print(command.help);
    return exit.ok;
  }
  if (args[0] === '--version' || args[0] === '-v') {
    print(version());
    return exit.ok;
  }
  if (wantsHelp(args)) {
    print(overview());
    return exit.ok;
  }
  throw new Unusable(`${unknown(name, args[1])}: see \`goldenpath --help\``);
}

function unknown(name: string, second: string | undefined): string {
  if (!name) return 'no command';
  const seconds = Object.keys(commandsOf(name))
    .filter(known => known.startsWith(`${name} `))
    .map(known => known.slice(name.length + 1));
  if (seconds.length === 0) return `unknown command \`${name}\``;
  const given = second ? `, not \`${second}\`` : '';
  return `\`${name}\` is followed by one of ${seconds.join(', ')}${given}`;
}

/** A command's name has one word or two. */
function find(args: string[]): [string, Command | undefined, string[]] {
  const [first = ''] = args;
  const commands = commandsOf(first);
  for (const words of [2, 1]) {
    const name = args.slice(0, words).join(' ');
    if (Object.hasOwn(commands, name)) {
      return [name, commands[name], args.slice(words)];
    }
  }
  return [first, undefined, args];
}

function commandsOf(word: string): Commands {
  return Object.hasOwn(groups, word) ? groups[word]() : {};
}

/** As an import, but not before it is called. */
function load<T>(path: string): T {
  return require(path);
}

function wantsHelp(args: string[]): boolean {
  return args.includes('--help') || args.includes('-h');
}

function overview(): string {
  const commands: Commands = Object.assign(
    {},
    ...Object.values(groups).map(group => group()),
  );
  const width = Math.max(...Object.keys(commands).map(name => name.length));
  const lines = Object.entries(commands).map(
    ([name, { summary }]) => `  ${name.padEnd(width)}   ${summary}`,
  );
  return `goldenpath checks Backstage catalogue files, policies and templates without a Backstage.

Usage: goldenpath COMMAND [OPTIONS]

Commands:
${lines.join('\n')}

  --version       Print the version
  COMMAND --help  Print options, examples and exit codes of a command

Examples:
  goldenpath check
  goldenpath render ./skeleton --values values.yaml --out ./my-service
  goldenpath policy check policy/*.yaml

Ends with 0 if all is well, 1 if there are findings, 2 if it could not do its work.`;
}
