//! Small shops for tests, in UTC: days are days since 1970-01-01, orders are at noon.

use crate::analyse::{days_before, drawn_up, relatives};
use crate::figures::{Earlier, Population};
use crate::folds::{Activity, MonthlyActivity, MonthsSummary, Rhythm, RhythmSummary, Totals, TotalsSummary};
use crate::folds::{ActivityState, ActivitySummary, Cuts, CutsState, CutsSummary};
use crate::lifecycle::LifecycleParameters;
use crate::own::OrderColumns;
use crate::report::Report;
use crate::rfm::RfmParameters;
use crate::thresholds::Thresholds;
use perennial_fold::{
    Column, ColumnSpec, CustomerTable, CustomerView, Fold, Instant, Order, OrderBook, Registry, Revenue, Scratch,
    Summary, TableShard,
};
use perennial_model::{CustomerId, DAY_US, EventKind, OrderKey, Zone};
use perennial_timeline::{Columns, Event, NONE, Symbol, Symbols};
use std::sync::Arc;

/// As of the midnight at which `day` begins.
pub(crate) fn instant(day: i32) -> Instant {
    Instant::new(i64::from(day) * DAY_US, Zone::utc(), Revenue::Net)
}

/// Orders of (day, value).
pub(crate) fn orders(list: &[(i32, i64)]) -> Vec<Order> {
    let events = list.iter().enumerate().map(|(place, (day, value))| order_event(place as u64 + 1, *day, *value));
    let mut book = OrderBook::default();
    events.for_each(|event| book.step(&event));
    let mut orders = Vec::new();
    book.orders_into(&Zone::utc(), &mut orders);
    orders
}

/// Customer 1, whose orders are all kept.
pub(crate) fn view<'a>(kept: &'a [Order], instant: &'a Instant) -> CustomerView<'a> {
    CustomerView {
        customer: CustomerId::new(0, 1),
        orders: kept,
        kept,
        loose_refunds_minor: 0,
        first_event_us: kept.first().map_or(0, |order| order.time_us),
        last_event_us: kept.last().map_or(0, |order| order.time_us),
        instant,
    }
}

pub(crate) fn event(kind: EventKind, day: i32) -> Event {
    Event {
        time_us: i64::from(day) * DAY_US + DAY_US / 2,
        kind,
        mid: 0,
        name: Symbol::NONE,
        order: OrderKey::NONE,
        item: Symbol::NONE,
        quantity_milli: NONE,
        value_minor: NONE,
        channel: Symbol::NONE,
        source: Symbol::NONE,
        campaign: Symbol::NONE,
        received_us: 0,
        store: Symbol::NONE,
        staff: Symbol::NONE,
        category: Symbol::NONE,
    }
}

pub(crate) fn order_event(key: u64, day: i32, value: i64) -> Event {
    Event { order: OrderKey(key), value_minor: value, ..event(EventKind::Order, day) }
}

/// Customers with their events; number 0 stands for nobody.
#[derive(Debug, Default, Clone)]
pub(crate) struct Shop {
    pub(crate) symbols: Arc<Symbols>,
    pub(crate) customers: Vec<(u64, Vec<Event>)>,
}

impl Shop {
    /// Customers 1, 2, 3 … with orders of (day, value).
    pub(crate) fn of(customers: &[&[(i32, i64)]]) -> Self {
        let mut shop = Self::default();
        for (number, orders) in (1..).zip(customers) {
            shop.add(number, orders);
        }
        shop
    }

    pub(crate) fn add(&mut self, number: u64, orders: &[(i32, i64)]) {
        let key = |place: usize| number * 1000 + place as u64 + 1;
        let events = orders.iter().enumerate().map(|(place, (day, value))| order_event(key(place), *day, *value));
        self.customers.push((number, events.collect()));
    }

    /// What was known before the instant.
    fn before(&self, instant: &Instant) -> Vec<(CustomerId, Vec<Event>)> {
        let mut known = Vec::new();
        for (number, events) in &self.customers {
            let mut events: Vec<Event> =
                events.iter().filter(|event| event.time_us < instant.as_of_us).copied().collect();
            events.sort_by_key(|event| event.time_us);
            if !events.is_empty() {
                known.push((CustomerId::new(0, *number), events));
            }
        }
        known.sort_by_key(|(customer, _)| *customer);
        known
    }

