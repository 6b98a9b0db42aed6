/** Customers by stage and by RFM segment; each leads to those customers. */
import { Link } from '@tanstack/react-router';
import { ShareBar } from '../../../components/Bar.tsx';
import { Card } from '../../../components/Card.tsx';
import { DataTable } from '../../../components/DataTable.tsx';
import { segmentName } from '../../../lib/names.ts';
import type { Today } from '../../api/types.ts';
import { Explain } from '../../components/Explain.tsx';
import { StageTag } from '../../components/StageTag.tsx';
import { useApp } from '../../context.tsx';

function CountBar({ count, most, color }: { count: number; most: number; color: string }) {
  const { f } = useApp();
  return (
    <span className="bar-cell">
      <ShareBar share={count / Math.max(1, most)} color={color} />
      <span>{f.int(count)}</span>
    </span>
  );
}

function ByStage({ today }: { today: Today }) {
  const { f, t, lang, palette } = useApp();
  const most = Math.max(...today.stages.map((stage) => stage.customers));
  return (
    <Card
      title={t('stages.title')}
      note={t('stages.note')}
      how={<Explain figure="today.stages.customers" name={t('stages.title')} />}
    >
      <DataTable
        caption={t('stages.title')}
        rows={today.stages}
        rowKey={(row) => row.stage}
        columns={[
          {
            key: 'stage',
            head: t('stages.stage'),
            cell: (row) => (
              <>
                <Link to="/customers" search={{ stage: row.stage }} className="quiet">
                  <StageTag stage={row.stage} />
                </Link>
                <small className="rule wide-only">{row.rule[lang]}</small>
              </>
            ),
          },
          {
            key: 'customers',
            head: t('customers'),
            cell: (row) => (
              <CountBar count={row.customers} most={most} color={palette.stages[row.stage] ?? palette.ink3} />
            ),
          },
          { key: 'share', head: t('share'), end: true, cell: (row) => f.percent(row.share) },
          {
            key: 'revenue',
            head: t('stages.revenue_365'),
            end: true,
            cell: (row) => f.moneyCompact(row.revenue_365d_minor),
          },
          {
            key: 'silence',
            head: t('stages.silence'),
            end: true,
            wideOnly: true,
            cell: (row) => f.decimal(row.median_silence_days, 0),
          },
        ]}
      />
    </Card>
  );
}

function BySegment({ today }: { today: Today }) {
  const { f, t, palette } = useApp();
  const most = Math.max(...today.segments.map((segment) => segment.customers));
  return (
    <Card
      title={t('today.segments')}
      note={t('today.segments_note')}
      how={<Explain figure="today.segments.customers" name={t('today.segments')} />}
    >
      <DataTable
        caption={t('today.segments')}
        rows={today.segments}
        rowKey={(row) => row.segment}
        columns={[
          {
            key: 'segment',
            head: t('today.segment'),
            cell: (row) => (
              <Link to="/customers" search={{ segment: row.segment }} className="quiet">
                {segmentName(t, row.segment)}
              </Link>
            ),
          },
          {
            key: 'customers',
            head: t('customers'),
            cell: (row) => <CountBar count={row.customers} most={most} color={palette.accent} />,
          },
          { key: 'revenue', head: t('revenue'), end: true, cell: (row) => f.moneyCompact(row.revenue_minor) },
          {
            key: 'recency',
            head: t('stages.silence'),
            end: true,
            wideOnly: true,
            cell: (row) => f.decimal(row.median_recency_days, 0),
          },
        ]}
      />
    </Card>
  );
}

export function Stages({ today }: { today: Today }) {
  return (
    <div className="row r11">
      <ByStage today={today} />
      <BySegment today={today} />
    </div>
  );
}
