/** Entries of a timeline: by day in the brand's zone, in the order they came; and their money. */
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

/** Money of an entry: its own, else that of its lines; null where neither says. */
export function moneyOf(entry: Pick<Entry, 'value_minor' | 'order'>): number | null {
  if (typeof entry.value_minor === 'number') return entry.value_minor;
  const lines = entry.order?.lines.map((line) => line.value_minor) ?? [];
  const known = lines.filter((value) => typeof value === 'number');
  return known.length > 0 ? known.reduce((sum, value) => sum + value, 0) : null;
}
