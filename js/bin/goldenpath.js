#!/usr/bin/env node
'use strict';

// Exists before the build, so that npm can link it; the program itself is dist/cli.
const { existsSync } = require('node:fs');
const { enableCompileCache } = require('node:module');
const { join } = require('node:path');
const { setFlagsFromString } = require('node:v8');

// A process that checks one file spends most of its time on starting: compiled code is kept for the
// next one, and of the core only what runs is validated, since it comes with the package.
enableCompileCache?.();
setFlagsFromString('--wasm-lazy-validation');

const program = join(__dirname, '../dist/cli/main.js');

if (existsSync(program)) {
  require(program).main();
} else {
  process.stderr.write(
    'goldenpath is not built yet: run `npm run setup` in the clone first\n',
  );
  process.exitCode = 2;
}
