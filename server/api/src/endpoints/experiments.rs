//! `/api/experiments`: what is tried, with whom, and what came of it.

use crate::access::{Access, Caller};
use crate::answers::Terms;
use crate::answers::experiments::{
    ComparisonAnswer, Definition, ExperimentAnswer, ExperimentRow, Experiments, GroupAnswer, HeadlineAnswer,
    IncrementalAnswer, SampleRatioAnswer, SeriesAnswer, StandingAnswer,
};
use crate::body::Answer;
use crate::params::Named;
use crate::{ApiError, Route, Server};
use axum::Extension;
use axum::extract::State;
use axum::http::StatusCode;
use perennial_experiments::{Entry, ExperimentError, Ground, Reading, Who, begin, headlines};
use perennial_model::Permission;
use perennial_timeline::Snapshot;
use std::sync::Arc;

pub(crate) fn list() -> Route {
    Route::get("/api/experiments", "experiments", tell_all)
        .summary("All experiments with what they say of their main outcome, adjusted for their number")
        .access(Access::Needs(Permission::ReadFigures))
        .answers::<Experiments>()
}

pub(crate) fn one() -> Route {
    Route::get("/api/experiments/{name}", "experiment", tell)
        .summary("One experiment: groups, comparisons, what was brought in all, the difference day by day")
        .access(Access::Needs(Permission::ReadFigures))
        .answers::<ExperimentAnswer>()
}

pub(crate) fn start() -> Route {
    Route::post("/api/experiments/{name}/start", "start_experiment", divide)
        .summary("Begins an experiment: who takes part is fixed as of its first day; begun again it stays as it is")
        .access(Access::Needs(Permission::Define))
        .answers::<ExperimentAnswer>()
}

/// What all of them look at.
struct Scene {
    ground: Ground,
    snapshot: Snapshot,
    now_us: i64,
}

impl Scene {
    async fn of(server: &Server) -> Result<Self, ApiError> {
        let threads = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        let ground = Ground::load(&server.timeline, threads).await?;
        Ok(Self { ground, snapshot: server.timeline.snapshot().await?, now_us: server.clock.now_us() })
    }

    fn terms(&self) -> Terms {
        Terms::of(&self.ground.zone, self.ground.currency)
    }
}

async fn tell_all(State(server): State<Arc<Server>>) -> Result<Answer<Experiments>, ApiError> {
    let (scene, store) = (Scene::of(&server).await?, server.timeline.store());
    let entries = Entry::all(&**store, &scene.ground, &scene.snapshot, scene.now_us).await?;
    let readings = Entry::readings(&entries, &**store, &scene.ground, &scene.snapshot).await?;
    let said = headlines(readings.iter().flatten());
    let row = |entry: &Entry| ExperimentRow {
        definition: Definition::of(entry),
        standing: StandingAnswer::of(entry),
        headlines: said
            .iter()
            .filter(|headline| headline.experiment == entry.experiment.name)
            .map(HeadlineAnswer::of)
            .collect(),
    };
    let experiments = entries.iter().map(row).collect();
    Ok(Answer(Experiments { as_of_us: scene.now_us, terms: scene.terms(), experiments }))
}

async fn tell(State(server): State<Arc<Server>>, Named(name): Named) -> Result<Answer<ExperimentAnswer>, ApiError> {
    let (scene, store) = (Scene::of(&server).await?, server.timeline.store());
    let entry = Entry::find(&**store, &scene.ground, &scene.snapshot, scene.now_us, &name).await?;
    let entries = std::slice::from_ref(&entry);
    let reading = Entry::readings(entries, &**store, &scene.ground, &scene.snapshot).await?;
    Ok(Answer(answer(&scene, &entry, reading.into_iter().flatten().next().as_ref())))
}

async fn divide(
    State(server): State<Arc<Server>>,
    Extension(caller): Extension<Caller>,
    Named(name): Named,
) -> Result<Answer<ExperimentAnswer>, ApiError> {
    let turn = server.writing.lock().await;
    let Scene { ground, snapshot, now_us } = Scene::of(&server).await?;
    let who = Who { member_id: Some(caller.member_id), token_id: caller.token_id };
    begin(&snapshot, &**server.timeline.store(), &ground, &name, now_us, who).await?;
    drop(turn);
    tell(State(server), Named(name)).await
}

fn answer(scene: &Scene, entry: &Entry, reading: Option<&Reading>) -> ExperimentAnswer {
    let comparisons = reading.and_then(|reading| reading.answer.as_ref()).map_or(&[][..], |found| &found.comparisons);
    ExperimentAnswer {
        as_of_us: entry.standing.until_us,
        terms: scene.terms(),
        definition: Definition::of(entry),
        standing: StandingAnswer::of(entry),
        groups: GroupAnswer::all(reading),
        erased: reading.map_or(0, |reading| reading.erased),
        merged: reading.map_or(0, |reading| reading.merged),
        sample_ratio: reading.and_then(SampleRatioAnswer::of),
        comparisons: comparisons.iter().map(ComparisonAnswer::of).collect(),
        incremental: reading
            .map_or_else(Vec::new, |found| found.incremental.iter().map(IncrementalAnswer::of).collect()),
        series: reading.map_or_else(Vec::new, |found| found.series.iter().map(SeriesAnswer::of).collect()),
    }
}

impl From<ExperimentError> for ApiError {
    fn from(problem: ExperimentError) -> Self {
        let conflict = |code: &'static str| Self::new(StatusCode::CONFLICT, code, problem.to_string());
        match problem {
            ExperimentError::Unknown { near, .. } => {
                let hint = near.map_or_else(String::new, |near| format!(", is {near} meant?"));
                let known = "GET /api/experiments lists those that there are";
                Self::not_found(format!("there is no such experiment{hint}: {known}")).at("name")
            }
            ExperimentError::TooEarly { .. } => conflict("too_early"),
            ExperimentError::Nobody { .. } => conflict("nobody"),
            ExperimentError::NotBegun { .. } => conflict("not_begun"),
            ExperimentError::Sql { .. } => conflict("definition_unusable"),
            ExperimentError::Store(problem) => Self::from(problem),
            ExperimentError::Timeline(problem) => Self::from(problem),
            problem => Self::internal(&problem),
        }
    }
}
