import { expect, test } from 'vitest';
import { makeClock } from '../../clock.ts';
import { byDay, moneyOf } from './days.ts';

/** 2026-11-20 17:30 UTC. */
const EVENING = Date.UTC(2026, 10, 20, 17, 30) * 1000;
const HOUR = 3_600_000_000;

test('a timeline falls into days of the brand’s zone', () => {
  const entries = [EVENING, EVENING - HOUR, EVENING - 3 * HOUR].map((time_us) => ({ time_us }));
  const days = byDay(entries as never, makeClock('zh', 'Asia/Shanghai'));
  expect(days.map(([day, ofDay]) => [day, ofDay.length])).toEqual([
    ['2026-11-21', 2],
    ['2026-11-20', 1],
  ]);
});

test('an order’s money is its own, else that of its lines', () => {
  const order = (...values: (number | null)[]) => ({
    lines: values.map((value_minor) => ({ value_minor })),
    gross_minor: 0,
    refunded_minor: 0,
    cancelled: false,
    kept: true,
  });
  expect(moneyOf({ value_minor: 700, order: order(1, 2) })).toBe(700);
  expect(moneyOf({ value_minor: null, order: order(1942, null, 2140) })).toBe(4082);
  expect(moneyOf({ value_minor: null, order: order(null) })).toBeNull();
});
