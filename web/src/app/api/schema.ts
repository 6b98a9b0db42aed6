/** Made from schemas/openapi.json by `npm run api-types`; do not edit. */

/** A point of the line of active rates. */
export interface ActivePoint {
  /** Last day of the window, `YYYY-MM-DD`. */ day: string;
  /** Active customers. */ active: number;
  /** Of the base. */ base: number;
  /** Their share. */ rate?: number | null;
  /** Lower bound of its 95 % interval. */ low?: number | null;
  /** Upper bound. */ high?: number | null;
}

/** Active rate in both series (mechanism 0.1). */
export interface ActiveRate {
  /** Length of the window, days. */ window_days: number;
  /** Active: on so many days of the window at least. */ min_active_days: number;
  /** Fixed base: of those who had bought before the window, who was active inside it. */ rate: Figure;
  /** Active ones of them. */ active: number;
  /** The rate that the brand wants; null where none was set. */ target?: number | null;
  /** Base-adaptive: each customer's own window. */ adaptive: Figure;
  /** Fixed base at the ends of the last twelve months and on the last day, oldest first. */ months: ActivePoint[];
  /** Running base by day over the last 365 days, oldest first. */ days: ActivePoint[];
}

/** A column. */
export interface ColumnInfo {
  /** Name in SQL and in `values`. */ name: string;
  /** `int`, `money` (minor units), `day`, `time`, `float`, `bool` or `word`. */ type: string;
  /** The words of a column of type `word`. */ words: string[];
  /** What it is called. */ title: Text;
  /** What it means. */ description: Text;
  /** Whether the list shows it unless told otherwise. */ shown: boolean;
}

/** The columns of the customer table. */
export interface Columns {
  /** In the order of the table. */ columns: ColumnInfo[];
}

/** A figure now, before, and a year ago. */
export interface Compared {
  /** Which. */ figure: string;
  /** `money_minor`, `count` or `ratio`. */ unit: string;
  /** Over the last 30 days. */ current?: number | null;
  /** Over the 30 days before; null where the base is younger. */ previous?: number | null;
  /** Over the same 30 days last year. */ last_year?: number | null;
  /** current ÷ previous − 1. */ change_previous?: number | null;
  /** current ÷ last year − 1. */ change_last_year?: number | null;
  /** Customers who bought in the current period. */ n?: number | null;
}

/** All about one customer but the events. */
export interface Customer {
  /** The customer. */ customer_id: string;
  /** The number asked for, where it is part of this customer by now. */ merged_from?: string | null;
  /** Now (UTC µs). */ as_of_us: number;
  /** Zone and currency. */ terms: Terms;
  /** All columns; `GET /api/columns` says what they mean. */ values: Record<string, unknown>;
  /** Stage and how it came; null for who has no kept order. */ stage?: StageNow | null;
  /** Rhythm of purchases; null for who has no kept order. */ rhythm?: Rhythm | null;
  /** RFM; null for who has no kept order. */ rfm?: RfmNow | null;
  /** What the customer is worth now; null for who has no kept order. */ value?: ValueNow | null;
  /** Keys and what was merged. */ identity: Identity;
}

/** A page of the customer table. */
export interface CustomerPage {
  /** Now (UTC µs): the table is live. */ as_of_us: number;
  /** Zone and currency. */ terms: Terms;
  /** How many customers there are that fit. */ total: number;
  /** How many customers there are in all. */ customers: number;
  /** The columns given, in the order asked for. */ columns: string[];
  /** Sorted as asked for. */ rows: CustomerRow[];
}

/** What to show. */
export interface CustomerQuery {
  /** Keys in full. Needs the permission `reveal_keys`, and is audited. */ reveal?: boolean;
}

/** One customer. */
export interface CustomerRow {
  /** A decimal number; too large for a JavaScript number. */ customer_id: string;
  /** Keys, strongest first; masked unless revealed. */ keys: Key[];
  /** By column. Days are `YYYY-MM-DD`, times UTC µs, money minor units; null is unknown. */ values: Record<string, unknown>;
}

