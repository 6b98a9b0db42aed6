//! Metrics beside an oracle that goes through the raw rows in the simplest way.

use crate::live_table::World;
use crate::oracle::visible;
use crate::support::{Bench, CHANNELS, DAY_US, HOUR_US, NAMES, PROPERTIES, Raw, START_US, declarations, profile};
use perennial_fold::{
    Cell, Column, Comparison, CustomerTable, EventColumn, Function, Instant, Metric, NONE_INT, NumberColumn, Property,
    Registry, Revenue, RowTest, StreakUnit, Test, WordColumn, WordSet, WordTest, lasting, of_ordinal, ordinal,
    run_batch, run_batches,
};
use perennial_model::{EventKind, Zone, month_of_day, week_of_day};
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// A condition, for the engine and for the oracle.
#[derive(Debug, Clone)]
pub(crate) enum Where {
    Name(Vec<usize>),
    /// Whether the channel's word has this letter.
    ChannelHas(char),
    NoChannel,
    NoValue,
    Value(Comparison, i64),
    Kind(EventKind),
    Page(&'static str),
    PageHas(char),
    NoPage,
    Seat(Comparison, i64),
    Score(Comparison, f64),
    NoScore,
    Vip(bool),
    NoVip,
    /// Whether seat and score are the same, judged event by event.
    SeatIsScore,
    Not(Box<Where>),
    All(Vec<Where>),
    Any(Vec<Where>),
}

#[derive(Debug, Clone, Copy)]
pub(crate) enum Does {
    Count,
    Sum(Of),
    Average(Of),
    Min(Of),
    Max(Of),
    First(Of),
    Last(Of),
    Distinct(Of),
    DistinctPages,
    DistinctChannels,
    DistinctDays,
    DaysSince,
    Streak(StreakUnit),
    /// Followed by one of this name within so many hours.
    Sequence(usize, i64),
    /// The second event is one of a vip.
    SequenceToVip(i64),
}

/// A number of an event.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Of {
    Value,
    Seat,
    Score,
}

impl Of {
    fn column(self) -> NumberColumn {
        match self {
            Self::Value => NumberColumn::Value,
            Self::Seat => NumberColumn::Property(property(1)),
            Self::Score => NumberColumn::Property(property(2)),
        }
    }

    fn number(self, raw: &Raw) -> Option<f64> {
        match self {
            Self::Value => raw.value_minor.map(|value| value as f64),
            Self::Seat => json(raw)["seat"].as_i64().map(|seat| seat as f64),
            Self::Score => json(raw)["score"].as_f64().map(|score| if score == 0.0 { 0.0 } else { score }),
        }
    }

    /// In parts of one, and how many make one.
    fn parts(self, raw: &Raw) -> Option<i128> {
        match self {
            Self::Value => raw.value_minor.map(i128::from),
            Self::Seat => json(raw)["seat"].as_i64().map(i128::from),
            Self::Score => json(raw)["score"].as_f64().map(|score| i128::from((score * 1e6).round() as i64)),
        }
    }

    fn one(self) -> f64 {
        if matches!(self, Self::Score) { 1e6 } else { 1.0 }
    }
}

fn property(place: usize) -> Property {
    Property::new(&declarations()[place])
}

fn json(raw: &Raw) -> serde_json::Value {
    PROPERTIES[raw.properties].map(|text| serde_json::from_str(text).unwrap()).unwrap_or_default()
}

/// Days in a row with an event of a vip.
pub(crate) fn streak_of_vips() -> Asked {
    Asked { condition: Where::Vip(true), does: Does::Streak(StreakUnit::Day), window_days: None }
}

#[derive(Debug, Clone)]
pub(crate) struct Asked {
    condition: Where,
    does: Does,
    window_days: Option<u32>,
}

