import {
  createMockDirectory,
  mockServices,
} from '@backstage/backend-test-utils';
import { Policy } from 'goldenpath';
import { LivePolicy } from './LivePolicy';

const POLICY = `apiVersion: goldenpath/v1alpha1
kind: AccessPolicy
roles:
  reader: {}
bindings:
  - role: reader
    to: [group:default/team-a]
rules:
  - id: look
    effect: allow
    role: reader
    permissions: [catalog.location.read]
`;

const OTHER = POLICY.replace(
  'catalog.location.read',
  'catalog.location.create',
);

/** Conditions that can be shortened, as the owner stands in them twice. */
const OWNERS = `apiVersion: goldenpath/v1alpha1
kind: AccessPolicy
roles:
  reader: {}
bindings:
  - role: reader
    to: everyone
rules:
  - id: own-components
    effect: allow
    role: reader
    permissions: [catalog.entity.read]
    when:
      allOf: [owner: $ownership, kind: Component]
  - id: own-labelled
    effect: allow
    role: reader
    permissions: [catalog.entity.read]
    when:
      allOf: [owner: $ownership, label: { stage: beta }]
`;

describe('LivePolicy', () => {
  const folder = createMockDirectory();
  const logger = mockServices.logger.mock();
  const setup = {
    files: [folder.resolve('*.yaml')],
    permissions: [{ name: 'acme.thing.use' }],
    logger,
  };

  beforeEach(() => {
    jest.resetAllMocks();
    folder.setContent({ 'policy.yaml': POLICY });
  });

  function allowed(policy: LivePolicy, name: string): boolean {
    const subject = { userEntityRef: 'user:default/ann' };
    return policy.decide({ permission: { name }, subject }).result === 'ALLOW';
  }

  const directory = {
    users: [{ ref: 'user:default/ann', memberOf: ['group:default/team-a'] }],
    groups: [{ ref: 'group:default/team-a' }],
  };

  it('keeps what it knows of users when the policy changes', async () => {
    const policy = await LivePolicy.load(setup);
    expect(allowed(policy, 'catalog.location.read')).toBe(false);
    policy.setDirectory(directory);
    expect(allowed(policy, 'catalog.location.read')).toBe(true);

    folder.setContent({ 'policy.yaml': OTHER });
    await policy.reload();
    expect(allowed(policy, 'catalog.location.read')).toBe(false);
    expect(allowed(policy, 'catalog.location.create')).toBe(true);
  });

  it.each([
    ['unreadable', { 'policy.yaml': `${POLICY}roles: {` }],
    ['not UTF-8', { 'policy.yaml': Buffer.from([0xff, 0xfe, 0x61]) }],
    ['gone', {}],
  ])(
    'keeps the last valid policy while the files are %s',
    async (_, content) => {
      const policy = await LivePolicy.load(setup);
      policy.setDirectory(directory);

      folder.setContent(content);
      await policy.reload();
      await policy.reload();
      expect(allowed(policy, 'catalog.location.read')).toBe(true);
      expect(logger.error).toHaveBeenCalledTimes(1);
      expect(logger.error).toHaveBeenCalledWith(
        expect.stringContaining(folder.path),
      );

      folder.setContent({ 'policy.yaml': OTHER });
      await policy.reload();
      expect(allowed(policy, 'catalog.location.create')).toBe(true);
    },
  );

  it('has the version of the policy in effect', async () => {
    const policy = await LivePolicy.load(setup);
    const first = policy.version;
    expect(first).toMatch(/^[0-9a-f]{64}$/);

    folder.setContent({ 'policy.yaml': `${POLICY}roles: {` });
    await policy.reload();
    expect(policy.version).toBe(first);

    folder.setContent({ 'policy.yaml': OTHER });
    await policy.reload();
    expect(policy.version).not.toBe(first);

    folder.setContent({ 'policy.yaml': POLICY });
    await policy.reload();
    expect(policy.version).toBe(first);
  });

  it('lets a binding end at its time', async () => {
    folder.setContent({
      'policy.yaml': POLICY.replace(
        'to: [group:default/team-a]',
        'to: everyone\n    until: 2026-11-24T17:00:00Z',
      ),
    });
    const policy = await LivePolicy.load(setup);
    const at = (now: string) =>
      policy.decide({
        permission: { name: 'catalog.location.read' },
        subject: { userEntityRef: 'user:default/ann' },
        now,
      }).result;
    expect(at('2026-11-24T16:59:59Z')).toBe('ALLOW');
    expect(at('2026-11-24T17:00:01Z')).toBe('DENY');
  });

  it('asks the core again in the same second if the policy or the directory is new', async () => {
    const now = '2026-11-24T17:00:00Z';
    const request = {
      permission: { name: 'catalog.location.read' },
      subject: { userEntityRef: 'user:default/ann' },
      now,
    };
    const toCore = jest.spyOn(Policy.prototype, 'decide');
    try {
      const policy = await LivePolicy.load(setup);
      expect(policy.decide(request).result).toBe('DENY');
      policy.setDirectory(directory);
      expect(policy.decide(request).result).toBe('ALLOW');
      policy.setDirectory({ ...directory, asOf: now });
      expect(policy.decide(request).result).toBe('ALLOW');
      expect(toCore).toHaveBeenCalledTimes(2);

      folder.setContent({ 'policy.yaml': OTHER });
      await policy.reload();
      expect(policy.decide(request).result).toBe('DENY');
      expect(toCore).toHaveBeenCalledTimes(3);
    } finally {
      toCore.mockRestore();
    }
  });

  it('hands a directory to the core if it says something new', async () => {
    const toCore = jest.spyOn(Policy.prototype, 'setDirectory');
    const [early, late] = ['2026-11-24T17:00:00Z', '2026-11-24T17:00:30Z'];
    try {
      const policy = await LivePolicy.load(setup);
      policy.setDirectory({ ...directory, asOf: early });
      policy.setDirectory({ ...directory, asOf: late });
      expect(toCore).toHaveBeenCalledTimes(1);
      expect(toCore).toHaveBeenLastCalledWith({ ...directory, asOf: early });
      const { directory: known } = policy.explain({
        permission: { name: 'catalog.location.read' },
        now: late,
      });
      expect(known.asOf).toBe(late);

      policy.setDirectory({ users: [], groups: [], asOf: late });
      expect(toCore).toHaveBeenCalledTimes(2);
      expect(allowed(policy, 'catalog.location.read')).toBe(false);

      policy.setDirectory({ ...directory, asOf: early });
      policy.setDirectory({ ...directory, asOf: late });
      folder.setContent({ 'policy.yaml': OTHER });
      await policy.reload();
      expect(toCore).toHaveBeenLastCalledWith({ ...directory, asOf: late });
    } finally {
      toCore.mockRestore();
    }
  });

  it('shortens conditions that are longer than they should be', async () => {
    folder.setContent({ 'policy.yaml': OWNERS });
    const lengthOf = async (conditionBytes?: number) => {
      const policy = await LivePolicy.load({ ...setup, conditionBytes });
      const decision = policy.decide({
        permission: {
          name: 'catalog.entity.read',
          action: 'read',
          resourceType: 'catalog-entity',
        },
        subject: { userEntityRef: 'user:default/ann' },
      });
      return JSON.stringify(decision).length;
    };
    expect(await lengthOf(0)).toBeLessThan(await lengthOf());
  });

  it('does not know permissions that nobody declares', async () => {
    const withPermission = (name: string) =>
      POLICY.replace('catalog.location.read', name);

    folder.setContent({ 'policy.yaml': withPermission('acme.thing.use') });
    await expect(LivePolicy.load(setup)).resolves.toBeDefined();

    folder.setContent({ 'policy.yaml': withPermission('acme.thing.us') });
    await expect(LivePolicy.load(setup)).rejects.toThrow('acme.thing.use');
  });
});
