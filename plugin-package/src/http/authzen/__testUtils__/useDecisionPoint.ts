import {
  type TestBackend,
  createMockDirectory,
  mockCredentials,
  mockServices,
  startTestBackend,
} from '@backstage/backend-test-utils';
import type { Entity } from '@backstage/catalog-model';
import { catalogServiceMock } from '@backstage/plugin-catalog-node/testUtils';
import { AuthorizeResult } from '@backstage/plugin-permission-common';
import { type Policy, compilePolicy } from 'goldenpath';
import { goldenpathPlugin } from '../../plugin';

// What the certification of AuthZEN asks for: its subjects, resources, actions and rules.
const POLICY = `apiVersion: goldenpath/v1alpha1
kind: AccessPolicy
roles:
  writer: {}
  reader: {}
bindings:
  - { role: writer, to: user:default/alice }
  - { role: reader, to: [user:default/alice, user:default/bob] }
rules:
  - id: read
    effect: allow
    role: reader
    permissions: read
  - id: write
    effect: allow
    role: writer
    permissions: write
    when: { not: { label: { status: archived } } }
  - id: administer
    effect: allow
    role: reader
    permissions: write
    when:
      context: { authzen.subject.role: admin }
      label: { status: archived }
  - id: delete-softly
    effect: allow
    role: writer
    permissions: delete
    when: { context: { authzen.action.soft: true } }
  - id: weekdays
    effect: allow
    role: reader
    permissions: can_create_todo
    when: { time: { within: Mon-Fri 00:00-24:00 Z } }
  - id: own-tasks
    effect: allow
    role: reader
    permissions: can_read_task
    when: { createdBy: $self }
  - id: destroy
    effect: allow
    role: writer
    permissions: goldenpath.environment.destroy
    when: { label: { status: active } }
`;

export const PERMISSIONS = [
  ...['read', 'write', 'delete'].map(name => ({
    name,
    resourceType: 'catalog-entity',
  })),
  { name: 'can_create_todo' },
  { name: 'can_read_task', resourceType: 'scaffolder-task' },
];

const SERVICE = mockCredentials.service.header();

export const alice = { type: 'user', id: 'alice' };
export const bob = { type: 'user', id: 'bob' };
export const admin = { ...bob, properties: { role: 'admin' } };
export const [read, write] = ['read', 'write'].map(name => ({ name }));
export const record = { type: 'record', id: 'record-1' };
export const archived = {
  type: 'record',
  id: 'record-2',
  properties: { status: 'archived' },
};

export function entity(name: string, kind = 'Record'): Entity {
  return {
    apiVersion: 'acme.com/v1',
    kind,
    metadata: {
      name,
      namespace: 'default',
      labels: { status: name === 'record-2' ? 'archived' : 'active' },
    },
  };
}

type Rights = 'ALLOW' | 'DENY';

/** A decision point over HTTP, asked by a service that may ask about others, or not. */
export function useDecisionPoint() {
  const folder = createMockDirectory({ content: { 'policy.yaml': POLICY } });
  const name = folder.resolve('policy.yaml');
  const engine = compilePolicy([{ name, content: POLICY }], {
    permissions: PERMISSIONS,
  }).policy as Policy;
  let backends: Record<Rights, TestBackend>;

  beforeAll(async () => {
    const start = (result: Rights) =>
      startTestBackend({
        features: [
          goldenpathPlugin,
          catalogServiceMock.factory({
            entities: [
              entity('record-1'),
              entity('record-2'),
              entity('shop', 'Component'),
              { ...entity('pr-1', 'Resource'), spec: { type: 'environment' } },
              { ...entity('db', 'Resource'), spec: { type: 'database' } },
            ],
          }),
          mockServices.permissions.factory({ result: AuthorizeResult[result] }),
          mockServices.scheduler.factory({ skipTaskRunOnStartup: true }),
          mockServices.discovery.factory(),
          mockServices.rootConfig.factory({
            data: {
              goldenpath: {
                policy: { files: [name], permissions: PERMISSIONS },
              },
            },
          }),
        ],
      });
    backends = { ALLOW: await start('ALLOW'), DENY: await start('DENY') };
  });

  afterAll(async () => {
    await Promise.all(Object.values(backends).map(one => one.stop()));
  });

  function url(path: string, rights: Rights = 'ALLOW') {
    return `http://localhost:${backends[rights].server.port()}${path}`;
  }

  async function send(
    path: string,
    body: unknown,
    headers: Record<string, string> = {},
    rights: Rights = 'ALLOW',
  ) {
    const response = await fetch(
      url(`/api/goldenpath/access/v1/${path}`, rights),
      {
        method: 'POST',
        headers: {
          authorization: SERVICE,
          'content-type': 'application/json',
          ...headers,
        },
        body: typeof body === 'string' ? body : JSON.stringify(body),
      },
    );
    const text = await response.text();
    return { status: response.status, headers: response.headers, text };
  }

  async function post(path: string, body: unknown): Promise<any> {
    const { status, text } = await send(path, body);
    expect([status, text]).toEqual([200, text]);
    return JSON.parse(text);
  }

  /** The decisions of an answer, without their context. */
  async function decided(path: string, body: unknown) {
    const answer = await post(path, body);
    return answer.evaluations
      ? answer.evaluations.map((one: any) => one.decision)
      : answer.decision;
  }

  return { engine, url, send, post, decided };
}
