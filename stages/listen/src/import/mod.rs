//! Files into the timeline: read, interpreted and written at the same time, in chunks that are each
//! kept whole or not at all.

mod block;
mod messages;
mod outcome;
mod pipeline;
mod rejects;

pub use outcome::{EventCounts, ImportOptions, ImportOutcome, LeftOut, LeftOutRows, Progress, SkipReason};
pub use rejects::{MAX_REJECT_ROWS, RejectReason, Rejected};

pub(crate) use block::{Block, RowView};
pub(crate) use rejects::RejectLog;

use crate::ListenError;
use crate::identify::Resolver;
use crate::layout::Layout;
use crate::orders::note_feeds;
use crate::recognise::{Field, ImportPlan, Recognition, Unit};
use perennial_model::{PropertySpec, PropertyType};
use perennial_timeline::Timeline;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

/// What all units of an import share.
pub(crate) struct Shared {
    pub(crate) plan: Arc<ImportPlan>,
    pub(crate) options: ImportOptions,
    pub(crate) progress: Arc<dyn Progress>,
    pub(crate) resolver: Mutex<Resolver>,
    pub(crate) rejects: Mutex<RejectLog>,
}

/// Imports what was recognised. Importing the same again changes nothing; after an interruption the
/// same call goes on where the last durable chunk ended. Bad rows are counted and written to the
/// rejects file, and never stop the rest.
///
/// # Errors
/// [`ListenError`] when a file, the store or the timeline fails; what was kept before stays.
pub async fn import(
    timeline: &Timeline,
    plan: impl Into<Arc<ImportPlan>>,
    options: ImportOptions,
    progress: Arc<dyn Progress>,
) -> Result<ImportOutcome, ListenError> {
    let started = Instant::now();
    let plan: Arc<ImportPlan> = plan.into();
    for spec in plan.properties() {
        timeline.declare_property(spec).await?;
    }
    let rejects = Mutex::new(RejectLog::new(options.rejects.clone()));
    let resolver = Mutex::new(Resolver::open(timeline).await?);
    let shared = Arc::new(Shared { plan: Arc::clone(&plan), options, progress, resolver, rejects });
    declare_properties(timeline, &plan).await?;
    let feeds = plan.recognitions().map(|recognition| recognition.source.as_str());
    note_feeds(&**timeline.store(), feeds).await?;
    let mut outcome = ImportOutcome::default();
    let mut bytes_before = 0;
    for (index, unit) in plan.units.iter().enumerate() {
        let mark = fingerprint(&plan, unit);
        let kept = timeline.store().import_mark(&mark).await?;
        if kept.as_ref().is_some_and(|mark| mark.finished) {
            outcome.already_imported.push(unit_name(unit));
            outcome.rows_of_files.extend(unit.parts.iter().map(|_| 0));
        } else {
            let resumed = kept.map_or(0, |mark| mark.rows_done);
            let is_archive = unit.parts.iter().any(|part| part.recognition.layout == Layout::Messages);
            outcome.add(match is_archive {
                true => messages::run(timeline, &shared, index, mark, resumed, bytes_before).await?,
                false => pipeline::run(timeline, &shared, index, mark, resumed, bytes_before).await?,
            });
        }
        bytes_before += unit.parts.iter().map(|part| part.source.bytes_total()).sum::<u64>();
    }
    let resolver = shared.resolver.lock().unwrap_or_else(PoisonError::into_inner);
    (outcome.new_customers, outcome.conflicts) = (resolver.new_customers, resolver.conflicts);
    drop(resolver);
    let mut rejects = shared.rejects.lock().unwrap_or_else(PoisonError::into_inner);
    outcome.rejects_file = rejects.finish()?;
    outcome.rejected = std::mem::take(&mut rejects.counts);
    outcome.rejected_examples = std::mem::take(&mut rejects.examples);
    outcome.elapsed_ms = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX);
    Ok(outcome)
}

/// Gives what figures are cut by columns of its own, before the first run is written.
async fn declare_properties(timeline: &Timeline, plan: &ImportPlan) -> Result<(), ListenError> {
    for field in Field::PROPERTIES {
        let may_have = |one: &Recognition| one.columns.has(field) || one.layout == Layout::Messages;
        if plan.recognitions().any(may_have) {
            let name = field.word().to_owned();
            timeline.declare_property(PropertySpec { name, property_type: PropertyType::Text }).await?;
        }
    }
    Ok(())
}

/// The same for the same content read in the same way, whatever the file is called.
fn fingerprint(plan: &ImportPlan, unit: &Unit) -> String {
    use std::fmt::Write;
    let mut out = format!("v1;{};{}", plan.zone().name(), plan.currency());
    for part in &unit.parts {
        let recognition = &part.recognition;
        // Writing to a string cannot fail.
        let _ = write!(out, ";{};{};", part.source.fingerprint(), recognition.source);
        for entry in &recognition.recognised {
            let _ = write!(out, "{}={},", entry.field.word(), entry.column);
        }
        for property in &recognition.properties {
            let _ = write!(out, "{:?}={}:{:?},", property.spec.name, property.column, property.spec.property_type);
        }
        let _ =
            write!(out, "{:?},{:?},{:?}", recognition.time_format, recognition.paid_format, recognition.number_style);
    }
    out
}

pub(crate) fn unit_name(unit: &Unit) -> String {
    unit.parts.iter().map(|part| part.source.name()).collect::<Vec<_>>().join(" + ")
}
