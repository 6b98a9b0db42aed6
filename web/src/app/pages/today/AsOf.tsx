/** As of when the figures are, and the way to the days that old data is about. */
import { Link } from '@tanstack/react-router';
import type { Today } from '../../api/types.ts';
import { useApp } from '../../context.tsx';

const DAY_US = 86_400_000_000;

/** Older than this, “now” says little about what was imported. */
const OLD_US = 3 * DAY_US;

/** The day after the last event, from whose beginning all events are in the past; null where now will do. */
export function dayOfData(today: Pick<Today, 'as_of_us' | 'latest_event_us'>): number | null {
  const { as_of_us: asOf, latest_event_us: latest } = today;
  return typeof latest === 'number' && asOf - latest > OLD_US ? latest + DAY_US : null;
}

/** Says that nobody is as silent as they look where the data ends long ago. */
export function OldData({ today, asked }: { today: Today; asked: string | undefined }) {
  const { t, f, clock } = useApp();
  const then = dayOfData(today);
  if (then === null || asked) return null;
  const day = clock.day(then - DAY_US);
  const days = Math.floor((today.as_of_us - then) / DAY_US) + 1;
  return (
    <p className="notice old-data">
      {t('today.old', { day, count: days, n: f.int(days) })}{' '}
      <Link to="/" search={{ as_of: clock.isoDay(then) }}>
        {t('today.see_that_day', { day })}
      </Link>
    </p>
  );
}

export function AsOf({ today, asked }: { today: Today; asked: string | undefined }) {
  const { t, clock } = useApp();
  return (
    <>
      <span title={clock.zone}>{t('today.as_of', { time: clock.minute(today.as_of_us) })}</span>
      {today.stale ? <span className="stale">{t('today.counting')}</span> : null}
      {asked ? (
        <Link to="/" search={{}}>
          {t('today.now')}
        </Link>
      ) : null}
    </>
  );
}
