// The set-up as a table. A step runs when its inputs changed or an output is missing; `needs` are
// the steps whose results it uses.
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  rmSync,
} from 'node:fs';

import { fingerprint, inRoot, run } from './shell.mjs';
import {
  lockedVersion,
  systemTools,
  wasmCargo,
  wasmCompiler,
  wasmToolchain,
} from './toolchain.mjs';

// What the lock file says, without changing it. Not `npm ci`: that refuses a lock file without the
// optional packages of other platforms, which not every registry has. No package needs its install
// script, so none is run: no compiler for C++, no downloads beside npm's.
const npmInstall = [
  'install',
  '--no-save',
  '--ignore-scripts',
  '--no-audit',
  '--no-fund',
];
const manifests = [
  'package.json',
  'js/package.json',
  'plugin-package/package.json',
];

/**
 * `takes` is what a first run took on two cores, for the patient. `inputs` are files and folders,
 * `texts` further things that the result depends on.
 */
export const steps = {
  tools: {
    title: 'cargo, a C compiler and git',
    takes: 'about 30 s if Debian has to install them',
    needs: [],
    always: true,
    run: systemTools,
  },
  dependencies: {
    title: 'npm dependencies',
    takes: 'about 90 s',
    needs: [],
    inputs: [...manifests, 'package-lock.json'],
    outputs: ['node_modules/.package-lock.json'],
    run: ({ log }) => run('npm', npmInstall, { log }),
  },
  toolchain: {
    title: 'Rust for WebAssembly',
    takes: 'about 60 s if Debian has to install it',
    needs: ['tools'],
    always: true,
    run: wasmToolchain,
  },
  bindgen: {
    title: `wasm-bindgen ${lockedVersion('wasm-bindgen')}`,
    takes: 'about 60 s',
    needs: ['tools'],
    texts: () => [lockedVersion('wasm-bindgen')],
    outputs: ['target/tools/bin/wasm-bindgen'],
    run: ({ log }) =>
      run(
        'cargo',
        [
          ...['install', 'wasm-bindgen-cli', '--force', '--debug'],
          ...['--version', lockedVersion('wasm-bindgen')],
          ...['--root', inRoot('target/tools')],
        ],
        { log, env: { CARGO_TARGET_DIR: inRoot('target/tools/build') } },
      ),
  },
  wasm: {
    title: 'the core as WebAssembly',
    takes: 'about 2 min',
    needs: ['toolchain', 'bindgen'],
    inputs: ['src', 'Cargo.toml', 'Cargo.lock'],
    texts: () => [wasmCompiler()],
    outputs: ['js/wasm/goldenpath.js', 'js/wasm/goldenpath_bg.wasm'],
    run: buildWasm,
  },
  js: {
    title: 'the npm package goldenpath',
    takes: 'about 10 s',
    needs: ['dependencies', 'wasm'],
    inputs: [
      'js/src',
      'js/tsconfig.json',
      'js/wasm/goldenpath.d.ts',
      'package-lock.json',
    ],
    outputs: ['js/dist/index.js'],
    async run({ log }) {
      rmSync(inRoot('js/dist'), { recursive: true, force: true });
      await run(bin('tsc'), ['-p', 'js'], { log });
    },
  },
  editor: {
    title: 'the YAML language server, for tests of the schema',
    takes: 'about 5 s',
    needs: [],
    inputs: ['tests/schema/package.json', 'tests/schema/package-lock.json'],
    outputs: ['tests/schema/node_modules/.package-lock.json'],
    run: ({ log }) =>
      run('npm', npmInstall, { cwd: inRoot('tests/schema'), log }),
  },
  plugin: {
    title: 'the Backstage plugin',
    takes: 'about 40 s',
    needs: ['js'],
    inputs: [
      'plugin-package',
      'js/src',
      'tsconfig.json',
      'tsconfig.types.json',
      'package-lock.json',
    ],
    outputs: [
      'plugin-package/dist/index.cjs.js',
      'plugin-package/dist/index.d.ts',
    ],
    async run({ log }) {
      rmSync(inRoot('dist-types'), { recursive: true, force: true });
      await run(bin('tsc'), ['-p', 'tsconfig.types.json'], { log });
      await run(bin('backstage-cli'), ['package', 'build'], {
        cwd: inRoot('plugin-package'),
        log,
      });
    },
  },
  packages: {
    title: 'both packages packed',
    takes: 'about 10 s',
    needs: ['js', 'plugin'],
    inputs: [
      'js/bin',
      'js/README.md',
      'LICENSE',
      'js/wasm',
      ...manifests,
      'plugin-package',
    ],
    texts: () => [built('js/dist'), built('plugin-package/dist')],
    outputs: ['target/packages'],
    run: pack,
  },
  example: {
    title: 'npm dependencies of the example Backstage',
    takes: 'about 90 s',
    needs: [],
    inputs: [
      'examples/backstage/package.json',
      'examples/backstage/package-lock.json',
    ],
    outputs: ['examples/backstage/node_modules/.package-lock.json'],
    run: ({ log }) =>
      run('npm', npmInstall, { cwd: inRoot('examples/backstage'), log }),
  },
  installed: {
    title: 'both packages installed into the example Backstage',
    takes: 'about 30 s',
    needs: ['packages', 'example'],
    inputs: ['target/packages', 'examples/backstage/package-lock.json'],
    outputs: [
      'examples/backstage/node_modules/goldenpath/package.json',
      'examples/backstage/node_modules/backstage-plugin-goldenpath-backend/package.json',
    ],
    async run({ log }) {
      // npm leaves in place what has the same version, though its content is another.
      for (const name of ['goldenpath', 'backstage-plugin-goldenpath-backend'])
        rmSync(inRoot('examples/backstage/node_modules', name), {
          recursive: true,
          force: true,
        });
      await run('npm', [...npmInstall, ...tarballs()], {
        cwd: inRoot('examples/backstage'),
        log,
      });
    },
  },
};

