/** The parts of the segments page, as its address names them. */
export const TABS = ['all', 'rfm', 'overlap', 'movement', 'groups'] as const;
export type Tab = (typeof TABS)[number];

export function tabOf(value: unknown): Tab | undefined {
  return TABS.find((tab) => tab === value);
}
