/** One chart, as wide as its place and described in words for who cannot see it. */
import type { ECElementEvent, ECharts } from 'echarts/core';
import { useEffect, useRef } from 'react';
import { type ChartOption, closeChart, openChart } from './charts.ts';

interface Props {
  option: ChartOption;
  label: string;
  height: number;
  /** What was clicked: `dataType`, `name`, `data` and the like as ECharts names them. */
  onPick?(item: ECElementEvent): void;
}

export function Chart({ option, label, height, onPick }: Props) {
  const element = useRef<HTMLDivElement>(null);
  const chart = useRef<ECharts | null>(null);
  useEffect(() => {
    if (!element.current) return;
    const opened = openChart(element.current);
    chart.current = opened;
    const observer = new ResizeObserver(() => opened.resize());
    observer.observe(element.current);
    return () => {
      observer.disconnect();
      closeChart(opened);
      chart.current = null;
    };
  }, []);
  useEffect(() => {
    chart.current?.setOption(option, { notMerge: true });
  }, [option]);
  useEffect(() => {
    const drawn = chart.current;
    if (!drawn || !onPick) return;
    drawn.on('click', onPick);
    return () => {
      if (!drawn.isDisposed()) drawn.off('click', onPick);
    };
  }, [onPick]);
  return <div ref={element} className="chart" role="img" aria-label={label} style={{ height }} />;
}