/** Which customers, in which order, with which columns. */
export interface CustomersQuery {
  /** In one of these lifecycle stages, separated by commas. */ stage?: string | null;
  /** In one of these RFM segments, separated by commas. */ segment?: string | null;
  /** Within these ranges, each `column:least:most` (both included, either may be empty), separated by commas: `orders:3:,last_order_day:2026-01-01:2026-03-31`. Money is in minor units. */ range?: string | null;
  /** Those whom the finding of this kind of `GET /api/today` concerns. */ finding?: string | null;
  /** A column, `-` before it for the greatest first; unknown values come last. `-last_order_time` unless given. */ sort?: string | null;
  /** How many; 50 unless given, at most 200. */ limit?: number | null;
  /** After so many. */ offset?: number | null;
  /** Columns, separated by commas; those shown by default unless given (`GET /api/columns`). */ columns?: string | null;
  /** Keys in full. Needs the permission `reveal_keys`, and is audited. */ reveal?: boolean;
}

/** Closes a suggestion. */
export interface DecideRequest {
  /** What it is. */ decision: DecisionWord;
}

/** A suggestion that was closed. */
export interface Decided {
  /** Its number. */ suggestion_id: number;
  /** What was decided. */ decision: DecisionWord;
  /** The journal's entry of the merge; null where none was needed. */ entry_id?: number | null;
}

/** What a person makes of a suggestion. */
export type DecisionWord = "merge" | "reject";

/** An event, or an order with its lines. */
export interface Entry {
  /** `event`, `order`, `refund`, `cancellation`, or `order_void` for an order that counts for nobody here. */ kind: string;
  /** What happened, in the source's words. */ name: string;
  /** When (UTC µs). */ time_us: number;
  /** When we heard of it (UTC µs). */ received_us: number;
  /** The feed. */ source: string;
  /** Where. */ channel?: string | null;
  /** The campaign. */ campaign?: string | null;
  /** The source's id of the order. */ order_id?: string | null;
  /** The item. */ item?: string | null;
  /** How many, in thousandths. */ quantity_milli?: number | null;
  /** Money, minor units of `currency`; a refund's is what was given back. */ value_minor?: number | null;
  /** Currency of the money, where it is not the brand's. */ currency?: string | null;
  /** All else. */ properties?: unknown;
  /** Of an order. */ order?: OrderState | null;
}

/** The body of an error. */
export interface ErrorBody {
  error: ErrorText;
}

export interface ErrorText {
  /** A word for programs. */ code: string;
  /** For people. */ message: string;
  /** Where in the request. */ at?: string | null;
}

/** What a figure is. */
export interface Explanation {
  /** Its name: the way to its field in the answer, without places in lists. */ figure: string;
  /** What it is called. */ title: Text;
  /** What it says, and from whom. */ definition: Text;
  /** Formula. */ formula?: Text | null;
  /** Number of the mechanism in the guide. */ mechanism?: string | null;
  /** The figure now; null where it is unknown, or belongs to one customer or one row of a list. */ value?: number | null;
  /** From how many customers. */ n?: number | null;
  /** Lower bound of the 95 % interval; null where it was counted rather than estimated. */ low?: number | null;
  /** Upper bound. */ high?: number | null;
  /** As of when (exclusive, UTC µs). */ as_of_us: number;
  /** SQL that gives the same number, for `POST /api/query`; null where there is none. Money is in major units in SQL. */ sql?: string | null;
}

/** A meaning of columns. */
export interface FieldWord {
  /** For the mapping. */ field: string;
  /** For people. */ title: Text;
}

/** A figure that is estimated, or a share of some customers. */
export interface Figure {
  /** The figure; null is unknown. */ value?: number | null;
  /** From how many customers. */ n: number;
  /** Lower bound of the 95 % interval; null where it was counted rather than estimated. */ low?: number | null;
  /** Upper bound. */ high?: number | null;
}

/** Whom to find. */
export interface FindRequest {
  /** A phone, an e-mail, a member number, any other key in full, or a customer's number. */ text: string;
  /** Only keys of this kind. */ kind?: string | null;
}

/** Something worth doing. */
export interface Finding {
  /** Which: `at_risk_valuable`, `cant_lose`, `lapsed_winnable`, `second_order_gap`, `active_rate_falling`, `active_rate_rising`, `concentration`, `refunds_high`, `unidentified_orders`, `loyal_core`, `first_60_days`. `GET /api/customers?finding=` lists whom. */ kind: string;
  /** `good`, `watch` or `bad`. */ tone: string;
  /** Money at stake, minor units. */ money_minor: number;
  /** Customers concerned. */ customers: number;
  /** What was found. */ text: Text;
  /** What to do next. */ action: Text;
  /** How the money was computed. */ method: Text;
}

/** Customers who went from one stage to another, or stayed. */
export interface Flow {
  /** Stage then; `none` for those who had not bought yet. */ from: string;
  /** Stage later. */ to: string;
  /** How many. */ customers: number;
}

