/** The parts of ECharts that the pages use, and the charts alive on the page. */
import {
  BarChart,
  type BarSeriesOption,
  LineChart,
  type LineSeriesOption,
  SankeyChart,
  type SankeySeriesOption,
} from 'echarts/charts';
import {
  GridComponent,
  type GridComponentOption,
  MarkLineComponent,
  type MarkLineComponentOption,
  TooltipComponent,
  type TooltipComponentOption,
} from 'echarts/components';
import { type ComposeOption, type ECharts, init, use } from 'echarts/core';
import { SVGRenderer } from 'echarts/renderers';

use([BarChart, LineChart, SankeyChart, GridComponent, MarkLineComponent, TooltipComponent, SVGRenderer]);

export type ChartOption = ComposeOption<
  | BarSeriesOption
  | LineSeriesOption
  | SankeySeriesOption
  | GridComponentOption
  | MarkLineComponentOption
  | TooltipComponentOption
>;

const alive = new Set<ECharts>();

export function openChart(element: HTMLElement): ECharts {
  const chart = init(element, null, { renderer: 'svg' });
  alive.add(chart);
  return chart;
}

export function closeChart(chart: ECharts): void {
  alive.delete(chart);
  chart.dispose();
}

/** Fits every chart to its element at once, for example before printing. */
export function resizeCharts(): void {
  for (const chart of alive) chart.resize();
}
