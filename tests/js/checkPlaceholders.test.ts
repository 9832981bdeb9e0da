import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

import { type Tree, folder } from './folders.ts';
import { goldenpath } from './program.ts';

const api = (definition: string) => `apiVersion: backstage.io/v1alpha1
kind: API
metadata: { name: shop }
spec:
  type: openapi
  lifecycle: production
  owner: team-a
  definition: ${definition}
`;
const openapi = `openapi: 3.1.0
info: { title: Shop, version: 1.0.0 }
paths: {}
`;

function check(t: Parameters<typeof folder>[0], files: Tree) {
  const cwd = folder(t, { '.git/HEAD': '', ...files });
  return goldenpath(cwd, 'check');
}

test('placeholders are read from the working tree', t => {
  const { status, stdout } = check(t, {
    'services/shop/catalog-info.yaml': api('{ $text: ../../apis/shop.yaml }'),
    'apis/shop.yaml': openapi,
  });
  assert.equal(stdout, '1 file, 1 document: no problem\n');
  assert.equal(status, 0);
});

test('what is wrong in a file that was read is shown there, too', t => {
  const { status, stdout } = check(t, {
    'services/shop/catalog-info.yaml': api('{ $text: ../../apis/shop.yaml }'),
    'apis/shop.yaml': openapi.replace('paths', 'path'),
  });
  assert.equal(status, 0);
  assert.match(
    stdout,
    /--> services\/shop\/catalog-info.yaml:8:15\n[^]*--> apis\/shop.yaml:3:1\n +\|\n *3 \| path: {}/,
  );
});

test('no name outside of the repository is told', t => {
  const cwd = folder(t, {
    'secret/passwords': '',
    'repo/.git/HEAD': '',
    'repo/link': { link: '../secret' },
  });
  for (const target of [
    'link/password',
    '%2e%2e/secret/password',
    'a%2f..%2f..%2fsecret%2fpassword',
  ]) {
    writeFileSync(
      join(cwd, 'repo/catalog-info.yaml'),
      api(`{ $text: '${target}' }`),
    );
    const { status, stdout } = goldenpath(join(cwd, 'repo'), 'check');
    assert.equal(status, 1);
    assert.match(stdout, /catalog\/placeholder-outside/);
    assert.doesNotMatch(stdout, /passwords/);
  }
});

test('what cannot be read is said at the placeholder', t => {
  const run = (definition: string, files: Tree = {}) =>
    check(t, { 'catalog-info.yaml': api(definition), ...files });
  const missing = run('{ $text: ./openapi.yml }', { 'openapi.yaml': openapi });
  assert.equal(missing.status, 1);
  assert.match(missing.stdout, /catalog\/placeholder-missing/);
  assert.match(missing.stdout, /help: did you mean `.\/openapi.yaml`\?/);
  assert.match(
    run('{ $text: ../x.yaml }').stdout,
    /catalog\/placeholder-outside\]: `..\/x.yaml` leads out/,
  );
  assert.match(
    run('{ $text: ./apis }', { 'apis/x': '' }).stdout,
    /catalog\/placeholder-unreadable\]: `.\/apis` is a folder/,
  );
  assert.match(
    run('{ $text: ./a }', { a: { link: '/etc/passwd' } }).stdout,
    /catalog\/placeholder-outside\]: `.\/a` is a link that leads out/,
  );
  assert.match(
    run('{ $text: ./a }', { a: { link: 'a' } }).stdout,
    /catalog\/placeholder-unreadable\]: `.\/a` cannot be read: too many symb/,
  );
});

test('the repository is known by its remote', t => {
  const config = (url: string) => `[core]\n[remote "origin"]\n\turl = ${url}\n`;
  const run = (url: string, target: string) =>
    check(t, {
      '.git/config': config(url),
      'catalog-info.yaml': api(`{ $text: ${target} }`),
      'openapi.yaml': openapi,
    }).stdout;
  const own = 'https://github.com/acme/shop/blob/main/openapi.yaml';
  const other = 'https://github.com/acme/other/blob/main/openapi.yaml';
  for (const url of [
    'https://github.com/acme/shop.git',
    'git@github.com:acme/shop.git',
    'ssh://git@github.com/acme/shop',
  ]) {
    assert.match(run(url, own), /no problem/, url);
    assert.match(run(url, other), /is in another repository/, url);
  }
  assert.match(
    run('../elsewhere', other),
    /info\[catalog\/placeholder-not-read/,
  );
});
