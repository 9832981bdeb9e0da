import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { asBlob, registerLocations, waitForRejections } from './catalog.ts';
import { Claims } from './claims.ts';
import type { Stage } from './stage.ts';
import { paint } from './terminal.ts';
import { refOf, waitFor } from './portal.ts';

const BROKEN = join(import.meta.dirname, '../../catalog/broken');

/** What ../catalog/commerce-stack and the template's file hold. */
export const COMMERCE_STACK = [
  'domain:default/commerce',
  'system:default/commerce-stack',
  'component:default/payment-service',
  'component:default/auth-service',
  'component:default/notification-service',
  'api:default/payment-api',
  'api:default/auth-api',
  'api:default/notification-events',
  'resource:default/payments-database',
  'group:default/engineering',
  'group:default/platform',
  'group:default/commerce',
  'group:default/payments',
  'group:default/identity',
  'group:default/messaging',
  'user:default/erin',
  'user:default/olivia',
  'user:default/petra',
  'template:default/new-service',
];

/** Valid entities get in; of broken files every error is told, where it is and what to write instead. */
export async function catalogAct(stage: Stage): Promise<boolean> {
  const { terminal } = stage;
  const claims = new Claims(terminal);
  terminal.section('catalogue');
  terminal.heading('1  Catalogue: what is invalid does not get in');
  terminal.section('commerce stack');

  await showCommerceStack(stage, claims);
  await showBroken(stage, claims);
  return claims.ok;
}

async function showCommerceStack(stage: Stage, claims: Claims) {
  const { terminal } = stage;
  const petra = await stage.signIn('petra');
  const found = await waitFor('the commerce stack', async () => {
    const entities = await petra.entities();
    const refs = new Set(entities.map(refOf));
    return COMMERCE_STACK.every(ref => refs.has(ref)) ? entities : undefined;
  });
  const rows = found
    .filter(entity => COMMERCE_STACK.includes(refOf(entity)))
    .sort(
      (one, other) =>
        COMMERCE_STACK.indexOf(refOf(one)) -
        COMMERCE_STACK.indexOf(refOf(other)),
    )
    .map(({ kind, metadata, spec }) => [
      kind,
      metadata.name,
      String(spec?.owner ?? ''),
    ]);
  terminal.table(['kind', 'name', 'owner'], rows);
  terminal.line();
  claims.expect(
    found.every(({ status }) => !status?.items?.length),
    `all ${COMMERCE_STACK.length} entities of the commerce stack are in, without a complaint`,
  );
}

async function showBroken(stage: Stage, claims: Claims) {
  const { terminal, github } = stage;
  const petra = await stage.signIn('petra');
  const files = (await readdir(BROKEN))
    .filter(name => name.endsWith('.yaml'))
    .sort();
  const targets = files.map(
    file => `${github.url}/acme/broken-descriptors/blob/main/${file}`,
  );
  terminal.line();
  terminal.line(
    `  Registering ${files.length} broken files from ${github.url}/acme/broken-descriptors`,
  );
  await registerLocations(petra, targets);
  const rejections = await waitForRejections(petra, targets);

  for (const [index, target] of targets.entries()) {
    const own = rejections.filter(({ location }) => location === target);
    const said = own.flatMap(rejection => rejection.errors);
    const errors = said.filter(isFrame);
    const warnings = warningsAbout(stage.backendLog(), target);
    terminal.section(files[index]);
    terminal.line();
    terminal.line(`  ${paint(['bold', 'underline'], files[index])}`);
    terminal.line();
    [...errors, ...warnings].forEach(text => {
      terminal.frame(text);
      terminal.line();
    });
    said
      .filter(text => !isFrame(text))
      .forEach(text => terminal.note(`  Backstage by itself: ${text}`));
    const count = errors.join('\n').match(/^error\[/gm)?.length ?? 0;
    claims.expect(
      count > 0 &&
        errors.every(error => asBlob(error).includes(`--> ${target}:`)),
      `refused with ${plural(count, 'error')}${
        warnings.length > 0 ? ` and ${plural(warnings.length, 'warning')}` : ''
      }, each at its line and column`,
    );
  }
  await expectAbsent(stage, claims, rejections.length);
}

async function expectAbsent(stage: Stage, claims: Claims, refused: number) {
  const petra = await stage.signIn('petra');
  const { items } = await petra.get(
    '/api/catalog/entities/by-query?limit=1000&fields=metadata.name,kind,metadata.annotations,status',
  );
  const complained = items.filter(({ status }: any) =>
    status?.items?.some(({ level }: any) => level === 'error'),
  );
  stage.terminal.section('refused');
  stage.terminal.line();
  claims.expect(
    refused >= 8 && complained.length === 0,
    `${refused} documents refused, and nothing with an error is in the catalogue`,
  );
}

/** Backstage checks entities as well, and adds its own sentence without a place. */
export function isFrame(text: string): boolean {
  return text.startsWith('error[');
}

/** Warnings refuse nothing, so Backstage only logs them. */
export function warningsAbout(log: string, target: string): string[] {
  const frames =
    stripVTControlCharacters(log).match(
      /^warning\[.*\n(?: *(?:\d+ +)?(?:[|=]|-->|:::) ?.*\n)*/gm,
    ) ?? [];
  const about = frames.filter(frame =>
    asBlob(frame).includes(`--> ${target}:`),
  );
  return [...new Set(about.map(frame => frame.trimEnd()))];
}

function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
