import { setTimeout as sleep } from 'node:timers/promises';

/** The part of an entity that is looked at here. */
export interface Entity {
  kind: string;
  metadata: {
    name: string;
    namespace?: string;
    annotations?: Record<string, string>;
  };
  spec?: Record<string, unknown>;
  relations?: Array<{ type: string; targetRef: string }>;
  status?: { items?: Array<{ level: string; message: string }> };
}

export type Result = 'ALLOW' | 'DENY';

/** A permission on an entity, as `POST /api/permission/authorize` wants it. */
export function entityPermission(verb: 'read' | 'refresh' | 'delete') {
  return {
    type: 'resource',
    name: `catalog.entity.${verb}`,
    attributes: { action: verb === 'refresh' ? 'update' : verb },
    resourceType: 'catalog-entity',
  };
}

export function refOf({ kind, metadata }: Entity): string {
  const namespace = metadata.namespace ?? 'default';
  return `${kind}:${namespace}/${metadata.name}`.toLowerCase();
}

/** An answer other than a success. */
export class RequestError extends Error {
  readonly status: number;
  readonly body: string;

  constructor(what: string, status: number, body: string) {
    super(`${what} gave ${status}: ${messageOf(body)}`);
    this.status = status;
    this.body = body;
  }
}

function messageOf(body: string): string {
  try {
    return JSON.parse(body).error.message;
  } catch {
    return body;
  }
}

/** A client of Backstage's HTTP API, as one user of it. */
export class PortalUser {
  readonly name: string;
  readonly ref: string;
  readonly ownershipRefs: string[];
  readonly token: string;
  readonly #url: string;

  private constructor(url: string, name: string, identity: any) {
    this.#url = url;
    this.name = name;
    this.token = identity.token;
    this.ref = identity.identity.userEntityRef;
    this.ownershipRefs = identity.identity.ownershipEntityRefs;
  }

  /** Signs in the guest, or a user as soon as the catalogue knows them and a group of theirs. */
  static async signIn(url: string, name: string): Promise<PortalUser> {
    if (name === 'guest') {
      const answer = await request(`${url}/api/auth/guest/refresh`);
      return new PortalUser(url, name, answer.backstageIdentity);
    }
    const headers = { 'x-example-user': name };
    return await waitFor(`the user ${name} in a group`, async () => {
      try {
        const answer = await request(`${url}/api/auth/example/refresh`, {
          headers,
        });
        const user = new PortalUser(url, name, answer.backstageIdentity);
        return user.ownershipRefs.length > 1 ? user : undefined;
      } catch (error) {
        if (error instanceof RequestError && error.status === 404) {
          return undefined;
        }
        throw error;
      }
    });
  }

  get(path: string): Promise<any> {
    return this.#send('GET', path);
  }

  post(path: string, body: unknown): Promise<any> {
    return this.#send('POST', path, body);
  }

  delete(path: string): Promise<void> {
    return this.#send('DELETE', path);
  }

  /** All entities that this user may see. */
  async entities(): Promise<Entity[]> {
    const fields = 'kind,metadata,spec.owner,relations,status';
    const { items } = await this.get(
      `/api/catalog/entities/by-query?limit=1000&fields=${fields}`,
    );
    return items;
  }

  entity(ref: string): Promise<Entity> {
    const [kind, namespace, name] = ref.split(/[:/]/);
    return this.get(
      `/api/catalog/entities/by-name/${kind}/${namespace}/${name}`,
    );
  }

  /** One decision for each question, in their order. */
  async authorize(
    questions: Array<{ permission: object; resourceRef?: string }>,
  ): Promise<Result[]> {
    const { items } = await this.post('/api/permission/authorize', {
      items: questions.map((question, index) => ({
        id: String(index),
        ...question,
      })),
    });
    return items.map(({ result }: { result: Result }) => result);
  }

  #send(method: string, path: string, body?: unknown): Promise<any> {
    return request(this.#url + path, {
      method,
      headers: {
        authorization: `Bearer ${this.token}`,
        'content-type': 'application/json',
      },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
  }
}

/** Asks until there is an answer, and gives up with what it was waiting for. */
export async function waitFor<T>(
  what: string,
  probe: () => Promise<T | undefined>,
  timeoutSeconds = 60,
): Promise<T> {
  const deadline = Date.now() + timeoutSeconds * 1000;
  for (;;) {
    const answer = await probe();
    if (answer !== undefined) {
      return answer;
    }
    if (Date.now() > deadline) {
      throw new Error(`waited ${timeoutSeconds} s in vain for ${what}`);
    }
    await sleep(250);
  }
}

/** Sends a request and reads the JSON of its answer, if there is any. */
export async function request(url: string, init?: RequestInit): Promise<any> {
  const response = await fetch(url, init);
  const text = await response.text();
  if (!response.ok) {
    const { pathname } = new URL(url);
    throw new RequestError(
      `${init?.method ?? 'GET'} ${pathname}`,
      response.status,
      text,
    );
  }
  return text === '' ? undefined : JSON.parse(text);
}
