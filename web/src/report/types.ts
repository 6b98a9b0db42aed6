/** The report as the engine writes it (stages/learn/src/report.rs): names, units and nulls are its contract. */

export type Tone = 'good' | 'watch' | 'bad';

export interface Report {
  version: number;
  as_of: string;
  timezone: string;
  currency: string;
  currency_decimals: number;
  revenue_basis: string;
  /** `zh` or `en`, as asked for or as the files are; absent leaves it to the browser. */
  language?: string | null;
  first_day: string | null;
  last_day: string | null;
  customers: number;
  orders: number;
  revenue: number;
  /** Part of `revenue` from people who have refunds but no kept order. */
  non_buyers_revenue?: number;
  refunds: number;
  unidentified: { orders: number; revenue: number };
  kpis: Kpis;
  active_rate: ActiveRate;
  rfm: Rfm;
  growth: GrowthMonth[];
  cohorts: Cohort[];
  concentration: Concentration;
  ladder: LadderStep[];
  ladder_knee: number | null;
  first_60_days: First60Days;
  stages: StageCount[];
  stage_flow: StageFlow[];
  stage_flow_from: string;
  interval: IntervalFigures;
  stickiness: Stickiness;
  findings: Finding[];
  rejected_rows: number;
  rejects: RejectReason[];
  inputs: InputFile[];
}

export interface Compared {
  figure: string;
  current: number | null;
  previous: number | null;
  last_year: number | null;
}

export interface Kpis {
  aov: number | null;
  units_per_order: number | null;
  repurchase_rate: RepurchaseRate;
  second_order_rate: number | null;
  median_days_to_second: number | null;
  compared: Compared[];
  periods: ComparedPeriods;
  cuts: Cut[];
}

/** First and last day of each compared period. */
export interface ComparedPeriods {
  calendar: string;
  /** `spring_festival` or `weeks`. */
  alignment: string;
  current: [string, string];
  previous: [string, string];
  last_year: [string, string];
  year_days: number;
  /** Spring Festival this year and last year, where periods are aligned by it. */
  festivals: [string, string] | null;
}

export interface Cut {
  /** `store`, `channel`, `category` or `staff`. */
  by: string;
  groups: GroupFigures[];
  /** Groups not listed, and all of them together. */
  others: number;
  other: GroupFigures | null;
}

export interface GroupFigures {
  /** Empty where the file names none. */
  name: string;
  orders: number | null;
  customers: number | null;
  revenue: number;
  aov: number | null;
  units_per_order: number | null;
  /** Customers whose first order was in the group; the repurchase figures are theirs. */
  first_orders: number | null;
  repurchase_rate: RepurchaseRate;
  second_order_rate: number | null;
  median_days_to_second: number | null;
  compared: Compared[];
}

export interface RepurchaseRate {
  d30: number | null;
  d90: number | null;
  d365: number | null;
  /** The three with counts and intervals. */
  details: Rate[];
}

export interface Rate {
  count: number;
  of: number;
  rate: number | null;
  low: number | null;
  high: number | null;
}

export interface ActiveRate {
  window_days: number;
  /** Active: on at least so many days of the window. */
  min_active_days: number;
  active: number;
  base: number;
  rate: number | null;
  low: number | null;
  high: number | null;
  adaptive: Rate;
  fixed_series: SeriesPoint[];
  running_series: SeriesPoint[];
}

export interface SeriesPoint {
  day: string;
  active: number;
  base: number;
}

export interface Rfm {
  segments: SegmentCount[];
  /** Customers by R score (outer, 1–5) and FM score (inner, 1–5). */
  grid: number[][];
  thresholds: { recency_days: number[]; orders: number[]; revenue: number[] };
  transitions: Flow[];
}

export interface SegmentCount {
  segment: string;
  customers: number;
  revenue: number;
  median_recency_days: number | null;
}

export interface Flow {
  from: string;
  to: string;
  customers: number;
}

export type StageFlow = Flow;

export interface GrowthMonth {
  month: string;
  active: number;
  new: number;
  retained: number;
  resurrected: number;
  churned: number;
  quick_ratio: number | null;
  complete: boolean;
}

export interface Cohort {
  cohort: string;
  size: number;
  active: number[];
  complete: boolean[];
  rolling: number[];
  bracket: number[];
  bracket_complete: boolean[];
}

export interface Concentration {
  top25_share: number | null;
  top1_percent_share: number | null;
  top5_percent_share: number | null;
  top_customer_share: number | null;
  gini: number | null;
  hhi: number | null;
  customers_for_75_percent: number;
  lorenz: number[];
  dependence_alert: boolean;
}

export interface LadderStep {
  orders: number;
  customers: number;
  next_rate: number | null;
  raw_rate: number | null;
  low: number | null;
  high: number | null;
  horizon_days: number;
}

export interface First60Days {
  customers: number;
  bought_0: number;
  bought_1: number;
  bought_2plus: number;
  retained: number;
  churned: number;
  retained_by_repeats: Rate[];
  second_order_curve: number[];
}

export interface StageCount {
  stage: string;
  customers: number;
  revenue: number;
  revenue_365d: number;
  median_silence_days: number | null;
  rule: string;
}

export interface IntervalFigures {
  median_days: number | null;
  /** What was assumed while nobody has bought twice. */
  assumed_days?: number | null;
  repeat_customers: number;
  /** Upper edge in days (null is the rest) and number of gaps. */
  histogram: [number | null, number][];
}

export interface Stickiness {
  ratio: number | null;
  active_28d: number;
  days_active: number[];
  basis: string;
}

export interface Finding {
  kind: string;
  tone: Tone;
  money_at_stake: number;
  customers: number;
  text_en: string;
  text_zh: string;
  action_en: string;
  action_zh: string;
  method_en: string;
  method_zh: string;
  csv: string | null;
}

export interface RejectReason {
  kind: string;
  reason_en: string;
  reason_zh: string;
  rows: number;
  example: string | null;
}

export interface InputFile {
  name: string;
  description: string;
  layout: string;
  rows: number;
  fields: [string, string][];
}
