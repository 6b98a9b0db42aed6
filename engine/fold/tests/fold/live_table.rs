//! The live table equals a batch pass, and that the oracle, whatever happens to the timeline.

use crate::live_folds::{Folds, folds, relatives};
use crate::metrics::{self, Asked};
use crate::oracle::{self, lines_of, visible};
use crate::support::{Bench, HOUR_US, PROPERTIES, Raw, SHARDS, START_US, profile, to_batch};
use perennial_fold::{Column, FittedParameters, Instant, LiveOptions, LiveTable, Revenue, SweepPlace, run_batch};
use perennial_model::{CustomerId, EventKind, Zone};
use perennial_timeline::Feed;
use proptest::prelude::*;
use std::collections::BTreeSet;
use std::sync::Arc;

const MINUTE_US: i64 = 60_000_000;

#[derive(Debug, Clone)]
pub(crate) enum Deed {
    Append(Vec<Raw>),
    Import(Vec<Raw>),
    Flush,
    MergeRuns(u16),
    Declare,
    MergeProfiles(CustomerId, CustomerId),
    UndoLast,
    Erase(CustomerId),
    Pass(i64),
    Apply,
    CatchUp,
    Sweep,
    SweepInParts,
    Refit,
    Reload,
    Restart,
    Check,
}

prop_compose! {
    /// Mostly just now, sometimes minutes or days late, now and then ahead. The time is relative.
    fn raw()(
        who in 0..6_u64, kind in 0..6_usize, order in 0..4_u64, message in 0..400_u64,
        minutes in prop_oneof![8 => -3..0_i64, 3 => -90..0_i64, 1 => -50_000..0_i64, 1 => 1..4_000_i64],
        name in 0..3_usize, value in prop::option::of(-200..5_000_i64), channel in prop::option::of(0..3_usize),
        properties in 0..PROPERTIES.len(),
    ) -> Raw {
        let kind = EventKind::ALL[kind];
        let header = matches!(kind, EventKind::Order | EventKind::OrderVoid) && order != 0;
        let mid = if header { 1_000_000 + order } else { 1 + message * 8 + kind as u64 };
        let value_minor = if kind == EventKind::Refund { value.map(i64::abs) } else { value };
        Raw { kind, order, name, channel, value_minor, properties, ..Raw::visit(profile(who), mid, minutes * MINUTE_US) }
    }
}

pub(crate) fn deed() -> impl Strategy<Value = Deed> {
    let people = || (1..6_u64).prop_map(profile);
    prop_oneof![
        12 => prop::collection::vec(raw(), 1..12).prop_map(Deed::Append),
        2 => prop::collection::vec(raw(), 1..12).prop_map(Deed::Import),
        1 => Just(Deed::Flush),
        1 => (0..SHARDS).prop_map(Deed::MergeRuns),
        1 => Just(Deed::Declare),
        2 => (people(), people()).prop_map(|(from, into)| Deed::MergeProfiles(from, into)),
        1 => Just(Deed::UndoLast),
        1 => people().prop_map(Deed::Erase),
        4 => (1..5_000_i64).prop_map(Deed::Pass),
        8 => Just(Deed::Apply),
        3 => Just(Deed::CatchUp),
        2 => Just(Deed::Sweep),
        2 => Just(Deed::SweepInParts),
        1 => Just(Deed::Refit),
        1 => Just(Deed::Reload),
        1 => Just(Deed::Restart),
        3 => Just(Deed::Check),
    ]
}

pub(crate) struct World {
    bench: Option<Bench>,
    live: Option<(LiveTable, Feed)>,
    fitted: Vec<FittedParameters>,
    rows: Vec<Raw>,
    merges: Vec<(u64, CustomerId, CustomerId)>,
    now_us: i64,
    ordered: bool,
    metrics: Vec<Asked>,
    arrived: i64,
}

impl World {
    fn new(ordered: bool) -> Self {
        Self::begin(ordered, Vec::new())
    }

    /// With these metrics among the folds.
    pub(crate) fn with_metrics(metrics: Vec<Asked>) -> Self {
        Self::begin(false, metrics)
    }

