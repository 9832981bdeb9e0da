import { ConfigReader } from '@backstage/config';
import { readPolicyOptions } from './readPolicyOptions';

function read(policy: { conditionBytes?: number }) {
  return readPolicyOptions(
    new ConfigReader({
      goldenpath: { policy: { files: ['a.yaml'], ...policy } },
    }),
  );
}

describe('readPolicyOptions', () => {
  it('leaves the length of conditions to the core by default', () => {
    expect(read({}).conditionBytes).toBeUndefined();
    expect(read({ conditionBytes: 4096 }).conditionBytes).toBe(4096);
  });

  it.each([-1, 1.5])('refuses %s bytes', conditionBytes => {
    expect(() => read({ conditionBytes })).toThrow(
      `\`goldenpath.policy.conditionBytes\` is ${conditionBytes}`,
    );
  });
});
