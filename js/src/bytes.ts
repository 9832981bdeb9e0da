/** A file's content as the core takes it; the core says whether it is UTF-8. */
export function bytes(content: string | Uint8Array): Uint8Array {
  return typeof content === 'string' ? Buffer.from(content) : content;
}
