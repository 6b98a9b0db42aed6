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

export function AsOf({ today, asked }: { today: Today; asked: string | undefined }) {
  const { t, clock } = useApp();
  const then = dayOfData(today);
  return (
    <>
      <span title={clock.zone}>{t('today.as_of', { time: clock.minute(today.as_of_us) })}</span>
      {today.stale ? <span className="stale">{t('today.counting')}</span> : null}
      {asked ? (
        <Link to="/" search={{}}>
          {t('today.now')}
        </Link>
      ) : null}
      {then !== null && !asked ? (
        <Link to="/" search={{ as_of: clock.isoDay(then) }}>
          {t('today.as_of_data', { day: clock.isoDay(then - DAY_US) })}
        </Link>
      ) : null}
    </>
  );
}