/** Between which days. */
export interface FlowQuery {
  /** From the beginning of this day (`YYYY-MM-DD`); 30 days before the other unless given. */ from?: string | null;
  /** To the beginning of this day (`YYYY-MM-DD`); now unless given. */ to?: string | null;
}

/** Whom a key led to. */
export interface Found {
  /** Customers with this key, of whatever kind it may be of; usually one. */ matches: FoundCustomer[];
}

/** One of them. */
export interface FoundCustomer {
  /** The customer. */ customer_id: string;
  /** The key it was found by, masked; absent where it was found by its number. */ by?: Key | null;
  /** Its page. */ customer: Customer;
  /** Its latest events. */ timeline: Timeline;
}

/** One calendar month: active = new + retained + resurrected. */
export interface GrowthMonth {
  /** `YYYY-MM`. */ month: string;
  /** With a kept order in the month. */ active: number;
  /** Whose first it was. */ new: number;
  /** Active in the month before too. */ retained: number;
  /** Bought before, not in the month before. */ resurrected: number;
  /** Active in the month before, not in this one. */ churned: number;
  /** (new + resurrected) ÷ churned. */ quick_ratio?: number | null;
  /** Whether the month is over. */ complete: boolean;
}

/** Who this is. */
export interface Identity {
  /** Profiles that make up the customer, each with the keys it arrived with. */ profiles: Profile[];
  /** Merges that concern the customer, newest first. */ journal: JournalItem[];
  /** Open suggestions that it may be one with others. */ suggestions: Suggested[];
}

/** One uploaded file. */
export interface Import {
  /** For the other routes. */ upload_id: string;
  /** Name of the file. */ name: string;
  /** Bytes received. */ bytes: number;
  /** When (UTC µs). */ received_us: number;
  /** How far it is. */ state: ImportState;
  /** What was recognised; null where the file could not be read, see `problem`. */ plan?: Plan | null;
  /** What is wrong with the file, the mapping, or the import. */ problem?: string | null;
  /** How far it has read. */ progress?: ImportProgress | null;
  /** What came of it. */ outcome?: Outcome | null;
  /** When it was started last (UTC µs). */ started_us?: number | null;
  /** When it ended (UTC µs). */ ended_us?: number | null;
}

/** How far a running import is. */
export interface ImportProgress {
  /** Bytes read … */ bytes_read: number;
  /** … of so many. */ bytes_total: number;
  /** Rows read. */ rows: number;
}

/** How far an import is. */
export type ImportState = "waiting" | "queued" | "running" | "interrupted" | "finished" | "failed";

/** All imports by upload, newest first. */
export interface Imports {
  /** The imports. */ imports: Import[];
}

/** Merges of profiles, newest first. */
export interface Journal {
  /** How many there are in all. */ total: number;
  /** Those asked for. */ entries: JournalItem[];
}

/** A merge. */
export interface JournalItem {
  /** For `POST /api/identity/merges/{id}/undo`. */ entry_id: number;
  /** When (UTC µs). */ at_us: number;
  /** Who became part … */ from_id: string;
  /** … of whom. */ into_id: string;
  /** Why. */ reason: string;
  /** When it was undone (UTC µs), if it was. */ undone_at_us?: number | null;
}

/** A key of a customer. */
export interface Key {
  /** `member`, `unionid`, `phone`, `email`, `openid`, `external_userid`, `platform` or `anonymous`. */ kind: string;
  /** `+86138****8000`, `a***@example.com`, or in full where `masked` is false. */ value: string;
  /** Whether some of it is hidden. */ masked: boolean;
}

/** Why rows were left out. */
export interface LeftOutReason {
  /** `rejected` or `skipped`. */ kind: string;
  /** In words. */ reason: Text;
  /** How many rows. */ rows: number;
  /** The first of them: file and line. */ example?: string | null;
}

/** How many. */
export interface ListQuery {
  /** How many; 50 unless given, at most 200. */ limit?: number | null;
  /** After so many. */ offset?: number | null;
}

/** A correction. */
export interface Mapped {
  /** A word of `fields`. */ field: string;
  /** Heading, or place from 1; `-` where no column has this meaning. */ column: string;
}

/** Makes one customer part of another. */
export interface MergeRequest {
  /** Who becomes part … */ from_id: string;
  /** … of whom. */ into_id: string;
  /** Why: the journal keeps it for whoever wonders later. */ reason: string;
}

