/** Whether customers come back: cohorts, the repurchase ladder, the first 60 days. */
import { useMemo } from 'react';
import { secondOrderOption } from '../../charts/curves.ts';
import { drawnSteps, ladderOption } from '../../charts/ladder.ts';
import { ShareBar } from '../../components/Bar.tsx';
import { Card, Empty } from '../../components/Card.tsx';
import { Chart } from '../../components/Chart.tsx';
import { ChartCard } from '../../components/ChartCard.tsx';
import { DataTable } from '../../components/DataTable.tsx';
import { Legend } from '../../components/Legend.tsx';
import { useReport } from '../context.tsx';
import { How } from '../How.tsx';
import type { LadderStep } from '../types.ts';
import { Cohorts } from './Cohorts.tsx';

function LadderTable({ steps }: { steps: LadderStep[] }) {
  const { f, t } = useReport();
  return (
    <DataTable
      caption={t('ladder.title')}
      rows={steps}
      rowKey={(step) => String(step.orders)}
      columns={[
        { key: 'orders', head: t('ladder.orders'), cell: (step) => `${step.orders}→${step.orders + 1}` },
        { key: 'customers', head: t('customers'), end: true, cell: (step) => f.int(step.customers) },
        { key: 'next', head: t('ladder.next'), end: true, cell: (step) => f.percent(step.next_rate) },
        {
          key: 'range',
          head: t('how.interval'),
          end: true,
          cell: (step) => f.percentRange(step.low, step.high),
        },
        { key: 'raw', head: t('ladder.raw'), end: true, cell: (step) => f.percent(step.raw_rate) },
      ]}
    />
  );
}

function Ladder() {
  const context = useReport();
  const { report, t, palette } = context;
  const { ladder, ladder_knee: knee } = report;
  const option = useMemo(() => ladderOption(ladder, knee, context), [ladder, knee, context]);
  const horizon = ladder[0]?.horizon_days ?? 0;
  const how = <How id="ladder" facts={[[t('ladder.horizon'), t('n_days', { count: horizon })]]} />;
  if (drawnSteps(ladder).length < 2 || report.interval.repeat_customers === 0) {
    return (
      <Card title={t('ladder.title')} how={how}>
        <Empty>{t('empty.ladder')}</Empty>
      </Card>
    );
  }
  return (
    <ChartCard
      title={t('ladder.title')}
      note={t('ladder.note', { days: horizon })}
      how={how}
      legend={
        <Legend
          items={[
            { name: t('ladder.next'), color: palette.accent, line: true },
            { name: t('ladder.raw'), color: palette.ink3, line: 'dashed' },
          ]}
        />
      }
      chart={<Chart option={option} height={272} label={t('ladder.label')} />}
      table={<LadderTable steps={ladder} />}
    >
      <p className="footnote">
        {knee === null ? t('ladder.no_knee') : t('ladder.knee_says', { orders: knee })}
      </p>
    </ChartCard>
  );
}

function RetainedByRepeats() {
  const { report, f, t, palette } = useReport();
  const rows = report.first_60_days.retained_by_repeats.map((rate, repeats) => ({ rate, repeats }));
  return (
    <DataTable
      caption={t('first60.retained_title')}
      rows={rows}
      rowKey={(row) => String(row.repeats)}
      columns={[
        {
          key: 'repeats',
          head: t('first60.repeats'),
          cell: (row) => t(`first60.repeats_${row.repeats}`, { defaultValue: '' }),
        },
        { key: 'of', head: t('customers'), end: true, cell: (row) => f.int(row.rate.of) },
        {
          key: 'rate',
          head: t('first60.retained'),
          cell: (row) => (
            <span className="bar-cell">
              <ShareBar share={row.rate.rate ?? 0} color={palette.retained} />
              <span>{f.percent(row.rate.rate)}</span>
            </span>
          ),
        },
        {
          key: 'range',
          head: t('how.interval'),
          end: true,
          cell: (row) => f.percentRange(row.rate.low, row.rate.high),
        },
      ]}
    />
  );
}

function First60() {
  const context = useReport();
  const { report, f, t } = context;
  const { customers, second_order_curve: curve, bought_0 } = report.first_60_days;
  const option = useMemo(() => secondOrderOption(curve, context), [curve, context]);
  const how = <How id="first_60" facts={[['n', f.int(customers)]]} />;
  if (customers === 0) {
    return (
      <Card title={t('first60.title')} how={how}>
        <Empty>{t('empty.first60')}</Empty>
      </Card>
    );
  }
  const weeks = [7, 14, 30, 45, 60].map((day) => ({ day, share: curve[day] ?? null }));
  return (
    <ChartCard
      title={t('first60.title')}
      note={t('first60.note')}
      how={how}
      chart={<Chart option={option} height={178} label={t('first60.label')} />}
      table={
        <DataTable
          caption={t('first60.curve')}
          rows={weeks}
          rowKey={({ day }) => String(day)}
          columns={[
            { key: 'day', head: t('first60.day'), cell: ({ day }) => day },
            { key: 'share', head: t('first60.curve'), end: true, cell: ({ share }) => f.percent(share) },
          ]}
        />
      }
    >
      <RetainedByRepeats />
      <p className="footnote">
        {t('first60.none', { share: f.percent(bought_0 / customers), n: f.int(bought_0) })}
      </p>
    </ChartCard>
  );
}

export function Retention() {
  return (
    <>
      <Cohorts />
      <div className="row r11">
        <Ladder />
        <First60 />
      </div>
    </>
  );
}
