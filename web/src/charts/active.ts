/** Active rate over time: the running base day by day and the fixed base month by month. */
import type { ChartOption } from '../components/charts.ts';
import { axisStyle, baseOption, shareAxis, tooltipRows, tooltipStyle } from '../design/chart-theme.ts';
import { wilson } from '../lib/wilson.ts';
import type { SeriesPoint } from '../report/types.ts';
import type { DrawContext } from './context.ts';

/** Rate of a point; unknown where there is no base. */
export function pointRate(point: SeriesPoint): number | null {
  return point.base > 0 ? point.active / point.base : null;
}

function xy(points: SeriesPoint[]): [string, number | null][] {
  return points.map((point) => [point.day, pointRate(point)]);
}

function rows(name: string, point: SeriesPoint | undefined, color: string, { f }: DrawContext) {
  if (!point) return [];
  const interval = wilson(point.active, point.base);
  const rate = f.percent(pointRate(point));
  const range = interval ? ` (${f.percentRange(interval.low, interval.high)})` : '';
  const row: [string, string, string] = [name, rate + range, color];
  const base: [string, string] = ['n', f.int(point.base)];
  return [row, base];
}

function activeTip(day: string, fixed: SeriesPoint[], running: SeriesPoint[], context: DrawContext): string {
  const { t, f, palette } = context;
  const on = (points: SeriesPoint[]) => points.find((point) => point.day === day);
  return tooltipRows(f.day(day), [
    ...rows(t('active.running'), on(running), palette.accent, context),
    ...rows(t('active.fixed'), on(fixed), palette.fresh, context),
  ]);
}

function dayOf(points: unknown): string {
  const first = (Array.isArray(points) ? points[0] : points) as { value?: unknown } | undefined;
  const value = Array.isArray(first?.value) ? first.value[0] : '';
  return String(value).slice(0, 10);
}

/** The rate that is wanted, as a line across. */
function targetLine(target: number | null, { palette, f, t }: DrawContext) {
  if (target === null) return undefined;
  return {
    silent: true,
    symbol: 'none',
    lineStyle: { color: palette.warn, type: 'dashed' as const, width: 1.2 },
    label: {
      color: palette.warnInk,
      position: 'insideEndTop' as const,
      formatter: `${t('active.target')} ${f.percent(target)}`,
    },
    data: [{ yAxis: target }],
  };
}

export function activeOption(
  fixed: SeriesPoint[],
  running: SeriesPoint[],
  context: DrawContext,
  target: number | null = null,
): ChartOption {
  const { palette, f, t } = context;
  const style = axisStyle(palette);
  const rates = [...fixed, ...running].map((point) => pointRate(point) ?? 0);
  return {
    ...baseOption(palette),
    grid: { left: 4, right: 14, top: 10, bottom: 4, containLabel: true },
    tooltip: {
      ...tooltipStyle(palette),
      trigger: 'axis',
      formatter: (points) => activeTip(dayOf(points), fixed, running, context),
    },
    xAxis: {
      type: 'time',
      ...style,
      splitLine: { show: false },
      splitNumber: 5,
      axisLabel: {
        ...style.axisLabel,
        hideOverlap: true,
        formatter: (time: number) => f.monthShort(new Date(time).toISOString().slice(0, 7), false),
      },
    },
    // The target stays in the picture when it is far.
    yAxis: shareAxis(palette, (value) => f.percent(value, 0), Math.max(...rates, target ?? 0)),
    useUTC: true,
    series: [
      {
        name: t('active.running'),
        type: 'line',
        data: xy(running),
        showSymbol: false,
        lineStyle: { width: 1.8, color: palette.accent },
        itemStyle: { color: palette.accent },
        areaStyle: { color: palette.accent, opacity: 0.07 },
        markLine: targetLine(target, context),
      },
      {
        name: t('active.fixed'),
        type: 'line',
        data: xy(fixed),
        symbol: 'circle',
        symbolSize: 6,
        lineStyle: { width: 1.2, color: palette.fresh, type: 'dashed' },
        itemStyle: { color: palette.fresh },
      },
    ],
  };
}
