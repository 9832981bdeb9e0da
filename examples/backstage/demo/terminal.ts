import { stripVTControlCharacters, styleText } from 'node:util';

type Format = Parameters<typeof styleText>[0];

const WIDTH = 100;

/** The part of `process.stdout` that is used here. */
interface Output {
  isTTY: boolean;
  hasColors?(): boolean;
  write(text: string): boolean;
}

/** Colours text; the terminal takes them out again where they are not wanted. */
export function paint(format: Format, text: string): string {
  return styleText(format, text, { validateStream: false });
}

/** Where the demonstration shows itself: in colour on a terminal, plain in a pipe or with NO_COLOR. */
export class Terminal {
  readonly #stream: Output;
  readonly #coloured: boolean;
  readonly #sections: Array<{ name: string; text: string }> = [];

  constructor(stream: Output = process.stdout) {
    this.#stream = stream;
    this.section('start');
    this.#coloured = Boolean(stream.isTTY && stream.hasColors?.());
  }

  /** Everything shown so far, in colour; or only the sections of these names, in this order. */
  recording(names?: string[]): string {
    const chosen = names
      ? names.flatMap(name => this.#sections.filter(one => one.name === name))
      : this.#sections;
    return chosen.map(({ text }) => text).join('');
  }

  /** Gives what is shown from now on a name. */
  section(name: string) {
    this.#sections.push({ name, text: '' });
  }

  line(text = '') {
    const section = this.#sections.at(-1);
    if (section) {
      section.text += `${text}\n`;
    }
    this.#stream.write(
      `${this.#coloured ? text : stripVTControlCharacters(text)}\n`,
    );
  }

  heading(text: string) {
    this.line();
    this.line(paint(['bold', 'cyan'], text));
    this.line();
  }

  /** Something beside the point; long ones go on in the next line. */
  note(text: string) {
    const indent = ' '.repeat(text.search(/\S/));
    for (const line of wrap(text.trim(), WIDTH - indent.length)) {
      this.line(indent + paint('dim', line));
    }
  }

  /** Columns are as wide as their widest cell. */
  table(header: string[], rows: string[][]) {
    const widths = header.map((_, column) =>
      Math.max(...[header, ...rows].map(row => width(row[column]))),
    );
    const show = (row: string[]) =>
      `  ${row
        .map((cell, column) => cell + ' '.repeat(widths[column] - width(cell)))
        .join('  ')
        .trimEnd()}`;
    this.line(paint('dim', show(header)));
    for (const row of rows) {
      this.line(show(row));
    }
  }

  /** Diagnostics as the backend reports them, in the colours of the command line. */
  frame(text: string) {
    for (const line of text.trimEnd().split('\n')) {
      this.line(`  ${colourFrameLine(line)}`);
    }
  }
}

function wrap(text: string, columns: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const longer = `${lines.at(-1)} ${word}`;
    if (lines.length > 0 && longer.length <= columns) {
      lines[lines.length - 1] = longer;
    } else {
      lines.push(word);
    }
  }
  return lines;
}

function width(text: string): number {
  return stripVTControlCharacters(text).length;
}

function colourFrameLine(line: string): string {
  const head = /^(error|warning|info)(\[[^\]]+\])(.*)$/.exec(line);
  if (head) {
    const [, severity, code, message] = head;
    const colour = severity === 'error' ? 'red' : 'yellow';
    return paint(['bold', colour], severity + code) + paint('bold', message);
  }
  return line
    .replace(/(?<=^ *[|] +)\^+$/, carets => paint(['bold', 'red'], carets))
    .replace(
      /^( *)(-->|:::)/,
      (_, indent, arrow) => indent + paint('blue', arrow),
    )
    .replace(/^( *\d* *[|])/, gutter => paint('blue', gutter))
    .replace(
      /^( *)= (why|help):/,
      (_, indent, name) => `${indent}= ${paint('cyan', name)}:`,
    );
}
