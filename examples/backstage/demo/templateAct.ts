import { stripVTControlCharacters } from 'node:util';
import { Claims } from './claims.ts';
import {
  refOf,
  RequestError,
  waitFor,
  type Entity,
  type PortalUser,
} from './portal.ts';
import { runTemplate, type TaskEvent } from './scaffolder.ts';
import type { Stage } from './stage.ts';
import { paint, type Terminal } from './terminal.ts';

const OWNER = 'acme';
const SERVICE = 'refund-service';

/** From a form to a repository, a pull request and an entry in the catalogue. */
export async function templateAct(stage: Stage): Promise<boolean> {
  const { terminal, github } = stage;
  const claims = new Claims(terminal);
  terminal.section('template');
  terminal.heading('3  Template: a new backend service');
  terminal.section('task');

  const olivia = await stage.signIn('olivia');
  const values = {
    name: SERVICE,
    owner: 'group:default/payments',
    description: 'Pays customers back: "quoted", # not a comment',
    language: 'typescript',
    database: true,
    repoUrl: `${github.host}?owner=${OWNER}&repo=${SERVICE}`,
  };
  terminal.line(`  ${olivia.name} asks for:`);
  terminal.table(
    ['field', 'value'],
    Object.entries(values).map(([name, value]) => [name, String(value)]),
  );
  terminal.line();

  const { status, completion } = await runTemplate(
    olivia,
    'template:default/new-service',
    values,
    event => showEvent(terminal, event),
  );
  terminal.line();
  claims.expect(status === 'completed', 'the task has completed');
  if (status !== 'completed') {
    terminal.frame(completion.error?.message ?? completion.message);
    return false;
  }
  await showRepository(stage, claims);
  await showPullRequest(stage, claims, completion);
  await showEntities(stage, claims);
  return claims.ok;
}

function showEvent(terminal: Terminal, { type, body }: TaskEvent) {
  const message = stripVTControlCharacters(body.message).replace(/^info: /, '');
  if (type === 'completion') {
    terminal.line(`  ${paint('bold', message)}`);
  } else if (body.status === 'processing') {
    terminal.line(`  ${paint('cyan', '▶')} ${message}`);
  } else if (body.status) {
    const mark =
      body.status === 'failed' ? paint('red', '✗') : paint('green', '✓');
    terminal.line(`  ${mark} ${message}`);
  } else {
    for (const line of message.trimEnd().split('\n')) {
      terminal.note(`      ${line}`);
    }
  }
}

async function showRepository({ terminal, github }: Stage, claims: Claims) {
  const files = await github.files(OWNER, SERVICE);
  terminal.line();
  terminal.line(`  ${paint('bold', `${github.url}/${OWNER}/${SERVICE}`)}`);
  terminal.line(
    drawTree(
      files.map(({ path, mode }) => (mode === '100755' ? `${path}*` : path)),
    ),
  );
  terminal.line();
  const contents = await Promise.all(
    files
      .filter(({ path }) => !/\.(png|lock)$/.test(path))
      .map(({ path }) => github.content(OWNER, SERVICE, path)),
  );
  claims.expect(
    files.some(({ path }) => path === 'catalog-info.yaml'),
    `${files.length} files are in the new repository, a catalogue entry among them`,
  );
  claims.expect(
    files.every(({ path }) => !path.includes('{')) &&
      // GitHub's own expressions stay; those of the template are gone.
      contents.every(text => !/\$\{\{ *values\b/.test(text)),
    'no expression of the template is left, in no name and in no content',
  );
  claims.expect(
    files.some(({ mode }) => mode === '100755'),
    'scripts are still executable',
  );
}

async function showPullRequest(
  { terminal, github }: Stage,
  claims: Claims,
  completion: TaskEvent['body'],
) {
  const link = completion.output?.links?.find(({ url }) =>
    url?.includes('/pull/'),
  );
  const number = Number(link?.url?.split('/').at(-1));
  const pull = await github.pullRequest(OWNER, 'platform-config', number);
  terminal.section('pull request');
  terminal.line();
  terminal.line(
    `  ${paint('bold', `${pull.title} #${number}`)}  ${pull.head} → ${
      pull.base
    }`,
  );
  terminal.line(`  ${pull.url}`);
  for (const { filename, status } of pull.files) {
    terminal.line(
      `    ${
        status === 'added' ? paint('green', '+') : paint('yellow', '~')
      } ${filename}`,
    );
  }
  terminal.line();
  claims.expect(
    pull.state === 'open' &&
      pull.files.length > 0 &&
      pull.files.every(
        ({ filename, status }) =>
          status === 'added' && filename.includes(SERVICE),
      ),
    `the pull request to platform-config is open and adds only files of ${SERVICE}`,
  );
}

async function showEntities(stage: Stage, claims: Claims) {
  const { terminal } = stage;
  const olivia = await stage.signIn('olivia');
  const entity = await waitForEntity(olivia, `component:default/${SERVICE}`);
  const api = await waitForEntity(olivia, `api:default/${SERVICE}-api`);
  terminal.line();
  terminal.line(`  ${paint('bold', refOf(entity))}`);
  for (const { type, targetRef } of entity.relations ?? []) {
    terminal.line(`    ${type} ${targetRef}`);
  }
  terminal.line();
  claims.expect(
    [entity, api].every(isOwnedAndValid),
    'the component and its API are in the catalogue, valid, and payments owns them',
  );
  claims.expect(
    String(api.spec?.definition).startsWith('openapi:'),
    'the definition of the API is the text of its file in the new repository',
  );
}

/** Relations come a moment after the entity. */
function waitForEntity(user: PortalUser, ref: string): Promise<Entity> {
  return waitFor(`${ref} in the catalogue`, async () => {
    try {
      const entity = await user.entity(ref);
      return entity.relations?.length ? entity : undefined;
    } catch (error) {
      if (error instanceof RequestError && error.status === 404) {
        return undefined;
      }
      throw error;
    }
  });
}

function isOwnedAndValid({ relations, status }: Entity): boolean {
  const owners = (relations ?? []).filter(({ type }) => type === 'ownedBy');
  return (
    owners.map(({ targetRef }) => targetRef).join() ===
      'group:default/payments' && !status?.items?.length
  );
}

/** Paths as a tree: each directory once, its entries below it. */
export function drawTree(paths: string[]): string {
  const lines = [...paths].sort().flatMap(path => {
    const parts = path.split('/');
    return parts.map((part, depth) => {
      const isFile = depth === parts.length - 1;
      const key = parts.slice(0, depth + 1).join('/');
      const text = `    ${'  '.repeat(depth)}${part}${isFile ? '' : '/'}`;
      return [key, text] as const;
    });
  });
  return [...new Map(lines).values()].join('\n');
}
