/** Who did what, newest first. */
import { useInfiniteQuery } from '@tanstack/react-query';
import { Card, Empty } from '../../../components/Card.tsx';
import { DataTable } from '../../../components/DataTable.tsx';
import { AUDIT_ROWS, readAudit } from '../../api/settings.ts';
import { PageHead } from '../../components/PageHead.tsx';
import { Problem } from '../../components/Problem.tsx';
import { Bones } from '../../components/Skeleton.tsx';
import { useApp } from '../../context.tsx';

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
                cell: (entry) => <span data-raw>{entry.subject}</span>,
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
