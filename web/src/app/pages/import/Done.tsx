/** What came of an import: what was read, what was left out and why, what it says about the customers. */
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useEffect } from 'react';
import { Card } from '../../../components/Card.tsx';
import { DataTable } from '../../../components/DataTable.tsx';
import { Facts } from '../../../components/Facts.tsx';
import { todayQuery } from '../../api/queries.ts';
import type { Import, Outcome } from '../../api/types.ts';
import { useApp } from '../../context.tsx';
import { dayOfData } from '../today/AsOf.tsx';
import { Findings } from '../today/Findings.tsx';

function Counts({ outcome }: { outcome: Outcome }) {
  const { t, f } = useApp();
  const counts: [key: string, count: number, always?: boolean][] = [
    ['rows_read', outcome.rows, true],
    ['orders', outcome.orders, true],
    ['new_customers', outcome.new_customers, true],
    ['refunds', outcome.refunds],
    ['cancellations', outcome.cancellations],
    ['other_events', outcome.other_events],
    ['unidentified', outcome.unidentified_orders],
    ['masked', outcome.masked_keys],
    ['suppressed', outcome.suppressed_rows],
    ['aside', outcome.kept_aside],
    ['rejected', outcome.rejected_rows, true],
    ['skipped', outcome.skipped_rows],
  ];
  const told = counts.filter(([, count, always]) => always || count > 0);
  return <Facts facts={told.map(([key, count]) => [t(`load.counts.${key}`), f.int(count)])} />;
}

function Reasons({ outcome }: { outcome: Outcome }) {
  const { t, f, lang } = useApp();
  if (outcome.reasons.length === 0) return <p className="footnote">{t('load.all_good')}</p>;
  return (
    <DataTable
      caption={t('load.left_out')}
      rows={outcome.reasons}
      rowKey={(reason) => `${reason.kind} ${reason.reason.en}`}
      columns={[
        { key: 'reason', head: t('load.reason'), cell: (reason) => reason.reason[lang] },
        { key: 'kind', head: t('load.kind'), cell: (reason) => t(`load.kinds.${reason.kind}`) },
        { key: 'rows', head: t('load.rows'), end: true, cell: (reason) => f.int(reason.rows) },
        {
          key: 'example',
          head: t('load.example'),
          cell: (reason) => <span data-raw>{reason.example ?? '–'}</span>,
        },
      ]}
    />
  );
}

/** The findings as of now, or as of the last day of what was imported. */
function WhatItSays() {
  const { t, clock } = useApp();
  const client = useQueryClient();
  useEffect(() => {
    void client.invalidateQueries({ queryKey: ['today'] });
    void client.invalidateQueries({ queryKey: ['brand'] });
  }, [client]);
  const { data: now } = useQuery(todayQuery());
  const then = now ? dayOfData(now) : null;
  const asOf = then === null ? undefined : clock.isoDay(then);
  const { data: today } = useQuery({ ...todayQuery(asOf), enabled: now !== undefined });
  return (
    <>
      {today ? <Findings findings={today.findings} whole /> : null}
      <p className="buttons">
        <Link to="/" search={{ as_of: asOf }} className="primary">
          {t('load.to_today')}
        </Link>
        <Link to="/customers">{t('load.to_customers')}</Link>
      </p>
    </>
  );
}

export function Done({ file }: { file: Import }) {
  const { t, f } = useApp();
  const { outcome } = file;
  if (!outcome) return null;
  return (
    <>
      <div className="row r32">
        <Card
          title={t('load.done')}
          note={t('load.done_note', { name: file.name, seconds: f.decimal(outcome.elapsed_ms / 1000) })}
        >
          {outcome.already_imported ? <p className="notice plain-notice">{t('load.already')}</p> : null}
          <Counts outcome={outcome} />
        </Card>
        <Card title={t('load.left_out')}>
          <Reasons outcome={outcome} />
        </Card>
      </div>
      <WhatItSays />
    </>
  );
}
