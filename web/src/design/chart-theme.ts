/** How charts look in both schemes: axes, tooltips, lines. */
import type { Palette } from './tokens.ts';

export const FONT =
  'Inter, "Inter Variable", system-ui, -apple-system, "Segoe UI", "PingFang SC", "Noto Sans CJK SC", "Microsoft YaHei", sans-serif';

/** Parts that every chart starts from. */
export function baseOption(palette: Palette) {
  return {
    animation: false,
    textStyle: { fontFamily: FONT, color: palette.ink2, fontSize: 11 },
  };
}

export function axisStyle(palette: Palette) {
  return {
    axisLine: { show: true, lineStyle: { color: palette.line } },
    axisTick: { show: false },
    axisLabel: { color: palette.ink2, fontSize: 11, lineHeight: 14 },
    splitLine: { lineStyle: { color: palette.line } },
  };
}

export function categoryAxis(palette: Palette, data: string[]) {
  const style = axisStyle(palette);
  return {
    type: 'category' as const,
    data,
    ...style,
    splitLine: { show: false },
    axisLabel: { ...style.axisLabel, hideOverlap: true },
  };
}

export function valueAxis(palette: Palette, text: (value: number) => string) {
  const style = axisStyle(palette);
  return {
    type: 'value' as const,
    ...style,
    axisLine: { show: false },
    axisLabel: { ...style.axisLabel, formatter: text },
    splitNumber: 4,
  };
}

/** Steps of an axis of shares. */
const SHARE_STEPS = [0.01, 0.02, 0.05, 0.1, 0.2];

const MOST_STEPS = 5;

/** From 0 to the step that is not below the highest share; shares end at 100 %. */
export function shareExtent(highest: number): { min: number; max: number; interval: number } {
  if (!(highest > 0)) return { min: 0, max: 1, interval: 0.25 };
  const fits = (step: number) => Math.ceil(highest / step - 1e-9) <= MOST_STEPS;
  const interval = SHARE_STEPS.find(fits) ?? 0.2;
  const steps = Math.ceil(highest / interval - 1e-9);
  return { min: 0, max: Math.min(1, Number((steps * interval).toFixed(4))), interval };
}

/** An axis of shares whose highest is known. */
export function shareAxis(palette: Palette, text: (value: number) => string, highest: number) {
  return { ...valueAxis(palette, text), ...shareExtent(highest) };
}

export function tooltipStyle(palette: Palette) {
  return {
    confine: true,
    backgroundColor: palette.card,
    borderColor: palette.line,
    borderWidth: 1,
    padding: [8, 10],
    textStyle: { color: palette.ink, fontSize: 12, fontFamily: FONT },
    extraCssText:
      'box-shadow:0 6px 24px rgba(10,25,18,.16);border-radius:8px;font-variant-numeric:tabular-nums',
    axisPointer: { type: 'line' as const, lineStyle: { color: palette.ink3, type: 'dashed' as const } },
  };
}

function escapeHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

/** A tooltip's inside: a title and pairs of a name and a value. */
export function tooltipRows(title: string, rows: [string, string, string?][]): string {
  const lines = rows.map(([name, value, color]) => {
    const key = color
      ? `<i style="display:inline-block;width:8px;height:8px;border-radius:2px;margin-right:6px;background:${color}"></i>`
      : '';
    return `<tr><td style="padding:1px 14px 1px 0">${key}${escapeHtml(name)}</td><td style="text-align:right;font-weight:600">${escapeHtml(value)}</td></tr>`;
  });
  return `<div style="margin-bottom:4px">${escapeHtml(title)}</div><table style="border-spacing:0;font-size:12px">${lines.join('')}</table>`;
}
