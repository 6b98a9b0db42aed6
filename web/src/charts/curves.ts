/** Curves of the first 60 days and of concentration; bars of intervals and of active days. */
import type { ChartOption } from '../components/charts.ts';
import {
  baseOption,
  categoryAxis,
  shareAxis,
  tooltipRows,
  tooltipStyle,
  valueAxis,
} from '../design/chart-theme.ts';
import type { DrawContext } from './context.ts';

function pointed(points: unknown): number {
  const first = (Array.isArray(points) ? points[0] : points) as { dataIndex?: number } | undefined;
  return first?.dataIndex ?? 0;
}

const GRID = { left: 4, right: 14, top: 12, bottom: 4, containLabel: true };

export function secondOrderOption(curve: number[], { palette, f, t }: DrawContext): ChartOption {
  return {
    ...baseOption(palette),
    grid: GRID,
    tooltip: {
      ...tooltipStyle(palette),
      trigger: 'axis',
      formatter: (points) => {
        const day = pointed(points);
        return tooltipRows(t('first60.by_day', { day }), [
          [t('first60.curve'), f.percent(curve[day]), palette.accent],
        ]);
      },
    },
    xAxis: {
      ...categoryAxis(
        palette,
        curve.map((_share, day) => String(day)),
      ),
      boundaryGap: false,
      axisLabel: { ...categoryAxis(palette, []).axisLabel, interval: (index: number) => index % 10 === 0 },
    },
    yAxis: shareAxis(palette, (value) => f.percent(value, 0), Math.max(0, ...curve)),
    series: [
      {
        type: 'line',
        data: curve,
        symbol: 'none',
        lineStyle: { width: 2, color: palette.accent },
        areaStyle: { color: palette.accent, opacity: 0.1 },
      },
    ],
  };
}

export function lorenzOption(lorenz: number[], { palette, f, t }: DrawContext): ChartOption {
  const top = (percent: number) => 1 - (lorenz[percent] ?? 0);
  return {
    ...baseOption(palette),
    grid: GRID,
    tooltip: {
      ...tooltipStyle(palette),
      trigger: 'axis',
      formatter: (points) => {
        const percent = pointed(points);
        return tooltipRows(t('concentration.poorest', { share: f.percent(percent / 100, 0) }), [
          [t('concentration.make'), f.percent(lorenz[percent])],
          [t('concentration.others', { share: f.percent(1 - percent / 100, 0) }), f.percent(top(percent))],
        ]);
      },
    },
    xAxis: {
      ...categoryAxis(
        palette,
        lorenz.map((_share, percent) => f.percent(percent / 100, 0)),
      ),
      boundaryGap: false,
      axisLabel: { ...categoryAxis(palette, []).axisLabel, interval: (index: number) => index % 25 === 0 },
    },
    yAxis: { ...valueAxis(palette, (value) => f.percent(value, 0)), min: 0, max: 1, interval: 0.25 },
    series: [
      {
        type: 'line',
        data: lorenz,
        symbol: 'none',
        lineStyle: { width: 2, color: palette.accent },
        areaStyle: { color: palette.accent, opacity: 0.1 },
      },
      {
        type: 'line',
        data: lorenz.map((_share, percent) => percent / 100),
        symbol: 'none',
        silent: true,
        lineStyle: { width: 1, type: 'dashed', color: palette.ink3 },
      },
    ],
  };
}

export interface Bucket {
  name: string;
  count: number;
}

/** Plain bars; `mark` is the place of a line with words, in buckets. */
export function bucketOption(
  buckets: Bucket[],
  { palette, f }: DrawContext,
  words: { unit: string; mark?: { index: number; text: string } },
): ChartOption {
  const total = buckets.reduce((sum, bucket) => sum + bucket.count, 0);
  const { mark } = words;
  return {
    ...baseOption(palette),
    grid: { ...GRID, top: mark ? 26 : 18 },
    tooltip: {
      ...tooltipStyle(palette),
      trigger: 'axis',
      axisPointer: { type: 'shadow', shadowStyle: { color: palette.line, opacity: 0.5 } },
      formatter: (points) => {
        const bucket = buckets[pointed(points)];
        const share = bucket && total > 0 ? bucket.count / total : null;
        return tooltipRows(bucket?.name ?? '', [
          [words.unit, f.int(bucket?.count)],
          ['%', f.percent(share)],
        ]);
      },
    },
    xAxis: categoryAxis(
      palette,
      buckets.map((bucket) => bucket.name),
    ),
    yAxis: valueAxis(palette, (value) => f.compact(value)),
    series: [
      {
        type: 'bar',
        data: buckets.map((bucket) => bucket.count),
        barCategoryGap: '22%',
        itemStyle: { color: palette.retained, borderRadius: [2, 2, 0, 0] },
        markLine: mark && {
          silent: true,
          symbol: 'none',
          data: [
            {
              xAxis: mark.index,
              lineStyle: { color: palette.warn, type: 'dashed', width: 1.2 },
              label: { formatter: mark.text, color: palette.ink2, fontSize: 11, distance: 4 },
            },
          ],
        },
      },
    ],
  };
}
