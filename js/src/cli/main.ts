import { version } from '../version';
import { atlantisAuthz } from './atlantis';
import { check } from './check';
import type { Command } from './command';
import { diff } from './diff';
import { cost } from './cost';
import { explain } from './explain';
import { modelPull } from './model';
import { planCommands } from './plan';
import { policyCommands } from './policy';
import { provenanceCommands } from './provenance';
import { render } from './render';
import { snapshot } from './snapshot';
import { templateCommands } from './template';
import { schema } from './schema';
import { type ExitCode, Unusable, exit, print } from './terminal';
import { templateUpgrade } from './upgrade';

const commands: Record<string, Command> = {
  check,
  explain,
  schema,
  diff,
  snapshot,
  render,
  'model pull': modelPull,
  'template upgrade': templateUpgrade,
  ...policyCommands,
  ...templateCommands,
  ...provenanceCommands,
  'atlantis-authz': atlantisAuthz,
  cost,
  ...planCommands,
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
  const seconds = Object.keys(commands)
    .filter(known => known.startsWith(`${name} `))
    .map(known => known.slice(name.length + 1));
  if (seconds.length === 0) return `unknown command \`${name}\``;
  const given = second ? `, not \`${second}\`` : '';
  return `\`${name}\` is followed by one of ${seconds.join(', ')}${given}`;
}

/** A command's name has one word or two. */
function find(args: string[]): [string, Command | undefined, string[]] {
  for (const words of [2, 1]) {
    const name = args.slice(0, words).join(' ');
    if (Object.hasOwn(commands, name)) {
      return [name, commands[name], args.slice(words)];
    }
  }
  return [args[0] ?? '', undefined, args];
}

function wantsHelp(args: string[]): boolean {
  return args.includes('--help') || args.includes('-h');
}

function overview(): string {
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
