import type { Place, Position, SourceFile } from '../types';

/** Where a file starts. */
export const start: Position = { line: 1, column: 1, offset: 0 };

/** Where a text first stands by itself in a file, from a position on; or else that position. */
export function findPlace(
  text: string,
  { name: file, content }: SourceFile,
  from: Position,
): Place {
  const bytes =
    typeof content === 'string'
      ? Buffer.from(content)
      : Buffer.from(content.buffer, content.byteOffset, content.length);
  for (
    let at = bytes.indexOf(text, from.offset);
    at >= 0;
    at = bytes.indexOf(text, at + 1)
  ) {
    const end = at + Buffer.byteLength(text);
    const around = [bytes[at - 1], bytes[end]].map(byte => byte ?? 0x20);
    if (around.every(byte => /[\s"',[\]]/.test(String.fromCharCode(byte)))) {
      return { file, start: position(bytes, at), end: position(bytes, end) };
    }
  }
  return { file, start: from, end: from };
}

function position(bytes: Buffer, offset: number): Position {
  const before = bytes
    .subarray(0, offset)
    .toString()
    .replace(/^\ufeff/, '');
  const lines = before.split(/\r\n?|\n/);
  return {
    line: lines.length,
    column: lines[lines.length - 1].length + 1,
    offset,
  };
}