impl Where {
    fn test(&self) -> Test {
        let all = |parts: &[Self]| parts.iter().map(Self::test).collect();
        match self {
            Self::Name(names) => {
                let words = names.iter().map(|name| NAMES[*name].to_owned()).collect();
                Test::OneOf(WordColumn::Name, WordSet::new(words))
            }
            Self::ChannelHas(letter) => {
                let letter = *letter;
                let judge = move |word: &str| Some(word.contains(letter));
                Test::Word(WordColumn::Channel, Arc::new(WordTest::new(Arc::new(judge))))
            }
            Self::NoChannel => Test::NoWord(WordColumn::Channel),
            Self::NoValue => Test::NoNumber(NumberColumn::Value),
            Self::Value(comparison, value) => Test::Number(NumberColumn::Value, *comparison, *value),
            Self::Kind(kind) => Test::Kind(vec![*kind]),
            Self::Page(page) => Test::OneOf(WordColumn::Property(property(0)), WordSet::new(vec![(*page).to_owned()])),
            Self::PageHas(letter) => {
                let letter = *letter;
                let judge = move |word: &str| Some(word.contains(letter));
                Test::Word(WordColumn::Property(property(0)), Arc::new(WordTest::new(Arc::new(judge))))
            }
            Self::NoPage => Test::NoWord(WordColumn::Property(property(0))),
            Self::Seat(comparison, seat) => Test::Number(Of::Seat.column(), *comparison, *seat),
            Self::Score(comparison, score) => Test::Number(Of::Score.column(), *comparison, ordinal(*score)),
            Self::NoScore => Test::NoNumber(Of::Score.column()),
            Self::Vip(vip) => Test::Number(NumberColumn::Property(property(3)), Comparison::Equal, i64::from(*vip)),
            Self::NoVip => Test::NoNumber(NumberColumn::Property(property(3))),
            Self::SeatIsScore => {
                let columns = [Of::Seat, Of::Score].map(|of| EventColumn::Number(of.column())).to_vec();
                let judge = |cells: &[Cell]| match cells {
                    [Cell::Number(seat), Cell::Number(score)] => {
                        Some(seat.map(|seat| seat as f64)? == of_ordinal((*score)?))
                    }
                    _ => None,
                };
                Test::Row(Arc::new(RowTest::new(columns, Arc::new(judge))))
            }
            Self::Not(part) => Test::Not(Box::new(part.test())),
            Self::All(parts) => Test::All(all(parts)),
            Self::Any(parts) => Test::Any(all(parts)),
        }
    }

    fn of(&self, raw: &Raw) -> Option<bool> {
        match self {
            Self::Name(names) => Some(names.contains(&raw.name)),
            Self::ChannelHas(letter) => Some(CHANNELS[raw.channel?].contains(*letter)),
            Self::NoChannel => Some(raw.channel.is_none()),
            Self::NoValue => Some(raw.value_minor.is_none()),
            Self::Value(comparison, value) => Some(holds(*comparison, raw.value_minor?.cmp(value))),
            Self::Page(page) => Some(json(raw)["page"].as_str()? == *page),
            Self::PageHas(letter) => Some(json(raw)["page"].as_str()?.contains(*letter)),
            Self::NoPage => Some(json(raw)["page"].as_str().is_none()),
            Self::Seat(comparison, seat) => Some(holds(*comparison, json(raw)["seat"].as_i64()?.cmp(seat))),
            Self::Score(comparison, score) => Some(holds(*comparison, Of::Score.number(raw)?.partial_cmp(score)?)),
            Self::NoScore => Some(json(raw)["score"].as_f64().is_none()),
            Self::Vip(vip) => Some(json(raw)["vip"].as_bool()? == *vip),
            Self::NoVip => Some(json(raw)["vip"].as_bool().is_none()),
            Self::SeatIsScore => Some(Of::Seat.number(raw)? == Of::Score.number(raw)?),
            Self::Kind(kind) => Some(raw.kind == *kind),
            Self::Not(part) => Some(!part.of(raw)?),
            Self::All(parts) => {
                let outcomes: Vec<_> = parts.iter().map(|part| part.of(raw)).collect();
                if outcomes.contains(&Some(false)) { Some(false) } else { (!outcomes.contains(&None)).then_some(true) }
            }
            Self::Any(parts) => {
                let outcomes: Vec<_> = parts.iter().map(|part| part.of(raw)).collect();
                if outcomes.contains(&Some(true)) { Some(true) } else { (!outcomes.contains(&None)).then_some(false) }
            }
        }
    }
}

impl Asked {
    pub(crate) fn metric(&self, number: usize) -> Metric {
        let function = match self.does {
            Does::Count => Function::Count,
            Does::Sum(of) => Function::Sum(of.column()),
            Does::Average(of) => Function::Average(of.column()),
            Does::Min(of) => Function::Min(of.column()),
            Does::Max(of) => Function::Max(of.column()),
            Does::First(of) => Function::First(of.column()),
            Does::Last(of) => Function::Last(of.column()),
            Does::Distinct(of) => Function::DistinctNumbers(of.column()),
            Does::DistinctPages => Function::DistinctWords(WordColumn::Property(property(0))),
            Does::DistinctChannels => Function::DistinctWords(WordColumn::Channel),
            Does::DistinctDays => Function::DistinctNumbers(NumberColumn::Day),
            Does::DaysSince => Function::DaysSince,
            Does::Streak(unit) => Function::Streak(unit),
            Does::Sequence(name, hours) => {
                Function::Sequence { then: Where::Name(vec![name]).test(), within_us: hours * HOUR_US }
            }
            Does::SequenceToVip(hours) => {
                Function::Sequence { then: Where::Vip(true).test(), within_us: hours * HOUR_US }
            }
        };
        let window_days = match self.does {
            Does::DaysSince | Does::Streak(_) => None,
            _ => self.window_days,
        };
        let name = lasting(&format!("metric_{number}"));
        Metric { name, description: "of a test", test: self.condition.test(), function, window_days }
    }

