/** Repurchase ladder: the chance of one more order after each, Kaplan–Meier beside the raw share. */
import type { ChartOption } from '../components/charts.ts';
import { baseOption, categoryAxis, tooltipRows, tooltipStyle, valueAxis } from '../design/chart-theme.ts';
import type { LadderStep } from '../report/types.ts';
import type { DrawContext } from './context.ts';

/** Orders that make a customer loyal (mechanism 2.6). */
export const LOYAL_ORDERS = 5;

const MOST_STEPS = 12;

/** Rungs worth drawing: the first dozen, without those whose rate is unknown. */
export function drawnSteps(ladder: LadderStep[]): LadderStep[] {
  return ladder.filter((step) => step.next_rate !== null).slice(0, MOST_STEPS);
}

function ladderTip(step: LadderStep | undefined, { f, t, palette }: DrawContext): string {
  if (!step) return '';
  return tooltipRows(t('ladder.after', { orders: step.orders }), [
    [t('ladder.next'), f.percent(step.next_rate), palette.accent],
    [t('how.interval'), f.percentRange(step.low, step.high)],
    [t('ladder.raw'), f.percent(step.raw_rate), palette.ink3],
    ['n', f.int(step.customers)],
  ]);
}

/** The two invisible-and-tinted areas that together show the interval. */
function band(steps: LadderStep[], color: string) {
  const common = {
    type: 'line' as const,
    stack: 'interval',
    symbol: 'none',
    silent: true,
    lineStyle: { opacity: 0 },
    tooltip: { show: false },
  };
  return [
    { ...common, data: steps.map((step) => step.low ?? step.next_rate) },
    {
      ...common,
      data: steps.map((step) => (step.high ?? 0) - (step.low ?? 0)),
      areaStyle: { color, opacity: 0.16 },
    },
  ];
}

function marks(steps: LadderStep[], knee: number | null, { t, palette }: DrawContext) {
  const at = (orders: number) => steps.findIndex((step) => step.orders === orders);
  const wanted: [number, string, string][] = [
    [at(LOYAL_ORDERS), t('ladder.five'), palette.stages.loyal ?? palette.ink],
  ];
  if (knee !== null && knee !== LOYAL_ORDERS) wanted.push([at(knee), t('ladder.knee'), palette.warn]);
  if (knee === LOYAL_ORDERS) wanted[0] = [at(LOYAL_ORDERS), t('ladder.five_knee'), palette.warn];
  return {
    silent: true,
    symbol: 'none',
    data: wanted
      .filter(([index]) => index >= 0)
      .map(([xAxis, name, color]) => ({
        xAxis,
        lineStyle: { color, type: 'dashed' as const, width: 1.2 },
        label: { formatter: name, position: 'end' as const, color: palette.ink2, fontSize: 11, distance: 4 },
      })),
  };
}

export function ladderOption(ladder: LadderStep[], knee: number | null, context: DrawContext): ChartOption {
  const { palette, f, t } = context;
  const steps = drawnSteps(ladder);
  return {
    ...baseOption(palette),
    grid: { left: 4, right: 16, top: 26, bottom: 4, containLabel: true },
    tooltip: {
      ...tooltipStyle(palette),
      trigger: 'axis',
      formatter: (points) => {
        const first = Array.isArray(points) ? points[0] : points;
        return ladderTip(steps[first?.dataIndex ?? 0], context);
      },
    },
    xAxis: categoryAxis(
      palette,
      steps.map((step) => `${step.orders}→${step.orders + 1}`),
    ),
    yAxis: { ...valueAxis(palette, (value) => f.percent(value, 0)), min: 0, max: 1, interval: 0.25 },
    series: [
      ...band(steps, palette.accent),
      {
        name: t('ladder.next'),
        type: 'line',
        data: steps.map((step) => step.next_rate),
        symbol: 'circle',
        symbolSize: 7,
        lineStyle: { width: 2, color: palette.accent },
        itemStyle: { color: palette.accent },
        markLine: marks(steps, knee, context),
      },
      {
        name: t('ladder.raw'),
        type: 'line',
        data: steps.map((step) => step.raw_rate),
        symbol: 'emptyCircle',
        symbolSize: 5,
        lineStyle: { width: 1.2, type: 'dashed', color: palette.ink3 },
        itemStyle: { color: palette.ink3 },
      },
    ],
  };
}
