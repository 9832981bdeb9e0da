import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import {
  type TestBackend,
  createMockDirectory,
  mockCredentials,
  mockServices,
  startTestBackend,
} from '@backstage/backend-test-utils';
import { catalogServiceMock } from '@backstage/plugin-catalog-node/testUtils';
import {
  AuthorizeResult,
  type Permission,
} from '@backstage/plugin-permission-common';
import type { PolicyQueryUser } from '@backstage/plugin-permission-node';
import { type Decision, type Policy, compilePolicy } from 'goldenpath';
import { goldenpathPlugin } from '../http';
import type { AuditedDecision } from '../permission/DecisionAudit';
import { GoldenpathPolicy } from '../permission/GoldenpathPolicy';
import { readDirectory } from '../policy/readDirectory';
import { createPolicyCheckAction } from '../scaffolder/actions/policyCheck';
import {
  type Asked,
  PEOPLE,
  POLICY,
  Random,
  UNKNOWN,
  entity,
  generate,
} from './__testUtils__/world';

const COUNT = 10_000;
const SEED = 20261124;
const USER = { credentials: mockCredentials.user() } as PolicyQueryUser;

const run = promisify(execFile);
const program = join(
  dirname(require.resolve('goldenpath/package.json')),
  'bin/goldenpath.js',
);

// two cores, and others who want them
jest.setTimeout(120_000);

