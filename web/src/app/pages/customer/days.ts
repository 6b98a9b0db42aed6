/** Entries of a timeline by day in the brand's zone, in the order they came. */
import type { Entry } from '../../api/types.ts';
import type { Clock } from '../../clock.ts';

export function byDay(entries: Entry[], clock: Pick<Clock, 'isoDay'>): [day: string, entries: Entry[]][] {
  const days = new Map<string, Entry[]>();
  for (const entry of entries) {
    const day = clock.isoDay(entry.time_us);
    const ofDay = days.get(day);
    if (ofDay) ofDay.push(entry);
    else days.set(day, [entry]);
  }
  return [...days];
}
