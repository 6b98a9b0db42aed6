/** How long something has lasted. */
import type { Lang } from '../../../design/format.ts';

const DAY_SECS = 86_400;

/** Days, hours and minutes: `3:07:45` is no time of day. */
export function spanText(seconds: number, lang: Lang): string {
  const parts: [Intl.NumberFormatOptions['unit'], number][] = [
    ['day', Math.floor(seconds / DAY_SECS)],
    ['hour', Math.floor((seconds % DAY_SECS) / 3600)],
    ['minute', Math.floor((seconds % 3600) / 60)],
  ];
  const first = parts.findIndex(([, count]) => count > 0);
  const told = first < 0 ? parts.slice(-1) : parts.slice(first, first + 2);
  const text = ([unit, count]: (typeof parts)[number]) =>
    new Intl.NumberFormat(lang, { style: 'unit', unit, unitDisplay: 'long' }).format(count);
  return told.map(text).join(' ');
}