    /// What it comes to for one customer's rows, in their order.
    fn answer(&self, rows: &[Raw], instant: &Instant) -> Option<f64> {
        let zone = &instant.zone;
        let end = zone.day(instant.as_of_us - 1);
        let day = |raw: &&Raw| zone.day(raw.time_us);
        let reached = |raw: &&Raw| self.window_days.is_none_or(|days| day(raw) > end - days.cast_signed());
        let passing: Vec<&Raw> = rows.iter().filter(|raw| self.condition.of(raw) == Some(true)).collect();
        let kept: Vec<&Raw> = passing.iter().copied().filter(reached).collect();
        let parts = |of: Of| kept.iter().filter_map(|raw| of.parts(raw)).collect::<Vec<i128>>();
        let numbers = |of: Of| kept.iter().filter_map(move |raw| of.number(raw));
        let edges = |of: Of| {
            let mut edges: Vec<_> = kept.iter().filter_map(|raw| Some((raw.time_us, of.number(raw)?))).collect();
            edges.sort_by(|one, other| one.0.cmp(&other.0).then(one.1.total_cmp(&other.1)));
            edges
        };
        let number = |value: i64| Some(value as f64);
        match self.does {
            Does::Count => number(kept.len() as i64),
            Does::Sum(of) if parts(of).is_empty() && !kept.is_empty() => None,
            Does::Sum(of) => Some(parts(of).iter().sum::<i128>() as f64 / of.one()),
            Does::Average(of) if parts(of).is_empty() => None,
            Does::Average(of) => {
                let mean = parts(of).iter().sum::<i128>() as f64 / parts(of).len() as f64 / of.one();
                // Money has no smaller unit.
                Some(if matches!(of, Of::Value) { mean.round() } else { mean })
            }
            Does::Min(of) => numbers(of).min_by(f64::total_cmp),
            Does::Max(of) => numbers(of).max_by(f64::total_cmp),
            Does::First(of) => edges(of).first().map(|edge| edge.1),
            Does::Last(of) => edges(of).last().map(|edge| edge.1),
            Does::Distinct(of) => number(numbers(of).map(f64::to_bits).collect::<BTreeSet<_>>().len() as i64),
            Does::DistinctPages => {
                let pages = kept.iter().filter_map(|raw| json(raw)["page"].as_str().map(str::to_owned));
                number(pages.collect::<BTreeSet<_>>().len() as i64)
            }
            Does::DistinctChannels => {
                number(kept.iter().filter_map(|raw| raw.channel).collect::<BTreeSet<_>>().len() as i64)
            }
            Does::DistinctDays => number(kept.iter().map(day).collect::<BTreeSet<_>>().len() as i64),
            Does::DaysSince => passing.iter().map(day).max().map(|last| f64::from(instant.as_of_day - last)),
            Does::Streak(unit) => Some(streak(passing.iter().map(day), end, unit)),
            Does::Sequence(name, hours) => {
                number(self.sequences(rows, &Where::Name(vec![name]), hours * HOUR_US, &reached))
            }
            Does::SequenceToVip(hours) => number(self.sequences(rows, &Where::Vip(true), hours * HOUR_US, &reached)),
        }
    }

    fn sequences(&self, rows: &[Raw], then: &Where, within_us: i64, reached: &dyn Fn(&&Raw) -> bool) -> i64 {
        let (mut began, mut count) = (None, 0);
        for raw in rows {
            if began.is_some_and(|began| raw.time_us - began <= within_us) && then.of(raw) == Some(true) {
                began = None;
                count += i64::from(reached(&raw));
            }
            if self.condition.of(raw) == Some(true) {
                began = Some(raw.time_us);
            }
        }
        count
    }
}

fn holds(comparison: Comparison, order: std::cmp::Ordering) -> bool {
    match comparison {
        Comparison::Equal => order.is_eq(),
        Comparison::Less => order.is_lt(),
        Comparison::AtMost => order.is_le(),
        Comparison::Greater => order.is_gt(),
        Comparison::AtLeast => order.is_ge(),
    }
}

