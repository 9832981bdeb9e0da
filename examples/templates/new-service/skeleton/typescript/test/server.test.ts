import assert from 'node:assert/strict';
import type { AddressInfo } from 'node:net';
import { after, before, test } from 'node:test';

import { createService } from '../src/server.ts';

const service = createService();
let address: string;

before(async () => {
  await new Promise<void>(resolve => service.listen(0, '127.0.0.1', resolve));
  address = `http://127.0.0.1:${(service.address() as AddressInfo).port}`;
});

after(() => service.close());

test('says that it is up', async () => {
  const response = await fetch(`${address}/healthz`);
  assert.equal(response.status, 200);
  assert.deepEqual(await response.json(), { status: 'ok' });
});

test('refuses what it does not offer', async () => {
  assert.equal((await fetch(`${address}/nowhere`)).status, 404);
  assert.equal(
    (await fetch(`${address}/healthz`, { method: 'POST' })).status,
    405,
  );
});
