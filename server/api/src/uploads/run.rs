//! Carries an import out, behind the caller's back.

use super::looked::{Settled, look, settled, told};
use super::{Counters, Note, Upload, running};
use crate::answers::Text;
use crate::answers::imports::{Import, ImportState, LeftOutReason, Outcome, StartRequest};
use crate::{ApiError, Server};
use perennial_listen::recognise::Language;
use perennial_listen::{ImportOptions, ImportOutcome, ImportPlan, import};
use perennial_ports::BrandSettings;
use std::sync::Arc;

/// Looks into the file with these settings and, unless that is all, begins to import it.
///
/// # Errors
/// Where it runs already, or cannot be read in this way.
pub(crate) async fn start(server: &Arc<Server>, id: u64, request: StartRequest) -> Result<Import, ApiError> {
    let upload = server.uploads.get(id)?;
    let before = settled(server).await?;
    check(&upload, &request, &before)?;
    let (file, name) = (server.uploads.file(id), upload.note.import.name.clone());
    let asked = request.clone();
    let looked = tokio::task::spawn_blocking(move || look(&file, &name, &asked, &before)).await;
    let looked = looked.map_err(|problem| ApiError::internal(&problem))?;
    let dry_run = request.dry_run;
    let problem = looked.plan.as_ref().err().cloned();
    let refused = problem.clone().filter(|_| !dry_run);
    server.uploads.change(id, |note| {
        // Another request may have started it meanwhile.
        can_start(&note.import)?;
        note.import.plan = looked.described.or_else(|| note.import.plan.take());
        note.import.problem = problem;
        if refused.is_none() && !dry_run {
            note.import.state = ImportState::Queued;
            note.import.started_us = Some(server.clock.now_us());
            note.import.ended_us = None;
        }
        note.request = StartRequest { dry_run: false, ..request };
        Ok(())
    })?;
    if let Some(problem) = refused {
        return Err(ApiError::bad_request("cannot_be_read", problem.en).at("mapping"));
    }
    if !dry_run {
        let server = Arc::clone(server);
        tokio::spawn(async move { carry_out(&server, id).await });
    }
    Ok(server.uploads.get(id)?.told())
}

fn can_start(import: &Import) -> Result<(), ApiError> {
    match import.state {
        ImportState::Waiting | ImportState::Interrupted | ImportState::Failed => Ok(()),
        ImportState::Queued | ImportState::Running => Err(running()),
        ImportState::Finished => Err(ApiError::new(
            axum::http::StatusCode::CONFLICT,
            "finished",
            "this file is imported and gone: upload another one",
        )),
    }
}

fn check(upload: &Upload, request: &StartRequest, settled: &Settled) -> Result<(), ApiError> {
    can_start(&upload.note.import)?;
    let Some(brand) = &settled.brand else { return Ok(()) };
    let other = |asked: &Option<String>, own: &str| asked.as_ref().is_some_and(|asked| asked != own);
    for (at, differs) in [
        ("timezone", other(&request.timezone, brand.zone.name())),
        ("currency", other(&request.currency, brand.currency.as_str())),
    ] {
        if differs {
            let message = "the brand has another one already, which all its figures are in";
            return Err(ApiError::bad_request("bad_value", message).at(at));
        }
    }
    Ok(())
}

async fn carry_out(server: &Arc<Server>, id: u64) {
    let turn = server.writing.lock().await;
    let ended = match run(server, id).await {
        Ok(outcome) => server.uploads.change(id, |note| {
            end(note, ImportState::Finished, server);
            note.import.problem = None;
            note.import.outcome = Some(outcome);
            Ok(())
        }),
        Err(problem) => server.uploads.change(id, |note| {
            end(note, ImportState::Failed, server);
            note.import.problem = Some(problem);
            Ok(())
        }),
    };
    drop(turn);
    if let Err(problem) = ended {
        // An erasure has taken it.
        tracing::warn!(error = %problem.message, upload = id, "how an import ended could not be noted");
    }
    if server.uploads.get(id).is_ok_and(|upload| upload.note.import.state == ImportState::Finished) {
        server.uploads.drop_file(id);
    }
}

fn end(note: &mut Note, state: ImportState, server: &Server) {
    if state == ImportState::Finished {
        // The note outlives the file, and erasures.
        let files = note.import.plan.iter_mut().flat_map(|plan| &mut plan.files);
        files.flat_map(|file| &mut file.columns).for_each(|column| column.samples.clear());
    }
    note.import.state = state;
    note.import.ended_us = Some(server.clock.now_us());
}

async fn run(server: &Arc<Server>, id: u64) -> Result<Outcome, Text> {
    let failed = |problem: &ApiError| Text::new(&problem.message, format!("无法导入：{}", problem.message));
    // With the turn, and with what the imports before have made of the brand.
    let settled = settled(server).await.map_err(|problem| failed(&problem))?;
    let upload = server.uploads.get(id).map_err(|problem| failed(&problem))?;
    let (file, name, request) = (server.uploads.file(id), upload.note.import.name, upload.note.request);
    let plan = tokio::task::spawn_blocking(move || look(&file, &name, &request, &settled).plan).await;
    let plan: ImportPlan = plan.map_err(|problem| failed(&ApiError::internal(&problem)))??;
    let counters = server
        .uploads
        .change(id, |note| {
            note.import.state = ImportState::Running;
            Ok(())
        })
        .and_then(|()| server.uploads.get(id))
        .map_err(|problem| failed(&problem))?
        .counters;
    let store = server.timeline.store();
    let settings = BrandSettings { zone: plan.zone().clone(), currency: plan.currency() };
    settings.save(&**store).await.map_err(|problem| failed(&problem.into()))?;
    let options = ImportOptions::new(server.clock.now_us());
    let outcome = import(&server.timeline, plan, options, Arc::<Counters>::clone(&counters) as _).await;
    let outcome = outcome.map_err(|problem| told(&problem))?;
    if let Err(problem) = server.timeline.maintain().await {
        tracing::warn!(error = %problem, "housekeeping after an import");
    }
    Ok(told_outcome(&outcome))
}

fn told_outcome(outcome: &ImportOutcome) -> Outcome {
    let reasons = outcome.reasons().into_iter().map(|left_out| LeftOutReason {
        kind: if left_out.rejected { "rejected" } else { "skipped" }.to_owned(),
        reason: Text::new(left_out.reason.0, left_out.reason.1),
        rows: left_out.rows,
        example: left_out.example,
    });
    let left_out = outcome.left_out.iter();
    Outcome {
        rows: outcome.rows,
        already_imported: outcome.rows == 0 && !outcome.already_imported.is_empty(),
        resumed_rows: outcome.resumed_rows,
        orders: outcome.events.orders,
        lines: outcome.events.lines,
        refunds: outcome.events.refunds,
        cancellations: outcome.events.cancellations,
        other_events: outcome.events.others,
        unidentified_orders: outcome.events.unidentified_orders,
        new_customers: outcome.new_customers,
        suppressed_rows: outcome.suppressed_rows,
        masked_keys: outcome.masked_keys,
        kept_aside: outcome.kept_aside,
        rejected_rows: outcome.rejected_rows(),
        skipped_rows: outcome.skipped_rows(),
        reasons: reasons.collect(),
        left_out: left_out.map(|one| Text::new(one.line_for(Language::En), one.line_for(Language::Zh))).collect(),
        elapsed_ms: outcome.elapsed_ms,
    }
}