fn streak(days: impl Iterator<Item = i32>, end: i32, unit: StreakUnit) -> f64 {
    let of = |day: i32| match unit {
        StreakUnit::Day => day,
        StreakUnit::Week => week_of_day(day),
        StreakUnit::Month => month_of_day(day),
    };
    let units: BTreeSet<i32> = days.map(of).collect();
    let mut at = of(end);
    if !units.contains(&at) {
        at -= 1;
    }
    let mut length = 0;
    while units.contains(&at) {
        (length, at) = (length + 1, at - 1);
    }
    f64::from(length)
}

fn condition() -> impl Strategy<Value = Where> {
    let comparison = prop::sample::select(vec![
        Comparison::Equal,
        Comparison::Less,
        Comparison::AtMost,
        Comparison::Greater,
        Comparison::AtLeast,
    ]);
    let leaf = prop_oneof![
        3 => prop::collection::vec(0..NAMES.len(), 0..3).prop_map(Where::Name),
        2 => prop::sample::select(vec!['a', 'e', '门']).prop_map(Where::ChannelHas),
        1 => Just(Where::NoChannel),
        1 => Just(Where::NoValue),
        3 => (comparison.clone(), -50..3_000_i64).prop_map(|(comparison, value)| Where::Value(comparison, value)),
        2 => (0..6_usize).prop_map(|kind| Where::Kind(EventKind::ALL[kind])),
        1 => prop::sample::select(vec!["home", "", "家", "5"]).prop_map(Where::Page),
        1 => prop::sample::select(vec!['o', '家']).prop_map(Where::PageHas),
        1 => Just(Where::NoPage),
        1 => Just(Where::NoScore),
        1 => Just(Where::NoVip),
        1 => Just(Where::SeatIsScore),
        2 => any::<bool>().prop_map(Where::Vip),
        2 => (comparison.clone(), prop::sample::select(vec![-7, 0, 3, 9_007_199_254_740_992]))
            .prop_map(|(comparison, seat)| Where::Seat(comparison, seat)),
        2 => (comparison, prop::sample::select(vec![-2.5, -0.0, 0.0, 0.1, 1e9]))
            .prop_map(|(comparison, score)| Where::Score(comparison, score)),
    ];
    leaf.prop_recursive(3, 8, 3, |part| {
        prop_oneof![
            part.clone().prop_map(|part| Where::Not(Box::new(part))),
            prop::collection::vec(part.clone(), 1..3).prop_map(Where::All),
            prop::collection::vec(part, 1..3).prop_map(Where::Any),
        ]
    })
}

pub(crate) fn asked() -> impl Strategy<Value = Asked> {
    let of: [fn(Of) -> Does; 7] =
        [Does::Sum, Does::Average, Does::Min, Does::Max, Does::First, Does::Last, Does::Distinct];
    let does_of = prop::sample::select(of.to_vec());
    let does = prop_oneof![
        prop::sample::select(vec![
            Does::Count,
            Does::DistinctPages,
            Does::DistinctChannels,
            Does::DistinctDays,
            Does::DaysSince,
            Does::Streak(StreakUnit::Day),
            Does::Streak(StreakUnit::Week),
            Does::Streak(StreakUnit::Month),
        ]),
        (0..NAMES.len(), 1..100_i64).prop_map(|(name, hours)| Does::Sequence(name, hours)),
        (1..100_i64).prop_map(Does::SequenceToVip),
        (does_of, prop::sample::select(vec![Of::Value, Of::Seat, Of::Score])).prop_map(|(does, of)| does(of)),
    ];
    (condition(), does, prop::option::of(1..40_u32)).prop_map(|(condition, does, window_days)| Asked {
        condition,
        does,
        window_days,
    })
}

fn cell(table: &CustomerTable, customer: u64, name: &str) -> Option<f64> {
    let place = table.specs.iter().position(|spec| spec.name == name).unwrap();
    let shard = table.shards.iter().find(|shard| shard.customers.contains(&customer)).unwrap();
    let at = shard.customers.binary_search(&customer).unwrap();
    match &shard.columns[place] {
        Column::Int(values) => Some(values[at]).filter(|value| *value != NONE_INT).map(|value| value as f64),
        Column::Float(values) => Some(values[at]).filter(|value| !value.is_nan()),
        Column::Code(_) => None,
    }
}

