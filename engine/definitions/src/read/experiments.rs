//! `experiments.yaml`.

use super::fields::{Fields, entries};
use super::metrics::is_new;
use super::{Page, Surroundings};
use crate::experiment::is_outcome;
use crate::yaml::{Content, Kind, Node, kind};
use crate::{
    Arm, Day, Experiment, GLOBAL_CONTROL, HOLDOUT, MAX_ARMS, MAX_DAYS, MAX_WEIGHT, METRICS_FILE, Metric, OUTCOMES,
    SEGMENTS_FILE, Segment,
};
use perennial_model::nearest;
use std::collections::HashMap;
use std::ops::RangeInclusive;

/// Keys of an experiment.
pub(super) const KEYS: [&str; 9] =
    ["name", "title", "description", "audience", "holdout", "arms", "starts", "days", "outcomes"];
/// Keys of an arm.
pub(super) const ARM_KEYS: [&str; 2] = ["name", "weight"];

/// What the other files say, as far as they could be read.
pub(super) struct Around<'a> {
    pub(super) metrics: Option<&'a [Metric]>,
    pub(super) segments: Option<&'a [Segment]>,
}

/// Reads the file; what is wrong with it is noted.
pub(super) fn read(page: &mut Page<'_>, surroundings: &Surroundings<'_>, around: &Around<'_>) -> Vec<Experiment> {
    let (mut experiments, mut places) = (Vec::new(), HashMap::new());
    entries(page, "experiments", &mut |page, node| {
        let Some((experiment, at)) = experiment(page, node, surroundings, around) else { return };
        if is_new(page, &mut places, &experiment.name, at) {
            experiments.push(experiment);
        }
    });
    experiments
}

fn experiment(
    page: &mut Page<'_>,
    node: &Node,
    surroundings: &Surroundings<'_>,
    around: &Around<'_>,
) -> Option<(Experiment, usize)> {
    let fields = Fields::of(page, node, "an experiment", &KEYS)?;
    let name_node = fields.required(page, "name", "this experiment", "add the line name: …, by which the lot is drawn");
    let name = name_node.and_then(|node| page.name(node));
    let called = name.as_ref().map_or_else(|| "this experiment".to_owned(), |name| format!("the experiment {name}"));
    let audience = fields
        .required(page, "audience", &called, "add the line audience: …, the name of a segment")
        .and_then(|node| page.audience(node, around.segments));
    let starts = fields
        .required(page, "starts", &called, "add the line starts: …, its first day, for example 2026-03-01")
        .and_then(|node| page.day(node, "starts"));
    let title = fields.get("title").and_then(|node| page.words(node, "title"));
    let description = fields.get("description").and_then(|node| page.words(node, "description"));
    let holdout = fields.get("holdout").and_then(|node| page.share(node, "holdout", "customers"));
    let arms = fields.get("arms").and_then(|node| page.arms(node)).unwrap_or_default();
    let days = fields.get("days").and_then(|node| page.whole(node, "days", 1..=u32::from(MAX_DAYS)));
    let outcomes = fields.get("outcomes").and_then(|node| page.outcomes(node, around.metrics)).unwrap_or_default();
    let days = days.and_then(|days| u16::try_from(days).ok());
    let experiment = Experiment {
        name: name?,
        title,
        description,
        audience: audience?,
        holdout,
        arms,
        starts: starts?,
        days,
        outcomes,
    };
    if let Some(begun) = surroundings.begun.iter().find(|begun| begun.name == experiment.name) {
        frozen(page, &fields, &experiment, begun);
    }
    Some((experiment, name_node?.span.start))
}

/// What cannot change any more since its customers were divided.
fn frozen(page: &mut Page<'_>, fields: &Fields<'_>, experiment: &Experiment, begun: &Experiment) {
    for key in experiment.frozen_differences(begun) {
        let was = match key {
            "audience" => begun.audience.clone(),
            "holdout" => format!("{}%", begun.holdout_fraction() * 100.0),
            "starts" => begun.starts.to_string(),
            _ => {
                let arms = begun.arms_with_weights();
                arms.iter().map(|(name, weight)| format!("{name} (weight {weight})")).collect::<Vec<_>>().join(", ")
            }
        };
        let name = &experiment.name;
        let message = format!("{name} has begun, with {key} {was}: its customers are divided and stay so");
        let at = fields.key_at(key).unwrap_or(fields.at);
        page.problem(at, message, format!("put {key} back, or give what you want now another name"));
    }
}

