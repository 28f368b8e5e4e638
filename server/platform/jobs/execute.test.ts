import { backoffMs } from './execute';

describe('backoffMs', () => {
  it('doubles from two seconds up to an hour', () => {
    const seconds = [1, 2, 3, 4, 11, 12, 50].map((attempt) => backoffMs(attempt) / 1000);
    expect(seconds).toEqual([2, 4, 8, 16, 2048, 3600, 3600]);
  });
});
