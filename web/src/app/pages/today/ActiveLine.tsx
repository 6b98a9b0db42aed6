/** The active rate over twelve months, with the target where the brand has one. */
import { useMemo } from 'react';
import { activeOption } from '../../../charts/active.ts';
import { Card, Empty } from '../../../components/Card.tsx';
import { Chart } from '../../../components/Chart.tsx';
import { ChartCard } from '../../../components/ChartCard.tsx';
import { DataTable } from '../../../components/DataTable.tsx';
import { Legend } from '../../../components/Legend.tsx';
import { useMay } from '../../api/session.ts';
import type { ActivePoint, ActiveRate } from '../../api/types.ts';
import { Explain } from '../../components/Explain.tsx';
import { useApp } from '../../context.tsx';
import { TargetForm } from './TargetForm.tsx';

function MonthsTable({ points }: { points: ActivePoint[] }) {
  const { f, t } = useApp();
  return (
    <DataTable
      caption={t('active.fixed')}
      rows={points.toReversed()}
      rowKey={(point) => point.day}
      columns={[
        { key: 'day', head: t('active.month_end'), cell: (point) => f.day(point.day) },
        { key: 'rate', head: t('active.rate'), end: true, cell: (point) => f.percent(point.rate) },
        {
          key: 'range',
          head: t('how.interval'),
          end: true,
          cell: (point) => f.percentRange(point.low, point.high),
        },
        { key: 'active', head: t('active.active'), end: true, cell: (point) => f.int(point.active) },
        { key: 'base', head: t('active.base'), end: true, cell: (point) => f.int(point.base) },
      ]}
    />
  );
}

export function ActiveLine({ active }: { active: ActiveRate }) {
  const context = useApp();
  const { t, f, palette } = context;
  const may = useMay();
  const target = active.target ?? null;
  const option = useMemo(
    () => activeOption(active.months, active.days, context, target),
    [active, context, target],
  );
  const how = <Explain figure="today.active_rate.rate" name={t('active.title')} />;
  if (active.rate.n === 0) {
    return (
      <Card title={t('active.title')} how={how}>
        <Empty>{t('empty.active')}</Empty>
      </Card>
    );
  }
  const { adaptive } = active;
  const range = f.percentRange(adaptive.low, adaptive.high);
  return (
    <ChartCard
      title={t('active.title')}
      note={t('active.note', { days: active.window_days })}
      how={how}
      legend={
        <div className="chart-bar">
          <Legend
            items={[
              { name: t('active.running'), color: palette.accent, line: true },
              { name: t('active.fixed'), color: palette.fresh, line: 'dashed' },
            ]}
          />
          {may('manage_sources') ? <TargetForm target={target} /> : null}
        </div>
      }
      chart={<Chart option={option} height={286} label={t('active.label')} />}
      table={<MonthsTable points={active.months} />}
    >
      {typeof adaptive.value === 'number' ? (
        <p className="footnote">
          {t('active.adaptive', { rate: f.percent(adaptive.value), range, n: f.int(adaptive.n) })}
        </p>
      ) : null}
    </ChartCard>
  );
}
