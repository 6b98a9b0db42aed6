import { expect, test } from 'vitest';
import { makeClock } from './clock.ts';

/** 2026-11-20 17:30 UTC. */
const EVENING = Date.UTC(2026, 10, 20, 17, 30) * 1000;
const HOUR = 3_600_000_000;

test('an instant is shown in the brand’s zone', () => {
  const clock = makeClock('zh', 'Asia/Shanghai');
  expect(clock.minute(EVENING)).toBe('2026-11-21 01:30');
  expect(clock.isoDay(EVENING)).toBe('2026-11-21');
  expect(makeClock('en', 'America/New_York').minute(EVENING)).toBe('2026-11-20 12:30');
});

test('the last day before an exclusive midnight is the day before', () => {
  const midnight = EVENING - 90 * 60_000_000;
  expect(makeClock('en', 'Asia/Shanghai').lastDay(midnight)).toBe('20 Nov 2026');
});

test('unknown instants and zones are no errors', () => {
  expect(makeClock('zh', 'Mars/Olympus').zone).toBe('UTC');
  expect(makeClock('zh', 'UTC').minute(null)).toBe('–');
});

test('how long ago, in words', () => {
  expect(makeClock('en', 'UTC').ago(EVENING - 3 * HOUR, EVENING)).toBe('3 hours ago');
  expect(makeClock('zh', 'UTC').ago(EVENING - 24 * HOUR, EVENING)).toBe('昨天');
});
