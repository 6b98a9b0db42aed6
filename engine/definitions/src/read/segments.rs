//! `segments.yaml`.

use super::fields::{Fields, entries};
use super::metrics::{expression_problem, is_new};
use super::references::{Link, arrange};
use super::{Page, Surroundings};
use crate::yaml::{Node, source_offset};
use crate::{MAX_NAME_LETTERS, METRICS_FILE, Metric, SEGMENTS_FILE, Segment};
use perennial_model::nearest;
use std::collections::HashMap;

/// Keys of a segment.
pub(super) const KEYS: [&str; 5] = ["name", "title", "description", "where", "acts"];

/// A segment named in the condition of another one.
struct Named {
    by: String,
    name: String,
    at: usize,
}

/// Reads the file, and puts the segments' names in an order in which each stands behind those it names.
/// SQL is judged only where all metrics are known. The last part of the answer is whether all of its
/// entries are known by name.
pub(super) fn read(
    page: &mut Page<'_>,
    surroundings: &Surroundings<'_>,
    metrics: Option<&[Metric]>,
) -> (Vec<Segment>, Vec<String>, bool) {
    let (mut segments, mut places, mut named) = (Vec::new(), HashMap::new(), Vec::new());
    let mut legible = true;
    let readable = entries(page, "segments", &mut |page, node| {
        let judge = |page: &mut Page<'_>, name: &str, node: &Node, sql: &str| {
            let Some(metrics) = metrics else { return };
            match surroundings.expressions.check_customer(sql, metrics) {
                Ok(expression) => named.extend(expression.segments.into_iter().map(|reference| {
                    let at = source_offset(page.text, node, reference.offset);
                    Named { by: name.to_owned(), name: reference.name, at }
                })),
                Err(problem) => expression_problem(page, node, problem),
            }
        };
        match segment(page, node, judge) {
            Some((segment, at)) if is_new(page, &mut places, &segment.name, at) => segments.push(segment),
            Some(_) => {}
            None => legible = false,
        }
    });
    let names: Vec<&str> = segments.iter().map(|segment| segment.name.as_str()).collect();
    if readable && legible {
        unknown(page, &names, &named);
    }
    let order = in_order(page, &names, &named);
    (segments, order, readable && legible)
}

fn segment(
    page: &mut Page<'_>,
    node: &Node,
    judge: impl FnOnce(&mut Page<'_>, &str, &Node, &str),
) -> Option<(Segment, usize)> {
    let fields = Fields::of(page, node, "a segment", &KEYS)?;
    let name_node = fields.required(page, "name", "this segment", "add the line name: …");
    let name = name_node.and_then(|node| page.name(node));
    let called = name.as_ref().map_or_else(|| "this segment".to_owned(), |name| format!("the segment {name}"));
    let title = fields.get("title").and_then(|node| page.words(node, "title"));
    let description = fields.get("description").and_then(|node| page.words(node, "description"));
    let fix = "add the line where: …, a condition in SQL over the customer table";
    let condition = fields.required(page, "where", &called, fix).and_then(|node| {
        let sql = page.text(node, "where")?;
        judge(page, name.as_deref().unwrap_or_default(), node, &sql);
        Some(sql)
    });
    let acts = fields.get("acts").and_then(|node| page.yes_or_no(node, "acts")).unwrap_or_default();
    let segment = Segment { name: name?, title, description, r#where: condition.unwrap_or_default(), acts };
    Some((segment, name_node?.span.start))
}

/// Segments that are named and not there.
fn unknown(page: &mut Page<'_>, names: &[&str], named: &[Named]) {
    for Named { name, at, .. } in named.iter().filter(|named| !names.contains(&named.name.as_str())) {
        let near =
            if page.is_full() || name.len() > MAX_NAME_LETTERS { None } else { nearest(name, names.iter().copied()) };
        let fix = match near {
            Some(near) => format!("is {near} meant?"),
            None => {
                format!("define it in {SEGMENTS_FILE}; a figure of customers is a column, defined in {METRICS_FILE}")
            }
        };
        page.problem(*at, format!("there is no segment {name}"), fix);
    }
}

/// The order; circles are problems.
fn in_order(page: &mut Page<'_>, names: &[&str], named: &[Named]) -> Vec<String> {
    let place = |name: &str| names.iter().position(|other| *other == name);
    let link = |(index, named): (usize, &Named)| Some(Link { from: place(&named.by)?, to: place(&named.name)?, index });
    let links: Vec<Link> = named.iter().enumerate().filter_map(link).collect();
    let arranged = arrange(names.len(), &links);
    for circle in arranged.circles {
        let path = circle.path.iter().filter_map(|place| names.get(*place)).copied().collect::<Vec<_>>().join(" → ");
        if let Some(named) = named.get(circle.closed_by) {
            let message = format!("these segments are defined by each other: {path}");
            page.problem(named.at, message, format!("take in_segment('{}') out of {}", named.name, named.by));
        }
    }
    arranged.order.iter().filter_map(|place| names.get(*place)).map(|name| (*name).to_owned()).collect()
}
