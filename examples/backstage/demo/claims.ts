import { paint, type Terminal } from './terminal.ts';

/** What an act says, each sentence checked before it is said. */
export class Claims {
  readonly #terminal: Terminal;
  readonly #failed: string[] = [];

  constructor(terminal: Terminal) {
    this.#terminal = terminal;
  }

  get ok(): boolean {
    return this.#failed.length === 0;
  }

  expect(holds: boolean, sentence: string) {
    if (holds) {
      this.#terminal.line(`  ${paint('green', '✓')} ${sentence}`);
    } else {
      this.fail(sentence);
    }
  }

  fail(sentence: string) {
    this.#failed.push(sentence);
    this.#terminal.line(`  ${paint(['bold', 'red'], `✗ ${sentence}`)}`);
  }
}