describe('the same request has the same decision at every door', () => {
  const requests = generate(COUNT, SEED);
  const folder = createMockDirectory();
  let name: string;
  let engine: Policy;
  /** What the engine decides, one by one, as bytes. */
  let expected: string[];

  beforeAll(async () => {
    folder.setContent({
      'policy.yaml': POLICY,
      'org.json': JSON.stringify(PEOPLE),
    });
    name = folder.resolve('policy.yaml');
    engine = compilePolicy([{ name, content: POLICY }]).policy as Policy;
    engine.setDirectory(
      await readDirectory(
        catalogServiceMock({ entities: PEOPLE }),
        mockServices.auth(),
      ),
    );
    expected = requests.map(request => JSON.stringify(engine.decide(request)));
  });

  function expectSame(decisions: Decision[]) {
    const bytes = decisions.map(decision => JSON.stringify(decision));
    // a difference is shown with its request
    const at = bytes.findIndex((text, index) => text !== expected[index]);
    const request = JSON.stringify(requests[at]);
    expect({ request, decided: bytes[at] }).toEqual({
      request,
      decided: expected[at],
    });
    expect(bytes).toHaveLength(expected.length);
  }

  it('asks for everything', () => {
    const decisions: Decision[] = expected.map(text => JSON.parse(text));
    for (const result of ['ALLOW', 'DENY', 'CONDITIONAL']) {
      const such = decisions.filter(decision => decision.result === result);
      expect(such.length).toBeGreaterThan(COUNT / 20);
    }
    const rules = decisions.flatMap(({ reasons }) => reasons.map(r => r.rule));
    const ids = [...POLICY.matchAll(/\bid: ([\w-]+)/g)].map(([, id]) => id);
    expect([...new Set(rules)].sort()).toEqual(ids.sort());
    expect(rules.length / COUNT).toBeGreaterThan(0.5);
    const inEmergency = requests.filter(
      request => engine.check(request).obligations.length > 0,
    );
    expect(inEmergency.length).toBeGreaterThan(10);
  });

  it('in lists', () => {
    expectSame(engine.decideBatch(requests));
  });

  it('in checks', () => {
    expectSame(requests.map(request => engine.check(request).decision));
  });

  it('on the command line', async () => {
    const decisions: Decision[] = [];
    for (let start = 0; start < COUNT; start += COUNT / 2) {
      const some = requests.slice(start, start + COUNT / 2);
      folder.addContent({ 'requests.json': JSON.stringify(some) });
      const { stdout } = await run(
        process.execPath,
        [
          ...[program, 'policy', 'decide', '--policy', name],
          ...['--directory', folder.resolve('org.json')],
          ...['--request', folder.resolve('requests.json')],
        ],
        { maxBuffer: 1 << 28 },
      );
      decisions.push(...JSON.parse(stdout));
    }
    expectSame(decisions);
  });

  describe('over HTTP', () => {
    let backend: TestBackend | undefined;

    beforeAll(async () => {
      backend = await startTestBackend({
        features: [
          goldenpathPlugin,
          catalogServiceMock.factory({ entities: PEOPLE }),
          mockServices.permissions.factory({ result: AuthorizeResult.ALLOW }),
          mockServices.rootConfig.factory({
            data: { goldenpath: { policy: { files: [name] } } },
          }),
        ],
      });
      // users and groups are read in the background
      const index = requests.findIndex(
        ({ subject }, at) =>
          !subject.ownershipEntityRefs && /through `group/.test(expected[at]),
      );
      const patience = Date.now() + 30_000;
      for (;;) {
        const text = await post('decide', [requests[index]]);
        if (text === `[${expected[index]}]`) return;
        if (Date.now() > patience) throw new Error(`no directory: ${text}`);
        await new Promise(done => setTimeout(done, 50));
      }
    });

    afterAll(() => backend?.stop());

    async function post(path: string, body: object): Promise<string> {
      const response = await fetch(
        `http://localhost:${backend?.server.port()}/api/goldenpath/${path}`,
        {
          method: 'POST',
          headers: {
            authorization: mockCredentials.service.header(),
            'content-type': 'application/json',
          },
          body: JSON.stringify(body),
        },
      );
      return response.text();
    }

    it('of ours', async () => {
      for (let first = 0; first < COUNT; first += 1000) {
        const some = requests.slice(first, first + 1000);
        const bytes = `[${expected.slice(first, first + 1000).join()}]`;
        expect(await post('decide', some)).toBe(bytes);
      }
    });

    it('of AuthZEN', async () => {
      const asked = requests.flatMap((request, index) => {
        const evaluation = toEvaluation(request);
        const decision: Decision = JSON.parse(expected[index]);
        const answer = {
          decision: decision.result === 'ALLOW',
          context: { decision },
        };
        return evaluation ? { evaluation, answer } : [];
      });
      expect(asked.length).toBeGreaterThan(COUNT / 3);
      for (let first = 0; first < asked.length; first += 1000) {
        const some = asked.slice(first, first + 1000);
        const evaluations = some.map(({ evaluation }) => evaluation);
        const answers = some.map(({ answer }) => answer);
        const text = await post('access/v1/evaluations', { evaluations });
        expect(text).toBe(JSON.stringify({ evaluations: answers }));
      }
    });
  });

  describe('at the present time of each', () => {
    const userInfo = mockServices.userInfo.mock();
    const logger = mockServices.logger.mock();

    beforeEach(() => {
      // only the date: what waits shall wait
      jest.useFakeTimers({
        doNotFake: [
          ...(['nextTick', 'setImmediate', 'setInterval'] as const),
          ...(['setTimeout', 'queueMicrotask', 'performance'] as const),
          ...(['hrtime', 'clearTimeout', 'clearInterval'] as const),
          'clearImmediate',
        ],
      });
    });
    afterEach(() => jest.useRealTimers());

    function at({ now, subject }: Asked) {
      jest.setSystemTime(new Date(now));
      userInfo.getUserInfo.mockResolvedValue(subject as never);
    }

    it("as Backstage's permission policy", async () => {
      const audited: AuditedDecision[] = [];
      const policy = new GoldenpathPolicy({
        policy: {
          decide: one => engine.decide(one),
          covers: () => true,
          version: '1',
        },
        audit: { record: decided => audited.push(decided) },
        userInfo,
        logger,
      });
      let asked = 0;
      for (const [index, request] of requests.entries()) {
        // Backstage asks without these
        if (request.resource || request.context) continue;
        at(request);
        const { name: named, action, resourceType } = request.permission;
        const permission = {
          type: resourceType ? 'resource' : 'basic',
          name: named,
          attributes: { action },
          resourceType,
        } as Permission;
        const answer = await policy.handle({ permission }, USER);
        expect(JSON.stringify(audited.pop()?.decision)).toBe(expected[index]);
        const { reasons, more, ...told } = JSON.parse(expected[index]);
        expect(answer).toEqual(told);
        asked += 1;
      }
      expect(asked).toBeGreaterThan(COUNT / 10);
    });

    it('in tasks', async () => {
      const action = createPolicyCheckAction({
        audit: { answered: jest.fn(), failed: jest.fn() },
        auth: mockServices.auth(),
        catalog: catalogServiceMock.mock(),
        policy: engine,
        userInfo,
      });
      let output: Record<string, any> = {};
      const task = {
        task: { id: 'task-7' },
        user: { ref: 'user:default/mock' },
        logger,
        getInitiatorCredentials: async () => USER.credentials,
        output: (key: string, value: unknown) => {
          output[key] = value;
        },
      };
      const scaffolder = {
        user: 'user:default/mock',
        task: 'task-7',
        dryRun: false,
      };
      for (const [index, request] of requests.entries()) {
        at(request);
        output = {};
        const { permission, resource, context } = request;
        const onDeny = 'output';
        const input = { permission, resource, context, onDeny };
        await action.handler({ ...task, input } as any);
        // where nothing is said of the circumstances, the action does
        const bytes = context
          ? expected[index]
          : JSON.stringify(
              engine.decide({ ...request, context: { scaffolder } }),
            );
        expect(JSON.stringify(output.decision)).toBe(bytes);
      }
    });
  });

  it('in Atlantis', async () => {
    const random = new Random(SEED);
    for (let at = 0; at < 16; at += 1) {
      const verb = random.of(['plan', 'apply']);
      const number = random.below(PEOPLE.length - 8);
      const resource = entity(random);
      const annotations = { 'goldenpath/terraform': 'acme/platform//shop' };
      const marked = {
        ...resource,
        metadata: { ...(resource.metadata as object), annotations },
      };
      folder.addContent({ 'org.json': JSON.stringify([...PEOPLE, marked]) });
      const { now } = requests[at];
      const { stdout } = await run(
        process.execPath,
        [
          ...[program, 'atlantis-authz', '--policy', name, '--now', now],
          ...['--directory', folder.resolve('org.json')],
          ...['--report', folder.resolve('report.json')],
          ...[verb, 'acme/platform', 'acme/team'],
        ],
        {
          env: {
            USER_NAME: `Login-${number}`,
            PULL_NUM: '7',
            PULL_AUTHOR: 'login-1',
            HEAD_COMMIT: 'f'.repeat(40),
            REPO_ROOT: '/nowhere',
            REPO_REL_PATH: 'shop',
            WORKSPACE: 'default',
          },
        },
      );
      const report = await readFile(folder.resolve('report.json'), 'utf8');
      const decision = engine.decide({
        permission: {
          name: `goldenpath.platform.${verb}`,
          resourceType: 'catalog-entity',
          pluginId: 'catalog',
        },
        subject: { userEntityRef: `user:default/u${number}` },
        resource: marked,
        context: {
          atlantis: {
            command: verb,
            repository: 'acme/platform',
            path: 'shop',
            project: '',
            workspace: 'default',
          },
        },
        now,
      });
      expect(JSON.stringify(JSON.parse(report).decision)).toBe(
        JSON.stringify(decision),
      );
      expect(/\npass\n$/.test(stdout)).toBe(decision.result === 'ALLOW');
    }
  });
});

/** The request in AuthZEN's terms, which know no permission and no entity that is not known. */
function toEvaluation({ permission, subject, resource, context, now }: Asked) {
  const { resourceType, name } = permission;
  const { kind, metadata } = Object(resource);
  if (name === UNKNOWN || (resourceType && !kind)) return undefined;
  const { userEntityRef: id, ...properties } = subject;
  return {
    subject: { type: 'user', id, properties },
    action: { name },
    resource: resourceType
      ? {
          type: resourceType,
          id: `${kind}:default/${metadata.name}`,
          properties: resource,
        }
      : { type: 'portal', id: 'portal' },
    context: { ...context, now },
  };
}