async function buildWasm({ log }) {
  const { before, after, env } = wasmCargo();
  await run('cargo', [...before, 'build', '--release', '--lib', ...after], {
    log,
    env: { ...env, CARGO_TARGET_DIR: inRoot('target/wasm') },
  });
  rmSync(inRoot('js/wasm'), { recursive: true, force: true });
  await run(
    inRoot('target/tools/bin/wasm-bindgen'),
    [
      inRoot('target/wasm/wasm32-unknown-unknown/release/goldenpath.wasm'),
      ...['--target', 'nodejs', '--out-dir', inRoot('js/wasm')],
      // a fifth of the file; a report of a trap needs no more than the request
      '--remove-name-section',
    ],
    { log },
  );
}

async function pack({ log }) {
  rmSync(inRoot('target/packages'), { recursive: true, force: true });
  mkdirSync(inRoot('target/packages'), { recursive: true });
  for (const folder of ['js', 'plugin-package']) {
    const licence = inRoot(folder, 'LICENSE');
    copyFileSync(inRoot('LICENSE'), licence);
    await run(
      'npm',
      ['pack', '--pack-destination', inRoot('target/packages')],
      {
        cwd: inRoot(folder),
        log,
      },
    );
    rmSync(licence);
  }
}

function tarballs() {
  return readdirSync(inRoot('target/packages')).map(name =>
    inRoot('target/packages', name),
  );
}

function bin(name) {
  return inRoot('node_modules/.bin', name);
}

/** The fingerprint of a build's output, which as an input folder is left out. */
function built(folder) {
  if (!existsSync(inRoot(folder))) return '';
  const files = readdirSync(inRoot(folder), { recursive: true })
    .map(name => `${folder}/${name}`)
    .sort();
  return fingerprint(files.filter(name => /\.[a-z]+$/.test(name)));
}
