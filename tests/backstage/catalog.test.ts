import assert from 'node:assert/strict';
import { readFile, readdir, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  asBlob,
  registerLocations,
  waitForRejections,
} from '../../examples/backstage/demo/catalog.ts';
import {
  catalogAct,
  COMMERCE_STACK,
} from '../../examples/backstage/demo/catalogAct.ts';
import { refOf, waitFor } from '../../examples/backstage/demo/portal.ts';
import { BROKEN_DESCRIPTORS, openLab } from './lab.ts';

const VALID = `apiVersion: backstage.io/v1alpha1
kind: Component
metadata:
  name: steadfast
spec: { type: service, lifecycle: production, owner: payments }
`;

/** Files that are made to hurt, and what must be said of each. */
const HOSTILE: Record<string, { content: () => Buffer; says: RegExp }> = {
  'deep.yaml': {
    content: () =>
      Buffer.from(`${VALID}x: ${'['.repeat(10_000)}${']'.repeat(10_000)}\n`),
    says: /^error\[source\/limit-exceeded\]: levels of nesting/,
  },
  'bomb.yaml': {
    content: () => Buffer.from(VALID + aliasBomb()),
    says: /^error\[yaml\/too-many-aliases\]/,
  },
  'large.yaml': {
    content: () =>
      Buffer.from(
        `${VALID}x:\n${'  - some more text to read\n'.repeat(200_000)}`,
      ),
    says: /^error\[source\/limit-exceeded\]: source bytes/,
  },
  'latin-1.yaml': {
    content: () => Buffer.from(`# Schl\u00fcssel\n${VALID}`, 'latin1'),
    says: /^error\[source\/not-utf-8\]/,
  },
};

const lab = await openLab({
  repositories: directory => ({ 'acme/hostile': join(directory, 'hostile') }),
  async prepare(directory) {
    await mkdir(join(directory, 'hostile'));
    for (const [name, { content }] of Object.entries(HOSTILE)) {
      await writeFile(join(directory, 'hostile', name), content());
    }
    await writeFile(join(directory, 'hostile', 'valid.yaml'), VALID);
  },
});

after(() => lab.close());

test('the act shows what it claims', async () => {
  assert.equal(
    await catalogAct(lab.stage),
    true,
    lab.stage.terminal.recording(),
  );
});

test('the whole commerce stack is in the catalogue, owned', async () => {
  const petra = await lab.stage.signIn('petra');
  const entities = await petra.entities();
  const refs = entities.map(refOf);
  assert.deepEqual(
    COMMERCE_STACK.filter(ref => !refs.includes(ref)),
    [],
  );
  const service = entities.find(
    entity => refOf(entity) === 'component:default/payment-service',
  );
  assert.ok(
    service?.relations?.some(
      ({ type, targetRef }) =>
        type === 'ownedBy' && targetRef === 'group:default/payments',
    ),
  );
});

test('every error of a broken file is told at its place', async t => {
  const petra = await lab.stage.signIn('petra');
  const names = (await readdir(BROKEN_DESCRIPTORS)).filter(name =>
    name.endsWith('.yaml'),
  );
  const address = (name: string) =>
    `${lab.github.url}/acme/broken-descriptors/blob/main/${name}`;
  // The act has registered them.
  const rejections = await waitForRejections(petra, names.map(address));
  for (const name of names) {
    await t.test(name, async () => {
      const text = await readFile(join(BROKEN_DESCRIPTORS, name), 'utf8');
      const lines = text.split('\n');
      const errors = rejections
        .filter(({ location }) => location === address(name))
        .flatMap(rejection => rejection.errors)
        .join('\n');
      const places = [
        ...asBlob(errors).matchAll(
          /--> (\S+):(\d+):(\d+)\n *\|\n *(\d+) [|] (.*)/g,
        ),
      ];
      assert.ok(places.length > 0, errors);
      for (const [, file, line, column, shownLine, source] of places) {
        assert.equal(file, address(name));
        assert.equal(line, shownLine);
        assert.equal(source.trimEnd(), lines[Number(line) - 1].trimEnd());
        assert.ok(Number(column) <= source.length + 1);
      }
    });
  }
});

test('files made to hurt are refused while Backstage goes on answering', async t => {
  const petra = await lab.stage.signIn('petra');
  const address = (name: string) =>
    `${lab.github.url}/acme/hostile/blob/main/${name}`;
  const names = Object.keys(HOSTILE);
  const watch = watchAnswers(`${lab.stage.url}/.backstage/health/v1/liveness`);
  await registerLocations(petra, [...names, 'valid.yaml'].map(address));
  const rejections = await waitForRejections(petra, names.map(address));
  const slowest = await watch.stop();
  for (const name of names) {
    await t.test(name, () => {
      const errors = rejections
        .filter(({ location }) => location === address(name))
        .flatMap(rejection => rejection.errors);
      assert.match(errors.join('\n'), HOSTILE[name].says);
      assert.ok(
        asBlob(errors.join('\n')).includes(`--> ${address(name)}:`),
        errors.join('\n'),
      );
    });
  }
  assert.ok(slowest < 5000, `an answer took ${slowest} ms`);
  await waitFor('the valid file beside them', async () => {
    const refs = (await petra.entities()).map(refOf);
    return refs.includes('component:default/steadfast') || undefined;
  });
});

test('GitHub was asked for nothing that the stand-in does not know', () => {
  assert.deepEqual(lab.github.unknown, []);
});

/** Asks again and again; tells how long the slowest answer took, in milliseconds. */
function watchAnswers(url: string) {
  let slowest = 0;
  let going = true;
  const loop = (async () => {
    while (going) {
      const start = performance.now();
      await (await fetch(url)).text();
      slowest = Math.max(slowest, performance.now() - start);
      await sleep(50);
    }
  })();
  return {
    async stop() {
      going = false;
      await loop;
      return slowest;
    },
  };
}

/** Nine levels, each ten times the one before: a billion nodes if the aliases are copied. */
function aliasBomb(): string {
  const levels = Array.from({ length: 9 }, (_, level) => {
    const item = level === 0 ? 'x' : `*a${level - 1}`;
    return `a${level}: &a${level} [${Array(10).fill(item).join(', ')}]\n`;
  });
  return levels.join('');
}