    fn begin(ordered: bool, metrics: Vec<Asked>) -> Self {
        let mut world = Self {
            bench: Some(Bench::new()),
            live: None,
            fitted: Vec::new(),
            rows: Vec::new(),
            merges: Vec::new(),
            now_us: START_US,
            ordered,
            metrics,
            arrived: 0,
        };
        world.load();
        world
    }

    fn bench(&self) -> &Bench {
        self.bench.as_ref().unwrap()
    }

    fn instant(&self) -> Instant {
        Instant::new(self.now_us, Zone::named("Asia/Shanghai").unwrap(), Revenue::Net)
    }

    fn folds(&self) -> Folds {
        let mut folds = folds(self.ordered);
        for (number, asked) in self.metrics.iter().enumerate() {
            asked.metric(number).register(&mut folds.registry).unwrap();
        }
        folds
    }

    fn load(&mut self) {
        let (snapshot, feed) = self.bench().runtime.block_on(self.bench().timeline.follow(1_000_000)).unwrap();
        let (folds, options) = (self.folds(), LiveOptions { point_reads: 2, ..LiveOptions::default() });
        let mut live = LiveTable::load(&snapshot, folds.registry, relatives(), None, &self.instant(), options).unwrap();
        self.fitted = live.refit(&self.instant()).unwrap();
        self.live = Some((live, feed));
    }

    /// Everything anew in the same table, which readers hold.
    fn reload(&mut self) {
        let (snapshot, feed) = self.bench().runtime.block_on(self.bench().timeline.follow(1_000_000)).unwrap();
        let (registry, instant) = (self.folds().registry, self.instant());
        let (live, kept) = self.live.as_mut().unwrap();
        let held = Arc::clone(live.columns());
        live.reload(&snapshot, registry, relatives(), &instant).unwrap();
        assert!(Arc::ptr_eq(&held, live.columns()), "the columns are the same");
        self.fitted = live.fitted().to_vec();
        *kept = feed;
    }

    /// Some after some, everybody is finished as by one sweep.
    fn sweep_in_parts(&mut self) {
        let instant = self.instant();
        let live = &mut self.live.as_mut().unwrap().0;
        let mut place = Some(SweepPlace::default());
        while let Some(from) = place {
            place = live.sweep_some(from, &instant);
        }
        let parts = format!("{:?}", live.columns().table());
        live.sweep(&instant).unwrap();
        assert_eq!(parts, format!("{:?}", live.columns().table()));
    }

    /// Gives the rows their time, unless they name it, and a unique time of arrival.
    fn arriving(&mut self, rows: Vec<Raw>) -> Vec<Raw> {
        let mut rows = rows;
        for raw in &mut rows {
            raw.time_us += self.now_us;
            self.arrived += 1;
            raw.received_us = self.now_us + self.arrived;
        }
        self.rows.extend_from_slice(&rows);
        rows
    }

    fn append(&mut self, rows: Vec<Raw>) {
        let rows = self.arriving(rows);
        self.bench().append(&rows);
    }

    fn apply(&mut self) -> perennial_fold::Applied {
        let instant = self.instant();
        let (live, feed) = self.live.as_mut().unwrap();
        live.apply(feed, &instant).unwrap()
    }

    fn catch_up(&mut self) -> perennial_fold::Applied {
        let (instant, snapshot) = (self.instant(), self.bench().snapshot());
        let (live, feed) = self.live.as_mut().unwrap();
        live.catch_up(feed, &snapshot, &instant).unwrap()
    }

    fn merge_profiles(&mut self, from: CustomerId, into: CustomerId) {
        let timeline = self.bench().timeline.clone();
        if timeline.customer_of(from) != timeline.customer_of(into) {
            let entry = self.bench().runtime.block_on(timeline.merge_profiles(from, into, "test")).unwrap();
            self.merges.push((entry, from, into));
        }
    }

    fn erase(&mut self, customer: CustomerId) {
        let timeline = self.bench().timeline.clone();
        let erased = self.bench().runtime.block_on(timeline.erase(timeline.customer_of(customer))).unwrap();
        self.rows.retain(|raw| !erased.profiles.contains(&raw.profile));
        let left = self.bench().runtime.block_on(timeline.store().journal()).unwrap();
        self.merges.retain(|(number, ..)| left.iter().any(|entry| entry.entry_id == *number));
    }

