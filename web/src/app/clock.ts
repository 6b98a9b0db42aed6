/** Instants of the server, microseconds of UTC, as a reader sees them in the brand's zone. */
import { type Lang, UNKNOWN } from '../design/format.ts';

type Instant = number | null | undefined;

export interface Clock {
  zone: string;
  /** `2026-11-21 09:30`. */
  minute(us: Instant): string;
  /** With seconds, where things happen now. */
  second(us: Instant): string;
  /** A day in words. */
  day(us: Instant): string;
  /** `YYYY-MM-DD`. */
  isoDay(us: Instant): string;
  /** The last day that an exclusive instant includes. */
  lastDay(us: Instant): string;
  /** Time of day only. */
  time(us: Instant): string;
  /** “3 minutes ago”, against `now` in the same unit. */
  ago(us: Instant, now: number): string;
}

const LOCALE: Record<Lang, string> = { zh: 'zh-CN', en: 'en-GB' };

const STEPS: [Intl.RelativeTimeFormatUnit, number][] = [
  ['year', 365 * 86_400],
  ['month', 30 * 86_400],
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
];

function knownZone(zone: string): string {
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone });
    return zone;
  } catch {
    return 'UTC';
  }
}

export function makeClock(lang: Lang, wanted: string): Clock {
  const zone = knownZone(wanted);
  const format = (options: Intl.DateTimeFormatOptions, locale = LOCALE[lang]) => {
    const intl = new Intl.DateTimeFormat(locale, { ...options, timeZone: zone });
    return (us: Instant) => (typeof us === 'number' ? intl.format(us / 1000) : UNKNOWN);
  };
  const day = { year: 'numeric', month: '2-digit', day: '2-digit' } as const;
  const minute = { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' } as const;
  // The Swedish way of writing dates is ISO 8601.
  const isoDay = format(day, 'sv-SE');
  const time = format(minute, 'sv-SE');
  const second = format({ ...minute, second: '2-digit' }, 'sv-SE');
  const inWords = format({ year: 'numeric', month: 'short', day: 'numeric' });
  const relative = new Intl.RelativeTimeFormat(LOCALE[lang], { numeric: 'auto' });
  return {
    zone,
    isoDay,
    time,
    minute: (us) => (typeof us === 'number' ? `${isoDay(us)} ${time(us)}` : UNKNOWN),
    second: (us) => (typeof us === 'number' ? `${isoDay(us)} ${second(us)}` : UNKNOWN),
    day: inWords,
    lastDay: (us) => inWords(typeof us === 'number' ? us - 1 : us),
    ago: (us, now) => {
      if (typeof us !== 'number') return UNKNOWN;
      const seconds = (us - now) / 1_000_000;
      const [unit, size] = STEPS.find(([, each]) => Math.abs(seconds) >= each) ?? ['second', 1];
      return relative.format(Math.round(seconds / size), unit);
    },
  };
}