/** A merge that was done. */
export interface Merged {
  /** The journal's entry, by which it can be undone. */ entry_id: number;
  /** The customer that both are now. */ customer_id: string;
}

/** Operator's figures (mechanism 0.11). */
export interface Operator {
  /** `revenue`, `orders`, `buyers`, `new_buyers`, `aov`, `units_per_order`. */ compared: Compared[];
  /** Days of the periods compared. */ periods: Periods;
  /** Revenue ÷ orders to date, minor units. */ aov_minor?: number | null;
  /** Second order within 30 days of the first, of those whose 30 days are over. */ repurchase_30d: Figure;
  /** Within 90 days. */ repurchase_90d: Figure;
  /** Within 365 days. */ repurchase_365d: Figure;
  /** Customers with two orders or more. */ second_order: Figure;
  /** Median days from first to second order. */ median_days_to_second?: number | null;
}

/** A line of an order. */
export interface OrderLine {
  /** The item. */ item?: string | null;
  /** How many, in thousandths. */ quantity_milli?: number | null;
  /** Money, minor units. */ value_minor?: number | null;
  /** All else. */ properties?: unknown;
}

/** What became of an order. */
export interface OrderState {
  /** Its lines. */ lines: OrderLine[];
  /** Refunds that name it, minor units. */ refunded_minor: number;
  /** Whether it was cancelled. */ cancelled: boolean;
  /** Whether it counts: not cancelled, not void, worth more than its refunds. */ kept: boolean;
}

/** What came of an import. */
export interface Outcome {
  /** Rows read. */ rows: number;
  /** Whether everything in it was imported before: nothing changed. */ already_imported: boolean;
  /** Rows that an interrupted import had kept before. */ resumed_rows: number;
  /** Orders, lines, refunds, cancellations and other events made. */ orders: number;
  /** Lines of orders. */ lines: number;
  /** Refunds. */ refunds: number;
  /** Cancellations. */ cancellations: number;
  /** Other events. */ other_events: number;
  /** Orders that nobody could be found for. */ unidentified_orders: number;
  /** Customers seen for the first time. */ new_customers: number;
  /** Rows of erased customers, dropped. */ suppressed_rows: number;
  /** Cells with a masked key, which is no key. */ masked_keys: number;
  /** Messages that do not fit their event's schema, kept aside. */ kept_aside: number;
  /** Rows that cannot be used. */ rejected_rows: number;
  /** Rows that are no events though nothing is wrong with them. */ skipped_rows: number;
  /** Why rows were left out, most frequent first. */ reasons: LeftOutReason[];
  /** Values that are not of their property's type. */ left_out: Text[];
  /** How long it took, ms. */ elapsed_ms: number;
}

/** First and last day of each period. */
export interface Periods {
  /** Now. */ current: [string, string];
  /** Before. */ previous: [string, string];
  /** A year ago. */ last_year: [string, string];
  /** `weeks`: 364 days ago, the same weekdays. `spring_festival`: equally far from the festival. */ alignment: string;
}

/** A customer by number and keys. */
export interface Person {
  /** The customer. */ customer_id: string;
  /** Keys, strongest first, masked. */ keys: Key[];
}

/** What was recognised, and how it will be read. */
export interface Plan {
  /** Time zone of the file's times (IANA). */ timezone: string;
  /** Why it is this one. */ timezone_why: Text;
  /** Currency of the file's money. */ currency: string;
  /** Why it is this one. */ currency_why: Text;
  /** Whether zone and currency are the brand's already: then they cannot be chosen. */ settled: boolean;
  /** The files: one, or those in an archive. */ files: PlannedFile[];
  /** Meanings that a column can be given. */ fields: FieldWord[];
}

/** A column of the file. */
export interface PlannedColumn {
  /** Place, from 1. */ place: number;
  /** Heading. */ name: string;
  /** Its meaning, a word of `fields`; null where it is not used. */ field?: string | null;
  /** The property it is kept as, where it is. */ property?: string | null;
  /** Why, and how it is written. */ notes: Text[];
  /** First cells; of columns that may name a customer the first letter only. */ samples: string[];
}

/** One file. */
export interface PlannedFile {
  /** Its name. */ name: string;
  /** Format, encoding, line of headings. */ description: string;
  /** The shop system whose export it is. */ layout: Text;
  /** All columns, in order. */ columns: PlannedColumn[];
}

/** A profile. */
export interface Profile {
  /** Its number. */ profile_id: string;
  /** Its keys, strongest first. */ keys: Key[];
}

