import assert from 'node:assert/strict';
import { createPublicKey, generateKeyPairSync, verify } from 'node:crypto';
import { test } from 'node:test';

import {
  keyId,
  signProvenance,
  verifyProvenance,
} from '../../js/dist/index.js';
import { Atlantis, NOW } from './atlantis.ts';
import { goldenpath } from './program.ts';

const { privateKey, publicKey } = generateKeyPairSync('ed25519');
const commit = {
  repository: 'acme/platform-config',
  tree: 'a'.repeat(40),
  parents: ['b'.repeat(40)],
};
const provenance = {
  ...commit,
  request: 'task-7',
  requester: 'user:default/ann',
  issuedAt: '2026-11-24T11:00:00Z',
  expiresAt: '2026-12-01T11:00:00Z',
};
const trust = { keys: [publicKey], now: NOW };

test('what was signed is verified, by any library for JWS', () => {
  const line = signProvenance(provenance, privateKey);
  assert.deepEqual(verifyProvenance(`Add\n\n${line}\n`, commit, trust), {
    provenance,
  });
  const [header, payload, signature] = line.split(' ')[1].split('.');
  assert.deepEqual(JSON.parse(Buffer.from(header, 'base64url').toString()), {
    alg: 'EdDSA',
    kid: keyId(publicKey),
    typ: 'goldenpath-provenance+jws',
  });
  const text = Buffer.from(payload, 'base64url').toString();
  const keys = [...text.matchAll(/"(\w+)":/g)].map(([, key]) => key);
  assert.deepEqual(keys, [...keys].sort());
  assert.ok(
    verify(
      null,
      Buffer.from(`${header}.${payload}`),
      publicKey,
      Buffer.from(signature, 'base64url'),
    ),
  );
});

test('the id of a key is its thumbprint by RFC 7638, as in RFC 8037', () => {
  const x = '11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo';
  const key = createPublicKey({
    key: { kty: 'OKP', crv: 'Ed25519', x },
    format: 'jwk',
  });
  assert.equal(keyId(key), 'kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k');
});

test('every bit of the line counts', () => {
  const line = signProvenance(provenance, privateKey);
  const start = line.indexOf(' ') + 1;
  for (let at = start; at < line.length - 1; at += 7) {
    const other = line[at] === 'A' ? 'B' : 'A';
    const changed = line.slice(0, at) + other + line.slice(at + 1);
    const { problem } = verifyProvenance(changed, commit, trust);
    assert.match(String(problem), /malformed|known key|signature/, changed);
  }
});

test('an algorithm that the line chooses is not obeyed', () => {
  const line = signProvenance(provenance, privateKey);
  const [, payload] = line.split('.');
  for (const alg of ['none', 'HS256']) {
    const header = {
      alg,
      kid: keyId(publicKey),
      typ: 'goldenpath-provenance+jws',
    };
    const token = [
      Buffer.from(JSON.stringify(header)).toString('base64url'),
      payload,
      '',
    ].join('.');
    const message = `Goldenpath-Provenance: ${token}`;
    assert.match(
      String(verifyProvenance(message, commit, trust).problem),
      /known key/,
    );
  }
});

test('old keys are still known beside new ones', () => {
  const next = generateKeyPairSync('ed25519');
  const keys = [next.publicKey, publicKey];
  for (const key of [privateKey, next.privateKey]) {
    const line = signProvenance(provenance, key);
    const verdict = verifyProvenance(line, commit, { keys, now: NOW });
    assert.deepEqual(verdict, { provenance });
  }
});

test('only what is complete is signed, and by an Ed25519 key', () => {
  for (const wrong of [
    { requester: 'group:default/shop' },
    { requester: 'user:default/ann\npass' },
    { tree: 'main' },
    { parents: 'b'.repeat(40) },
    { issuedAt: '2026-13-01T00:00:00Z' },
    { expiresAt: 'tomorrow' },
    { digest: 7 },
  ]) {
    assert.throws(
      () => signProvenance({ ...provenance, ...wrong } as never, privateKey),
      new RegExp(`\`${Object.keys(wrong)[0]}\` of the provenance is malformed`),
    );
  }
  const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
  assert.throws(() => signProvenance(provenance, rsa.privateKey), /no Ed25519/);
  assert.throws(
    () => signProvenance(provenance, 'secret text'),
    ({ message }: Error) => !message.includes('secret'),
  );
});

test('a time that is none is never in time', () => {
  const line = signProvenance(provenance, privateKey);
  const verdict = verifyProvenance(line, commit, { ...trust, now: 'now' });
  assert.match(String(verdict.problem), /expired/);
});

test('sign and verify as commands', t => {
  const atlantis = new Atlantis(t);
  atlantis.commit('Add', atlantis.sign('--digest', 'sha256:1b2c'));
  const verified = (...more: string[]) =>
    goldenpath(
      atlantis.cwd,
      ...['provenance', 'verify', '--key', 'bot.pub', '--root', 'repo'],
      ...['--repository', 'acme/platform-config', '--now', NOW, ...more],
    );
  const { status, stdout } = verified();
  assert.equal(status, 0);
  const { request, requester, digest, expiresAt } = JSON.parse(stdout);
  assert.deepEqual(
    [request, requester, digest, expiresAt],
    ['task-7', 'user:default/ann', 'sha256:1b2c', '2026-12-01T12:00:00.000Z'],
  );
  const late = verified('--now', '2026-12-01T12:00:00Z');
  assert.equal(late.status, 1);
  assert.match(late.stdout, /expired/);
  const parent = atlantis.git('rev-parse', 'HEAD^');
  assert.match(verified('--commit', parent).stdout, /has no line/);
  assert.equal(verified('--root', 'none').status, 2);
});

test('what cannot be signed is said with its form', t => {
  const atlantis = new Atlantis(t);
  for (const [args, said] of [
    [['--requester', 'ann'], /`requester`.* such as `user:default\/ann`\n$/],
    [['--tree', 'main'], /`tree` .* a full id of git\n$/],
    [['--key', 'bot.pub'], /: the key is no private key in PEM\n$/],
  ] as const) {
    assert.throws(() => atlantis.sign(...args), said);
  }
});
