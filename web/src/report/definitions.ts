/** The figures that the page defines, in the order of the definitions section. */

export const DEFINITIONS = [
  'active_rate',
  'active_series',
  'adaptive',
  'compared',
  'revenue',
  'aov',
  'units',
  'repurchase',
  'second_order',
  'growth',
  'stages',
  'flow',
  'rfm',
  'transitions',
  'concentration',
  'cohorts',
  'ladder',
  'first_60',
  'interval',
  'stickiness',
  'cuts',
  'stake',
  'wilson',
  'unidentified',
] as const;

export type DefinitionId = (typeof DEFINITIONS)[number];
