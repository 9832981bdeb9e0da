import { mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  compilePolicy,
  formatDiagnostics,
  type Directory,
  type JsonValue,
  type PermissionInfo,
  type Policy,
} from 'goldenpath';
import {
  refOf,
  request,
  waitFor,
  type Entity,
  type PortalUser,
} from '../../../examples/backstage/demo/portal.ts';
import { openLab, type Lab } from '../lab.ts';
import type { PolicyText } from './policies.ts';
import { USERS } from './world.ts';

/** A service's: what Backstage decides for it, it does not ask a policy. */
const ADMIN_TOKEN = 'the-token-of-the-test-that-sees-all';

/** Denies everything, until there is a better one. */
const EMPTY = 'apiVersion: goldenpath/v1alpha1\nkind: AccessPolicy\n';

/**
 * A Backstage with entities and users, of which one policy after the other decides, and the same
 * policies here, asked about each resource alone.
 */
export class Trial {
  readonly lab: Lab;
  readonly users: PortalUser[];
  /** All of them, as the catalogue has them. */
  readonly entities: Entity[];
  readonly #file: string;
  readonly #directory: Directory;
  #policy?: Policy;

  /** Starts Backstage with these descriptors, and waits until the catalogue knows them. */
  static async open(descriptors: object[]): Promise<Trial> {
    const lab = await openLab({
      config: directory => ({
        backend: {
          auth: {
            externalAccess: [
              {
                type: 'static',
                options: { token: ADMIN_TOKEN, subject: 'lists-test' },
              },
            ],
          },
        },
        catalog: {
          // Once is enough, and more would only keep the machine busy.
          processingInterval: { minutes: 10 },
          locations: [
            { type: 'file', target: join(directory, 'catalog-info.yaml') },
          ],
        },
        goldenpath: {
          catalog: { unknownFields: 'off' },
          policy: { files: [join(directory, 'policy/*.yaml')] },
        },
      }),
      async prepare(directory) {
        await mkdir(join(directory, 'policy'));
        await writeFile(join(directory, 'policy/policy.yaml'), EMPTY);
        await writeFile(
          join(directory, 'catalog-info.yaml'),
          descriptors.map(one => JSON.stringify(one)).join('\n---\n'),
        );
      },
    });
    try {
      const [entities, users] = await Promise.all([
        readAll(lab.stage.url, descriptors.length),
        Promise.all(USERS.map(name => lab.stage.signIn(name))),
      ]);
      return new Trial(lab, users, entities);
    } catch (error) {
      await lab.close();
      throw error;
    }
  }

  private constructor(lab: Lab, users: PortalUser[], entities: Entity[]) {
    this.lab = lab;
    this.users = users;
    this.entities = entities;
    this.#file = join(lab.directory, 'policy/policy.yaml');
    this.#directory = directoryOf(entities);
  }

  /** Puts a policy into effect, here and there. */
  async use({ name, text }: PolicyText) {
    const file = { name: this.#file, content: text };
    const { policy, diagnostics } = compilePolicy([file]);
    if (!policy) {
      throw new Error(`${name}: ${formatDiagnostics(diagnostics, [file])}`);
    }
    policy.setDirectory(this.#directory);
    this.#policy = policy;
    await writeFile(`${this.#file}.new`, text);
    await rename(`${this.#file}.new`, this.#file);

    // Rules have places and ids of their own, so equal answers come from the same rules, and for all
    // users only from the same groups.
    const questions = this.users.flatMap(user =>
      policy.permissions().map(permission => ({
        permission,
        subject: subjectOf(user),
      })),
    );
    const expected = JSON.stringify(policy.decideBatch(questions));
    await waitFor(`the policy \`${name}\` to be in effect`, async () => {
      const answer = await this.admin(
        'POST',
        '/api/goldenpath/decide',
        questions,
      );
      return JSON.stringify(answer) === expected || undefined;
    });
  }

  /** Which of the resources a user may use a permission on, by asking the engine about each. */
  allowed<T>(user: PortalUser, name: string, resources: T[]): T[] {
    const permission = this.#permission(name);
    const decisions = this.#engine.decideBatch(
      resources.map(resource => ({
        permission,
        subject: subjectOf(user),
        resource: resource as JsonValue,
      })),
    );
    const conditional = decisions.find(
      ({ result }) => result === 'CONDITIONAL',
    );
    if (conditional) {
      throw new Error(`not decided: ${JSON.stringify(conditional)}`);
    }
    return resources.filter((_, index) => decisions[index].result === 'ALLOW');
  }

  /** Asks as a service that may do everything. */
  admin(method: string, path: string, body?: unknown): Promise<any> {
    return asAdmin(this.lab.stage.url, method, path, body);
  }

  close(): Promise<void> {
    return this.lab.close();
  }

  get #engine(): Policy {
    if (!this.#policy) throw new Error('no policy is in effect yet');
    return this.#policy;
  }

  #permission(name: string): PermissionInfo {
    const known = this.#engine.permissions().find(one => one.name === name);
    if (!known) throw new Error(`the permission ${name} is unknown`);
    return known;
  }
}

/** Pages through a list of the catalogue. */
export async function readPages(
  get: (path: string) => Promise<any>,
  limit: number,
): Promise<Entity[]> {
  const items: Entity[] = [];
  let query = `limit=${limit}`;
  for (;;) {
    const page = await get(`/api/catalog/entities/by-query?${query}`);
    items.push(...page.items);
    if (!page.pageInfo.nextCursor) {
      return items;
    }
    const cursor = encodeURIComponent(page.pageInfo.nextCursor);
    query = `limit=${limit}&cursor=${cursor}`;
  }
}

export function refsOf(entities: Entity[]): string[] {
  return entities.map(refOf).sort();
}

/** The descriptors and their location, when nothing about them changes any more. */
async function readAll(url: string, count: number): Promise<Entity[]> {
  let earlier = '';
  return waitFor('the catalogue to have everything', async () => {
    const entities = await readPages(path => asAdmin(url, 'GET', path), 1000);
    const now = JSON.stringify(entities);
    const isSettled = entities.length > count && now === earlier;
    earlier = now;
    return isSettled ? entities : undefined;
  });
}

function asAdmin(url: string, method: string, path: string, body?: unknown) {
  return request(`${url}${path}`, {
    method,
    headers: {
      authorization: `Bearer ${ADMIN_TOKEN}`,
      'content-type': 'application/json',
    },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
}

function subjectOf(user: PortalUser) {
  return {
    userEntityRef: user.ref,
    ownershipEntityRefs: user.ownershipRefs,
  };
}

function directoryOf(entities: Entity[]): Directory {
  const targets = (entity: Entity, type: string) =>
    (entity.relations ?? [])
      .filter(relation => relation.type === type)
      .map(({ targetRef }) => targetRef);
  const ofKind = (kind: string) => entities.filter(one => one.kind === kind);
  return {
    groups: ofKind('Group').map(group => ({
      ref: refOf(group),
      parent: targets(group, 'childOf')[0],
    })),
    users: ofKind('User').map(user => ({
      ref: refOf(user),
      memberOf: targets(user, 'memberOf'),
    })),
  };
}
