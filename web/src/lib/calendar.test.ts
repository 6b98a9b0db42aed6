import { expect, test } from 'vitest';
import { addDays, addMonths, sameDayOf, weekdayOf, weeksOf, within } from './calendar.ts';

test('weeks begin on Monday and hold every day of the month once', () => {
  expect(weekdayOf('2026-11-22')).toBe(6);
  expect(weekdayOf('1969-12-29')).toBe(0);
  const weeks = weeksOf('2024-02');
  expect(weeks[0]).toEqual([null, null, null, '2024-02-01', '2024-02-02', '2024-02-03', '2024-02-04']);
  expect(weeks.flat().filter(Boolean)).toHaveLength(29);
  expect(weeks.every((week) => week.length === 7)).toBe(true);
  expect(weeksOf('2027-02')).toHaveLength(4);
});

test('months and days go on over the year', () => {
  expect(addMonths('2026-11', 2)).toBe('2027-01');
  expect(addMonths('2026-01', -1)).toBe('2025-12');
  expect(addMonths('2026-01', -25)).toBe('2023-12');
  expect(addDays('2025-12-31', 1)).toBe('2026-01-01');
  expect(sameDayOf('2026-02', '2026-01-31')).toBe('2026-02-28');
  expect(sameDayOf('2026-03', '2026-01-31')).toBe('2026-03-31');
});

test('a day stays within bounds', () => {
  expect(within('2026-01-05', '2026-01-07', '2026-01-09')).toBe('2026-01-07');
  expect(within('2026-01-10', '2026-01-07', '2026-01-09')).toBe('2026-01-09');
  expect(within('2026-01-08', undefined, undefined)).toBe('2026-01-08');
});
