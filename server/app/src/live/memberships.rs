//! Who enters and leaves the segments that act.
//!
//! Kept by the thread of the live table, which alone knows the moments at which every row is whole. What it
//! finds goes to the [`Recorder`]; what is recorded is what a restart begins with, so that a change that was
//! found and not recorded is found again, and one that was recorded is not.

use super::recorder::{Recorder, Sizes, Work};
use anyhow::{Context, Result};
use perennial_definitions::{Definitions, Segment};
use perennial_fold::{Audience, Bits, Instant, LiveColumns, LiveTable, Members, Shown};
use perennial_model::{Currency, CustomerId};
use perennial_ports::{MembershipCause, MembershipChange, MembershipRecord, NumberedChange, StoredMembership};
use perennial_query::{CustomerConditions, Groups, SqlExpressions, Wanted};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

/// Changes of a shard after which its members are packed anew.
const PACK_AFTER: u32 = 4_096;

/// What the memberships are found by.
#[derive(Clone)]
pub(crate) struct Defined {
    pub(crate) definitions: Arc<Definitions>,
    pub(crate) groups: Arc<Groups>,
    pub(crate) currency: Currency,
}

/// One segment that acts.
struct Acting {
    name: String,
    /// The condition with everything that it names in its place.
    condition: String,
    /// Its test in the audience.
    place: usize,
    members: Members,
    /// Changes of each shard since its members were packed.
    since: BTreeMap<usize, u32>,
    /// Whether it was found by another condition before.
    redefined: bool,
    /// Whether it begins to act: who is in it is nobody who enters.
    fresh: bool,
}

/// See the module.
pub(crate) struct Memberships {
    recorder: Recorder,
    audience: Audience,
    acting: Vec<Acting>,
    /// The recorder fell behind and what was found is lost: looked for again when it has caught up.
    lost: bool,
    /// What looking took in the sweep under way.
    looked: Duration,
}

impl Memberships {
    pub(crate) fn new(recorder: Recorder) -> Self {
        Self { recorder, audience: Audience::default(), acting: Vec::new(), lost: false, looked: Duration::ZERO }
    }

    /// Takes other definitions, lists or tags, and looks who is where now.
    pub(crate) fn define(
        &mut self,
        defined: &Defined,
        expressions: &SqlExpressions,
        live: &mut LiveTable,
        instant: &Instant,
        cause: MembershipCause,
    ) -> Result<()> {
        let wanted: Vec<&Segment> = defined.definitions.segments.iter().filter(|segment| segment.acts).collect();
        if wanted.is_empty() && self.acting.is_empty() {
            self.forget_others(&BTreeSet::new())?;
            self.lost = false;
            return Ok(());
        }
        live.follow();
        drop(live.take_shown());
        let Some(known) = self.known()? else { return Ok(()) };
        self.forget_others(&wanted.iter().map(|segment| segment.name.as_str()).collect())?;
        let mut acting = Vec::new();
        for (segment, place) in wanted.iter().zip(self.compile(&wanted, defined, live.columns(), instant)) {
            let Some(place) = place else { continue };
            let condition = spelled_out(segment, defined, expressions);
            let before = known.get(&segment.name);
            acting.push(Acting {
                name: segment.name.clone(),
                place,
                members: before.map_or_else(|| Members::none(live.columns().shards()), |before| before.members.clone()),
                since: before.map(|before| before.since.clone()).unwrap_or_default(),
                redefined: before.is_some_and(|before| before.condition != condition),
                fresh: before.is_none(),
                condition,
            });
        }
        self.acting = acting;
        self.look_at_all(live.columns(), instant, cause);
        Ok(())
    }

    /// Recompiles what depends on the moment.
    pub(crate) fn refresh(&mut self, defined: &Defined, columns: &LiveColumns, instant: &Instant) {
        // A sweep that gave way to this one is no part of it.
        self.looked = Duration::ZERO;
        let segments = defined.definitions.segments.iter();
        let wanted: Vec<&Segment> =
            segments.filter(|segment| self.acting.iter().any(|acting| acting.name == segment.name)).collect();
        let places = self.compile(&wanted, defined, columns, instant);
        for (segment, place) in wanted.iter().zip(places) {
            let acting = self.acting.iter_mut().find(|acting| acting.name == segment.name);
            if let (Some(acting), Some(place)) = (acting, place) {
                acting.place = place;
            }
        }
    }

    /// Looks at the customers whose columns are new.
    pub(crate) fn look(&mut self, live: &mut LiveTable, instant: &Instant) {
        if self.acting.is_empty() {
            return;
        }
        let Shown { customers, shards } = live.take_shown();
        if self.lost {
            return;
        }
        let mut found = Found::default();
        for (shard, numbers) in customers.iter().filter(|(shard, _)| !shards.contains(shard)) {
            let numbers: Vec<u64> = numbers.iter().copied().collect();
            let now = self.audience.members_among(live.columns(), *shard, &numbers);
            for (index, acting) in self.acting.iter().enumerate() {
                let (Some(before), Some(after)) = (acting.members.shard(*shard), now.get(acting.place)) else {
                    continue;
                };
                for number in &numbers {
                    if before.contains(*number) != after.contains(*number) {
                        found.note(index, *shard, *number, after.contains(*number), MembershipCause::Event, instant);
                    }
                }
            }
        }
        for shard in shards {
            self.look_at_shard(live.columns(), shard, MembershipCause::Import, instant, &mut found);
        }
        self.record(found);
    }