/** RFM scores (mechanism 1.10). */
export interface RfmNow {
  /** The segment: the first rule of the map that matches. */ segment: string;
  /** Days since the last order. */ recency: Score;
  /** Kept orders. */ frequency: Score;
  /** Revenue to date, minor units. */ monetary: Score;
  /** ceil((F + M) ÷ 2). */ fm_score: number;
}

/** Personal interval (mechanism 0.3): (n·m + κ·median) ÷ (n + κ). */
export interface Rhythm {
  /** The interval, days. */ personal_interval_days: number;
  /** n: gaps between this customer's order days. */ gaps: number;
  /** m: their mean, days; null without one. */ mean_gap_days?: number | null;
  /** The median of all customers, days. */ median_days: number;
  /** Whether that is assumed, because nobody has bought twice. */ median_assumed: boolean;
  /** κ: how many gaps the median weighs. */ shrinkage: number;
  /** Share of the customer's own gaps in the interval: n ÷ (n + κ). */ own_weight: number;
  /** The day by which the next order is expected, `YYYY-MM-DD`. */ expected_day: string;
  /** Days since the last order ÷ the interval. */ silence_intervals: number;
}

/** A score from 1 to 5, and why. */
export interface Score {
  /** 5 is best. */ score: number;
  /** What is scored. */ value: number;
  /** Edges at 20, 40, 60 and 80 % of all customers; the score counts those below the value (for recency: 6 less one more than those). */ edges: number[];
}

/** Customers in an RFM segment. */
export interface SegmentCount {
  /** In lower snake case. */ segment: string;
  /** How many. */ customers: number;
  /** Their revenue to date. */ revenue_minor: number;
  /** Median days since the last order. */ median_recency_days?: number | null;
}

/** A change of stage. */
export interface StageChange {
  /** First day in it, `YYYY-MM-DD`. */ day: string;
  /** Stage before; null at first. */ from?: string | null;
  /** The stage. */ stage: string;
  /** Why. */ cause: string;
  /** Days since the last order then. */ silence_days: number;
}

/** Customers in a stage. */
export interface StageCount {
  /** `new`, `active`, `loyal`, `at_risk`, `lapsed`, `lost` or `won_back`. */ stage: string;
  /** How many. */ customers: number;
  /** Their share of all customers. */ share?: number | null;
  /** Their revenue to date. */ revenue_minor: number;
  /** Their revenue of the last 365 days. */ revenue_365d_minor: number;
  /** Median days since the last order. */ median_silence_days?: number | null;
  /** The rule with the thresholds in force. */ rule: Text;
}

/** From stage to stage between two days. */
export interface StageFlow {
  /** At the beginning of this day, `YYYY-MM-DD`. */ from_day: string;
  /** At the beginning of this day, or now where it is today. */ to_day: string;
  /** Customers who had bought by the later day. */ customers: number;
  /** How many went where. */ flows: Flow[];
}

/** When silence leads to a stage. */
export interface StageLimit {
  /** `at_risk`, `lapsed` or `lost`. */ stage: string;
  /** Beyond so many days of silence: the greater of intervals × personal interval and a number of days. */ silence_days: number;
  /** So many personal intervals … */ intervals: number;
  /** … but at least so many days. */ least_days: number;
  /** First day in that stage if nothing is bought until then, `YYYY-MM-DD`. */ day: string;
}

/** Lifecycle stage (mechanism 5.1). */
export interface StageNow {
  /** The stage. */ stage: string;
  /** Why: `silent_beyond_interval`, `silent_beyond_days`, `returned_after_lapse`, `first_order_recent`, `enough_orders` or `in_rhythm`. */ cause: string;
  /** First day in it, `YYYY-MM-DD`. */ since_day?: string | null;
  /** Days since the last kept order. */ silence_days: number;
  /** Stages that silence leads to. */ limits: StageLimit[];
  /** Stages so far, oldest first, by the orders that are kept today. */ history: StageChange[];
}

/** How an upload is to be read; what is left out is as recognised. */
export interface StartRequest {
  /** Corrections: field and the heading (or place from 1) of its column; `-` for none. */ mapping?: Mapped[];
  /** Time zone (IANA); only before the brand has one. */ timezone?: string | null;
  /** Currency (ISO 4217); only before the brand has one. */ currency?: string | null;
  /** Columns to keep as properties, each `name=column` or `name=column:type`. */ properties?: string[];
  /** Only look: the answer has the plan with these settings, nothing is read. */ dry_run?: boolean;
}

