// Rust for WebAssembly in two ways: rustup's own standard library where rustup can fetch it, else
// Debian's Rust for the web, which builds the standard library from source.
import { existsSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';

import { Obstacle, ask, inRoot, run } from './shell.mjs';

const target = 'wasm32-unknown-unknown';
/** Bytes; a policy of 100,000 users and 20,000 rules takes a tenth. */
const MAX_MEMORY = 1 << 30;
const debianPackages = [
  'rustc-web',
  'cargo-web',
  'rust-web-src',
  'rust-web-llvm',
];
const debianToolchain = 'debian-wasm';

/** Finds the commands that building needs; on Debian as root it installs what is missing. */
export async function systemTools({ log }) {
  const cargoBin = join(homedir(), '.cargo/bin');
  if (!ask('cargo', ['--version']) && existsSync(join(cargoBin, 'cargo'))) {
    process.env.PATH = `${cargoBin}${delimiter}${process.env.PATH}`;
  }
  checkRust();

  const missing = [
    ['cc', ['--version'], 'gcc libc6-dev'],
    ['git', ['--version'], 'git'],
  ].filter(([command, args]) => ask(command, args) === undefined);
  if (missing.length === 0) return;
  const packages = missing.flatMap(([, , names]) => names.split(' '));
  if (!(await aptInstall(packages, log))) {
    throw new Obstacle(
      `${missing
        .map(([command]) => `\`${command}\``)
        .join(' and ')} missing: ` +
        `install ${packages.join(
          ', ',
        )} with your package manager (on macOS: xcode-select --install)`,
    );
  }
}

/** Makes sure that Rust can be compiled to WebAssembly. */
export async function wasmToolchain({ log }) {
  if (hasRustupTarget() || hasDebianToolchain()) return;
  await run('rustup', ['target', 'add', target], { log }).catch(() => {});
  if (hasRustupTarget()) return;
  if (await aptInstall([...debianPackages, await lldPackage(log)], log)) {
    await run('rustup', ['toolchain', 'link', debianToolchain, '/usr'], {
      log,
    });
  }
  if (!hasDebianToolchain()) {
    throw new Obstacle(
      `no Rust for WebAssembly: run \`rustup target add ${target}\` where rustup can download it`,
    );
  }
}

/** `cargo` for WebAssembly: what to put before and after its subcommand's own arguments. */
export function wasmCargo() {
  // what one hostile input may take, beside the limits of the engines; texts are read 16 bytes at a time,
  // as every Node.js that is supported can
  const memory = `target.${target}.rustflags=["-Clink-arg=--max-memory=${MAX_MEMORY}", "-Ctarget-feature=+simd128"]`;
  if (hasRustupTarget()) {
    return {
      before: [],
      after: ['--target', target, '--config', memory],
      env: {},
    };
  }
  return {
    before: [`+${debianToolchain}`],
    after: [
      '--target',
      target,
      '--config',
      memory,
      '-Z',
      'build-std=std,panic_abort',
    ],
    env: { RUSTC_BOOTSTRAP: '1' },
  };
}

/** Names the compiler in fingerprints. */
export function wasmCompiler() {
  const { before, after } = wasmCargo();
  return [ask('rustc', [...before, '--version']), ...after].join(' ');
}

/** The version of a crate in Cargo.lock. */
export function lockedVersion(crate) {
  const lock = readFileSync(inRoot('Cargo.lock'), 'utf8');
  const found = new RegExp(`name = "${crate}"\\nversion = "([^"]+)"`).exec(
    lock,
  );
  if (!found) throw new Error(`Cargo.lock has no ${crate}`);
  return found[1];
}

function checkRust() {
  const said = ask('cargo', ['--version']);
  if (!said) {
    throw new Obstacle(
      ask('rustup', ['--version'])
        ? 'rustup has no default toolchain: run `rustup default stable`'
        : 'cargo is missing: install Rust with rustup (https://rustup.rs)',
    );
  }
  const wanted = /rust-version = "(\d+)\.(\d+)/.exec(
    readFileSync(inRoot('Cargo.toml'), 'utf8'),
  );
  const [, major, minor] = /(\d+)\.(\d+)/.exec(said);
  if (
    wanted &&
    Number(major) === Number(wanted[1]) &&
    Number(minor) < Number(wanted[2])
  ) {
    throw new Obstacle(
      `${said} is too old, ${wanted[1]}.${wanted[2]} is needed: run \`rustup update stable\``,
    );
  }
}

function hasRustupTarget() {
  const folder = ask('rustc', ['--print', 'target-libdir', '--target', target]);
  return folder !== undefined && existsSync(folder);
}

function hasDebianToolchain() {
  return (
    ask('rustc', [`+${debianToolchain}`, '--version']) !== undefined &&
    existsSync('/usr/bin/rust-lld') &&
    existsSync('/usr/lib/rustlib/src/rust/library/Cargo.lock')
  );
}

/** The linker: of the LLVM that Debian's Rust for the web is built with. */
async function lldPackage(log) {
  await aptUpdate(log);
  const said = ask('apt-cache', ['depends', 'rust-web-llvm']) ?? '';
  return /\bllvm-(\d+)\b/.exec(said)?.[0].replace('llvm', 'lld') ?? 'lld';
}

async function aptInstall(packages, log) {
  const apt = aptGet();
  if (!apt) return false;
  await aptUpdate(log);
  console.log(`set-up: apt-get install ${packages.join(' ')} … (about 40 s)`);
  const args = ['install', '-y', '--no-install-recommends', ...packages];
  return run(apt[0], [...apt.slice(1), ...args], {
    log,
    env: { DEBIAN_FRONTEND: 'noninteractive' },
  }).then(
    () => true,
    () => false,
  );
}

let updated = false;

async function aptUpdate(log) {
  const apt = aptGet();
  if (!apt || updated) return;
  await run(apt[0], [...apt.slice(1), 'update'], { log }).catch(() => {});
  updated = true;
}

/** `apt-get`, if we may use it without asking for a password. */
function aptGet() {
  if (!ask('apt-get', ['--version'])) return undefined;
  if (process.getuid?.() === 0) return ['apt-get'];
  return ask('sudo', ['-n', 'true']) === undefined
    ? undefined
    : ['sudo', '-n', 'apt-get'];
}