    /// Looks at a shard whose customers were all finished anew.
    pub(crate) fn look_at_swept(&mut self, columns: &LiveColumns, shard: usize, instant: &Instant) {
        if !self.acting.is_empty() && !self.lost {
            let began = std::time::Instant::now();
            let mut found = Found::default();
            self.look_at_shard(columns, shard, MembershipCause::Time, instant, &mut found);
            self.record(found);
            self.looked += began.elapsed();
        }
    }

    /// What looking took in the sweep that has ended.
    pub(crate) fn swept(&mut self) -> Duration {
        std::mem::take(&mut self.looked)
    }

    /// Hands the sizes of all segments to be counted and noted.
    pub(crate) fn note_sizes(&self, defined: &Defined, columns: &Arc<LiveColumns>, instant: &Instant) {
        if !defined.definitions.segments.is_empty() {
            let sizes = Sizes { defined: defined.clone(), columns: Arc::clone(columns), instant: instant.clone() };
            // Where the recorder is busy, the next minute's will do.
            let _ = self.recorder.try_send(Work::Sizes(Box::new(sizes)));
        }
    }

    /// Whether what was lost must be looked for by [`Self::define`], now that the recorder has caught up.
    pub(crate) fn must_look_again(&self) -> bool {
        self.lost && self.recorder.is_idle()
    }

    /// Why memberships are not what they were when they were last recorded.
    pub(crate) fn cause_at_start(&self) -> Result<MembershipCause> {
        let imported = self.recorder.imported_meanwhile()?;
        Ok(if imported { MembershipCause::Import } else { MembershipCause::Time })
    }

    pub(crate) fn stop(self) {
        self.recorder.stop();
    }

    fn look_at_all(&mut self, columns: &LiveColumns, instant: &Instant, cause: MembershipCause) {
        let mut found = Found::default();
        for shard in 0..columns.shards() {
            self.look_at_shard(columns, shard, cause, instant, &mut found);
        }
        found.conditions = self
            .acting
            .iter()
            .enumerate()
            .filter(|(_, acting)| acting.fresh || acting.redefined)
            .map(|(index, _)| index)
            .collect();
        for acting in &mut self.acting {
            (acting.fresh, acting.redefined) = (false, false);
        }
        self.record(found);
    }

    fn look_at_shard(
        &mut self,
        columns: &LiveColumns,
        shard: usize,
        cause: MembershipCause,
        instant: &Instant,
        found: &mut Found,
    ) {
        let now = self.audience.members_of(columns, shard);
        for (index, acting) in self.acting.iter_mut().enumerate() {
            let Some(after) = now.get(acting.place) else { continue };
            if acting.fresh {
                *acting.members.shard_mut(shard) = after.clone();
                found.packed.insert((index, shard));
                continue;
            }
            let cause = if acting.redefined { MembershipCause::Definition } else { cause };
            let before = acting.members.shard_mut(shard);
            let (entered, left): (Vec<u64>, Vec<u64>) =
                (after.without(before).collect(), before.without(after).collect());
            entered.into_iter().for_each(|number| found.note(index, shard, number, true, cause, instant));
            left.into_iter().for_each(|number| found.note(index, shard, number, false, cause, instant));
        }
    }

    /// Counts what was found as so, and hands it over to be recorded.
    fn record(&mut self, mut found: Found) {
        for (index, shard, number, change) in &found.changes {
            let Some(acting) = self.acting.get_mut(*index) else { continue };
            let bits = acting.members.shard_mut(*shard);
            if change.entered {
                bits.insert(*number)
            } else {
                bits.remove(*number)
            }
            let since = acting.since.entry(*shard).or_default();
            *since += 1;
            if *since > PACK_AFTER {
                found.packed.insert((*index, *shard));
            }
        }
        let mut records: BTreeMap<usize, MembershipRecord> = BTreeMap::new();
        for (index, _, _, change) in found.changes {
            records.entry(index).or_default().changes.push(change);
        }
        for (index, shard) in found.packed {
            let Some(acting) = self.acting.get_mut(index) else { continue };
            acting.since.insert(shard, 0);
            if let (Some(bits), Ok(number)) = (acting.members.shard(shard), u16::try_from(shard)) {
                records.entry(index).or_default().packed.push((number, bits.packed()));
            }
        }
        for index in found.conditions {
            let Some(acting) = self.acting.get(index) else { continue };
            records.entry(index).or_default().condition = Some(acting.condition.clone());
        }
        let named = |(index, record): (usize, MembershipRecord)| {
            let acting = self.acting.get(index)?;
            Some(MembershipRecord { segment: acting.name.clone(), ..record })
        };
        let records: Vec<MembershipRecord> = records.into_iter().filter_map(named).collect();
        if !records.is_empty() && !self.recorder.try_send(Work::Record(records)) {
            tracing::warn!("changes of segments wait for the store: they are looked for again when it answers");
            self.lost = true;
        }
    }

