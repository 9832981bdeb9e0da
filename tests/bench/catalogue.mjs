// A catalogue that is made up as it is read, always the same, as large ones are: each team has services,
// each service an API, resources and what it depends on; one in fifty has a mistake.
export const COUNT = 100_000;

const OWNERS = 2_000;
const WANTED = 500;
const PROCESSING = ['production', 'experimental', 'deprecated'];

/** Entity by number: groups, users, systems, then services with an API and a resource each. */
function make(number) {
  if (number < OWNERS) return group(number);
  if (number < 5 * OWNERS) return user(number);
  if (number < 6 * OWNERS) return system(number);
  const part = [component, api, resource][number % 3];
  return part(number - (number % 3));
}

export function catalogue() {
  const changed = new Map();
  const removed = new Set();
  let making = 0;
  let started = 0;

  /** What the plugin gets is read from JSON, as over HTTP; that is not its time. */
  function made(numbers, fields) {
    const start = performance.now();
    const entities = numbers
      .filter(number => !removed.has(number))
      .map(number => changed.get(number) ?? make(number))
      .map(one => (fields ? versionOf(one) : one));
    const read = JSON.parse(JSON.stringify(entities));
    live.onPage();
    making += performance.now() - start;
    return read;
  }

  const live = {
    onPage() {},
    startClock() {
      making = 0;
      started = performance.now();
    },
    stopClock: () => performance.now() - started - making,
    mostWanted: () => ({
      entityRef: refOf(make(firstService())),
      sources: sourcesOf(firstService()),
    }),
    remove: ref => removed.add(numberOf(ref)),
    breakOne(ref) {
      const number = numberOf(ref);
      const broken = make(number);
      broken.metadata.etag = 'changed';
      broken.spec.lifecycle = 1;
      changed.set(number, broken);
      removed.delete(number);
    },
    service: {
      async *streamEntities({ fields, pageSize }) {
        for (let start = 0; start < COUNT; start += pageSize) {
          // others have their turn, as they have while the catalogue answers
          await new Promise(resolve => setImmediate(resolve));
          const length = Math.min(pageSize, COUNT - start);
          yield made(
            Array.from({ length }, (_, index) => start + index),
            fields,
          );
        }
      },
      async getEntitiesByRefs({ entityRefs }) {
        return { items: made(entityRefs.map(numberOf)) };
      },
    },
  };
  return live;
}

function firstService() {
  const start = 6 * OWNERS;
  return start + ((3 - (start % 3)) % 3);
}

/** The next service depends on the first one, and every `WANTED`th. */
function sourcesOf(wanted) {
  let count = 1;
  for (let number = wanted + 6; number < COUNT; number += 3) {
    if (wantsFirst(number)) count += 1;
  }
  return count;
}

const wantsFirst = number => (number / 3) % WANTED < 1;

function group(number) {
  return entity(number, 'Group', {
    type: 'team',
    parent: number < 10 ? undefined : nameOf(Math.floor(number / 10)),
    children: [],
  });
}

function user(number) {
  return entity(number, 'User', {
    profile: {
      displayName: `User ${number}`,
      email: `u${number}@acme.example`,
    },
    memberOf: [nameOf(number % OWNERS)],
  });
}

function system(number) {
  return entity(number, 'System', { owner: nameOf(number % OWNERS) });
}

function component(number) {
  const first = firstService();
  const dependsOn = [`resource:${nameOf(number + 2)}`];
  if (number > first) dependsOn.push(`component:${nameOf(number - 3)}`);
  if (wantsFirst(number) && number > first + 3) {
    dependsOn.push(`component:${nameOf(first)}`);
  }
  return entity(number, 'Component', {
    type: 'service',
    lifecycle: PROCESSING[number % 3],
    owner: nameOf(number % OWNERS),
    system: nameOf(5 * OWNERS + (number % OWNERS)),
    providesApis: [nameOf(number + 1)],
    dependsOn,
    ...mistake(number),
  });
}

function api(number) {
  const own = number + 1;
  return entity(own, 'API', {
    type: 'openapi',
    lifecycle: PROCESSING[number % 3],
    owner: nameOf(number % OWNERS),
    definition: `openapi: 3.1.0\ninfo: { title: ${nameOf(
      own,
    )}, version: 1.0.0 }\npaths:\n${paths(own)}`,
  });
}

function resource(number) {
  return entity(number + 2, 'Resource', {
    type: 'database',
    owner: nameOf(number % OWNERS),
    system: nameOf(5 * OWNERS + (number % OWNERS)),
  });
}

/** In one of fifty: a misspelt field, a reference to nobody, or a name that is of another kind. */
function mistake(number) {
  const at = number / 3;
  if (at % 50 > 0) return {};
  return [
    { sytem: 'typo' },
    { owner: 'nobody' },
    { consumesApis: ['no-such-api'] },
  ][(at / 50) % 3];
}

function paths(number) {
  return Array.from(
    { length: 5 },
    (_, index) =>
      `  /things/${number}/${index}:\n    get: { summary: Reads one, responses: { '200': { description: It } } }\n`,
  ).join('');
}

function entity(number, kind, spec) {
  const name = nameOf(number);
  const owner = spec.owner ?? nameOf(number % OWNERS);
  return {
    apiVersion: 'backstage.io/v1alpha1',
    kind,
    metadata: {
      namespace: 'default',
      name,
      title: `The ${kind} number ${number}`,
      description:
        'What it is for, in one sentence that is neither long nor short',
      uid: `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`,
      etag: `etag-${number}`,
      labels: { 'acme.example/tier': String(number % 4) },
      tags: ['java', 'production'],
      links: [{ url: `https://acme.example/${name}`, title: 'Dashboard' }],
      annotations: {
        'backstage.io/managed-by-location': `url:https://github.com/acme/${name}/blob/main/catalog-info.yaml`,
        'backstage.io/managed-by-origin-location': `url:https://github.com/acme/${name}/blob/main/catalog-info.yaml`,
        'backstage.io/source-location': `url:https://github.com/acme/${name}/tree/main/`,
        'github.com/project-slug': `acme/${name}`,
      },
    },
    spec,
    relations: [{ type: 'ownedBy', targetRef: `group:default/${owner}` }],
  };
}

function versionOf({ kind, metadata: { namespace, name, etag } }) {
  return { kind, metadata: { namespace, name, etag } };
}

function refOf({ kind, metadata }) {
  return `${kind.toLowerCase()}:default/${metadata.name}`;
}

function nameOf(number) {
  return `n${number}`;
}

function numberOf(ref) {
  return Number(ref.split('/n')[1]);
}