impl Page<'_> {
    fn audience(&mut self, node: &Node, segments: Option<&[Segment]>) -> Option<String> {
        let name = self.text(node, "audience")?;
        if let Some(segments) = segments.filter(|segments| !segments.iter().any(|segment| segment.name == name)) {
            let names = segments.iter().map(|segment| segment.name.as_str());
            let fix = match nearest(&name, names) {
                Some(near) => format!("is {near} meant?"),
                None => format!("define it in {SEGMENTS_FILE}"),
            };
            self.problem(node.span.start, format!("there is no segment {name}"), fix);
        }
        Some(name)
    }

    fn day(&mut self, node: &Node, key: &str) -> Option<Day> {
        let text = node.raw().filter(|_| !node.is_null()).unwrap_or_default();
        let found = text.parse();
        if found.is_err() {
            let message = match text {
                "" => format!("{key} is a day, this is {}", node.described()),
                text => format!("{key}: {text:?} is no day"),
            };
            self.problem(node.span.start, message, "write it as YYYY-MM-DD, for example 2026-03-01");
        }
        found.ok()
    }

    fn whole(&mut self, node: &Node, key: &str, range: RangeInclusive<u32>) -> Option<u32> {
        let number = match &node.content {
            Content::Scalar { text, style } if kind(text, *style) == Kind::Number => text.parse().ok(),
            _ => None,
        };
        if let Some(number) = number.filter(|number| range.contains(number)) {
            return Some(number);
        }
        let message = match node.raw() {
            Some(text) if !node.is_null() => format!("{key}: {text:?} is none"),
            _ => format!("{key} is a number, this is {}", node.described()),
        };
        self.problem(node.span.start, message, format!("write a whole number, {} to {}", range.start(), range.end()));
        None
    }

    fn arms(&mut self, node: &Node) -> Option<Vec<Arm>> {
        let items = match &node.content {
            Content::List { items, .. } if !items.is_empty() && items.len() <= MAX_ARMS => items,
            _ => {
                let message = match &node.content {
                    Content::List { items, .. } => format!("arms has {} entries", items.len()),
                    _ => format!("arms is a list, this is {}", node.described()),
                };
                let fix = format!("name one to {MAX_ARMS} of them, each as - name: …; without arms there is one");
                self.problem(node.span.start, message, fix);
                return None;
            }
        };
        let mut arms: Vec<Arm> = Vec::with_capacity(items.len());
        for item in items {
            let fields = Fields::of(self, item, "an arm", &ARM_KEYS)?;
            let node = fields.required(self, "name", "this arm", "add the line name: …")?;
            let name = self.name(node)?;
            let taken = [HOLDOUT, GLOBAL_CONTROL].contains(&name.as_str()) || arms.iter().any(|arm| arm.name == name);
            if taken {
                let message = format!("the name {name} is taken by another group of this experiment");
                self.problem(node.span.start, message, "take another name");
            }
            let weight = fields.get("weight").map(|node| self.whole(node, "weight", 1..=MAX_WEIGHT));
            arms.push(Arm { name, weight: weight.flatten() });
        }
        Some(arms)
    }

    fn outcomes(&mut self, node: &Node, metrics: Option<&[Metric]>) -> Option<Vec<String>> {
        let names = self.names(node, "outcomes")?;
        let place = |number: usize| match &node.content {
            Content::List { items, .. } => items.get(number).map_or(node.span.start, |item| item.span.start),
            _ => node.span.start,
        };
        for (number, name) in names.iter().enumerate() {
            let (Some(metrics), false) = (metrics, OUTCOMES.contains(&name.as_str())) else { continue };
            match metrics.iter().find(|metric| metric.name == *name) {
                Some(metric) if is_outcome(metric) => {}
                Some(metric) => {
                    let function = metric.function.as_str();
                    let message = format!("{name} is no outcome: its {function} says nothing of who did nothing");
                    let fix = "take a count, sum, distinct or sequence: they have a figure for everybody in these days";
                    self.problem(place(number), message, fix);
                }
                None => {
                    let known = metrics.iter().map(|metric| metric.name.as_str()).chain(OUTCOMES);
                    let fix = match nearest(name, known) {
                        Some(near) => format!("is {near} meant?"),
                        None => format!("write one of {}, or a metric of {METRICS_FILE}", OUTCOMES.join(", ")),
                    };
                    self.problem(place(number), format!("there is no outcome {name}"), fix);
                }
            }
        }
        Some(names)
    }
}