    pub(crate) fn act(&mut self, deed: Deed) {
        match deed {
            Deed::Append(rows) => self.append(rows),
            Deed::Import(rows) => {
                let rows = self.arriving(rows);
                self.bench().import(&rows);
            }
            Deed::Declare => self.bench().declare(),
            Deed::Flush => self.bench().runtime.block_on(self.bench().timeline.flush()).unwrap(),
            Deed::MergeRuns(shard) => {
                self.bench().runtime.block_on(self.bench().timeline.merge(shard)).unwrap();
            }
            Deed::MergeProfiles(from, into) => self.merge_profiles(from, into),
            Deed::UndoLast => {
                if let Some((entry, ..)) = self.merges.pop() {
                    self.bench().runtime.block_on(self.bench().timeline.undo(entry)).unwrap();
                }
            }
            Deed::Erase(customer) => self.erase(customer),
            Deed::Pass(minutes) => self.now_us += minutes * MINUTE_US,
            Deed::Apply => drop(self.apply()),
            Deed::CatchUp => drop(self.catch_up()),
            Deed::Sweep => {
                let instant = self.instant();
                self.live.as_mut().unwrap().0.sweep(&instant).unwrap();
            }
            Deed::SweepInParts => self.sweep_in_parts(),
            Deed::Reload => self.reload(),
            Deed::Refit => {
                let instant = self.instant();
                self.fitted = self.live.as_mut().unwrap().0.refit(&instant).unwrap();
            }
            Deed::Restart => {
                self.live = None;
                self.bench = self.bench.take().map(Bench::reopen);
                self.load();
            }
            Deed::Check => self.check(),
        }
    }

    /// The customer of a profile by the list of merges.
    fn customer_of(&self, profile: CustomerId) -> CustomerId {
        let mut aliases: Vec<(CustomerId, CustomerId)> = Vec::new();
        let resolve = |aliases: &[(CustomerId, CustomerId)], profile: CustomerId| {
            aliases.iter().fold(profile, |customer, (from, into)| if customer == *from { *into } else { customer })
        };
        for (_, from, into) in &self.merges {
            let pair = (resolve(&aliases, *from), resolve(&aliases, *into));
            if pair.0 != pair.1 {
                aliases.push(pair);
            }
        }
        resolve(&aliases, profile)
    }

    pub(crate) fn check(&mut self) {
        self.catch_up();
        assert_eq!(self.live.as_ref().unwrap().0.dirty(), (0, 0));
        let instant = self.instant();
        let swept = self.live.as_mut().unwrap().0.sweep(&instant).unwrap();
        let live = self.live.as_ref().unwrap().0.columns().table();

        let mut folds = self.folds();
        let mut batch = run_batch(&self.bench().snapshot(), &mut folds.registry, &instant, 2).unwrap();
        relatives().compute(&self.fitted, &mut batch.table, &instant).unwrap();
        // `NaN` is not itself: compare as text.
        assert_eq!(format!("{live:?}"), format!("{:?}", batch.table));
        assert_eq!(swept.summary(folds.buying).unwrap(), batch.summary(folds.buying).unwrap());
        assert_eq!(swept.summary(folds.messages).unwrap(), batch.summary(folds.messages).unwrap());
        // Without a live state there is nothing to add up, and a sweep does not pretend otherwise.
        assert!(swept.summary(folds.heavy).is_err());

        let rows = visible(&self.rows, &|profile| self.customer_of(profile), instant.as_of_us);
        assert_eq!(metrics::found(self.metrics.len(), &live), metrics::expected(&self.metrics, &rows, &instant));
        let expected = oracle::answer(&self.rows, &|profile| self.customer_of(profile), &instant);
        assert_eq!(swept.summary(folds.buying).unwrap(), &expected.totals);
        if let Some(counted) = folds.counted {
            assert_eq!(swept.summary(counted).unwrap(), batch.summary(counted).unwrap());
            assert_eq!(lines_of(&live), expected.customers);
        } else {
            let seen: BTreeSet<u64> = live.shards.iter().flat_map(|shard| shard.customers.clone()).collect();
            assert_eq!(seen, expected.customers.keys().copied().collect());
        }
    }

