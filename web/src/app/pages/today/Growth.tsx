/** Who is active: new, retained, resurrected and churned customers by month. */
import { useMemo } from 'react';
import { growthOption, partColors } from '../../../charts/growth.ts';
import { Card, Empty } from '../../../components/Card.tsx';
import { Chart } from '../../../components/Chart.tsx';
import { ChartCard } from '../../../components/ChartCard.tsx';
import { type Column, DataTable } from '../../../components/DataTable.tsx';
import { Legend } from '../../../components/Legend.tsx';
import { useMedia } from '../../../lib/media.ts';
import type { GrowthMonth as ReportMonth } from '../../../report/types.ts';
import type { GrowthMonth } from '../../api/types.ts';
import { Explain } from '../../components/Explain.tsx';
import { useApp } from '../../context.tsx';

const SHOWN_MONTHS = 13;
const PARTS = ['retained', 'new', 'resurrected', 'churned'] as const;

function drawn(month: GrowthMonth): ReportMonth {
  return { ...month, quick_ratio: month.quick_ratio ?? null };
}

function GrowthTable({ months }: { months: ReportMonth[] }) {
  const { f, t } = useApp();
  const count = (key: 'active' | (typeof PARTS)[number]): Column<ReportMonth> => ({
    key,
    head: t(`growth.${key}`),
    end: true,
    cell: (month) => f.int(month[key]),
  });
  const month: Column<ReportMonth> = {
    key: 'month',
    head: t('month'),
    cell: (each) => `${f.month(each.month)}${each.complete ? '' : ` · ${t('incomplete')}`}`,
  };
  const quick: Column<ReportMonth> = {
    key: 'quick',
    head: t('growth.quick_ratio'),
    end: true,
    cell: (each) => f.decimal(each.quick_ratio, 2),
  };
  return (
    <DataTable
      caption={t('growth.title')}
      rows={months.toReversed()}
      rowKey={(each) => each.month}
      columns={[month, count('active'), ...PARTS.map(count), quick]}
    />
  );
}

export function Growth({ months: given }: { months: GrowthMonth[] }) {
  const context = useApp();
  const { t } = context;
  const wide = useMedia('(min-width: 560px)');
  const months = useMemo(() => given.slice(-SHOWN_MONTHS).map(drawn), [given]);
  const option = useMemo(() => growthOption(months, context, wide), [months, context, wide]);
  const colors = partColors(context);
  const how = <Explain figure="today.growth.active" name={t('growth.title')} />;
  if (months.length < 2) {
    return (
      <Card title={t('growth.title')} how={how}>
        <Empty>{t('empty.growth')}</Empty>
      </Card>
    );
  }
  return (
    <ChartCard
      title={t('growth.title')}
      note={t('growth.note')}
      how={how}
      legend={<Legend items={PARTS.map((part) => ({ name: t(`growth.${part}`), color: colors[part] }))} />}
      chart={<Chart option={option} height={330} label={t('growth.label', { months: months.length })} />}
      table={<GrowthTable months={given.map(drawn)} />}
    />
  );
}
