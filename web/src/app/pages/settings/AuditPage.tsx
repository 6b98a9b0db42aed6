/** Who did what, newest first. */
import { useInfiniteQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Card, Empty } from '../../../components/Card.tsx';
import { DataTable } from '../../../components/DataTable.tsx';
import { AUDIT_ROWS, readAudit } from '../../api/settings.ts';
import { PageHead } from '../../components/PageHead.tsx';
import { Problem } from '../../components/Problem.tsx';
import { Bones } from '../../components/Skeleton.tsx';
import { useApp } from '../../context.tsx';

/** What it was done to: a customer by a link, everything else by its kind and number. */
function Subject({ subject }: { subject: string | null | undefined }) {
  const { t } = useApp();
  const [, kind, id] = subject?.match(/^(\w+):(.+)$/) ?? [];
  if (!kind || !id) return <span data-raw>{subject}</span>;
  if (kind === 'customer') {
    return (
      <Link to="/customers/$customerId" params={{ customerId: id }}>
        {t('people.number', { id })}
      </Link>
    );
  }
  const text = t(`audit.subjects.${kind}`, { id, defaultValue: subject ?? '' });
  return <span data-raw>{text}</span>;
}

export function AuditPage() {
  const { t, clock } = useApp();
  const { data, error, hasNextPage, isFetchingNextPage, fetchNextPage, refetch } = useInfiniteQuery({
    queryKey: ['audit'],
    queryFn: ({ pageParam }) => readAudit(pageParam),
    initialPageParam: null as number | null,
    getNextPageParam: ({ entries }) =>
      entries.length < AUDIT_ROWS ? undefined : (entries.at(-1)?.audit_id ?? undefined),
  });
  const entries = data?.pages.flatMap((page) => page.entries) ?? [];
  return (
    <>
      <PageHead title={t('place.audit')} />
      <Card title={t('audit.title')} note={t('audit.note')}>
        {error ? <Problem error={error} onRetry={() => void refetch()} /> : null}
        {data || error ? null : <Bones lines={8} />}
        {data && entries.length === 0 ? <Empty>{t('audit.none')}</Empty> : null}
        {entries.length > 0 ? (
          <DataTable
            caption={t('audit.title')}
            rows={entries}
            rowKey={(entry) => String(entry.audit_id)}
            columns={[
              { key: 'time', head: t('audit.time'), cell: (entry) => clock.second(entry.at_us) },
              {
                key: 'who',
                head: t('audit.who'),
                cell: (entry) => (
                  <span data-raw={entry.member_name ? true : undefined}>
                    {entry.member_name ?? t('audit.command_line')}
                    {entry.token_name ? ` · ${entry.token_name}` : ''}
                  </span>
                ),
              },
              {
                key: 'what',
                head: t('audit.what'),
                cell: (entry) =>
                  t(`action.${entry.action}`, { defaultValue: entry.action.replaceAll('_', ' ') }),
              },
              {
                key: 'subject',
                head: t('audit.subject'),
                cell: (entry) => <Subject subject={entry.subject} />,
              },
              {
                key: 'detail',
                head: t('audit.detail'),
                wideOnly: true,
                cell: (entry) => (
                  <span className="wrap" data-raw>
                    {entry.detail}
                  </span>
                ),
              },
            ]}
          />
        ) : null}
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
    </>
  );
}
