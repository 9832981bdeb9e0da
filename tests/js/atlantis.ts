import { execFileSync, spawnSync } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TestContext } from 'node:test';

import { folder } from './folders.ts';
import { goldenpath, program } from './program.ts';

export const NOW = '2026-11-24T12:00:00Z';

const POLICY = `apiVersion: goldenpath/v1alpha1
kind: AccessPolicy
roles: { sre: {}, engineer: {} }
bindings:
  - { role: sre, to: [group:default/sre] }
  - { role: engineer, to: [group:default/shop, group:default/sre] }
rules:
  - { id: plan, effect: allow, role: engineer, permissions: goldenpath.platform.plan }
  - { id: apply-own, effect: allow, role: engineer, permissions: goldenpath.platform.apply, when: { owner: $ownership } }
  - { id: apply-all, effect: allow, role: sre, permissions: goldenpath.platform.apply }
  - id: not-production
    effect: deny
    role: engineer
    permissions: goldenpath.platform.apply
    when: { context: { atlantis.workspace: production } }
`;

const FOUR_EYES = `approvals:
  - id: two-of-us
    for: { permissions: goldenpath.platform.apply }
    require: [{ from: [group:default/shop] }]
    expires: 24h
`;

const entity = (kind: string, name: string, annotation: string, spec: string) =>
  `---
apiVersion: backstage.io/v1alpha1
kind: ${kind}
metadata: { name: ${name}, annotations: { ${annotation} } }
spec: { ${spec} }
`;

const user = (name: string, login: string, group: string) =>
  entity(
    'User',
    name,
    `github.com/user-login: ${login}`,
    `memberOf: [${group}]`,
  );

const ORG = [
  entity('Group', 'shop', '', 'type: team, children: []'),
  entity('Group', 'sre', '', 'type: team, children: []'),
  user('ann', 'ann-gh', 'shop'),
  user('bob', 'bob-gh', 'shop'),
  user('sam', 'sam-gh', 'sre'),
  entity(
    'Component',
    'shop',
    'goldenpath/terraform: acme/platform-config//services/shop',
    'type: service, lifecycle: production, owner: shop',
  ),
].join('');

const keys = () =>
  generateKeyPairSync('ed25519', {
    privateKeyEncoding: { format: 'pem', type: 'pkcs8' },
    publicKeyEncoding: { format: 'pem', type: 'spki' },
  });

/** What an Atlantis has on its disk, and how it calls. */
export class Atlantis {
  readonly cwd: string;
  head = '';

  constructor(t: TestContext) {
    const [bot, other] = [keys(), keys()];
    this.cwd = folder(t, {
      'policy.yaml': POLICY,
      'four-eyes.yaml': POLICY + FOUR_EYES,
      'broken.yaml': POLICY.replace('effect: allow', 'effect: perhaps'),
      'org.yaml': ORG,
      'bot.pem': bot.privateKey,
      'bot.pub': bot.publicKey,
      'other.pem': other.privateKey,
      'repo/services/shop/main.tf': '# nothing\n',
    });
    this.git('init', '--quiet');
    this.commit('Base');
  }

  git(...args: string[]): string {
    const identity = ['-c', 'user.name=bot', '-c', 'user.email=bot@acme.dev'];
    return execFileSync('git', [...identity, ...args], {
      cwd: join(this.cwd, 'repo'),
      encoding: 'utf8',
    }).trim();
  }

  /** Commits what there is; the message may have trailers. */
  commit(...paragraphs: string[]) {
    this.git('add', '--all');
    const messages = paragraphs.flatMap(text => ['--message', text]);
    this.git('commit', '--quiet', '--allow-empty', ...messages);
    this.head = this.git('rev-parse', 'HEAD');
  }

  /** The trailer for a commit of what is staged. */
  sign(...more: string[]): string {
    this.git('add', '--all');
    const { status, stdout, stderr } = goldenpath(
      this.cwd,
      ...['provenance', 'sign', '--key', 'bot.pem', '--request', 'task-7'],
      ...['--requester', 'user:default/ann'],
      ...['--repository', 'acme/platform-config'],
      ...['--tree', this.git('write-tree')],
      ...['--parent', this.git('rev-parse', 'HEAD')],
      ...['--now', NOW, ...more],
    );
    if (status !== 0) throw new Error(stderr);
    return stdout.trim();
  }

  /** Calls as Atlantis does before (`preFlight`) or after it knows the pull request. */
  asks(
    command: string,
    login: string,
    {
      env = {},
      args = ['--policy', 'policy.yaml'],
      teams = ['acme/shop'],
      preFlight = false,
    }: {
      env?: Record<string, string>;
      args?: string[];
      teams?: string[];
      preFlight?: boolean;
    } = {},
  ) {
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      [
        ...[program, 'atlantis-authz', ...args, '--directory', 'org.yaml'],
        ...['--bot', 'Portal[bot]', '--key', 'bot.pub', '--now', NOW],
        ...['--report', 'report.json'],
        ...[command, 'acme/platform-config', ...teams],
      ],
      {
        cwd: this.cwd,
        encoding: 'utf8',
        env: {
          PATH: process.env.PATH,
          ...this.variables(command, login, preFlight),
          ...env,
        },
      },
    );
    // Atlantis reads both streams as one, and trims them
    const lines = `${stdout}${stderr}`.trim().split('\n');
    const passes =
      status === 0 && lines[lines.length - 1].toLowerCase() === 'pass';
    return { status, stdout, stderr, passes };
  }

  /** What Atlantis sets, each time all. */
  variables(command: string, login: string, preFlight = false) {
    const pull = {
      PULL_NUM: '7',
      PULL_AUTHOR: 'portal[bot]',
      HEAD_COMMIT: this.head,
      REPO_ROOT: join(this.cwd, 'repo'),
      REPO_REL_PATH: 'services/shop',
      PROJECT_NAME: '',
      WORKSPACE: 'default',
    };
    const unknown = Object.keys(pull).map(name => [name, '']);
    return {
      BASE_REPO_OWNER: 'acme',
      BASE_REPO_NAME: 'platform-config',
      COMMAND_NAME: command,
      USER_NAME: login,
      ...(preFlight ? { ...Object.fromEntries(unknown), PULL_NUM: '0' } : pull),
    };
  }

  report() {
    return JSON.parse(readFileSync(join(this.cwd, 'report.json'), 'utf8'));
  }
}
