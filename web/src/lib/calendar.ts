/** Months of a calendar, weeks from Monday; days are `YYYY-MM-DD`, months `YYYY-MM`. */
import { dayNumber, dayText } from './days.ts';

const WEEK = 7;

/** 1970-01-01 was a Thursday. */
const FIRST_WEEKDAY = 3;

/** 0 for Monday to 6 for Sunday. */
export function weekdayOf(day: string): number {
  return (((dayNumber(day) + FIRST_WEEKDAY) % WEEK) + WEEK) % WEEK;
}

export function addDays(day: string, days: number): string {
  return dayText(dayNumber(day) + days);
}

export function monthOf(day: string): string {
  return day.slice(0, 7);
}

/** The month so many months later, or earlier. */
export function addMonths(month: string, months: number): string {
  const [year = 1970, number = 1] = month.split('-').map(Number);
  const count = year * 12 + number - 1 + months;
  return `${Math.floor(count / 12)}-${String((count % 12) + 1).padStart(2, '0')}`;
}

/** The same day of another month, or its last where it has fewer. */
export function sameDayOf(month: string, day: string): string {
  const last = addDays(`${addMonths(month, 1)}-01`, -1);
  const same = `${month}-${day.slice(8, 10)}`;
  return same < last ? same : last;
}

/** Rows of a month's page; null where the day is another month's. */
export function weeksOf(month: string): (string | null)[][] {
  const first = `${month}-01`;
  const last = addDays(`${addMonths(month, 1)}-01`, -1);
  const days: (string | null)[] = Array.from({ length: weekdayOf(first) }, () => null);
  for (let day = first; day <= last; day = addDays(day, 1)) days.push(day);
  while (days.length % WEEK > 0) days.push(null);
  return Array.from({ length: days.length / WEEK }, (_, week) => days.slice(week * WEEK, (week + 1) * WEEK));
}

/** The nearest day within bounds. */
export function within(day: string, least: string | undefined, most: string | undefined): string {
  if (least && day < least) return least;
  return most && day > most ? most : day;
}
