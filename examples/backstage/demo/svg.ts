const COLOURS: Record<string, string> = {
  31: '#ff7b72',
  32: '#7ee787',
  33: '#e3b341',
  34: '#79c0ff',
  36: '#76e3ea',
};

const ESCAPE = '\u001b';
const STYLE_CODES = new RegExp(`(${ESCAPE}\\[[\\d;]*m)`);

const CHARACTER = { width: 8.4, height: 18 };
const MARGIN = 16;

interface Style {
  fill?: string;
  bold: boolean;
  dim: boolean;
}

/** A picture of what a terminal shows: one line of text per line, in its colours. */
export function drawTerminal(output: string): string {
  const lines = output.trimEnd().split('\n');
  const columns = Math.max(
    ...lines.map(line =>
      readSpans(line).reduce((sum, [text]) => sum + text.length, 0),
    ),
  );
  const width = Math.ceil(columns * CHARACTER.width + 2 * MARGIN);
  const height = lines.length * CHARACTER.height + 2 * MARGIN;
  const texts = lines.map((line, index) => {
    const y = MARGIN + (index + 0.75) * CHARACTER.height;
    const spans = readSpans(line).map(
      ([text, style]) => `<tspan${attributes(style)}>${escape(text)}</tspan>`,
    );
    return `<text x="${MARGIN}" y="${y}" xml:space="preserve">${spans.join(
      '',
    )}</text>`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">
<rect width="100%" height="100%" rx="8" fill="#0d1117"/>
<g font-family="ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace" font-size="14" fill="#e6edf3">
${texts.join('\n')}
</g>
</svg>
`;
}

/** Cuts a line at its escape sequences into pieces of one style. */
function readSpans(line: string): Array<[string, Style]> {
  const spans: Array<[string, Style]> = [];
  let style: Style = { bold: false, dim: false };
  for (const piece of line.split(STYLE_CODES)) {
    if (piece.startsWith(ESCAPE)) {
      for (const code of piece.slice(2, -1).split(';')) {
        style = applyCode(style, code);
      }
    } else if (piece !== '') {
      spans.push([piece, style]);
    }
  }
  return spans;
}

function applyCode(style: Style, code: string): Style {
  switch (code) {
    case '0':
    case '':
      return { bold: false, dim: false };
    case '1':
      return { ...style, bold: true };
    case '2':
      return { ...style, dim: true };
    case '22':
      return { ...style, bold: false, dim: false };
    default:
      return { ...style, fill: COLOURS[code] };
  }
}

function attributes({ fill, bold, dim }: Style): string {
  return [
    fill ? ` fill="${fill}"` : '',
    bold ? ' font-weight="bold"' : '',
    dim ? ' fill-opacity="0.6"' : '',
  ].join('');
}

function escape(text: string): string {
  return text.replace(/[&<>]/g, character => `&#${character.charCodeAt(0)};`);
}
