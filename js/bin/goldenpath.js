#!/usr/bin/env node
'use strict';

// Exists before the build, so that npm can link it; the program itself is dist/cli.
const { existsSync } = require('node:fs');
const { join } = require('node:path');

const program = join(__dirname, '../dist/cli/main.js');

if (existsSync(program)) {
  require(program).main();
} else {
  process.stderr.write(
    'goldenpath is not built yet: run `npm run setup` in the clone first\n',
  );
  process.exitCode = 2;
}
