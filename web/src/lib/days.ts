/** Calendar days as `YYYY-MM-DD` strings, counted without any time zone. */

const DAY_MS = 86_400_000;

/** Days since 1970-01-01. */
export function dayNumber(day: string): number {
  return Math.round(Date.parse(`${day.slice(0, 10)}T00:00:00Z`) / DAY_MS);
}

/** The day that many days after 1970-01-01. */
export function dayText(number: number): string {
  return new Date(number * DAY_MS).toISOString().slice(0, 10);
}

/** Last day that lies before an exclusive RFC 3339 instant, as its own zone counts days. */
export function lastDayBefore(instant: string): string {
  const day = instant.slice(0, 10);
  const isMidnight = /T00:00:00(\.0+)?(Z|[+-]|$)/.test(instant);
  return isMidnight ? dayText(dayNumber(day) - 1) : day;
}
