/** Made from schemas/openapi.json by `npm run api-types`; do not edit. */

/** Explicit, implicit, or not known. */
export type AcquiredByMode = { mode: string; figures: SourceFigures; };
/** A source. */
export type AcquiredBySource = { source: string; title: Text; kind?: string | null; mode: string; figures: SourceFigures; };
/** What customers of explicit and implicit sources cost and do. */
export type AcquisitionSources = { as_of_us: number; terms: Terms; since?: string | null; until?: string | null; horizon_days: number; all: SourceFigures; modes: AcquiredByMode[]; sources: AcquiredBySource[]; };
/** A point of the line of active rates. */
export type ActivePoint = { day: string; active: number; base: number; rate?: number | null; low?: number | null; high?: number | null; };
/** Active rate in both series (mechanism 0.1). */
export type ActiveRate = { window_days: number; min_active_days: number; rate: Figure; active: number; target?: number | null; adaptive: Figure; months: ActivePoint[]; days: ActivePoint[]; };
/** Where to go on. */
export type After = { after?: number | null; };
/** One of the things that are done. */
export type ArmAnswer = { name: string; weight: number; };
/** Messages kept aside; nothing they say. */
export type Aside = { total: number; most: number; reasons: AsideReason[]; };
/** Messages that are kept aside for one reason. */
export type AsideReason = { event: string; reason: string; messages: number; first_us: number; last_us: number; };
/** Which link. */
export type Asked = { token?: string | null; };
/** Which link. */
export type Asked2 = { token: string; };
/** Which entries. */
export type Asked3 = { before?: number | null; limit?: number | null; };
/** Credit of first orders by source, under five rules. */
export type AttributionAnswer = { as_of_us: number; terms: Terms; since?: string | null; until?: string | null; note: Text; half_life_days: number; customers: number; revenue_minor: number; models: AttributionModel[]; sources: AttributionSource[]; };
/** A source's credit under a rule. */
export type AttributionCredit = { model: string; customers: number; revenue_minor: number; };
/** A rule. */
export type AttributionModel = { model: string; title: Text; customers: number; revenue_minor: number; };
/** A source. */
export type AttributionSource = { source: string; title: Text; kind?: string | null; mode: string; credits: AttributionCredit[]; };
/** Who did what. */
export type AuditAnswer = { entries: Entry2[]; };
/** A figure of the customer's events: the keys of a metric. When no metric is defined so, one is made of it. */
export type Behaviour = { metric?: string | null; function: Function; events?: string[]; of?: string | null; where?: string | null; window?: string | null; unit?: Unit | null; then?: Then | null; within?: string | null; };
/** What every page needs to know. */
export type Brand = { timezone: string; currency?: string | null; customers: number; as_of_us: number; version: string; has_data: boolean; };
/** A change of consent. */
export type Change = { at_us: number; recorded_us: number; purpose: string; channel: string; state: string; source: string; wording_version?: string | null; ip?: string | null; has_ip: boolean; evidence?: string | null; };
/** What changes. */
export type ChangeMember = { name?: string | null; role?: RoleWord | null; disabled?: boolean | null; };
/** A change to record. */
export type ChangeRequest = { state: string; purposes?: string[]; channel?: string | null; at_us?: number | null; source?: string | null; wording_version?: string | null; ip?: string | null; evidence?: string | null; };
/** What a member changes about themselves. */
export type Changes = { name?: string | null; language?: Language | null; password?: NewPassword | null; };
/** Which changes. */
export type ChangesQuery = { after?: number | null; newest?: boolean; before?: number | null; limit?: number | null; };
/** A column. */
export type ColumnInfo = { name: string; type: string; words: string[]; title: Text; description: Text; shown: boolean; };
/** The columns of the customer table. */
export type Columns = { columns: ColumnInfo[]; };
/** A figure now, before, and a year ago. */
export type Compared = { figure: string; unit: string; current?: number | null; previous?: number | null; last_year?: number | null; change_previous?: number | null; change_last_year?: number | null; n?: number | null; };
/** An arm against the hold-out in one outcome; everybody assigned counts. */
export type ComparisonAnswer = { arm: string; outcome: string; n: number; control_n: number; mean: number; control_mean: number; difference: number; low?: number | null; high?: number | null; p?: number | null; p_adjusted?: number | null; lift?: number | null; lift_low?: number | null; lift_high?: number | null; always_valid_low?: number | null; always_valid_high?: number | null; detectable?: number | null; verdict: VerdictAnswer; };
/** Complaints in time. */
export type ComplaintsAnswer = { count: number; per_100?: number | null; };
/** A condition over one customer. It is true, false, or unknown where the customer's value is; who is unknown to it is not in the segment. */
export type Condition = { all: Condition[]; } | { any: Condition[]; } | { not: Condition; unknown_too?: boolean; } | { column: string; } & ({ is: "equal"; value: ConditionValue; } | { is: "not_equal"; value: ConditionValue; } | { is: "less"; value: ConditionValue; } | { is: "at_most"; value: ConditionValue; } | { is: "more"; value: ConditionValue; } | { is: "at_least"; value: ConditionValue; } | { is: "one_of"; values: ConditionValue[]; } | { is: "none_of"; values: ConditionValue[]; } | { is: "between"; least: ConditionValue; most: ConditionValue; } | { is: "contains"; value: string; } | { is: "begins_with"; value: string; } | { is: "known"; } | { is: "unknown"; } | { is: "yes"; } | { is: "no"; } | { is: "within_days"; value: number; } | { is: "before_days"; value: number; }) | { behaviour: Behaviour; } & ({ is: "equal"; value: ConditionValue; } | { is: "not_equal"; value: ConditionValue; } | { is: "less"; value: ConditionValue; } | { is: "at_most"; value: ConditionValue; } | { is: "more"; value: ConditionValue; } | { is: "at_least"; value: ConditionValue; } | { is: "one_of"; values: ConditionValue[]; } | { is: "none_of"; values: ConditionValue[]; } | { is: "between"; least: ConditionValue; most: ConditionValue; } | { is: "contains"; value: string; } | { is: "begins_with"; value: string; } | { is: "known"; } | { is: "unknown"; } | { is: "yes"; } | { is: "no"; } | { is: "within_days"; value: number; } | { is: "before_days"; value: number; }) | { segment: string; } | { list: string; } | { tag: string; } | { sql: string; };
/** Why a condition cannot be used. */
export type ConditionProblem = { message: string; fix: string; offset: number; };
/** A number (money in major units), a text (also a day, as "2026-03-01", and a time), or true or false. */
export type ConditionValue = boolean | number | string;
/** What a customer agrees to. */
export type Consents = { customer_id: string; standing: Standing[]; history: Change[]; };
/** What to show. */
export type ConsentsQuery = { reveal?: boolean; };
/** What is to be corrected. */
export type CorrectRequest = { add_keys?: KeyRequest[]; remove_keys?: KeyRequest[]; traits?: Record<string, unknown>; reason: string; };
/** What was corrected. */
export type CorrectedAnswer = { customer_id: string; added_keys: number; removed_keys: number; traits: number; };
/** What customers cost. */
export type CostAnswer = { spend_minor: number; customers: number; per_customer_minor?: number | null; };
/** A token to be. */
export type Create = { name: string; scopes: string[]; };
/** A write key to be. */
export type CreateWriteKey = { name: string; };
/** A token and its secret. */
export type Created = { token_id: number; token: string; };
/** All about one customer but the events. */
export type Customer = { customer_id: string; merged_from?: string | null; as_of_us: number; terms: Terms; values: Record<string, unknown>; stage?: StageNow | null; rhythm?: Rhythm | null; rfm?: RfmNow | null; value?: ValueNow | null; identity: Identity; };
/** Lists and tags of a customer. */
export type CustomerGroups = { lists: string[]; tags: string[]; segments: string[]; };
/** A page of the customer table. */
export type CustomerPage = { as_of_us: number; terms: Terms; total: number; customers: number; columns: string[]; rows: CustomerRow[]; };
/** What to show. */
export type CustomerQuery = { reveal?: boolean; };
/** One customer. */
export type CustomerRow = { customer_id: string; keys: Key[]; values: Record<string, unknown>; };
/** Which customers, in which order, with which columns. */
export type CustomersQuery = { stage?: string | null; segment?: string | null; range?: string | null; in_segment?: string | null; in_list?: string | null; has_tag?: string | null; where?: string | null; finding?: string | null; sort?: string | null; limit?: number | null; offset?: number | null; columns?: string | null; reveal?: boolean; };
/** Closes a suggestion. */
export type DecideRequest = { decision: DecisionWord; };
/** A suggestion that was closed. */
export type Decided = { suggestion_id: number; decision: DecisionWord; entry_id?: number | null; };
/** What a person makes of a suggestion. */
export type DecisionWord = "merge" | "reject";
/** What events of one name must look like; properties that it does not name are free. */
export type DeclareSchema = { event: string; properties: Record<string, PropertyWord>; };
/** Nothing to say. */
export type Done = { done: boolean; };
/** A version of the definitions. */
export type Edited = { version: number; };
/** An encoding of text. */
export type Encoding = "utf-8" | "gb18030";
/** An event, or an order with its lines. */
export type Entry = { kind: string; name: string; time_us: number; received_us: number; source: string; channel?: string | null; campaign?: string | null; order_id?: string | null; item?: string | null; quantity_milli?: number | null; value_minor?: number | null; currency?: string | null; properties?: unknown; order?: OrderState | null; };
/** Something somebody did. */
export type Entry2 = { audit_id: number; at_us: number; member_id?: number | null; member_name?: string | null; token_id?: number | null; token_name?: string | null; action: string; subject?: string | null; detail?: string | null; };
/** Acquisition beside retention, month by month. */
export type Equilibrium = { as_of_us: number; terms: Terms; alert_above: number; months: EquilibriumMonth[]; };
/** A month. */
export type EquilibriumMonth = { month: string; over: boolean; acquisition_minor?: number | null; retention_minor?: number | null; share?: number | null; alert: boolean; acquisition_touches?: number | null; retention_touches?: number | null; touch_share?: number | null; };
/** An erasure. */
export type EraseRequest = { confirm: string; };
/** What was erased. */
export type ErasedAnswer = { events: number; keys: number; unreadable_files: string[]; };
/** The body of an error. */
export type ErrorBody = { error: ErrorText; };
export type ErrorText = { code: string; message: string; at?: string | null; };
/** One experiment with its groups compared as assigned. */
export type ExperimentAnswer = { as_of_us: number; terms: Terms; name: string; title: Text; description?: Text | null; audience: string; holdout: number; global_control?: number | null; arms: ArmAnswer[]; outcomes: string[]; standing: StandingAnswer; groups: GroupAnswer[]; erased: number; merged: number; sample_ratio?: SampleRatioAnswer | null; comparisons: ComparisonAnswer[]; incremental: IncrementalAnswer[]; series: SeriesAnswer[]; };
/** An experiment in a list. */
export type ExperimentRow = { name: string; title: Text; description?: Text | null; audience: string; holdout: number; global_control?: number | null; arms: ArmAnswer[]; outcomes: string[]; standing: StandingAnswer; headlines: HeadlineAnswer[]; };
/** All experiments. */
export type Experiments = { as_of_us: number; terms: Terms; experiments: ExperimentRow[]; };
/** Whose figure. */
export type ExplainQuery = { customer?: string | null; };
/** Why a customer is in a segment, or is not. */
export type Explained = { customer_id: string; segment: string; as_of_us: number; member?: boolean | null; condition: ExplainedPart; };
/** A part of a condition, and what it comes to. */
export type ExplainedPart = { kind: string; sql: string; outcome?: boolean | null; seen: SeenValue[]; parts: ExplainedPart[]; };
/** What a figure is. */
export type Explanation = { figure: string; title: Text; definition: Text; formula?: Text | null; mechanism?: string | null; value?: number | null; n?: number | null; low?: number | null; high?: number | null; as_of_us: number; sql?: string | null; };
/** Which customers, and what kind of file. */
export type ExportQuery = { stage?: string | null; segment?: string | null; range?: string | null; in_segment?: string | null; in_list?: string | null; has_tag?: string | null; where?: string | null; finding?: string | null; sort?: string | null; limit?: number | null; format?: Format; columns?: string | null; language?: TitleLanguage | null; encoding?: Encoding; bom?: boolean | null; unmasked?: boolean; };
/** A meaning of columns. */
export type FieldWord = { field: string; title: Text; };
/** A figure that is estimated, or a share of some customers. */
export type Figure = { value?: number | null; n: number; low?: number | null; high?: number | null; };
/** Whom to find. */
export type FindRequest = { text: string; kind?: string | null; };
/** Something worth doing. */
export type Finding = { kind: string; tone: string; money_minor: number; customers: number; text: Text; action: Text; method: Text; };
/** Customers who went from one stage to another, or stayed. */
export type Flow = { from: string; to: string; customers: number; };
/** Between which days. */
export type FlowQuery = { from?: string | null; to?: string | null; };
/** What moves, and between which days. */
export type FlowsQuery = { of?: string; from?: string; to?: string | null; };
/** A kind of file. */
export type Format = "csv" | "xlsx" | "parquet";
/** Whom a key led to. */
export type Found = { matches: FoundCustomer[]; };
/** A column. */
export type FoundColumn = { name: string; type: string; };
/** One of them. */
export type FoundCustomer = { customer_id: string; by?: Key | null; order?: OrderOf | null; customer: Customer; timeline: Timeline; };
/** What a metric computes. */
export type Function = "count" | "sum" | "average" | "min" | "max" | "first" | "last" | "distinct" | "days_since" | "streak" | "sequence";
/** How large a group is. */
export type GroupAnswer = { group: string; customers: number; expected: number; };
/** What became of a group. */
export type GroupChanged = { added: number; removed: number; not_found: number[]; };
/** A list or a tag as it is to be. */
export type GroupRequest = { description?: string | null; };
/** A list or a tag. */
export type GroupRow = { kind: string; name: string; description?: string | null; at_us: number; customers: number; };
/** Lists and tags. */
export type Groups = { groups: GroupRow[]; };
/** One calendar month: active = new + retained + resurrected. */
export type GrowthMonth = { month: string; active: number; new: number; retained: number; resurrected: number; churned: number; quick_ratio?: number | null; complete: boolean; };
/** What an experiment says of one arm in its main outcome. */
export type HeadlineAnswer = { arm: string; outcome: string; difference: number; low?: number | null; high?: number | null; lift?: number | null; p?: number | null; p_adjusted?: number | null; code: string; text: Text; };
/** Who this is. */
export type Identity = { profiles: Profile[]; journal: JournalItem[]; suggestions: Suggested[]; };
/** One uploaded file. */
export type Import = { upload_id: string; name: string; bytes: number; received_us: number; state: ImportState; plan?: Plan | null; problem?: Text | null; progress?: ImportProgress | null; outcome?: Outcome | null; started_us?: number | null; ended_us?: number | null; };
/** How far a running import is. */
export type ImportProgress = { bytes_read: number; bytes_total: number; rows: number; };
/** How far an import is. */
export type ImportState = "waiting" | "queued" | "running" | "interrupted" | "finished" | "failed";
/** All imports by upload, newest first. */
export type Imports = { imports: Import[]; };
/** What an arm brought in all, beyond what its customers would have done anyway. */
export type IncrementalAnswer = { arm: string; of: string; value: number; low?: number | null; high?: number | null; };
/** Whose link it is. */
export type Invitation = { email: string; name: string; language: string; joined: boolean; };
/** Who is invited. */
export type Invite = { email: string; name: string; role: RoleWord; language?: Language; };
/** A member, and the link to send them. */
export type Invited = { member_id: number; link: string; expires_us: number; };
/** A member's password. */
export type Join = { token: string; password: string; name?: string | null; language?: Language | null; };
/** Merges of profiles, newest first. */
export type Journal = { total: number; entries: JournalItem[]; };
/** A merge. */
export type JournalItem = { entry_id: number; at_us: number; from_id: string; into_id: string; reason: string; undone_at_us?: number | null; };
/** A key of a customer. */
export type Key = { kind: string; value: string; masked: boolean; };
/** A key. */
export type KeyRequest = { kind: string; value: string; };
/** Of the pages. */
export type Language = "zh" | "en";
/** Words in both languages. */
export type Languages = { zh: string; en: string; };
/** Why rows were left out. */
export type LeftOutReason = { kind: string; reason: Text; rows: number; example?: string | null; };
/** How many. */
export type ListQuery = { limit?: number | null; offset?: number | null; };
/** One message as it is shown. */
export type LiveMessage = { sequence: number; name?: string | null; source: string; customer?: string | null; received_us: number; verdict: Verdict; reason?: string | null; };
/** The messages that came last. */
export type LiveMessages = { messages: LiveMessage[]; };
/** A correction. */
export type Mapped = { field: string; column: string; };
/** Who may sign in. */
export type MemberAnswer = { member_id: number; email: string; name: string; role: string; language: string; created_us: number; disabled_us?: number | null; joined: boolean; };
/** A key. */
export type MemberKey = { kind: string; value: string; };
/** All members. */
export type Members = { members: MemberAnswer[]; };
/** Who comes and who goes. */
export type MembersRequest = { add?: string[]; add_keys?: MemberKey[]; remove?: string[]; };
/** Whose membership. */
export type MembershipQuery = { customer?: string; };
/** Makes one customer part of another. */
export type MergeRequest = { from_id: string; into_id: string; reason: string; };
/** A merge that was done. */
export type Merged = { entry_id: number; customer_id: string; };
/** A figure of each customer, computed from their events: a column of the customer table. */
export type Metric = { name: string; title?: Words | null; description?: Words | null; function: Function; events?: OneOrMany | null; of?: string | null; where?: string | null; window?: string | null; unit?: Unit | null; then?: Then | null; within?: string | null; };
/** Which months. */
export type MonthsQuery = { since?: string | null; until?: string | null; };
/** Another password. */
export type NewPassword = { old: string; new: string; };
/** A new write key. */
export type NewWriteKey = { key_id: number; name: string; write_key: string; };
/** A name, or a list of names. */
export type OneOrMany = string | string[];
/** Operator's figures (mechanism 0.11). */
export type Operator = { compared: Compared[]; periods: Periods; aov_minor?: number | null; repurchase_30d: Figure; repurchase_90d: Figure; repurchase_365d: Figure; second_order: Figure; median_days_to_second?: number | null; };
/** A line of an order. */
export type OrderLine = { item?: string | null; quantity_milli?: number | null; value_minor?: number | null; properties?: unknown; };
/** An order by which a customer was found. */
export type OrderOf = { source: string; order_id: string; };
/** What became of an order. */
export type OrderState = { lines: OrderLine[]; gross_minor: number; refunded_minor: number; cancelled: boolean; kept: boolean; };
/** What came of an import. */
export type Outcome = { rows: number; already_imported: boolean; resumed_rows: number; orders: number; lines: number; refunds: number; cancellations: number; other_events: number; unidentified_orders: number; new_customers: number; suppressed_rows: number; masked_keys: number; kept_aside: number; rejected_rows: number; skipped_rows: number; reasons: LeftOutReason[]; left_out: Text[]; elapsed_ms: number; };
/** How much segments have in common. */
export type Overlap = { as_of_us: number; customers: number; names: string[]; sizes: number[]; both: number[][]; any: number; };
/** Which segments. */
export type OverlapQuery = { names?: string; };
/** The first owner. */
export type Owner = { token: string; email: string; name: string; password: string; language?: Language; };
/** First and last day of each period. */
export type Periods = { current: [string, string]; previous: [string, string]; last_year: [string, string]; alignment: string; };
/** A customer by number and keys. */
export type Person = { customer_id: string; keys: Key[]; };
/** What was recognised, and how it will be read. */
export type Plan = { timezone: string; timezone_why: Text; currency: string; currency_why: Text; settled: boolean; files: PlannedFile[]; fields: FieldWord[]; };
/** A column of the file. */
export type PlannedColumn = { place: number; name: string; field?: string | null; property?: string | null; notes: Text[]; samples: string[]; };
/** One file. */
export type PlannedFile = { name: string; description: string; layout: Text; columns: PlannedColumn[]; };
/** One day of it. */
export type PointAnswer = { day: string; difference: number; low?: number | null; high?: number | null; };
/** What a condition comes to. */
export type Preview = { where: string; condition?: Condition | null; metrics: Metric[]; count?: number | null; unknown?: number | null; customers: number; computed: string; took_us: number; problem?: ConditionProblem | null; };
/** A condition in one of its forms. */
export type PreviewRequest = { where?: string | null; condition?: Condition | null; metrics?: Metric[]; count?: boolean; };
/** A profile. */
export type Profile = { profile_id: string; keys: Key[]; };
/** What is declared of one property. */
export type PropertyWord = { type: string; required?: boolean; };
/** What was found. */
export type QueryAnswer = { columns: FoundColumn[]; rows: unknown[][]; truncated: boolean; elapsed_ms: number; as_of_us: number; };
/** A question. */
export type Question = { sql: string; parameters?: unknown[]; limit?: number | null; };
/** What a removal was made from. */
export type RemoveQuery = { expected_version?: number; };
/** What came of another try. */
export type Replayed = { landed: number; suppressed: number; left: number; };
/** One of its cells. */
export type RfmCell = { r: number; fm: number; customers: number; revenue_minor: number; };
/** The RFM grid. */
export type RfmGrid = { as_of_us: number; terms: Terms; customers: number; revenue_minor: number; unscored: number; cells: RfmCell[]; };
/** RFM scores (mechanism 1.10). */
export type RfmNow = { segment: string; recency: Score; frequency: Score; monetary: Score; fm_score: number; };
/** Personal interval (mechanism 0.3): (n·m + κ·median) ÷ (n + κ). */
export type Rhythm = { personal_interval_days: number; gaps: number; mean_gap_days?: number | null; median_days: number; median_assumed: boolean; shrinkage: number; own_weight: number; expected_day: string; silence_intervals: number; };
/** What a role may. */
export type RoleAnswer = { role: string; permissions: string[]; };
/** A role, as a word of GET /api/roles. */
export type RoleWord = "owner" | "marketer" | "analyst" | "account_manager" | "staff" | "viewer";
/** Which role may what. */
export type Roles = { roles: RoleAnswer[]; permissions: string[]; };
/** Whether the groups are as large as they were drawn. */
export type SampleRatioAnswer = { chi_square: number; p: number; alarm: boolean; text: Text; };
/** The newest schema of an event. */
export type SchemaAnswer = { version: number; declared_us: number; event: string; properties: Record<string, PropertyWord>; };
/** The newest schema of each event. */
export type Schemas = { schemas: SchemaAnswer[]; };
/** A score from 1 to 5, and why. */
export type Score = { score: number; value: number; edges: number[]; };
/** An event that a value came from. */
export type SeenEvent = { time_us: number; name: string; source: string; };
/** A value that a condition saw. */
export type SeenValue = { column: string; title: Text; type: string; value: unknown; event?: SeenEvent | null; };
/** Somebody entered or left. */
export type SegmentChange = { number: number; customer_id: string; entered: boolean; cause: string; at_us: number; };
/** Who entered and left a segment that acts. */
export type SegmentChanges = { segment: string; changes: SegmentChange[]; next: number; };
/** Customers in an RFM segment. */
export type SegmentCount = { segment: string; customers: number; revenue_minor: number; median_recency_days?: number | null; };
/** A segment as it is to be. */
export type SegmentRequest = { expected_version: number; title?: Words | null; description?: Words | null; where: string; acts?: boolean; metrics?: Metric[]; comment?: string | null; };
/** One segment. */
export type SegmentRow = { name: string; title: Text; description?: Text | null; where: string; acts: boolean; size?: number | null; unknown?: number | null; problem?: ConditionProblem | null; names: string[]; named_by: string[]; sizes: SizePoint[]; };
/** All segments. */
export type Segments = { as_of_us: number; version: number; customers: number; segments: SegmentRow[]; };
/** The difference from the first day up to the end of each. */
export type SeriesAnswer = { arm: string; outcome: string; points: PointAnswer[]; };
/** Who is signed in, and what they may. */
export type SessionAnswer = { member: SessionMember; permissions: string[]; csrf_token?: string | null; };
/** A member, as they see themselves. */
export type SessionMember = { member_id: number; email: string; name: string; role: string; language: string; };
/** Whether somebody owns the brand. */
export type Setup = { has_owner: boolean; link_good: boolean; };
/** Who signs in. */
export type SignIn = { email: string; password: string; };
/** What ends. */
export type SignOut = { everywhere?: boolean; };
/** The size of a segment on a day. */
export type SizePoint = { day: string; at_us: number; size: number; unknown: number; };
/** Sizes of a segment over time. */
export type Sizes = { segment: string; sizes: SizePoint[]; };
/** From when to when. */
export type SizesQuery = { from?: string | null; to?: string | null; };
/** What came with a write key since the server started. */
export type SourceAnswer = { key_id: number; name: string; created_us: number; revoked_us?: number | null; last_received_us?: number | null; accepted: number; aside: number; refused: number; };
/** What some customers come to. */
export type SourceFigures = { customers: number; cost?: CostAnswer | null; second_order: Figure; complaints?: ComplaintsAnswer | null; value_minor?: number | null; };
/** All write keys and what came with them. */
export type SourcesAnswer = { sources: SourceAnswer[]; };
/** A change of stage. */
export type StageChange = { day: string; from?: string | null; stage: string; cause: string; silence_days: number; };
/** Customers in a stage. */
export type StageCount = { stage: string; customers: number; share?: number | null; revenue_minor: number; revenue_365d_minor: number; median_silence_days?: number | null; rule: Text; };
/** From stage to stage between two days. */
export type StageFlow = { from_day: string; to_day: string; customers: number; flows: Flow[]; };
/** When silence leads to a stage. */
export type StageLimit = { stage: string; silence_days: number; intervals: number; least_days: number; day: string; };
/** Lifecycle stage (mechanism 5.1). */
export type StageNow = { stage: string; cause: string; since_day?: string | null; silence_days: number; limits: StageLimit[]; history: StageChange[]; };
/** How things stand with one purpose and channel. */
export type Standing = { purpose: string; channel: string; state: string; since_us?: number | null; };
/** Where an experiment stands. */
export type StandingAnswer = { state: StateWord; due: boolean; starts: string; starts_us: number; ends_us: number; days: number; days_known: number; begun_us?: number | null; customers?: number | null; };
/** How an upload is to be read; what is left out is as recognised. */
export type StartRequest = { mapping?: Mapped[]; timezone?: string | null; currency?: string | null; properties?: string[]; dry_run?: boolean; };
/** How customers moved from one day to another. */
export type StateFlow = { of: string; terms: Terms; from: string; to: string; states: string[]; flows: number[][]; };
/** Whether its customers are divided, and how many of its days are known. */
export type StateWord = "planned" | "running" | "ended";
/** Another customer that may be the same person. */
export type Suggested = { suggestion_id: number; customer_id: string; by: string; times_seen: number; text: Text; };
/** A pair. */
export type Suggestion = { suggestion_id: number; one: Person; other: Person; by: string; times_seen: number; first_at_us: number; last_at_us: number; };
/** Pairs of customers that may be one person, oldest first. */
export type Suggestions = { total: number; suggestions: Suggestion[]; };
/** The state of the server. */
export type System = { version: string; store: string; uptime_secs: number; customers: number; hot_rows: number; runs: number; live_backlog_rows: number; memory_bytes?: number | null; };
/** What becomes of a request that is taken whole. */
export type Taken = { success: boolean; };
/** The active rate that the brand wants. */
export type Target = { active_rate?: number | null; };
/** What money and days of an answer are in. */
export type Terms = { timezone: string; currency: string; currency_decimals: number; };
/** One text in both languages of the interface. */
export type Text = { en: string; zh: string; };
/** Lines for people, in both languages. */
export type TextLines = { en: string[]; zh: string[]; };
/** The second half of a sequence. */
export type Then = { events?: OneOrMany | null; where?: string | null; };
/** Events, newest first; lines are with their order. */
export type Timeline = { customer_id: string; total: number; entries: Entry[]; next_before_us?: number | null; };
/** Which part of a timeline. */
export type TimelineQuery = { before_us?: number | null; limit?: number | null; };
/** A language of titles. */
export type TitleLanguage = "en" | "zh";
/** The customer base as of one instant. */
export type Today = { as_of_us: number; computed_us: number; stale: boolean; terms: Terms; revenue_basis: string; latest_event_us?: number | null; customers: number; orders: number; revenue_minor: number; unidentified_orders: number; headline?: Text | null; findings: Finding[]; active_rate: ActiveRate; growth: GrowthMonth[]; stages: StageCount[]; segments: SegmentCount[]; stage_flow: StageFlow; operator: Operator; damaged: string[]; };
/** As of when. */
export type TodayQuery = { as_of?: string | null; };
/** A token, without its secret. */
export type TokenAnswer = { token_id: number; name: string; scopes: string[]; member_id: number; created_us: number; used_us?: number | null; revoked_us?: number | null; };
/** All tokens. */
export type Tokens = { tokens: TokenAnswer[]; };
/** An undo that was done. */
export type Undone = { entry_id: number; };
/** What a streak counts. */
export type Unit = "day" | "week" | "month";
/** What is uploaded. */
export type UploadQuery = { name: string; };
/** Value now. */
export type ValueNow = { revenue_minor: number; revenue_365d_minor: number; refunds_minor: number; orders: number; aov_minor: number; at_rhythm_90d_minor?: number | null; };
/** What became of a message. */
export type Verdict = "ok" | "aside" | "refused" | "dropped";
/** What it means. */
export type VerdictAnswer = { code: string; text: Text; customers_wanted?: number | null; days_wanted?: number | null; };
/** What came of a file. */
export type WatchResult = { file: string; at_us: number; imported: boolean; rows: number; rejected_rows: number; moved_to: string; lines: TextLines; };
/** All watched folders. */
export type Watched = { folders: WatchedFolder[]; };
/** A watched folder. */
export type WatchedFolder = { path: string; polled_us?: number | null; problem?: string | null; needs_settings: boolean; waiting_files: number; results: WatchResult[]; };
/** Words for people: in one language, or in both. */
export type Words = string | Languages;
/** A write key, without the key. */
export type WriteKeyAnswer = { key_id: number; name: string; created_us: number; revoked_us?: number | null; };
/** All write keys. */
export type WriteKeys = { keys: WriteKeyAnswer[]; };
