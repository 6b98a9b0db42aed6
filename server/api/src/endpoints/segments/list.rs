//! `GET /api/segments`: all of them, with their sizes.

use crate::access::Access;
use crate::answers::Text;
use crate::answers::segments::{ConditionProblem, SegmentRow, Segments, SizePoint};
use crate::body::Answer;
use crate::params::day_text;
use crate::segments::Now;
use crate::{ApiError, Route, Server};
use axum::extract::State;
use perennial_definitions::{Expressions as _, Lexical, Segment, Text as Words};
use perennial_model::Permission;
use perennial_ports::SegmentSize;
use perennial_query::Wanted;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Days of sizes beside each segment.
const DAYS: i32 = 30;

pub(crate) fn route() -> Route {
    Route::get("/api/segments", "segments", answer)
        .summary("All segments with their sizes now and of the last 30 days")
        .access(Access::Needs(Permission::ReadFigures))
        .answers::<Segments>()
}

async fn answer(State(server): State<Arc<Server>>) -> Result<Answer<Segments>, ApiError> {
    let now = Now::of(&server).await?;
    let segments = &now.definitions().segments;
    let wanted: Vec<Wanted<'_>> = segments.iter().map(|segment| Wanted::Segment(&segment.name)).collect();
    let compiled = now.compile(&wanted)?;
    let counted = now.count(compiled.audience).await?;
    let today = now.instant.as_of_day;
    let mut sizes: BTreeMap<String, Vec<SizePoint>> = BTreeMap::new();
    for size in server.timeline.store().segment_sizes(&[], today - DAYS, today).await? {
        sizes.entry(size.segment.clone()).or_default().push(point(&size));
    }
    let names: Vec<Vec<String>> = segments.iter().map(named).collect();
    let row = |(index, place): (usize, Result<usize, perennial_definitions::ExpressionProblem>)| {
        let segment = &segments[index];
        let counted = place.as_ref().ok().and_then(|place| counted.get(*place));
        let named_by = segments.iter().zip(&names).filter(|(_, names)| names.contains(&segment.name));
        SegmentRow {
            name: segment.name.clone(),
            title: segment.title.as_ref().map_or_else(|| Text::new(&segment.name, &segment.name), text),
            description: segment.description.as_ref().map(text),
            r#where: segment.r#where.clone(),
            acts: segment.acts,
            size: counted.map(|counted| counted.yes),
            unknown: counted.map(|counted| counted.unknown),
            problem: place.as_ref().err().map(|problem| ConditionProblem::of(problem.clone(), &segment.r#where)),
            names: names[index].clone(),
            named_by: named_by.map(|(other, _)| other.name.clone()).collect(),
            sizes: sizes.remove(&segment.name).unwrap_or_default(),
        }
    };
    Ok(Answer(Segments {
        as_of_us: now.instant.as_of_us,
        version: now.live.version,
        customers: now.live.columns.len() as u64,
        segments: compiled.places.into_iter().enumerate().map(row).collect(),
    }))
}

/// Segments that a segment names.
fn named(segment: &Segment) -> Vec<String> {
    let found = Lexical.check_customer(&segment.r#where, &[]).map(|found| found.segments).unwrap_or_default();
    let mut names: Vec<String> = found.into_iter().map(|reference| reference.name).collect();
    names.sort_unstable();
    names.dedup();
    names
}

pub(crate) fn text(words: &Words) -> Text {
    Text::new(words.en(), words.zh())
}

pub(super) fn point(size: &SegmentSize) -> SizePoint {
    SizePoint { day: day_text(size.day), at_us: size.at_us, size: size.size, unknown: size.unknown }
}