    /// The customer table with relative columns.
    pub(crate) fn table(&self, instant: &Instant, thresholds: &Thresholds) -> (CustomerTable, Vec<String>) {
        let mut registry = Registry::new();
        registry.add(OrderColumns { lifecycle: thresholds.lifecycle.clone() }).unwrap();
        registry.add(Activity::new(thresholds.activity.clone())).unwrap();
        registry.bind(&self.symbols).unwrap();
        let columns: Vec<Column> = registry.specs().iter().map(ColumnSpec::empty_column).collect();
        let mut shard = TableShard { customers: Vec::new(), columns };
        let mut scratch = Scratch::default();
        for (customer, events) in self.before(instant) {
            let mut state = registry.live_state(customer);
            events.iter().for_each(|event| state.step(event, instant));
            if customer.is_identified() {
                shard.customers.push(customer.0);
            }
            state.finish(&mut scratch, instant, &mut shard.columns);
        }
        let mut table = CustomerTable { specs: registry.specs().to_vec(), shards: vec![shard] };
        let fitted = relatives(thresholds).unwrap().fit(&mut table, instant).unwrap();
        (table, fitted.into_iter().map(|fitted| fitted.json).collect())
    }

    /// The summaries, each customer added to one of two parts that are merged in the end.
    pub(crate) fn sums(&self, instant: &Instant, thresholds: &Thresholds) -> Sums {
        let mut parts = [Sums::default(), Sums::default()];
        let mut activity = Activity::new(thresholds.activity.clone());
        activity.bind(&self.symbols);
        for (place, (customer, events)) in self.before(instant).into_iter().enumerate() {
            parts[place % 2].add(customer, &events, instant, thresholds, &activity);
        }
        let [mut first, second] = parts;
        first.totals.merge(second.totals);
        first.cuts.merge(second.cuts);
        first.months.merge(second.months);
        first.rhythm.merge(second.rhythm);
        first.activity.merge(second.activity);
        first
    }

    /// The report as of an instant.
    pub(crate) fn report(&self, instant: &Instant, thresholds: &Thresholds) -> Report {
        let (table, fitted) = self.table(instant, thresholds);
        let sums = self.sums(instant, thresholds);
        let earlier = |days| {
            let instant = days_before(instant, days);
            Earlier { table: self.table(&instant, thresholds).0, instant }
        };
        let lifecycle: LifecycleParameters = serde_json::from_str(&fitted[0]).unwrap();
        let rfm: RfmParameters = serde_json::from_str(&fitted[1]).unwrap();
        drawn_up(&Population {
            instant,
            thresholds,
            currency: Some(perennial_model::Currency::CNY),
            symbols: &self.symbols,
            table: &table,
            totals: &sums.totals,
            cuts: &sums.cuts,
            months: &sums.months,
            rhythm: &sums.rhythm,
            activity: &sums.activity,
            lifecycle,
            rfm,
            month_ago: &earlier(thresholds.lifecycle.flow_days),
            quarter_ago: &earlier(thresholds.rfm.transition_days),
        })
    }
}

/// All summaries.
#[derive(Debug, Default)]
pub(crate) struct Sums {
    pub(crate) totals: TotalsSummary,
    pub(crate) cuts: CutsSummary,
    pub(crate) months: MonthsSummary,
    pub(crate) rhythm: RhythmSummary,
    pub(crate) activity: ActivitySummary,
}

impl Sums {
    fn add(
        &mut self,
        customer: CustomerId,
        events: &[Event],
        instant: &Instant,
        rules: &Thresholds,
        activity: &Activity,
    ) {
        let kpis = rules.kpis.aligned(crate::calendar::end_day(instant));
        let declared = Columns::STORE.and(Columns::STAFF).and(Columns::CATEGORY);
        let cuts = Cuts { kpis: kpis.clone(), declared };
        let (mut book, mut state) = (OrderBook::default(), ActivityState::default());
        let mut cuts_state = CutsState::default();
        for event in events {
            book.step(event);
            cuts.step(&mut cuts_state, event, instant);
            activity.step(&mut state, event, instant);
        }
        let mut orders = Vec::new();
        let loose_refunds_minor = book.orders_into(&instant.zone, &mut orders);
        let kept: Vec<Order> = orders.iter().filter(|order| order.kept(instant.revenue)).copied().collect();
        let view = CustomerView {
            customer,
            orders: &orders,
            loose_refunds_minor,
            first_event_us: events.first().map_or(0, |event| event.time_us),
            last_event_us: events.last().map_or(0, |event| event.time_us),
            ..view(&kept, instant)
        };
        let totals = Totals { kpis, findings: rules.findings.clone() };
        let rhythm = Rhythm { ladder: rules.ladder.clone(), first_days: rules.first_days.clone() };
        self.totals.add(&view, &totals);
        if customer.is_identified() {
            self.cuts.add(&cuts_state, &view, &cuts);
            self.months.add(&view, &MonthlyActivity { cohorts: rules.cohorts.clone() }.cohorts);
            self.rhythm.add(&view, &rhythm);
            self.activity.add(&state, &view, &rules.activity);
        }
    }
}