/// What each metric comes to for each customer.
pub(crate) fn expected(
    metrics: &[Asked],
    rows: &BTreeMap<u64, Vec<Raw>>,
    instant: &Instant,
) -> BTreeMap<(u64, usize), Option<f64>> {
    let mut answers = BTreeMap::new();
    for (customer, rows) in rows.iter().filter(|(customer, _)| perennial_model::CustomerId(**customer).is_identified())
    {
        let mut rows = rows.clone();
        rows.sort_by_key(|raw| (raw.time_us, raw.mid));
        for (number, asked) in metrics.iter().enumerate() {
            answers.insert((*customer, number), asked.answer(&rows, instant));
        }
    }
    answers
}

pub(crate) fn found(metrics: usize, table: &CustomerTable) -> BTreeMap<(u64, usize), Option<f64>> {
    let customers = table.shards.iter().flat_map(|shard| shard.customers.clone());
    let each = customers.flat_map(|customer| (0..metrics).map(move |number| (customer, number)));
    each.map(|(customer, number)| ((customer, number), cell(table, customer, &format!("metric_{number}")))).collect()
}

prop_compose! {
    fn raw()(
        who in 1..4_u64, kind in 0..6_usize, message in 0..1_000_u64, hours in 0..1_400_i64,
        name in 0..NAMES.len(), value in prop::option::of(-100..3_000_i64), channel in prop::option::of(0..3_usize),
        properties in 0..PROPERTIES.len(),
    ) -> Raw {
        let kind = EventKind::ALL[kind];
        let visit = Raw::visit(profile(who), 1 + message * 8 + kind as u64, START_US + hours * HOUR_US);
        Raw { kind, name, channel, value_minor: value, properties, ..visit }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn random_metrics_come_to_what_the_rows_say(
        rows in prop::collection::vec(raw(), 0..120), metrics in prop::collection::vec(asked(), 1..8),
        days in 0..80_i64, zone in prop::sample::select(vec!["UTC", "Asia/Shanghai", "America/New_York"]),
    ) {
        // Some before the properties were declared, some after, some in the hot log.
        let (old, new) = rows.split_at(rows.len() / 3);
        let (typed, hot) = new.split_at(new.len() / 2);
        let bench = Bench::new();
        bench.import(old);
        bench.declare();
        bench.import(typed);
        bench.append(hot);
        let instant = Instant::new(START_US + days * DAY_US + HOUR_US, Zone::named(zone).unwrap(), Revenue::Net);
        let mut registry = Registry::with_budget(u64::MAX);
        for (number, asked) in metrics.iter().enumerate() {
            asked.metric(number).register(&mut registry).unwrap();
        }
        let table = run_batch(&bench.snapshot(), &mut registry, &instant, 2).unwrap().table;
        let rows = visible(&rows, &|profile| profile, instant.as_of_us);
        prop_assert_eq!(found(metrics.len(), &table), expected(&metrics, &rows, &instant));
    }

    #[test]
    fn live_metrics_equal_the_batch_whatever_happens(
        deeds in prop::collection::vec(crate::live_table::deed(), 1..30), metrics in prop::collection::vec(asked(), 1..6),
    ) {
        let mut world = World::with_metrics(metrics);
        deeds.into_iter().for_each(|deed| world.act(deed));
        world.check();
    }
}

#[test]
fn each_of_two_questions_finds_its_properties() {
    let rows: Vec<Raw> = (0..PROPERTIES.len())
        .map(|place| Raw { properties: place, ..Raw::visit(profile(1), 1 + place as u64, START_US + place as i64) })
        .collect();
    let bench = Bench::with_rows(&rows);
    let question = |conditions: &[Where]| {
        let mut registry = Registry::new();
        for (number, condition) in conditions.iter().enumerate() {
            let asked = Asked { condition: condition.clone(), does: Does::Count, window_days: None };
            asked.metric(number).register(&mut registry).unwrap();
        }
        registry
    };
    let mut first = question(&[Where::Vip(true), Where::Page("home")]);
    let mut second = question(&[Where::Page("home"), Where::Seat(Comparison::Equal, 3)]);
    let mut third = question(&[]);
    let instant = |days: i64| Instant::new(START_US + days * DAY_US, Zone::utc(), Revenue::Net);
    let (early, late) = (instant(1), instant(2));
    let asked = &mut [(&mut first, &late), (&mut second, &early), (&mut third, &late)];
    let results = run_batches(&bench.snapshot(), asked, 1).unwrap();
    let told: Vec<_> = results.iter().take(2).map(|result| found(2, &result.table)).collect();
    let counts =
        |one: f64, other: f64| BTreeMap::from([((profile(1).0, 0), Some(one)), ((profile(1).0, 1), Some(other))]);
    assert_eq!(told, [counts(2.0, 2.0), counts(2.0, 1.0)]);
}
