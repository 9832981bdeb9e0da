/**
 * Whether a path is meant by a glob: `*` is any part of a name, `?` one character, `**` any folders.
 *
 * Whoever writes a Location writes the glob, so none may take long: regular expressions, which other
 * matchers make of them, can take years.
 */
export function globOf(glob: string): (path: string) => boolean {
  const segments = partsOf(glob).map(part =>
    part === '**' ? undefined : [...part.replace(/\*+/g, '*')],
  );
  return path =>
    fits(
      segments,
      partsOf(path),
      part => part === undefined,
      (part = [], name) => isName(part, [...name]),
    );
}

function partsOf(path: string): string[] {
  return path.split(/[\\/]/);
}

function isName(part: string[], name: string[]): boolean {
  const least = part.filter(char => char !== '*').length;
  return (
    least <= name.length &&
    fits(
      part,
      name,
      char => char === '*',
      (char, one) => char === '?' || char === one,
    )
  );
}

/**
 * Whether a pattern is all of a text. Only the last part that stands for many is tried again: the ones
 * before it lose nothing by having taken as little as they could.
 */
function fits<P, T>(
  pattern: P[],
  text: T[],
  isMany: (part: P) => boolean,
  isOne: (part: P, item: T) => boolean,
): boolean {
  let [at, index, many, from] = [0, 0, -1, 0];
  while (index < text.length) {
    if (at < pattern.length && isMany(pattern[at])) {
      many = at++;
      from = index;
    } else if (at < pattern.length && isOne(pattern[at], text[index])) {
      at++;
      index++;
    } else if (many >= 0) {
      at = many + 1;
      index = ++from;
    } else {
      return false;
    }
  }
  return pattern.slice(at).every(isMany);
}
