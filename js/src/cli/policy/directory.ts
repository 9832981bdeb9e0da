import { extname } from 'node:path';

import { checkCatalogFile } from '../../catalog';
import type { Directory, JsonObject, JsonValue } from '../../types';
import { isObject, jsonIn, onlyValue, readSource } from '../files';
import { Unusable, printDiagnostics } from '../terminal';

/** A file with users and groups. */
export interface People {
  directory: Directory;
  /** The entities of the file, if it has any. */
  entities: JsonObject[];
}

/**
 * The users and groups in a file: `{groups, users}` as the core takes it, entities in JSON as the
 * catalogue's API lists them, or the User and Group descriptors of a catalogue file, whose relations
 * are those that Backstage would draw from them.
 */
export async function readPeople(path: string): Promise<People> {
  const file = await readSource(path);
  if (extname(path) === '.json') {
    const value = jsonIn(file);
    const list = isObject(value) ? value.items ?? value : value;
    return Array.isArray(list)
      ? peopleAmong(list.filter(isObject))
      : { directory: value as unknown as Directory, entities: [] };
  }
  const report = checkCatalogFile(file);
  const { documents } = report;
  if (!documents.some(({ hasEnvelope }) => hasEnvelope)) {
    const directory = onlyValue(file, report) as unknown as Directory;
    return { directory, entities: [] };
  }
  const diagnostics = [
    ...report.diagnostics,
    ...documents.flatMap(document => document.diagnostics),
  ].filter(({ severity }) => severity === 'error');
  if (diagnostics.length > 0) {
    printDiagnostics(diagnostics, [file]);
    throw new Unusable(`\`${path}\` has entities that Backstage refuses`);
  }
  return peopleAmong(documents.map(({ entity }) => entity).filter(isObject));
}

export async function readDirectory(path: string): Promise<Directory> {
  return (await readPeople(path)).directory;
}

/** The ref of an entity, in lower case as Backstage writes it. */
export function refOf({ kind, metadata }: JsonObject): string {
  const { namespace, name } = isObject(metadata) ? metadata : {};
  return `${kind}:${namespace ?? 'default'}/${name}`.toLocaleLowerCase('en-US');
}

/** With the relations to its owners that Backstage would draw, unless it comes with relations. */
export function owned(entity: JsonObject): JsonObject {
  const owners = new Person(entity, refOf(entity)).refs('owner', 'group');
  if (Array.isArray(entity.relations) || owners.length === 0) return entity;
  const relations = owners.map(targetRef => ({ type: 'ownedBy', targetRef }));
  return { ...entity, relations };
}

function peopleAmong(entities: JsonObject[]): People {
  const people = entities
    .map(entity => new Person(entity, refOf(entity)))
    .filter(({ ref }) => /^(user|group):/.test(ref));
  const isUser = ({ ref }: Person) => ref.startsWith('user:');
  const groups = people.filter(person => !isUser(person));
  const above = referrers(groups, 'children', 'group');
  const joined = referrers(groups, 'members', 'user');
  const directory = {
    groups: groups.map(group => ({
      ref: group.ref,
      parent: group.refs('parent', 'group')[0] ?? above.get(group.ref)?.[0],
    })),
    users: people.filter(isUser).map(user => ({
      ref: user.ref,
      memberOf: [
        ...user.refs('memberOf', 'group'),
        ...(joined.get(user.ref) ?? []),
      ],
    })),
  };
  return { directory, entities };
}

/** By ref, the groups that refer to it in a field. */
function referrers(
  groups: Person[],
  field: string,
  kind: string,
): Map<string, string[]> {
  const found = new Map<string, string[]>();
  for (const group of groups) {
    for (const ref of group.refs(field, kind)) {
      const others = found.get(ref);
      if (others) others.push(group.ref);
      else found.set(ref, [group.ref]);
    }
  }
  return found;
}

/** A User or Group and what its `spec` refers to. */
class Person {
  readonly #spec: JsonObject;

  constructor(entity: JsonObject, readonly ref: string) {
    this.#spec = isObject(entity.spec) ? entity.spec : {};
  }

  /** The refs in a field of `spec`; what a short one leaves out is as Backstage adds it. */
  refs(field: string, kind: string): string[] {
    const value: JsonValue | undefined = this.#spec[field];
    const namespace = this.ref.replace(/^.*:|\/.*$/g, '');
    return (Array.isArray(value) ? value : [value])
      .filter(item => typeof item === 'string')
      .map(item =>
        item.includes('/') ? item : item.replace(/^(.*:)?/, `$1${namespace}/`),
      )
      .map(item => (item.includes(':') ? item : `${kind}:${item}`))
      .map(item => item.toLocaleLowerCase('en-US'));
  }
}