    fn sequence(&self, customer: CustomerId) -> i64 {
        let columns = self.live.as_ref().unwrap().0.columns();
        let place = columns.specs().iter().position(|spec| spec.name == "sequence").unwrap();
        let row = columns.customer(customer).unwrap();
        let Some(Column::Int(values)) = row.get(place) else { return 0 };
        values[0]
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, max_shrink_iters: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn live_equals_batch_equals_the_oracle(deeds in prop::collection::vec(deed(), 1..40), ordered in any::<bool>()) {
        let mut world = World::new(ordered);
        deeds.into_iter().for_each(|deed| world.act(deed));
        world.check();
    }
}

/// A visit so many seconds ago.
fn visit(mid: u64, seconds_ago: i64) -> Raw {
    Raw::visit(profile(1), mid, -seconds_ago * 1_000_000)
}

fn sequence_of(mids: &[u64]) -> i64 {
    mids.iter().fold(0_i64, |state, mid| state.wrapping_mul(31).wrapping_add(mid.cast_signed()))
}

#[test]
fn an_event_shows_without_reading_the_timeline() {
    let mut world = World::new(true);
    world.append(vec![visit(1, 60)]);
    assert_eq!(world.apply(), perennial_fold::Applied { customers: 1, rows: 1, reread: (0, 0) });
    world.append(vec![visit(2, 50), visit(3, 40)]);
    world.apply();
    assert_eq!(world.sequence(profile(1)), sequence_of(&[1, 2, 3]));
}

#[test]
fn an_event_a_little_late_finds_its_place_in_memory() {
    let mut world = World::new(true);
    world.append((0..40).map(|number| visit(10 + number, 100 - 2 * number.cast_signed())).collect());
    world.apply();
    world.append(vec![visit(7, 31)]);
    world.apply();
    assert_eq!(world.live.as_ref().unwrap().0.dirty(), (0, 0));
    let mids: Vec<u64> = (10..45).chain([7]).chain(45..50).collect();
    assert_eq!(world.sequence(profile(1)), sequence_of(&mids));
}

#[test]
fn an_event_before_the_tail_waits_for_the_next_reading() {
    let mut world = World::new(true);
    world.append((0..80).map(|number| visit(10 + number, 200 - 2 * number.cast_signed())).collect());
    world.apply();
    world.append(vec![visit(7, 500)]);
    world.apply();
    assert_eq!(world.live.as_ref().unwrap().0.dirty(), (1, 0));
    assert_eq!(world.catch_up().reread, (1, 0));
    let mids: Vec<u64> = std::iter::once(7).chain(10..90).collect();
    assert_eq!(world.sequence(profile(1)), sequence_of(&mids));
}

#[test]
fn a_message_that_comes_twice_counts_once() {
    let mut world = World::new(false);
    world.append(vec![visit(1, 60), visit(2, 50)]);
    world.apply();
    world.append(vec![visit(2, 45), visit(3, 40)]);
    world.apply();
    world.check();
}

#[test]
fn a_message_that_comes_again_after_its_profile_was_merged_counts_once() {
    let mut world = World::new(false);
    world.append(vec![visit(1, 60), Raw::visit(profile(2), 9, -1)]);
    world.merge_profiles(profile(1), profile(2));
    world.catch_up();
    world.append(vec![visit(1, 60)]);
    world.check();
}

#[test]
fn an_event_ahead_shows_when_its_time_has_come() {
    let mut world = World::new(true);
    world.append(vec![visit(1, 60), visit(2, -3_600)]);
    world.apply();
    assert_eq!(world.sequence(profile(1)), sequence_of(&[1]));
    world.now_us += HOUR_US;
    world.catch_up();
    assert_eq!(world.sequence(profile(1)), sequence_of(&[1]), "the instant itself is excluded");
    world.now_us += 1;
    world.catch_up();
    assert_eq!(world.sequence(profile(1)), sequence_of(&[1, 2]));
}

#[test]
fn an_erased_customer_leaves_the_table_and_the_slot_is_used_again() {
    let mut world = World::new(true);
    world.append(vec![visit(1, 60), Raw::visit(profile(4), 9, -1)]);
    world.apply();
    world.erase(profile(1));
    world.catch_up();
    let columns = world.live.as_ref().unwrap().0.columns().clone();
    assert!(columns.customer(profile(1)).is_none());
    assert_eq!(columns.len(), 1);
    world.append(vec![Raw::visit(profile(7), 11, -1)]);
    world.apply();
    assert_eq!(columns.len(), 2);
    world.check();
}

#[test]
fn a_late_event_is_read_again_where_its_order_and_its_properties_matter() {
    let mut world = World::with_metrics(vec![metrics::streak_of_vips()]);
    let vip = |mid, seconds_ago| Raw { properties: 1, ..visit(mid, seconds_ago) };
    world.append(vec![vip(1, 60), vip(2, 50)]);
    world.apply();
    assert_eq!(world.live.as_ref().unwrap().0.dirty(), (0, 0));
    world.append(vec![vip(3, 55)]);
    world.apply();
    assert_eq!(world.live.as_ref().unwrap().0.dirty(), (1, 0));
    world.check();
    world.bench().declare();
    world.append(vec![vip(4, 3_000_000), vip(5, 1)]);
    world.check();
}

/// While one thread appends, another keeps the table: what a snapshot holds beyond the feed taken so
/// far, or the feed beyond the snapshot, must count once.
#[test]
fn what_arrives_while_dirty_customers_are_read_counts_once() {
    let mut world = World::new(true);
    let rows: Vec<Raw> = (0..600_u64)
        .map(|number| {
            let again = if number % 7 == 6 { number - 3 } else { number };
            Raw::visit(profile(1 + again % 5), 100 + again, -(1_000_000 * (again * 37 % 600) as i64) - 1)
        })
        .collect();
    let rows = world.arriving(rows);
    let timeline = world.bench().timeline.clone();
    let appending = world.bench().runtime.spawn(async move {
        for part in rows.chunks(3) {
            timeline.append(to_batch(part)).await.unwrap();
        }
    });
    while !appending.is_finished() {
        world.apply();
        world.catch_up();
    }
    world.bench().runtime.block_on(appending).unwrap();
    world.check();
}

#[test]
fn what_came_after_the_snapshot_is_not_lost_when_a_customer_is_read_from_it() {
    let mut world = World::new(true);
    world.append(vec![visit(1, 60), visit(2, 50)]);
    world.apply();
    world.append(vec![visit(2, 45)]);
    let (snapshot, instant) = (world.bench().snapshot(), world.instant());
    world.append(vec![visit(3, 40)]);
    let (live, feed) = world.live.as_mut().unwrap();
    assert_eq!(live.catch_up(feed, &snapshot, &instant).unwrap().reread, (1, 0));
    world.apply();
    assert_eq!(world.sequence(profile(1)), sequence_of(&[1, 2, 3]));
    world.check();
}

#[test]
fn appends_wait_for_a_follower_that_does_not_keep_up() {
    let bench = Bench::new();
    let (_, feed) = bench.runtime.block_on(bench.timeline.follow(2)).unwrap();
    bench.append(&[visit(1, 3), visit(2, 2), visit(3, 1)]);
    assert_eq!(feed.backlog_rows(), 3);
    let timeline = bench.timeline.clone();
    let waiting = bench.runtime.spawn(async move { timeline.append(to_batch(&[visit(4, 0)])).await });
    bench.runtime.block_on(async {
        for _ in 0..50 {
            tokio::task::yield_now().await;
        }
    });
    assert!(!waiting.is_finished());
    assert!(feed.wait(std::time::Duration::ZERO));
    drop(feed.take());
    bench.runtime.block_on(waiting).unwrap().unwrap();
    assert_eq!(feed.backlog_rows(), 1);
    drop(feed);
    bench.append(&[visit(5, 3), visit(6, 2), visit(7, 1)]);
    bench.append(&[visit(8, 0)]);
}
