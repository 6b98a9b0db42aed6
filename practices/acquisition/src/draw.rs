//! Sums into figures.

use crate::Ground;
use crate::figures::{Acquisition, Complaints, Cost, Figures, MonthFigures, OfMode, OfSource, SecondOrders, Split};
use crate::fold::{Cohort, Place, Sums};
use crate::range::month_at;
use perennial_definitions::{Month, SourceMode, Spend, SpendPurpose, UNKNOWN_SOURCE};
use perennial_measure::{Share, interval_of_share};

/// Level of intervals.
const LEVEL: f64 = 0.95;

/// The figures of some months.
pub(crate) fn drawn_up(ground: &Ground, sums: &Sums, months: &[Month], as_of_us: i64) -> Acquisition {
    let drawing = Drawing { ground, sums, months, as_of_us };
    let sources = &ground.definitions.sources;
    let mode_of = |place: Place| place.and_then(|place| sources.get(place)).map(|source| source.kind.mode());
    let modes = [Some(SourceMode::Explicit), Some(SourceMode::Implicit), None].into_iter();
    let of_mode = |mode| OfMode { mode, figures: drawing.figures(&|place| mode_of(place) == mode) };
    let of_source = |place: Place| {
        let source = place.and_then(|place| sources.get(place));
        OfSource {
            source: source.map_or_else(|| UNKNOWN_SOURCE.to_owned(), |source| source.name.clone()),
            title: source.and_then(|source| source.title.clone()),
            kind: source.map(|source| source.kind),
            mode: mode_of(place),
            figures: drawing.figures(&|other| other == place),
        }
    };
    Acquisition {
        as_of_us,
        alert_above: ground.definitions.brand.alert_above(),
        months: months.iter().map(|month| drawing.month(*month)).collect(),
        all: drawing.everybody(),
        modes: modes.map(of_mode).collect(),
        sources: (0..sources.len()).map(Some).chain([None]).map(of_source).collect(),
    }
}

struct Drawing<'a> {
    ground: &'a Ground,
    sums: &'a Sums,
    months: &'a [Month],
    as_of_us: i64,
}

impl Drawing<'_> {
    fn over(&self, month: Month) -> bool {
        self.ground.zone.day_start(month.next().first_day()) <= self.as_of_us
    }

    fn minor(&self, spend: &Spend) -> i64 {
        spend.amount.minor(self.ground.currency)
    }

    fn month(&self, month: Month) -> MonthFigures {
        let spent = |purpose: SpendPurpose| {
            let all = self.ground.definitions.spend.iter();
            let own = all.filter(|spend| spend.month == month && spend.purpose == purpose);
            own.map(|spend| self.minor(spend)).reduce(i64::saturating_add)
        };
        let (acquisition, retention) = (spent(SpendPurpose::Acquisition), spent(SpendPurpose::Retention));
        let of_spend = acquisition.zip(retention).and_then(|(one, other)| share(one as f64, other as f64));
        let touches = self.ground.definitions.brand.touch.as_ref().map(|_| {
            let found = self.sums.touches.get(&month.number()).copied().unwrap_or_default();
            let share = share(found.acquisition as f64, found.retention as f64);
            Split { acquisition: found.acquisition, retention: found.retention, share }
        });
        MonthFigures {
            month,
            over: self.over(month),
            spend: Split { acquisition, retention, share: of_spend },
            touches,
            alert: of_spend.is_some_and(|share| share > self.ground.definitions.brand.alert_above()),
        }
    }

    /// Customers of these sources; what was spent on each counts beside those whom it brought.
    fn figures(&self, of: &dyn Fn(Place) -> bool) -> Figures {
        let place_of = |spend: &Spend| {
            let name = spend.source.as_ref()?;
            self.ground.definitions.sources.iter().position(|source| source.name == *name)
        };
        let mut cost = Costing::default();
        for spend in self.acquiring() {
            if let Some(place) = place_of(spend).filter(|place| of(Some(*place))) {
                cost.add(self.minor(spend), self.customers(spend.month, &|other| other == Some(place)));
            }
        }
        self.drawn(of, cost)
    }

    /// All customers, with all that was spent to win customers.
    fn everybody(&self) -> Figures {
        let mut cost = Costing::default();
        for month in self.months {
            let own: Vec<i64> =
                self.acquiring().filter(|spend| spend.month == *month).map(|spend| self.minor(spend)).collect();
            if let Some(spent) = own.into_iter().reduce(i64::saturating_add) {
                cost.add(spent, self.customers(*month, &|_| true));
            }
        }
        self.drawn(&|_| true, cost)
    }

    /// Spend whose customers are known: of months that are over, none before the first event.
    fn acquiring(&self) -> impl Iterator<Item = &Spend> {
        let first = self.sums.first_us.map(|first_us| month_at(&self.ground.zone, first_us));
        self.ground.definitions.spend.iter().filter(move |spend| {
            let heard = first.is_some_and(|first| first <= spend.month) && self.over(spend.month);
            spend.purpose == SpendPurpose::Acquisition && heard && self.months.contains(&spend.month)
        })
    }

    fn customers(&self, month: Month, of: &dyn Fn(Place) -> bool) -> u64 {
        let own = self.sums.cohorts.iter().filter(|((number, place), _)| *number == month.number() && of(*place));
        own.map(|(_, cohort)| cohort.customers).sum()
    }

    fn drawn(&self, of: &dyn Fn(Place) -> bool, cost: Costing) -> Figures {
        let mut sum = Cohort::default();
        for ((number, place), cohort) in &self.sums.cohorts {
            if of(*place) && self.months.contains(&Month::of_number(*number)) {
                sum.add(*cohort);
            }
        }
        let (n, followed) = (sum.followed, (sum.followed > 0).then_some(sum.followed as f64));
        let again = Share::new(sum.second, n);
        let interval = interval_of_share(again, LEVEL);
        let complaint = self.ground.definitions.brand.complaint.as_ref();
        Figures {
            customers: sum.customers,
            cost: cost.drawn(),
            second_orders: SecondOrders {
                n,
                count: sum.second,
                share: again.rate(),
                low: interval.map(|interval| interval.low),
                high: interval.map(|interval| interval.high),
            },
            complaints: complaint.map(|_| Complaints {
                count: sum.complaints,
                per_100: followed.map(|followed| sum.complaints as f64 * 100.0 / followed),
            }),
            value_minor: followed.map(|followed| sum.value_minor as f64 / followed),
        }
    }
}

/// Spend and the customers beside it.
#[derive(Debug, Clone, Copy, Default)]
struct Costing {
    entries: u64,
    spend_minor: i64,
    customers: u64,
}

impl Costing {
    fn add(&mut self, minor: i64, customers: u64) {
        self.entries += 1;
        self.spend_minor = self.spend_minor.saturating_add(minor);
        self.customers += customers;
    }

    fn drawn(self) -> Option<Cost> {
        let Self { entries, spend_minor, customers } = self;
        let per_customer_minor = (customers > 0).then(|| spend_minor as f64 / customers as f64);
        (entries > 0).then_some(Cost { spend_minor, customers, per_customer_minor })
    }
}

/// The first's share of both; none of nothing.
fn share(one: f64, other: f64) -> Option<f64> {
    (one + other > 0.0).then(|| one / (one + other))
}
