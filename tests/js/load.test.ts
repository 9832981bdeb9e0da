import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { test } from 'node:test';

import { InternalError, formatDiagnostics, version } from 'goldenpath';

const require = createRequire(import.meta.url);
const { Handle, call } =
  require('../../js/dist/load.js') as typeof import('../../js/src/load.ts');

/** `(module (func (export "trap") unreachable))` */
const trapping = new WebAssembly.Module(
  Uint8Array.of(
    ...[0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00],
    ...[0x01, 0x04, 0x01, 0x60, 0x00, 0x00],
    ...[0x03, 0x02, 0x01, 0x00],
    ...[0x07, 0x08, 0x01, 0x04, 0x74, 0x72, 0x61, 0x70, 0x00, 0x00],
    ...[0x0a, 0x05, 0x01, 0x03, 0x00, 0x00, 0x0b],
  ),
);

function trap() {
  const { exports } = new WebAssembly.Instance(trapping);
  (exports.trap as () => void)();
}

function overflow(): number {
  return 1 + overflow();
}

/** Stands for a wasm-bindgen object. */
class FakeObject {
  freed = 0;
  detached = 0;
  free() {
    this.freed += 1;
  }
  __destroy_into_raw() {
    this.detached += 1;
    return 0;
  }
}

test('importing the package loads no WebAssembly, the first call does', () => {
  const script = `
    const loaded = () => Object.keys(require.cache).some(name => /wasm.goldenpath\\.js$/.test(name));
    const { formatDiagnostics } = require('goldenpath');
    const before = loaded();
    formatDiagnostics([]);
    process.stdout.write(before + ' ' + loaded());`;
  const output = execFileSync(process.execPath, ['-e', script], {
    cwd: import.meta.dirname,
    encoding: 'utf8',
  });
  assert.equal(output, 'false true');
});

test('require and import give the same names', async () => {
  const imported = await import('goldenpath');
  const required = require('goldenpath');
  for (const name of Object.keys(required)) {
    assert.ok(name in imported, `\`${name}\` cannot be imported by name`);
  }
});

test('a trap becomes one error that names the request, and the next call works', () => {
  const instances = new Set<unknown>();
  call('first', instance => instances.add(instance));
  assert.throws(
    () => call('poison', trap),
    (error: unknown) => {
      assert.ok(error instanceof InternalError);
      assert.match(error.message, /`poison`/);
      assert.ok(error.cause instanceof WebAssembly.RuntimeError);
      return true;
    },
  );
  call('second', instance => instances.add(instance));
  assert.equal(instances.size, 2);
  assert.equal(formatDiagnostics([]), '');
});

test('a stack overflow counts as a trap', () => {
  assert.throws(() => call('deep', overflow), InternalError);
  assert.equal(formatDiagnostics([]), '');
});

test('any other error passes through and keeps the instance', () => {
  const before = call('before', instance => instance);
  assert.throws(
    () =>
      call('request', () => {
        throw new RangeError('not of the stack');
      }),
    RangeError,
  );
  assert.equal(
    call('after', instance => instance),
    before,
  );
});

test('a handle is built once per instance, and again after a trap', () => {
  const built: FakeObject[] = [];
  const handle = new Handle(() => {
    built.push(new FakeObject());
    return built.at(-1)!;
  });
  const use = () => call('use', instance => handle.in(instance));

  assert.equal(use(), use());
  assert.equal(built.length, 1);
  assert.throws(() => call('poison', trap), InternalError);
  assert.equal(use(), built[1]);
  assert.equal(built.length, 2);
  // the dead instance must not be called any more, not even to free
  assert.deepEqual([built[0].freed, built[0].detached], [0, 1]);
});

test('version is that of package.json', () => {
  assert.equal(version(), require('goldenpath/package.json').version);
});

test('the memory of the core has an upper bound', () => {
  const bytes = readFileSync(
    require.resolve('../../js/wasm/goldenpath_bg.wasm'),
  );
  assert.equal(maximumPages(bytes) * 65_536, 2 ** 30);
});

/** The maximum in the memory section of a WebAssembly file, which JavaScript does not tell. */
function maximumPages(bytes: Uint8Array): number {
  let at = 8;
  const integer = () => {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = bytes[at++]!;
      value += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) return value;
    }
  };
  for (;;) {
    const [section, size] = [bytes[at++], integer()];
    if (section === 5) break;
    at += size;
  }
  assert.equal(integer(), 1, 'one memory');
  assert.equal(integer() & 1, 1, 'with a maximum');
  integer();
  return integer();
}
