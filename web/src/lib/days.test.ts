import { expect, test } from 'vitest';
import { dayNumber, dayText, lastDayBefore } from './days.ts';

test('counts days through a leap day', () => {
  expect(dayNumber('2024-03-01') - dayNumber('2024-02-28')).toBe(2);
  expect(dayText(dayNumber('2011-12-09'))).toBe('2011-12-09');
});

test.each([
  ['2011-12-10T00:00:00+00:00', '2011-12-09'],
  ['2026-01-01T00:00:00.000+08:00', '2025-12-31'],
  ['2026-11-21T09:30:00+08:00', '2026-11-21'],
])('the last day before %s is %s', (instant, day) => {
  expect(lastDayBefore(instant)).toBe(day);
});
