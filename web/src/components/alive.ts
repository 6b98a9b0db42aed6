/** The charts on the page now; apart from ECharts itself, so that a page without charts loads none of it. */

interface Resizable {
  resize(): void;
}

export const alive = new Set<Resizable>();

/** Fits every chart to its element at once, for example before printing. */
export function resizeCharts(): void {
  for (const chart of alive) chart.resize();
}