/** Another customer that may be the same person. */
export interface Suggested {
  /** For `POST /api/identity/suggestions/{id}`. */ suggestion_id: number;
  /** The other. */ customer_id: string;
  /** The kind of key that leads to it. */ by: string;
  /** In how many messages. */ times_seen: number;
  /** What it says. */ text: Text;
}

/** A pair. */
export interface Suggestion {
  /** Its number. */ suggestion_id: number;
  /** One of them. */ one: Person;
  /** The other. */ other: Person;
  /** The kind of the key, seen with keys of the one, that leads to the other. */ by: string;
  /** In how many messages. */ times_seen: number;
  /** First seen (UTC µs). */ first_at_us: number;
  /** Last seen (UTC µs). */ last_at_us: number;
}

/** Pairs of customers that may be one person, oldest first. */
export interface Suggestions {
  /** How many are open. */ total: number;
  /** Those asked for. */ suggestions: Suggestion[];
}

/** The active rate that the brand wants. */
export interface Target {
  /** Between 0 and 1; null for none. */ active_rate?: number | null;
}

/** What money and days of an answer are in. */
export interface Terms {
  /** The brand's time zone (IANA). */ timezone: string;
  /** Of all `…_minor`: counts of this currency's smallest unit (ISO 4217). */ currency: string;
  /** Digits after the point. */ currency_decimals: number;
}

/** One text in both languages of the interface. */
export interface Text {
  /** English. */ en: string;
  /** 简体中文. */ zh: string;
}

/** Events, newest first; lines are with their order. */
export interface Timeline {
  /** The customer. */ customer_id: string;
  /** How many entries there are in all. */ total: number;
  /** Newest first. */ entries: Entry[];
  /** For the next page, as `before_us`; null at the end. */ next_before_us?: number | null;
}

/** Which part of a timeline. */
export interface TimelineQuery {
  /** Entries before this instant (UTC µs); the newest unless given. */ before_us?: number | null;
  /** How many; 50 unless given, at most 200. Entries of one instant stay together, so there may be more. */ limit?: number | null;
}

/** The customer base as of one instant. */
export interface Today {
  /** Everything below is as of this instant (exclusive, UTC µs). */ as_of_us: number;
  /** When it was computed (UTC µs). */ computed_us: number;
  /** Whether there is newer data, from which it is being computed anew: ask again in a while. */ stale: boolean;
  /** Zone and currency. */ terms: Terms;
  /** `net`: kept orders less refunds. */ revenue_basis: string;
  /** The latest event of all (UTC µs); null where there is none. Long before `as_of_us` for imported history: ask with `as_of` the day after it. */ latest_event_us?: number | null;
  /** Identified customers with a kept order. */ customers: number;
  /** Their kept orders. */ orders: number;
  /** Their revenue to date. */ revenue_minor: number;
  /** Kept orders that nobody could be found for. */ unidentified_orders: number;
  /** The one sentence to begin with: of the finding with most money at stake. */ headline?: Text | null;
  /** What to do, most money first. */ findings: Finding[];
  /** Who of the base is active. */ active_rate: ActiveRate;
  /** Activity accounting by calendar month, oldest first. */ growth: GrowthMonth[];
  /** Customers by lifecycle stage. */ stages: StageCount[];
  /** Customers by RFM segment, best first. */ segments: SegmentCount[];
  /** Between stages, from 30 days before to now. */ stage_flow: StageFlow;
  /** Operator's figures over 30 days. */ operator: Operator;
  /** Runs of the timeline that are damaged and left out: figures are incomplete while there are any. */ damaged: string[];
}

/** As of when. */
export interface TodayQuery {
  /** As of the beginning of this day in the brand's zone (`YYYY-MM-DD`); now unless given. */ as_of?: string | null;
}

/** An undo that was done. */
export interface Undone {
  /** The journal's entry. */ entry_id: number;
}

/** What is uploaded. */
export interface UploadQuery {
  /** Name of the file, for people; tells nothing about its format. */ name: string;
}

/** Value now. */
export interface ValueNow {
  /** Revenue to date. */ revenue_minor: number;
  /** Of the last 365 days. */ revenue_365d_minor: number;
  /** Refunds to date. */ refunds_minor: number;
  /** Kept orders. */ orders: number;
  /** Revenue ÷ orders, minor units. */ aov_minor: number;
  /** At the customer's own rhythm over the next 90 days: average order value × 90 ÷ personal interval, minor units; null for who has bought on one day only. */ at_rhythm_90d_minor?: number | null;
}
