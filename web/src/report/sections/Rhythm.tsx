/** How often: personal intervals, active days. */
import { useMemo } from 'react';
import { type Bucket, bucketOption } from '../../charts/curves.ts';
import { Card, Empty } from '../../components/Card.tsx';
import { Chart } from '../../components/Chart.tsx';
import { ChartCard } from '../../components/ChartCard.tsx';
import { DataTable } from '../../components/DataTable.tsx';
import { useReport } from '../context.tsx';
import { How } from '../How.tsx';

function BucketTable({
  caption,
  head,
  unit,
  buckets,
}: {
  caption: string;
  head: string;
  unit: string;
  buckets: Bucket[];
}) {
  const { f } = useReport();
  return (
    <DataTable
      caption={caption}
      rows={buckets}
      rowKey={(bucket) => bucket.name}
      columns={[
        { key: 'name', head, cell: (bucket) => bucket.name },
        { key: 'count', head: unit, end: true, cell: (bucket) => f.int(bucket.count) },
      ]}
    />
  );
}

/** Names of the histogram's buckets: `1–7`, `8–14`, `> 365`. */
export function intervalBuckets(histogram: [number | null, number][]): Bucket[] {
  return histogram.map(([edge, count], index) => {
    const below = histogram[index - 1]?.[0] ?? 0;
    if (edge === null) return { name: `> ${below}`, count };
    return { name: edge - below <= 1 ? String(edge) : `${below + 1}–${edge}`, count };
  });
}

function Interval() {
  const context = useReport();
  const { report, f, t } = context;
  const { histogram, median_days: median, assumed_days: assumed, repeat_customers: repeat } = report.interval;
  const buckets = useMemo(() => intervalBuckets(histogram), [histogram]);
  const option = useMemo(() => {
    const index = histogram.findIndex(([edge]) => median !== null && (edge === null || median <= edge));
    const text = t('interval.median', { days: f.decimal(median, 0) });
    return bucketOption(buckets, context, {
      unit: t('interval.gaps'),
      mark: index < 0 ? undefined : { index, text },
    });
  }, [buckets, histogram, median, context, f, t]);
  const how = (
    <How
      id="interval"
      facts={[
        ['n', f.int(repeat)],
        [t('interval.median_name'), t('n_days', { count: Math.round(median ?? 0) })],
      ]}
    />
  );
  if (repeat === 0) {
    return (
      <Card title={t('interval.title')} how={how}>
        <Empty>
          {t('empty.interval')}
          {assumed ? ` (${t('interval.assumed', { days: f.decimal(assumed, 0) })})` : ''}
        </Empty>
      </Card>
    );
  }
  return (
    <ChartCard
      title={t('interval.title')}
      note={t('interval.note')}
      how={how}
      chart={<Chart option={option} height={220} label={t('interval.label')} />}
      table={
        <BucketTable
          caption={t('interval.title')}
          head={t('interval.days')}
          unit={t('interval.gaps')}
          buckets={buckets}
        />
      }
    />
  );
}

/** Buckets up to the last day count anybody reached, at least a week of them. */
export function activeDayBuckets(days: number[]): Bucket[] {
  const last = Math.max(7, days.findLastIndex((count) => count > 0) + 1);
  return days.slice(0, last).map((count, index) => ({ name: String(index + 1), count }));
}

function Sticky() {
  const context = useReport();
  const { report, f, t } = context;
  const { days_active: days, ratio, active_28d: active, basis } = report.stickiness;
  const buckets = useMemo(() => activeDayBuckets(days), [days]);
  const option = useMemo(
    () => bucketOption(buckets, context, { unit: t('customers') }),
    [buckets, context, t],
  );
  const how = (
    <How
      id="stickiness"
      facts={[
        ['n', f.int(active)],
        [t('sticky.ratio'), f.percent(ratio)],
        [t('sticky.basis'), t(`sticky.basis_${basis}`, { defaultValue: basis })],
      ]}
    />
  );
  if (active === 0) {
    return (
      <Card title={t('sticky.title')} how={how}>
        <Empty>{t('empty.sticky')}</Empty>
      </Card>
    );
  }
  return (
    <ChartCard
      title={t('sticky.title')}
      note={t('sticky.note')}
      how={how}
      chart={<Chart option={option} height={196} label={t('sticky.label')} />}
      table={
        <BucketTable
          caption={t('sticky.title')}
          head={t('sticky.days')}
          unit={t('customers')}
          buckets={buckets}
        />
      }
    >
      <p className="footnote">{t('sticky.says', { ratio: f.percent(ratio), n: f.int(active) })}</p>
    </ChartCard>
  );
}

export function Rhythm() {
  return (
    <div className="row r11">
      <Interval />
      <Sticky />
    </div>
  );
}
