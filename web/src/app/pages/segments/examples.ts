/** Segments that every brand has a use for: where to begin. */
import type { Condition } from './condition.ts';

export interface Example {
  id: 'at_risk' | 'second_order' | 'champions_lost' | 'recent_orders';
  /** In both languages: a brand keeps titles in both. */
  title: { zh: string; en: string };
  condition: Condition;
}

export const EXAMPLES: Example[] = [
  {
    id: 'at_risk',
    title: { zh: '有消费的流失预警客户', en: 'At risk with revenue' },
    condition: {
      all: [
        { column: 'stage', is: 'one_of', values: ['at_risk'] },
        { column: 'revenue_365d', is: 'more', value: 0 },
      ],
    },
  },
  {
    id: 'second_order',
    title: { zh: '尚未二次购买', en: 'Second order missing' },
    condition: {
      all: [
        { column: 'orders', is: 'equal', value: 1 },
        { column: 'customer_age_days', is: 'between', least: 30, most: 180 },
      ],
    },
  },
  {
    id: 'champions_lost',
    title: { zh: '不可失去的老客', en: 'Champions lost' },
    condition: {
      all: [
        { column: 'rfm_segment', is: 'one_of', values: ['cant_lose'] },
        { column: 'orders', is: 'at_least', value: 4 },
      ],
    },
  },
  {
    id: 'recent_orders',
    title: { zh: '近期下单多次', en: 'Several recent orders' },
    condition: {
      all: [
        {
          behaviour: { function: 'count', events: ['Order Completed'], window: '90d' },
          is: 'at_least',
          value: 2,
        },
      ],
    },
  },
];

export function exampleOf(id: string | undefined): Example | undefined {
  return EXAMPLES.find((example) => example.id === id);
}
