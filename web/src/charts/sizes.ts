/** The size of a segment, day by day. */
import type { ChartOption } from '../components/charts.ts';
import { axisStyle, baseOption, tooltipRows, tooltipStyle } from '../design/chart-theme.ts';
import type { DrawContext } from './context.ts';

export interface DaySize {
  day: string;
  size: number;
  unknown: number;
}

function tip(points: unknown, sizes: DaySize[], { t, f, palette }: DrawContext): string {
  const first = (Array.isArray(points) ? points[0] : points) as { dataIndex?: number } | undefined;
  const point = sizes[first?.dataIndex ?? -1];
  if (!point) return '';
  return tooltipRows(f.day(point.day), [
    [t('segments.size'), f.int(point.size), palette.accent],
    [t('segments.unknown'), f.int(point.unknown)],
  ]);
}

export function sizesOption(sizes: DaySize[], context: DrawContext): ChartOption {
  const { palette, f, t } = context;
  const style = axisStyle(palette);
  return {
    ...baseOption(palette),
    grid: { left: 4, right: 18, top: 12, bottom: 4, containLabel: true },
    tooltip: {
      ...tooltipStyle(palette),
      trigger: 'axis',
      formatter: (points) => tip(points, sizes, context),
    },
    xAxis: {
      type: 'time',
      ...style,
      splitLine: { show: false },
      splitNumber: 5,
      axisLabel: {
        ...style.axisLabel,
        hideOverlap: true,
        formatter: (time: number) => f.dayShort(new Date(time).toISOString().slice(0, 10)),
      },
    },
    yAxis: {
      type: 'value',
      ...style,
      minInterval: 1,
      splitNumber: 3,
      axisLabel: { ...style.axisLabel, formatter: (value: number) => f.compact(value) },
    },
    useUTC: true,
    series: [
      {
        name: t('segments.size'),
        type: 'line',
        data: sizes.map((point) => [point.day, point.size]),
        symbol: 'circle',
        symbolSize: 5,
        showSymbol: sizes.length < 40,
        lineStyle: { width: 1.8, color: palette.accent },
        itemStyle: { color: palette.accent },
        areaStyle: { color: palette.accent, opacity: 0.07 },
      },
    ],
  };
}
