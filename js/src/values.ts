import type { JsonObject, JsonValue } from './types';

/** Whether a value is an object and no list. */
export function isObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * Divides values: those to write down, and the paths of those that hold one of the secret texts, to
 * mask and to leave out.
 */
export function withoutSecrets(
  values: JsonObject,
  secrets: readonly string[],
): { values: JsonObject; secretValues: string[] } {
  const wanted = secrets.filter(text => text !== '');
  const found: string[] = [];

  function visit(value: JsonValue, path: string): JsonValue | undefined {
    if (isObject(value)) {
      const kept = Object.entries(value).flatMap(([name, inner]) => {
        const here = `${path}${path && '.'}${name}`;
        const rest = isSecret(name) ? hide(here) : visit(inner!, here);
        return rest === undefined ? [] : [[name, rest] as const];
      });
      return Object.fromEntries(kept);
    }
    // a list stays whole or goes, since its items count
    return isSecret(JSON.stringify(value)) ? hide(path) : value;
  }

  function isSecret(text: string) {
    return wanted.some(
      secret =>
        text.includes(secret) ||
        text.includes(JSON.stringify(secret).slice(1, -1)),
    );
  }

  function hide(path: string): undefined {
    found.push(path);
    return undefined;
  }

  return { values: visit(values, '') as JsonObject, secretValues: found };
}

/** Values with others over them; objects are joined. */
export function over(values: JsonObject, others: JsonObject): JsonObject {
  const result = { ...values };
  for (const [name, other] of Object.entries(others)) {
    const value = result[name];
    result[name] =
      isObject(value) && isObject(other) ? over(value, other) : other;
  }
  return result;
}

/** What is at the paths, names joined by dots. */
export function onlyPaths(values: JsonObject, paths: readonly string[]) {
  return select(values, paths, '', true);
}

/** What is not at the paths, names joined by dots. */
export function withoutPaths(values: JsonObject, paths: readonly string[]) {
  return select(values, paths, '', false);
}

function select(
  values: JsonObject,
  paths: readonly string[],
  prefix: string,
  isWanted: boolean,
): JsonObject {
  const entries = Object.entries(values).flatMap(([name, value]) => {
    const path = `${prefix}${name}`;
    if (paths.includes(path)) return isWanted ? [[name, value] as const] : [];
    if (!isObject(value)) return isWanted ? [] : [[name, value] as const];
    const inner = select(value, paths, `${path}.`, isWanted);
    const isEmpty = Object.keys(inner).length === 0;
    return isWanted && isEmpty ? [] : [[name, inner] as const];
  });
  return Object.fromEntries(entries);
}
