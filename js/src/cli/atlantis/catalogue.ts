import type { Directory, JsonObject } from '../../types';
import { isObject } from '../files';
import { owned, readPeople, refOf } from '../policy/directory';
import { Unusable } from '../terminal';

/** Names the Terraform code of an entity: `owner/repo`, or `owner/repo//path` for a folder in it. */
export const TERRAFORM_ANNOTATION = 'goldenpath/terraform';
const LOGIN_ANNOTATION = 'github.com/user-login';

/** Whom and what the catalogue knows by the names that Atlantis has for them. */
export class Catalogue {
  static async read(path: string | undefined, users: string[]) {
    const { directory, entities } =
      path === undefined
        ? { directory: undefined, entities: [] }
        : await readPeople(path);
    return new Catalogue(entities, users.map(pair), directory);
  }

  readonly #entities: JsonObject[];
  readonly #users: Array<[login: string, ref: string]>;

  private constructor(
    entities: JsonObject[],
    users: Array<[string, string]>,
    readonly directory?: Directory,
  ) {
    this.#entities = entities;
    const inFile = entities
      .filter(({ kind }) => kind === 'User')
      .flatMap((user): Array<[string, string]> => {
        const login = annotation(user, LOGIN_ANNOTATION);
        return login === undefined ? [] : [[login, refOf(user)]];
      });
    this.#users = [...users, ...inFile].map(([login, ref]) => [
      login.toLowerCase(),
      ref,
    ]);
  }

  /** The ref of the user with a login at GitHub, whose letters have no case. */
  userOf(login: string): string | undefined {
    const refs = this.#users
      .filter(([known]) => known === login.toLowerCase())
      .map(([, ref]) => ref);
    return only(refs, `users have the login \`${login}\``);
  }

  /** The entity whose Terraform code is in a folder, or in the nearest one above. */
  entityAt(repository: string, path: string): JsonObject | undefined {
    const parts = path === '' ? [] : path.split('/');
    for (let depth = parts.length; depth >= 0; depth -= 1) {
      const within = parts.slice(0, depth).join('/');
      const found = this.#entities.filter(entity =>
        isAt(annotation(entity, TERRAFORM_ANNOTATION), repository, within),
      );
      const place = within === '' ? repository : `${repository}//${within}`;
      const refs = found.map(refOf);
      if (only(refs, `entities have \`${place}\``)) return owned(found[0]);
    }
    return undefined;
  }
}

function annotation({ metadata }: JsonObject, key: string): string | undefined {
  const annotations = isObject(metadata) ? metadata.annotations : undefined;
  const value = isObject(annotations) ? annotations[key] : undefined;
  return typeof value === 'string' ? value : undefined;
}

/** Whether an annotation names a folder; the letters of repositories have no case. */
function isAt(value: string | undefined, repository: string, folder: string) {
  const [known, within = '', ...more] = value?.split('//') ?? [];
  return (
    known?.toLowerCase() === repository.toLowerCase() &&
    within.replace(/\/$/, '') === folder &&
    more.length === 0
  );
}

function pair(text: string): [string, string] {
  const [, login, ref] = /^([^=]+)=(user:[^\s/]+\/[^\s/]+)$/.exec(text) ?? [];
  if (!login) {
    throw new Unusable(`--user is LOGIN=user:default/NAME, not \`${text}\``);
  }
  return [login, ref.toLocaleLowerCase('en-US')];
}

/** One name given twice is no contradiction. */
function only(refs: string[], what: string): string | undefined {
  const different = [...new Set(refs)];
  if (different.length > 1) {
    throw new Unusable(`several ${what}: ${different.join(', ')}`);
  }
  return different[0];
}
