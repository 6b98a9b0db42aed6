//! One experiment: definition, state, sizes.

use super::super::listing::instant;
use super::{Scene, told_apart};
use crate::brand::Brand;
use crate::cli::NamedExperiment;
use anyhow::Result;
use perennial_experiments::{Entry, Members};
use perennial_model::Zone;
use serde_json::{Value, json};

pub(super) async fn show(arguments: &NamedExperiment, brand: &Brand) -> Result<u8> {
    let (scene, store) = (Scene::of(brand).await?, brand.timeline.store());
    let entry = scene.find(brand, &arguments.name).await?;
    let running = entry.running(&**store, &scene.ground).await.map_err(told_apart)?;
    let members = running.map(|running| Members::of(&running.frozen, &running.cohort, &scene.snapshot));
    let members = members.transpose().map_err(told_apart)?;
    let sizes: Vec<(&str, u64)> = members.as_ref().map_or_else(Vec::new, |members| {
        members.groups.iter().map(|group| group.name.as_str()).zip(members.sizes()).collect()
    });
    if arguments.json {
        let size = |(group, customers): &(&str, u64)| json!({ "group": group, "customers": customers });
        let groups: Vec<Value> = sizes.iter().map(size).collect();
        let begun_us = entry.frozen.as_ref().map(|frozen| frozen.begun_us);
        let global_control = entry.frozen.as_ref().and_then(|frozen| frozen.global_control);
        say!(
            "{}",
            json!({
                "experiment": entry.experiment, "standing": entry.standing, "begun_us": begun_us,
                "global_control": global_control, "groups": groups,
            })
        );
        return Ok(0);
    }
    lines(&entry, &sizes, &scene.ground.zone).iter().for_each(|line| say!("{line}"));
    Ok(0)
}

fn lines(entry: &Entry, sizes: &[(&str, u64)], zone: &Zone) -> Vec<String> {
    let Entry { experiment, frozen, standing } = entry;
    let mut lines = Vec::new();
    if let Some(title) = &experiment.title {
        lines.push(format!("{} ({} / {})", experiment.name, title.zh(), title.en()));
    } else {
        lines.push(experiment.name.clone());
    }
    let arms = experiment.arms_with_weights();
    let arms: Vec<String> = arms.iter().map(|(name, weight)| format!("{name} (weight {weight})")).collect();
    lines.push(format!("audience: {}", experiment.audience));
    lines.push(format!("hold-out: {}%", experiment.holdout_fraction() * 100.0));
    lines.push(format!("arms: {}", arms.join(", ")));
    lines.push(format!("outcomes: {}", experiment.outcome_names().join(", ")));
    let days = format!("{} days from {} ({})", standing.days, experiment.starts, zone.name());
    lines.push(format!("days: {days}, {} of them known", standing.days_known));
    lines.push(match frozen {
        Some(frozen) => {
            let state = standing.state.as_str();
            format!("state: {state}, begun at {} with {} customers", instant(frozen.begun_us), frozen.customers)
        }
        None if standing.due => {
            format!("state: its first day has come: `perennial experiment start {}` begins it", experiment.name)
        }
        None => "state: planned".to_owned(),
    });
    lines.extend(sizes.iter().map(|(group, customers)| format!("{group}: {customers} customers")));
    lines
}
