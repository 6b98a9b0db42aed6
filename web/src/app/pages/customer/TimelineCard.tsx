/** Everything the customer did, newest first, day by day. */
import { useInfiniteQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Card, Empty } from '../../../components/Card.tsx';
import { readTimeline } from '../../api/customers.ts';
import type { Entry } from '../../api/types.ts';
import { Problem } from '../../components/Problem.tsx';
import { Bones } from '../../components/Skeleton.tsx';
import { useApp } from '../../context.tsx';
import { byDay, moneyOf } from './days.ts';

const TONES: Record<string, string> = {
  order: 'good',
  refund: 'bad',
  cancellation: 'watch',
  order_void: 'watch',
};

function Lines({ entry }: { entry: Entry }) {
  const { f } = useApp();
  const lines = entry.order?.lines ?? [];
  if (lines.length === 0 && !entry.properties) return null;
  return (
    <div className="entry-more" data-raw>
      {lines.map((line, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: lines of an order have no identity of their own
        <p key={index}>
          <span>{line.item ?? '–'}</span>
          <span>
            {typeof line.quantity_milli === 'number' ? `× ${f.decimal(line.quantity_milli / 1000, 0)}` : ''}
          </span>
          <span>{f.money(line.value_minor)}</span>
        </p>
      ))}
      {entry.properties ? <pre>{JSON.stringify(entry.properties, null, 2)}</pre> : null}
    </div>
  );
}

function Note({ entry }: { entry: Entry }) {
  const { t, f } = useApp();
  const { order } = entry;
  if (order?.cancelled) return <span className="tag bad">{t('person.cancelled')}</span>;
  if (order && order.refunded_minor > 0) {
    return (
      <span className="tag watch">{t('person.refunded', { money: f.money(order.refunded_minor) })}</span>
    );
  }
  return null;
}

function EntryRow({ entry }: { entry: Entry }) {
  const { t, f, clock } = useApp();
  const [isOpen, setOpen] = useState(false);
  const money = moneyOf(entry);
  const sign = entry.kind === 'refund' ? '−' : '';
  return (
    <li className="entry">
      <time dateTime={new Date(entry.time_us / 1000).toISOString()}>{clock.time(entry.time_us)}</time>
      <i className={`dot ${TONES[entry.kind] ?? 'plain-dot'}`} aria-hidden="true" />
      <div>
        <button type="button" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
          <b>{t(`entry.${entry.kind}`, { defaultValue: entry.kind })}</b>
          <span data-raw>
            {entry.kind === 'event'
              ? t(`event_name.${entry.name}`, { defaultValue: entry.name })
              : entry.order_id}
          </span>
        </button>
        <Note entry={entry} />
        <small data-raw>
          {[entry.channel, entry.campaign, t(`heard_from.${entry.source}`, { defaultValue: entry.source })]
            .filter(Boolean)
            .join(' · ')}
        </small>
        {isOpen ? <Lines entry={entry} /> : null}
      </div>
      <b className="entry-money">{money === null ? '' : `${sign}${f.money(money)}`}</b>
    </li>
  );
}

/** Entries by day, newest first. */
export function Entries({ entries }: { entries: Entry[] }) {
  const { clock } = useApp();
  return byDay(entries, clock).map(([day, ofDay]) => (
    <section key={day} className="timeline-day">
      <h4>{clock.day(ofDay[0]?.time_us)}</h4>
      <ul>
        {ofDay.map((entry, index) => (
          <EntryRow key={`${entry.time_us} ${entry.kind} ${entry.order_id ?? index}`} entry={entry} />
        ))}
      </ul>
    </section>
  ));
}

export function TimelineCard({ customerId }: { customerId: string }) {
  const { t, f } = useApp();
  const { data, error, hasNextPage, isFetchingNextPage, fetchNextPage, refetch } = useInfiniteQuery({
    queryKey: ['timeline', customerId],
    queryFn: ({ pageParam }) => readTimeline(customerId, pageParam),
    initialPageParam: null as number | null,
    getNextPageParam: (last) => last.next_before_us ?? undefined,
  });
  const entries = data?.pages.flatMap((page) => page.entries) ?? [];
  const total = data?.pages[0]?.total ?? 0;
  return (
    <Card
      title={t('person.timeline')}
      note={data ? t('person.n_events', { count: total, n: f.int(total) }) : null}
    >
      {error ? <Problem error={error} onRetry={() => void refetch()} /> : null}
      {data || error ? null : <Bones lines={8} />}
      {data && entries.length === 0 ? <Empty>{t('person.no_events')}</Empty> : null}
      <Entries entries={entries} />
      {hasNextPage ? (
        <button
          type="button"
          className="plain more"
          disabled={isFetchingNextPage}
          onClick={() => void fetchNextPage()}
        >
          {t(isFetchingNextPage ? 'shell.loading' : 'person.older')}
        </button>
      ) : null}
    </Card>
  );
}