    /// What was recorded, or is about to be, of each segment; none where that is to be asked for again once
    /// nothing waits to be recorded.
    fn known(&mut self) -> Result<Option<BTreeMap<String, Known>>> {
        if self.acting.is_empty() || self.lost {
            self.lost = !self.recorder.is_idle();
            if self.lost {
                return Ok(None);
            }
            let stored = self.recorder.stored()?.into_iter();
            let known: Result<_> = stored.map(|stored| Ok((stored.segment.clone(), Known::read(stored)?))).collect();
            return known.map(Some);
        }
        let known = std::mem::take(&mut self.acting).into_iter();
        let known =
            known.map(|Acting { name, condition, members, since, .. }| (name, Known { condition, members, since }));
        Ok(Some(known.collect()))
    }

    /// Forgets segments that act no more.
    fn forget_others(&self, wanted: &BTreeSet<&str>) -> Result<()> {
        for stored in self.recorder.recorded()? {
            if !wanted.contains(stored.as_str()) {
                self.recorder.forget(stored);
            }
        }
        Ok(())
    }

    /// The tests; the place of each wanted segment's, none where it cannot be used.
    fn compile(
        &mut self,
        wanted: &[&Segment],
        defined: &Defined,
        columns: &LiveColumns,
        instant: &Instant,
    ) -> Vec<Option<usize>> {
        let conditions = match CustomerConditions::new(columns.specs().to_vec(), defined.currency, instant) {
            Ok(conditions) => conditions,
            Err(problem) => {
                tracing::warn!(problem = problem.message, "no segment can be followed");
                return vec![None; wanted.len()];
            }
        };
        let names: Vec<Wanted<'_>> = wanted.iter().map(|segment| Wanted::Segment(&segment.name)).collect();
        let compiled = conditions.compile(&names, &defined.definitions.segments, &defined.groups);
        self.audience = compiled.audience;
        let place = |(segment, place): (&&Segment, Result<usize, perennial_definitions::ExpressionProblem>)| {
            let told = |problem: perennial_definitions::ExpressionProblem| {
                tracing::warn!(segment = segment.name, problem = problem.message, "the segment cannot be followed");
            };
            place.map_err(told).ok()
        };
        wanted.iter().zip(compiled.places).map(place).collect()
    }
}

/// What was known of a segment before.
struct Known {
    condition: String,
    members: Members,
    since: BTreeMap<usize, u32>,
}

impl Known {
    fn read(stored: StoredMembership) -> Result<Self> {
        let mut members = Members::default();
        for (shard, packed) in &stored.packed {
            let bits = Bits::unpacked(packed);
            let bits = bits.with_context(|| format!("the members of segment {} are damaged", stored.segment))?;
            *members.shard_mut(usize::from(*shard)) = bits;
        }
        let mut since: BTreeMap<usize, u32> = BTreeMap::new();
        for NumberedChange { change: MembershipChange { customer, entered, .. }, .. } in stored.since {
            let shard = usize::from(customer.shard());
            let bits = members.shard_mut(shard);
            if entered {
                bits.insert(customer.number())
            } else {
                bits.remove(customer.number())
            }
            *since.entry(shard).or_default() += 1;
        }
        Ok(Self { condition: stored.condition, members, since })
    }
}

/// What was found at one look.
#[derive(Default)]
struct Found {
    /// The segment, shard and number of each.
    changes: Vec<(usize, usize, u64, MembershipChange)>,
    /// Shards of segments to be packed.
    packed: BTreeSet<(usize, usize)>,
    /// Segments whose condition is to be recorded.
    conditions: Vec<usize>,
}

impl Found {
    fn note(
        &mut self,
        index: usize,
        shard: usize,
        number: u64,
        entered: bool,
        cause: MembershipCause,
        instant: &Instant,
    ) {
        let Ok(short) = u16::try_from(shard) else { return };
        let change =
            MembershipChange { customer: CustomerId::new(short, number), entered, cause, at_us: instant.as_of_us };
        self.changes.push((index, shard, number, change));
    }
}

/// A segment's condition with everything in its place: what differs in it is another definition.
fn spelled_out(segment: &Segment, defined: &Defined, expressions: &SqlExpressions) -> String {
    let spelled = expressions.spelled_out(segment, &defined.definitions);
    let mut text = spelled.unwrap_or_else(|_| segment.r#where.clone());
    let metrics = defined.definitions.metrics.iter().filter(|metric| text.contains(&metric.name));
    let metrics: Vec<String> = metrics.filter_map(|metric| serde_json::to_string(metric).ok()).collect();
    for metric in metrics {
        text.push('\n');
        text.push_str(&metric);
    }
    text
}
