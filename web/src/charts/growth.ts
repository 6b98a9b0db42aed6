/** Who is active, month by month: retained, new and resurrected above the line, churned below it. */
import type { ChartOption } from '../components/charts.ts';
import { baseOption, categoryAxis, tooltipRows, tooltipStyle, valueAxis } from '../design/chart-theme.ts';
import type { GrowthMonth } from '../report/types.ts';
import type { DrawContext } from './context.ts';

const PARTS = ['retained', 'new', 'resurrected', 'churned'] as const;
type Part = (typeof PARTS)[number];

const HATCH = { symbol: 'rect', dashArrayX: [1, 0], dashArrayY: [2, 4], rotation: Math.PI / 4 };

export function partColors({ palette }: Pick<DrawContext, 'palette'>): Record<Part, string> {
  const { retained, fresh, resurrected, churned } = palette;
  return { retained, new: fresh, resurrected, churned };
}

/** Height of a part's bar; those who left go down. */
export function partValue(month: GrowthMonth, part: Part): number {
  return part === 'churned' ? 0 - month.churned : month[part];
}

function barSeries(months: GrowthMonth[], part: Part, context: DrawContext) {
  const color = partColors(context)[part];
  const hatched = { color, opacity: 0.6, decal: { ...HATCH, color: context.palette.card } };
  return {
    name: context.t(`growth.${part}`),
    type: 'bar' as const,
    stack: 'customers',
    barMaxWidth: 24,
    barCategoryGap: '38%',
    itemStyle: { color, borderRadius: 1 },
    data: months.map((month) => ({
      value: partValue(month, part),
      ...(month.complete ? {} : { itemStyle: hatched }),
    })),
  };
}

function growthTip(month: GrowthMonth | undefined, { f, t, ...context }: DrawContext): string {
  if (!month) return '';
  const colors = partColors(context);
  const open = month.complete ? '' : ` · ${t('incomplete')}`;
  return tooltipRows(f.month(month.month) + open, [
    [t('growth.active'), f.int(month.active)],
    ...PARTS.map((part): [string, string, string] => [t(`growth.${part}`), f.int(month[part]), colors[part]]),
    [t('growth.quick_ratio'), f.decimal(month.quick_ratio, 2)],
  ]);
}

/** Steps between labelled months that keep every January. */
const LABEL_STEPS = [1, 2, 3, 6, 12];

/** Whether a month has a label when `most` labels fit. */
export function hasLabel(month: string, months: number, most: number): boolean {
  const step = LABEL_STEPS.find((each) => months / each <= most) ?? 12;
  return (Number(month.slice(5, 7)) - 1) % step === 0;
}

export function growthOption(months: GrowthMonth[], context: DrawContext, wide: boolean): ChartOption {
  const { f, palette } = context;
  const labels = months.map((month) => f.monthShort(month.month, false));
  const axis = categoryAxis(palette, labels);
  const most = wide ? 14 : 7;
  const interval = (index: number) => hasLabel(months[index]?.month ?? '', months.length, most);
  return {
    ...baseOption(palette),
    grid: { left: 4, right: 8, top: 10, bottom: 4, containLabel: true },
    tooltip: {
      ...tooltipStyle(palette),
      trigger: 'axis',
      formatter: (points) => {
        const first = Array.isArray(points) ? points[0] : points;
        return growthTip(months[first?.dataIndex ?? 0], context);
      },
    },
    xAxis: { ...axis, axisLabel: { ...axis.axisLabel, interval } },
    yAxis: valueAxis(palette, (value) => f.compact(Math.abs(value))),
    series: PARTS.map((part) => barSeries(months, part, context)),
  };
}
