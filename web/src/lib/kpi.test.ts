import { describe, expect, test } from 'vitest';
import { makeSample } from '../sample/index.ts';
import { change, comparedFigure, rateBack } from './kpi.ts';

describe('change', () => {
  test.each([
    [110, 100, 0.1],
    [90, 100, -0.1],
    [50, -100, 1.5],
  ])('%d after %d is %d', (now, before, expected) => {
    expect(change(now, before)).toBeCloseTo(expected);
  });
  test.each([
    [null, 100],
    [100, null],
    [100, 0],
  ])('%s after %s is unknown', (now, before) => {
    expect(change(now, before)).toBeNull();
  });
});

describe('rateBack', () => {
  const series = [
    { day: '2025-11-30', active: 40, base: 100 },
    { day: '2026-09-30', active: 0, base: 0 },
    { day: '2026-10-31', active: 30, base: 100 },
    { day: '2026-11-20', active: 35, base: 100 },
  ];
  test('takes the nearest month end', () => {
    expect(rateBack(series, '2026-11-20', 30)).toBe(0.3);
    expect(rateBack(series, '2026-11-20', 365)).toBe(0.4);
  });
  test('does not reach for a day far away', () => {
    expect(rateBack(series, '2026-11-20', 200)).toBeNull();
  });
});

test('a figure that the report does not compare is unknown', () => {
  expect(comparedFigure(makeSample('tiny'), 'margin')).toMatchObject({ current: null, previous: null });
});
