//! All experiments, what they say adjusted for their number.

use super::super::listing::Listing;
use super::{Scene, lang, told_apart};
use crate::brand::Brand;
use crate::cli::{Format, ListExperiments};
use anyhow::Result;
use perennial_experiments::{Entry, Headline, headlines};
use perennial_measure::Lang;
use serde_json::{Value, json};

pub(super) async fn list(arguments: &ListExperiments, brand: &Brand) -> Result<u8> {
    let (scene, store) = (Scene::of(brand).await?, brand.timeline.store());
    let entries = scene.all(brand).await?;
    let readings = Entry::readings(&entries, &**store, &scene.ground, &scene.snapshot).await.map_err(told_apart)?;
    let said = headlines(readings.iter().flatten());
    if arguments.json {
        let of =
            |entry: &Entry| said.iter().filter(|line| line.experiment == entry.experiment.name).collect::<Vec<_>>();
        let entry = |entry: &Entry| json!({ "experiment": entry.experiment, "standing": entry.standing, "headlines": of(entry) });
        say!("{}", Value::from(entries.iter().map(entry).collect::<Vec<_>>()));
        return Ok(0);
    }
    if entries.is_empty() {
        say!("no experiment is defined: write experiments.yaml into the brand directory, then `perennial apply`");
        return Ok(0);
    }
    let lang = lang(arguments.lang);
    let mut rows = Vec::new();
    for entry in &entries {
        let own: Vec<&Headline> = said.iter().filter(|line| line.experiment == entry.experiment.name).collect();
        if own.is_empty() {
            rows.push(row(entry, None, lang));
        }
        rows.extend(own.into_iter().map(|line| row(entry, Some(line), lang)));
    }
    let headings =
        ["experiment", "state", "starts", "day", "customers", "arm", "outcome", "lift", "p_adjusted", "verdict"];
    Listing { headings, rows }.say(Format::Table)?;
    Ok(0)
}

fn probability(p: f64) -> String {
    if p < 0.000_1 { "<0.0001".to_owned() } else { format!("{p:.4}") }
}

fn row(entry: &Entry, line: Option<&Headline>, lang: Lang) -> [Value; 10] {
    let standing = &entry.standing;
    let text = |of: fn(&Headline) -> String| line.map_or(Value::Null, |line| Value::from(of(line)));
    let verdict = |line: &Headline| if lang == Lang::Zh { line.text_zh.clone() } else { line.text_en.clone() };
    let percent = |lift: f64| format!("{:+.1}%", lift * 100.0);
    [
        Value::from(entry.experiment.name.clone()),
        Value::from(if standing.due { "due" } else { standing.state.as_str() }),
        Value::from(entry.experiment.starts.to_string()),
        Value::from(format!("{} of {}", standing.days_known, standing.days)),
        entry.frozen.as_ref().map_or(Value::Null, |frozen| Value::from(frozen.customers)),
        text(|line| line.arm.clone()),
        text(|line| line.outcome.clone()),
        line.and_then(|line| line.lift).map_or(Value::Null, |lift| Value::from(percent(lift))),
        line.and_then(|line| line.p_adjusted).map_or(Value::Null, |p| Value::from(probability(p))),
        line.map_or(Value::Null, |line| Value::from(verdict(line))),
    ]
}
