import type { Decision, DecisionRequest } from 'goldenpath';
import { RecentDecisions } from './RecentDecisions';

const ANN = { userEntityRef: 'user:default/ann' };

const REQUEST: DecisionRequest = {
  permission: { name: 'catalog.location.read' },
  subject: { ...ANN, ownershipEntityRefs: ['group:default/a'] },
  now: '2026-11-24T17:00:00.100Z',
};

describe('RecentDecisions', () => {
  const decide = jest.fn<Decision, [DecisionRequest]>();
  let recent: RecentDecisions;

  beforeEach(() => {
    decide.mockReset();
    decide.mockImplementation(() => ({ result: 'ALLOW', reasons: [] }));
    recent = new RecentDecisions();
  });

  it('decides once for the same request within a second', () => {
    const first = recent.get(REQUEST, decide);
    const last = { ...REQUEST, now: '2026-11-24T17:00:00.999Z' };
    expect(recent.get(last, decide)).toBe(first);
    expect(decide.mock.calls).toEqual([[REQUEST]]);
  });

  it.each<[string, Partial<DecisionRequest>]>([
    ['in the next second', { now: '2026-11-24T17:00:01.000Z' }],
    ['in the second before', { now: '2026-11-24T16:59:59.999Z' }],
    ['at no time', { now: undefined }],
    ['for another permission', { permission: { name: 'acme.thing.use' } }],
    ['for another user', { subject: { userEntityRef: 'user:default/bob' } }],
    ['for other claims', { subject: { ...ANN, ownershipEntityRefs: [] } }],
    ['for nobody', { subject: undefined }],
  ])('decides anew %s', (_, other) => {
    recent.get(REQUEST, decide);
    recent.get({ ...REQUEST, ...other }, decide);
    expect(decide).toHaveBeenCalledTimes(2);
  });

  it('decides anew when it shall forget', () => {
    recent.get(REQUEST, decide);
    recent.clear();
    recent.get(REQUEST, decide);
    expect(decide).toHaveBeenCalledTimes(2);
  });

  it('remembers no failure, and nothing of a time that is none', () => {
    decide.mockImplementationOnce(() => {
      throw new Error('out of order');
    });
    expect(() => recent.get(REQUEST, decide)).toThrow('out of order');
    expect(recent.get(REQUEST, decide).result).toBe('ALLOW');

    decide.mockClear();
    recent.get({ ...REQUEST, now: 'soon' }, decide);
    recent.get({ ...REQUEST, now: 'soon' }, decide);
    expect(decide).toHaveBeenCalledTimes(2);
  });

  it('remembers a thousand and no more', () => {
    const ask = (count: number) =>
      recent.get({ ...REQUEST, permission: { name: `p${count}` } }, decide);
    for (let count = 0; count <= 1000; count += 1) {
      ask(count);
    }
    decide.mockClear();
    ask(999);
    expect(decide).not.toHaveBeenCalled();
    ask(1000);
    expect(decide).toHaveBeenCalledTimes(1);
  });
});
