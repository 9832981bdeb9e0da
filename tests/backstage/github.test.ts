import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { access, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { promisify } from 'node:util';
import { startGitHub, type GitHubStandIn } from '../github/server.ts';

const TOKEN = 'a-token';

const git = promisify(execFile);
const isolated = {
  ...process.env,
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_TERMINAL_PROMPT: '0',
};

let directory: string;
let github: GitHubStandIn;

before(async () => {
  directory = await mkdtemp(join(tmpdir(), 'goldenpath-github-test-'));
  github = await startGitHub({
    port: 0,
    token: TOKEN,
    repositories: {
      'acme/config': join(
        import.meta.dirname,
        '../github/seed/platform-config',
      ),
    },
  });
});

after(async () => {
  await github?.close();
  await rm(directory, { recursive: true, force: true });
});

test('what was pushed with git is read with REST, and the other way round', async () => {
  const created = await send('POST', '/orgs/acme/repos', {
    name: 'one',
    private: true,
  });
  assert.equal(created.status, 201);
  const clone = join(directory, 'one');
  const remote = created.json.clone_url.replace(
    'http://',
    `http://x-access-token:${TOKEN}@`,
  );
  await run(['clone', '--quiet', remote, clone]);
  await writeFile(join(clone, 'hello.txt'), 'hello\n');
  await run(['-C', clone, 'add', '.']);
  await run([
    '-C',
    clone,
    '-c',
    'user.name=a',
    '-c',
    'user.email=a@b.example',
    'commit',
    '--quiet',
    '-m',
    'one',
  ]);
  await run(['-C', clone, 'push', '--quiet', 'origin', 'HEAD:main']);

  const file = await send('GET', '/repos/acme/one/contents/hello.txt');
  assert.equal(Buffer.from(file.json.content, 'base64').toString(), 'hello\n');

  const { json: commits } = await send(
    'GET',
    '/repos/acme/one/commits?per_page=1',
  );
  const { json: tree } = await send('POST', '/repos/acme/one/git/trees', {
    base_tree: commits[0].commit.tree.sha,
    tree: [
      { path: 'sub/run.sh', mode: '100755', content: 'true\n' },
      { path: 'hello.txt', mode: '100644', sha: null },
    ],
  });
  const { json: commit } = await send('POST', '/repos/acme/one/git/commits', {
    message: 'two',
    tree: tree.sha,
    parents: [commits[0].sha],
  });
  await send('PATCH', '/repos/acme/one/git/refs/heads/main', {
    sha: commit.sha,
  });
  await run(['-C', clone, 'pull', '--quiet', 'origin', 'main']);
  await access(join(clone, 'sub/run.sh'));
  await assert.rejects(access(join(clone, 'hello.txt')));
});

test('a private repository is neither cloned nor pushed to without the token', async () => {
  await send('POST', '/orgs/acme/repos', { name: 'secret', private: true });
  const clone = (url: string) =>
    run(['clone', '--quiet', url, join(directory, 'secret')]);
  await assert.rejects(clone(`${github.url}/acme/secret.git`));
  await assert.rejects(clone(`http://x:wrong@${github.host}/acme/secret.git`));
});

test('a pull request is refused as GitHub refuses it', async () => {
  const open = (fields: object) =>
    send('POST', '/repos/acme/config/pulls', {
      title: 't',
      base: 'main',
      ...fields,
    });
  assert.equal((await open({ head: 'absent' })).status, 422);
  const { json: head } = await send(
    'GET',
    '/repos/acme/config/git/ref/heads/main',
  );
  await send('POST', '/repos/acme/config/git/refs', {
    ref: 'refs/heads/same',
    sha: head.object.sha,
  });
  const same = await open({ head: 'acme:same' });
  assert.equal(same.json.errors[0].message, 'No commits between main and same');
});

test('wrong requests are told so', async () => {
  assert.equal(
    (await send('GET', '/user', undefined, 'wrong')).json.message,
    'Bad credentials',
  );
  assert.equal((await send('POST', '/orgs/acme/repos', {})).status, 422);
  assert.equal(
    (await send('POST', '/orgs/acme/repos', { name: 'x', privat: true }))
      .status,
    422,
  );
  assert.equal(
    (await send('POST', '/orgs/acme/repos', { name: '..' })).status,
    422,
  );
  assert.equal((await send('GET', '/repos/acme/absent')).status, 404);
  const tree = [{ path: '../out', mode: '100644', content: '' }];
  assert.equal(
    (await send('POST', '/repos/acme/config/git/trees', { tree })).status,
    422,
  );
});

test('an unknown address is noted', async () => {
  assert.equal((await send('GET', '/rate_limit')).status, 404);
  assert.deepEqual(github.unknown, ['GET /rate_limit']);
});

test('nothing is left when it ends', async () => {
  const other = await startGitHub({ port: 0, token: TOKEN, repositories: {} });
  await access(other.store.root);
  await other.close();
  await assert.rejects(access(other.store.root));
});

function run(args: string[]) {
  return git('git', args, { env: isolated });
}

async function send(
  method: string,
  path: string,
  body?: object,
  token = TOKEN,
) {
  const response = await fetch(`${github.url}/api/v3${path}`, {
    method,
    headers: { authorization: `token ${token}` },
    body: body && JSON.stringify(body),
  });
  const text = await response.text();
  return {
    status: response.status,
    json: text === '' ? undefined : JSON.parse(text),
  };
}
