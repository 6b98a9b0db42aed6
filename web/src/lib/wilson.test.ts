import { expect, test } from 'vitest';
import { wilson } from './wilson.ts';

test('agrees with published values', () => {
  // 81 of 263: Newcombe 1998, table I, method 3.
  const interval = wilson(81, 263);
  expect(interval?.low).toBeCloseTo(0.2553, 4);
  expect(interval?.high).toBeCloseTo(0.3662, 4);
});

test('stays inside zero and one and is not empty at the ends', () => {
  expect(wilson(0, 20)).toMatchObject({ low: 0 });
  expect(wilson(0, 20)?.high).toBeCloseTo(0.1611, 4);
  expect(wilson(20, 20)?.low).toBeCloseTo(0.8389, 4);
});

test.each([
  [0, 0],
  [-1, 5],
  [6, 5],
])('knows nothing of %i out of %i', (count, of) => {
  expect(wilson(count, of)).toBeNull();
});
