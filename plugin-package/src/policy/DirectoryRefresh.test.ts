import { mockServices } from '@backstage/backend-test-utils';
import { DirectoryRefresh } from './DirectoryRefresh';

describe('DirectoryRefresh', () => {
  const logger = mockServices.logger.mock();
  const read = jest.fn<Promise<boolean>, []>();
  let start: number;
  let times: number[];
  let refresh: DirectoryRefresh;

  beforeEach(() => {
    jest.resetAllMocks();
    jest.useFakeTimers();
    start = Date.now();
    times = [];
    refresh = new DirectoryRefresh({
      read: () => {
        times.push(Date.now() - start);
        return read();
      },
      logger,
    });
  });

  afterEach(() => jest.useRealTimers());

  it('looks until the change is there and nothing follows', async () => {
    read.mockResolvedValueOnce(false);
    read.mockResolvedValueOnce(true);
    read.mockResolvedValue(false);
    refresh.soon();
    await jest.advanceTimersByTimeAsync(60_000);
    expect(times).toEqual([500, 1500, 3500]);
  });

  it('gives up on a change that does not show', async () => {
    read.mockResolvedValue(false);
    refresh.soon();
    await jest.advanceTimersByTimeAsync(60_000);
    expect(times).toEqual([500, 1500, 3500, 7500]);
  });

  it('looks once for many events, and is not put off by them', async () => {
    read.mockResolvedValue(false);
    for (let i = 0; i < 10; i++) {
      refresh.soon();
      await jest.advanceTimersByTimeAsync(100);
    }
    expect(times).toEqual([500, 1000]);
    await jest.advanceTimersByTimeAsync(60_000);
    expect(times).toEqual([500, 1000, 2000, 4000, 8000]);
  });

  it('rests longer than it reads', async () => {
    read.mockImplementation(async () => {
      await new Promise(resolve => setTimeout(resolve, 3000));
      return false;
    });
    refresh.soon();
    await jest.advanceTimersByTimeAsync(30_000);
    expect(times).toEqual([500, 15_500]);
  });

  it('reads one after the other, also if one fails', async () => {
    let running = 0;
    read.mockImplementation(async () => {
      expect(++running).toBe(1);
      await new Promise(resolve => setTimeout(resolve, 1000));
      running -= 1;
      throw new Error('unavailable');
    });
    const results = Promise.allSettled([refresh.now(), refresh.now()]);
    refresh.soon();
    await jest.advanceTimersByTimeAsync(3000);
    expect(times).toEqual([0, 1000, 2000]);
    expect((await results).map(({ status }) => status)).toEqual([
      'rejected',
      'rejected',
    ]);
    expect(logger.warn).toHaveBeenCalledTimes(1);
  });

  it('looks no more when it is stopped', async () => {
    read.mockResolvedValue(false);
    refresh.soon();
    refresh.stop();
    refresh.soon();
    await jest.advanceTimersByTimeAsync(60_000);
    expect(times).toEqual([]);
  });
});
