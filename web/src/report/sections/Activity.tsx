/** Who is active: month by month accounting, and the active rate over time. */
import { useMemo, useState } from 'react';
import { activeOption, pointRate } from '../../charts/active.ts';
import { growthOption, partColors } from '../../charts/growth.ts';
import { Card, Empty } from '../../components/Card.tsx';
import { Chart } from '../../components/Chart.tsx';
import { ChartCard } from '../../components/ChartCard.tsx';
import { type Column, DataTable } from '../../components/DataTable.tsx';
import { Legend } from '../../components/Legend.tsx';
import { Segmented } from '../../components/Segmented.tsx';
import { useMedia } from '../../lib/media.ts';
import { wilson } from '../../lib/wilson.ts';
import { useReport } from '../context.tsx';
import { How } from '../How.tsx';
import type { GrowthMonth, SeriesPoint } from '../types.ts';

/** Bars that stay legible side by side. */
const RECENT_MONTHS = 24;

function GrowthTable({ months }: { months: GrowthMonth[] }) {
  const { f, t } = useReport();
  const count = (key: 'active' | 'new' | 'retained' | 'resurrected' | 'churned'): Column<GrowthMonth> => ({
    key,
    head: t(`growth.${key}`),
    end: true,
    cell: (month) => f.int(month[key]),
  });
  return (
    <DataTable
      caption={t('growth.title')}
      rows={months.toReversed()}
      rowKey={(month) => month.month}
      columns={[
        {
          key: 'month',
          head: t('month'),
          cell: (month) => `${f.month(month.month)}${month.complete ? '' : ` · ${t('incomplete')}`}`,
        },
        count('active'),
        count('retained'),
        count('new'),
        count('resurrected'),
        count('churned'),
        {
          key: 'quick',
          head: t('growth.quick_ratio'),
          end: true,
          cell: (month) => f.decimal(month.quick_ratio, 2),
        },
      ]}
    />
  );
}

/** Quick ratio of the last whole month and what it means. */
function QuickRatio({ months }: { months: GrowthMonth[] }) {
  const { f, t } = useReport();
  const last = months.filter((month) => month.complete && month.quick_ratio !== null).at(-1);
  if (!last) return null;
  const grows = (last.quick_ratio ?? 0) >= 1;
  return (
    <p className="footnote">
      <b className={grows ? 'good' : 'bad'}>
        {t('growth.quick_ratio')} {f.decimal(last.quick_ratio, 2)}
      </b>{' '}
      {t(grows ? 'growth.grows' : 'growth.shrinks', { month: f.month(last.month) })}
      {months.some((month) => !month.complete) ? ` ${t('growth.hatched')}` : ''}
    </p>
  );
}

function Growth() {
  const context = useReport();
  const { report, t } = context;
  const wide = useMedia('(min-width: 560px)');
  const [all, setAll] = useState(false);
  const months = useMemo(() => (all ? report.growth : report.growth.slice(-RECENT_MONTHS)), [all, report]);
  const option = useMemo(() => growthOption(months, context, wide), [months, context, wide]);
  const colors = partColors(context);
  const how = <How id="growth" />;
  if (report.growth.length < 2) {
    return (
      <Card title={t('growth.title')} how={how}>
        <Empty>{t('empty.growth')}</Empty>
      </Card>
    );
  }
  const parts = ['retained', 'new', 'resurrected', 'churned'] as const;
  return (
    <ChartCard
      title={t('growth.title')}
      note={t('growth.note')}
      how={how}
      legend={
        <div className="chart-bar">
          <Legend items={parts.map((part) => ({ name: t(`growth.${part}`), color: colors[part] }))} />
          {report.growth.length > RECENT_MONTHS ? (
            <Segmented
              label={t('growth.span')}
              value={all ? 'all' : 'recent'}
              onChange={(value) => setAll(value === 'all')}
              options={[
                { value: 'recent', text: t('growth.recent', { months: RECENT_MONTHS }) },
                { value: 'all', text: t('all') },
              ]}
            />
          ) : null}
        </div>
      }
      chart={<Chart option={option} height={286} label={t('growth.label', { months: months.length })} />}
      table={<GrowthTable months={report.growth} />}
    >
      <QuickRatio months={report.growth} />
    </ChartCard>
  );
}

function SeriesTable({ points }: { points: SeriesPoint[] }) {
  const { f, t } = useReport();
  const range = (point: SeriesPoint) => {
    const interval = wilson(point.active, point.base);
    return f.percentRange(interval?.low, interval?.high);
  };
  return (
    <DataTable
      caption={t('active.fixed')}
      rows={points.toReversed()}
      rowKey={(point) => point.day}
      columns={[
        { key: 'day', head: t('active.month_end'), cell: (point) => f.day(point.day) },
        { key: 'rate', head: t('active.rate'), end: true, cell: (point) => f.percent(pointRate(point)) },
        { key: 'range', head: t('how.interval'), end: true, cell: range },
        { key: 'active', head: t('active.active'), end: true, cell: (point) => f.int(point.active) },
        { key: 'base', head: t('active.base'), end: true, cell: (point) => f.int(point.base) },
      ]}
    />
  );
}

function ActiveSeries() {
  const context = useReport();
  const { report, f, t, palette } = context;
  const { fixed_series: fixed, running_series: running, adaptive } = report.active_rate;
  const option = useMemo(() => activeOption(fixed, running, context), [fixed, running, context]);
  const how = (
    <How
      id="active_series"
      facts={[
        [
          t('define.adaptive.name'),
          `${f.percent(adaptive.rate)} (${f.percentRange(adaptive.low, adaptive.high)})`,
        ],
        ['n', f.int(adaptive.of)],
      ]}
    />
  );
  if (report.active_rate.base === 0) {
    return (
      <Card title={t('active.title')} how={how}>
        <Empty>{t('empty.active')}</Empty>
      </Card>
    );
  }
  return (
    <ChartCard
      title={t('active.title')}
      note={t('active.note', { days: report.active_rate.window_days })}
      how={how}
      legend={
        <Legend
          items={[
            { name: t('active.running'), color: palette.accent, line: true },
            { name: t('active.fixed'), color: palette.fresh, line: 'dashed' },
          ]}
        />
      }
      chart={<Chart option={option} height={286} label={t('active.label')} />}
      table={<SeriesTable points={fixed} />}
    >
      {adaptive.rate === null ? null : (
        <p className="footnote">
          {t('active.adaptive', {
            rate: f.percent(adaptive.rate),
            range: f.percentRange(adaptive.low, adaptive.high),
            n: f.int(adaptive.of),
          })}
        </p>
      )}
    </ChartCard>
  );
}

export function Activity() {
  return (
    <div className="row r32">
      <Growth />
      <ActiveSeries />
    </div>
  );
}
