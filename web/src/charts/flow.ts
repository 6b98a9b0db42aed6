/** Flow of customers between stages from one day to another. */
import type { ChartOption } from '../components/charts.ts';
import { baseOption, tooltipRows, tooltipStyle } from '../design/chart-theme.ts';
import { STAGES, stageName } from '../lib/names.ts';
import type { StageFlow } from '../report/types.ts';
import type { DrawContext } from './context.ts';

/** Top to bottom: healthy stages first, so that falling means falling. */
const ORDER = ['none', 'new', 'active', 'loyal', 'won_back', 'at_risk', 'lapsed', 'lost'];

type Side = 'from' | 'to';

function place(stage: string): number {
  const found = ORDER.indexOf(stage);
  return found < 0 ? ORDER.length : found;
}

/** Stages present on one side, in the order of the drawing. */
export function stagesOn(flows: StageFlow[], side: Side): string[] {
  return [...new Set(flows.map((flow) => flow[side]))].sort((a, b) => place(a) - place(b));
}

function total(flows: StageFlow[], side: Side, stage: string): number {
  return flows.reduce((sum, flow) => (flow[side] === stage ? sum + flow.customers : sum), 0);
}

function nodes(flows: StageFlow[], side: Side, { f, t, palette }: DrawContext, wide: boolean) {
  return stagesOn(flows, side).map((stage) => ({
    name: `${side}:${stage}`,
    depth: side === 'from' ? 0 : 1,
    itemStyle: { color: palette.stages[stage] ?? palette.ink3, borderWidth: 0 },
    label: {
      position: side === 'from' ? ('left' as const) : ('right' as const),
      formatter: wide
        ? `${stageName(t, stage)} ${f.compact(total(flows, side, stage))}`
        : stageName(t, stage),
    },
  }));
}

interface SankeyItem {
  dataType?: string;
  name?: string;
  value?: unknown;
  data?: { source?: string; target?: string };
}

function flowTip(item: SankeyItem, { f, t }: DrawContext): string {
  const name = (node: string | undefined) => stageName(t, node?.split(':')[1] ?? '');
  const title =
    item.dataType === 'edge' ? `${name(item.data?.source)} → ${name(item.data?.target)}` : name(item.name);
  return tooltipRows(title, [[t('customers'), f.int(Number(item.value))]]);
}

export function flowOption(flows: StageFlow[], context: DrawContext, wide: boolean): ChartOption {
  const { palette } = context;
  const known = flows.filter((flow) => flow.customers > 0);
  return {
    ...baseOption(palette),
    tooltip: {
      ...tooltipStyle(palette),
      trigger: 'item',
      formatter: (item) => flowTip(item as unknown as SankeyItem, context),
    },
    series: [
      {
        type: 'sankey',
        left: wide ? 124 : 88,
        right: wide ? 108 : 66,
        top: 10,
        bottom: 8,
        nodeWidth: 10,
        // So that the names of two small ones stand apart.
        nodeGap: 16,
        layoutIterations: 0,
        draggable: false,
        emphasis: { focus: 'adjacency' },
        blur: { itemStyle: { opacity: 0.4 }, lineStyle: { opacity: 0.08 }, label: { opacity: 0.85 } },
        label: { color: palette.ink2, fontSize: 11.5, fontFamily: baseOption(palette).textStyle.fontFamily },
        lineStyle: { color: 'gradient', opacity: 0.28, curveness: 0.5 },
        data: [...nodes(known, 'from', context, wide), ...nodes(known, 'to', context, wide)],
        links: known
          .toSorted((a, b) => place(a.from) - place(b.from) || place(a.to) - place(b.to))
          .map((flow) => ({ source: `from:${flow.from}`, target: `to:${flow.to}`, value: flow.customers })),
      },
    ],
  };
}

/** Customers that stayed in their stage, out of those who had bought by then. */
export function stayed(flows: StageFlow[]): { stayed: number; of: number } {
  const known = flows.filter((flow) => STAGES.includes(flow.from));
  const count = (list: StageFlow[]) => list.reduce((sum, flow) => sum + flow.customers, 0);
  return { stayed: count(known.filter((flow) => flow.from === flow.to)), of: count(known) };
}
