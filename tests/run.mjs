// `npm test`: sets up what is missing and runs every test. `npm test -- rust npm` runs two stages.
import { readdirSync } from 'node:fs';

import { setUp } from '../js/scripts/setup.mjs';
import { inRoot, run, since } from '../js/scripts/shell.mjs';
import { wasmCargo } from '../js/scripts/toolchain.mjs';

/** Each with what it needs of the set-up. */
const stages = {
  rust: {
    title: 'Rust core, natively',
    needs: ['tools'],
    run: () => run('cargo', ['test', '--quiet', '--all-targets']),
  },
  border: {
    title: 'Rust exports, in WebAssembly under Node',
    needs: ['toolchain', 'bindgen'],
    run: border,
  },
  wasm: {
    title: 'case files through the built WebAssembly',
    needs: ['js'],
    run: () => nodeTests('tests/wasm', '.test.ts'),
  },
  npm: {
    title: 'npm package and command line',
    needs: ['js'],
    run: () => nodeTests('tests/js', '.test.ts'),
  },
  oracle: {
    title: "against Nunjucks and Backstage's own code",
    needs: ['js', 'example'],
    run: () => nodeTests('tests/oracle', '.test.mjs'),
  },
  docs: {
    title: 'README and examples',
    needs: ['js'],
    run: () => nodeTests('tests/docs', '.test.mjs'),
  },
  schema: {
    title: 'the schema for editors, in the YAML language server',
    needs: ['editor'],
    run: () => nodeTests('tests/schema', '.test.mjs'),
  },
  plugin: {
    title: 'Backstage plugin',
    needs: ['js'],
    run: () =>
      run('npm', ['test', '--', '--ci'], {
        cwd: inRoot('plugin-package'),
        // With CI set, Backstage's mock directories stay behind.
        env: { CI: '' },
      }),
  },
  backstage: {
    title: 'end to end on a real Backstage',
    needs: ['installed'],
    run: () => nodeTests('tests/backstage', '.test.ts', '--test-concurrency=1'),
  },
};

/** What takes minutes to compile: only run by its name. */
const slow = {
  cedar: {
    title: 'policies against Cedar',
    needs: ['tools'],
    run: () =>
      run(
        'cargo',
        ['test', '--quiet', '--manifest-path', 'tests/cedar/Cargo.toml'],
        {
          env: { CARGO_TARGET_DIR: inRoot('target/cedar') },
        },
      ),
  },
};

const all = { ...stages, ...slow };
const names = chosen(process.argv.slice(2));
await setUp([...new Set(names.flatMap(name => all[name].needs))]);

const start = performance.now();
const results = [];
for (const name of names) results.push(await perform(all[name]));

console.log(`\n${'─'.repeat(64)}`);
for (const { line } of results) console.log(line);
const failed = results.filter(({ error }) => error).length;
console.log(
  `${
    failed === 0
      ? 'all stages passed'
      : `${failed} of ${results.length} stages failed`
  } in ${since(start)}`,
);
process.exitCode = failed === 0 ? 0 : 1;

async function perform({ title, run: test }) {
  console.log(`\n── ${title} ${'─'.repeat(Math.max(0, 60 - title.length))}\n`);
  const begun = performance.now();
  const error = await test().then(
    () => undefined,
    reason => reason,
  );
  if (error) console.log(error.message);
  return {
    error,
    line: `${error ? '✗ failed' : '✓ passed'}  ${title} (${since(begun)})`,
  };
}

function border() {
  const { before, after, env } = wasmCargo();
  return run('cargo', [...before, 'test', '--test', 'border', ...after], {
    env: {
      ...env,
      CARGO_TARGET_DIR: inRoot('target/wasm'),
      CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUNNER: inRoot(
        'target/tools/bin/wasm-bindgen-test-runner',
      ),
    },
  });
}

async function nodeTests(folder, suffix, ...options) {
  const files = readdirSync(inRoot(folder))
    .filter(name => name.endsWith(suffix))
    .map(name => `${folder}/${name}`);
  if (files.length === 0) throw new Error(`no *${suffix} in ${folder}`);
  await run(process.execPath, [
    ...['--test', '--test-reporter=spec', ...options],
    ...files,
  ]);
}

function chosen(wanted) {
  const unknown = wanted.find(name => !(name in all));
  if (unknown) {
    console.error(
      `no stage \`${unknown}\`: choose of ${Object.keys(all).join(', ')}`,
    );
    process.exit(1);
  }
  return wanted.length > 0 ? wanted : Object.keys(stages);
}
