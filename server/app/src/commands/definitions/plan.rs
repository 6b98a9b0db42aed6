//! `perennial plan`: what applying a brand directory would change.

use super::folder::{self, Folder};
use super::known::Known;
use super::reckoning::{Effect, reckon};
use super::{counted, problem_lines};
use crate::brand::Brand;
use crate::cli::PlanArgs;
use crate::error::FOUND_WRONG;
use crate::host::Host;
use anyhow::Result;
use perennial_definitions::{Change, ChangeKind, Definitions, Reading, Subject, changes, type_word};
use perennial_model::PropertySpec;
use serde::Serialize;
use serde_json::{Value, json};

pub(crate) async fn plan(arguments: &PlanArgs, host: &Host) -> Result<u8> {
    let folder = folder::read(&arguments.folder)?;
    let brand = host.open(&arguments.data.data).await?;
    let outcome = planned(arguments, &folder, &brand).await;
    brand.close().await;
    outcome
}

async fn planned(arguments: &PlanArgs, folder: &Folder, brand: &Brand) -> Result<u8> {
    let known = Known::load(&brand.timeline).await?;
    let reading = match known.read(folder)? {
        Ok(reading) => reading,
        Err(problems) => {
            problem_lines(&arguments.folder, &problems).iter().for_each(|line| aside!("{line}"));
            return Ok(FOUND_WRONG);
        }
    };
    let found = changes(&known.definitions, &reading.definitions);
    let effects = reckon(brand, &known, &reading, &found).await?;
    if arguments.json {
        let of = |(change, effect)| json!({ "change": change, "effect": effect });
        let found: Vec<Value> = found.iter().zip(&effects).map(of).collect();
        say!("{}", json!({ "version": known.version(), "changes": found, "undeclared": reading.undeclared }));
        return Ok(0);
    }
    if found.is_empty() {
        say!("{}", nothing_to_change(&known, folder));
        return Ok(0);
    }
    say!("{} to version {}:", counted(found.len(), "change"), known.version());
    lines(&found, &effects, &known.definitions, &reading).iter().for_each(|line| say!("{line}"));
    Ok(0)
}

/// That files say what is there already.
pub(super) fn nothing_to_change(known: &Known, folder: &Folder) -> String {
    match known.version() {
        0 => "nothing to change: nothing is defined here or there".to_owned(),
        version if known.files() == folder.files => format!("nothing to change: version {version} says the same"),
        version => format!("version {version} defines the same: only comments and layout differ"),
    }
}

/// The changes in lines for people.
pub(super) fn lines(found: &[Change], effects: &[Effect], before: &Definitions, reading: &Reading) -> Vec<String> {
    let mut lines = Vec::new();
    for (change, effect) in found.iter().zip(effects) {
        lines.push(change.to_string());
        let (before, after) = (keys(change, before), keys(change, &reading.definitions));
        let differing = match &change.kind {
            ChangeKind::Changed { keys } => keys.clone(),
            _ => Vec::new(),
        };
        for key in differing {
            let shown = |of: &Value| of.get(&key).map_or_else(|| "nothing".to_owned(), short);
            lines.push(format!("    {key}: {} → {}", shown(&before), shown(&after)));
        }
        lines.extend(effect.lines().into_iter().map(|line| format!("    {line}")));
    }
    for property in &reading.undeclared {
        let PropertySpec { name, property_type } = property;
        lines.push(format!("declares the property {name}: {}", type_word(*property_type)));
    }
    lines
}

/// What a change is about, as its keys.
fn keys(change: &Change, definitions: &Definitions) -> Value {
    let of = |found: Option<Value>| found.unwrap_or_default();
    match change.subject {
        Subject::Brand => of(as_value(&definitions.brand)),
        Subject::Metric => {
            let found = definitions.metrics.iter().find(|metric| metric.name == change.name);
            of(found.and_then(as_value))
        }
        Subject::Segment => {
            let found = definitions.segments.iter().find(|segment| segment.name == change.name);
            of(found.and_then(as_value))
        }
        Subject::Experiment => {
            let found = definitions.experiments.iter().find(|experiment| experiment.name == change.name);
            of(found.and_then(as_value))
        }
        Subject::Source => {
            let found = definitions.sources.iter().find(|source| source.name == change.name);
            of(found.and_then(as_value))
        }
        Subject::Spend => {
            let found = definitions.spend.iter().find(|spend| spend.id() == change.name);
            of(found.and_then(as_value))
        }
    }
}

fn as_value(definition: &impl Serialize) -> Option<Value> {
    serde_json::to_value(definition).ok()
}

/// A value on one line.
fn short(value: &Value) -> String {
    const MOST: usize = 120;
    let text = match value {
        Value::String(text) => text.split_whitespace().collect::<Vec<_>>().join(" "),
        other => other.to_string(),
    };
    match text.char_indices().nth(MOST) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
        None => text,
    }
}
