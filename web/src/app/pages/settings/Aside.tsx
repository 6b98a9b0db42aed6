/** Messages that do not fit their schema: why, how many, and another try after it was mended. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Card, Empty } from '../../../components/Card.tsx';
import { DataTable } from '../../../components/DataTable.tsx';
import { asideQuery, replayAside } from '../../api/settings.ts';
import type { Aside as AsideAnswer, AsideReason, Replayed } from '../../api/types.ts';
import { Problem } from '../../components/Problem.tsx';
import { Bones } from '../../components/Skeleton.tsx';
import { useApp } from '../../context.tsx';
import { asideWords } from './aside-reasons.ts';

/** A reason in the reader's language. */
export function Why({ reason }: { reason: string }) {
  const { t } = useApp();
  const told = asideWords(reason, t);
  if (!told) return <span data-raw>{reason}</span>;
  return (
    <>
      <code data-raw>{told.path}</code> {told.text}
    </>
  );
}

interface ReasonsProps {
  aside: AsideAnswer;
  /** Opens the schema of an event. */
  onMend(event: string): void;
}

function Reasons({ aside, onMend }: ReasonsProps) {
  const { t, f, clock } = useApp();
  return (
    <DataTable<AsideReason>
      caption={t('aside.title')}
      rows={aside.reasons}
      rowKey={({ event, reason }) => `${event} ${reason}`}
      columns={[
        { key: 'event', head: t('aside.event'), cell: ({ event }) => <span data-raw>{event}</span> },
        { key: 'why', head: t('aside.why'), cell: ({ reason }) => <Why reason={reason} /> },
        { key: 'messages', head: t('aside.messages'), end: true, cell: ({ messages }) => f.int(messages) },
        {
          key: 'first',
          head: t('aside.first'),
          end: true,
          wideOnly: true,
          cell: ({ first_us: first }) => clock.minute(first),
        },
        {
          key: 'last',
          head: t('aside.last'),
          end: true,
          wideOnly: true,
          cell: ({ last_us: last }) => clock.minute(last),
        },
        {
          key: 'mend',
          head: <span className="hidden">{t('settings.actions')}</span>,
          end: true,
          cell: ({ event }) => (
            <button type="button" className="plain" onClick={() => onMend(event)}>
              {t('aside.mend')}
            </button>
          ),
        },
      ]}
    />
  );
}

/** What came of another try. */
function Came({ came }: { came: Replayed }) {
  const { t, f } = useApp();
  const { landed, left, suppressed } = came;
  return (
    <p className="footnote" role="status">
      {t('aside.landed', { count: landed, n: f.int(landed) })}{' '}
      {left > 0 ? t('aside.left', { count: left, n: f.int(left) }) : t('aside.none_left')}{' '}
      {suppressed > 0 ? t('aside.suppressed', { count: suppressed, n: f.int(suppressed) }) : null}
    </p>
  );
}

export function Aside({ onMend }: Pick<ReasonsProps, 'onMend'>) {
  const { t, f } = useApp();
  const client = useQueryClient();
  const { data, error, refetch } = useQuery(asideQuery);
  // What has landed changes figures, customers and the count.
  const again = useMutation({ mutationFn: replayAside, onSettled: () => client.invalidateQueries() });
  return (
    <Card
      title={t('aside.title')}
      note={data ? t('aside.note', { n: f.int(data.total), most: f.int(data.most) }) : null}
    >
      {error ? <Problem error={error} onRetry={() => void refetch()} /> : null}
      {data || error ? null : <Bones lines={3} />}
      {data && data.total === 0 ? <Empty>{t('aside.none')}</Empty> : null}
      {data && data.total > 0 ? (
        <>
          <Reasons aside={data} onMend={onMend} />
          <p className="after-table">
            <button type="button" className="plain" disabled={again.isPending} onClick={() => again.mutate()}>
              {t(again.isPending ? 'aside.trying' : 'aside.again')}
            </button>
            <span className="footnote">{t('aside.again_note')}</span>
          </p>
        </>
      ) : null}
      {again.data ? <Came came={again.data} /> : null}
      {again.error ? <Problem error={again.error} /> : null}
    </Card>
  );
}
