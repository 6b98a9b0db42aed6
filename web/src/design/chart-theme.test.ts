import { expect, test } from 'vitest';
import { shareExtent } from './chart-theme.ts';

test.each([
  [1, 1, 0.2],
  [0.97, 1, 0.2],
  [0.81, 1, 0.2],
  [0.5, 0.5, 0.1],
  [0.37, 0.4, 0.1],
  [0.3, 0.3, 0.1],
  [0.043, 0.05, 0.01],
  [0.004, 0.01, 0.01],
])('an axis up to %f ends at %f, in steps of %f', (highest, max, interval) => {
  expect(shareExtent(highest)).toEqual({ min: 0, max, interval });
});

test('no share is above 100 %, and without any the axis is whole', () => {
  for (let highest = 0.01; highest <= 1; highest += 0.01)
    expect(shareExtent(highest).max).toBeLessThanOrEqual(1);
  for (const nothing of [0, Number.NEGATIVE_INFINITY, Number.NaN]) expect(shareExtent(nothing).max).toBe(1);
});
