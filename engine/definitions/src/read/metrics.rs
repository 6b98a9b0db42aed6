//! `metrics.yaml`.

use super::fields::{Fields, entries};
use super::{Page, Surroundings, Undeclared};
use crate::yaml::{Node, source_offset};
use crate::{EventExpression, ExpressionProblem, Function, Metric, Need, Then, Unit, type_of_both, type_word};
use perennial_model::{PropertySpec, PropertyType};
use std::collections::HashMap;

/// Keys of a metric.
pub(super) const KEYS: [&str; 11] =
    ["name", "title", "description", "function", "events", "of", "where", "window", "unit", "then", "within"];
/// Keys of the second half of a sequence.
pub(super) const THEN_KEYS: [&str; 2] = ["events", "where"];

/// Reads the file, as far as it can be read; and whether all its entries are known by name.
pub(super) fn read(
    page: &mut Page<'_>,
    surroundings: &Surroundings<'_>,
    undeclared: &mut Undeclared,
) -> (Vec<Metric>, bool) {
    let (mut metrics, mut places, mut legible) = (Vec::new(), HashMap::new(), true);
    let readable = entries(page, "metrics", &mut |page, node| match metric(page, node, surroundings, undeclared) {
        Some((metric, at)) if is_new(page, &mut places, &metric.name, at) => metrics.push(metric),
        Some(_) => {}
        None => legible = false,
    });
    (metrics, readable && legible)
}

/// Notes a name; one that is taken is a problem.
pub(super) fn is_new(page: &mut Page<'_>, places: &mut HashMap<String, usize>, name: &str, at: usize) -> bool {
    if let Some(first) = places.get(name) {
        let message = format!("the name {name} is taken: {} has it too", page.place(*first));
        page.problem(at, message, "give one of them another name");
        return false;
    }
    places.insert(name.to_owned(), at);
    true
}

/// A metric whose name and function are known, whatever else is wrong with it; and the place of its name.
fn metric(
    page: &mut Page<'_>,
    node: &Node,
    surroundings: &Surroundings<'_>,
    undeclared: &mut Undeclared,
) -> Option<(Metric, usize)> {
    let fields = Fields::of(page, node, "a metric", &KEYS)?;
    let name_node = fields.required(page, "name", "this metric", "add the line name: …, the name of its column");
    let name = name_node.and_then(|node| page.name(node));
    if let (Some(name), Some(node)) = (&name, name_node)
        && surroundings.columns.contains(&name.as_str())
    {
        let message = format!("{name} is a column that every customer has already");
        page.problem(node.span.start, message, "take another name");
    }
    let called = name.as_ref().map_or_else(|| "this metric".to_owned(), |name| format!("the metric {name}"));
    let words = Function::ALL.map(Function::as_str).join(", ");
    let function = fields
        .required(page, "function", &called, &format!("add the line function: …, with one of {words}"))
        .and_then(|node| page.one_of(node, "function", &Function::ALL.map(|function| (function.as_str(), function))));
    if let Some(function) = function {
        needs(page, &fields, function, &called);
    }
    let mut said = Said { page, fields: &fields, surroundings, undeclared };
    let read = said.metric(name.clone().unwrap_or_default(), function.unwrap_or(Function::Count));
    name.zip(function).zip(name_node).map(|(_, node)| (read, node.span.start))
}

/// Which keys the function wants and which it does not take.
fn needs(page: &mut Page<'_>, fields: &Fields<'_>, function: Function, called: &str) {
    let word = function.as_str();
    for key in KEYS {
        match (function.need(key), fields.key_at(key)) {
            (Need::Required, None) if key != "name" && fields.misses(key) => {
                let example = match key {
                    "of" => "of: amount",
                    "within" => "within: 7d",
                    _ => "then: with events or where below it",
                };
                let message = format!("{called} has no {key}, which {word} needs");
                page.problem(fields.at, message, format!("add the line {example}"));
            }
            (Need::Refused, Some(at)) => {
                let takes = Function::ALL.into_iter().filter(|function| function.need(key) != Need::Refused);
                let takes = takes.map(Function::as_str).collect::<Vec<_>>().join(", ");
                let fix = format!("take it away; {key} is for {takes}");
                page.problem(at, format!("{called} has {key}, which {word} does not take"), fix);
            }
            _ => {}
        }
    }
}

/// What is said of a metric, on its way.
struct Said<'s, 'a, 'n> {
    page: &'s mut Page<'a>,
    fields: &'s Fields<'n>,
    surroundings: &'s Surroundings<'s>,
    undeclared: &'s mut Undeclared,
}

impl Said<'_, '_, '_> {
    fn metric(&mut self, name: String, function: Function) -> Metric {
        let (fields, units) = (self.fields, Unit::ALL.map(|unit| (unit.as_str(), unit)));
        let condition = fields.get("where").and_then(|node| self.condition(node));
        Metric {
            name,
            title: fields.get("title").and_then(|node| self.page.words(node, "title")),
            description: fields.get("description").and_then(|node| self.page.words(node, "description")),
            function,
            events: fields.get("events").and_then(|node| self.page.events(node)).unwrap_or_default(),
            of: fields.get("of").and_then(|node| self.value(node, function)),
            r#where: condition,
            window: fields.get("window").and_then(|node| self.page.window(node, "window")),
            unit: fields.get("unit").and_then(|node| self.page.one_of(node, "unit", &units)),
            then: fields.get("then").and_then(|node| self.then(node)),
            within: fields.get("within").and_then(|node| self.page.window(node, "within")),
        }
    }

    fn then(&mut self, node: &Node) -> Option<Then> {
        let fields = Fields::of(self.page, node, "the second half of a sequence", &THEN_KEYS)?;
        let events = fields.get("events").and_then(|node| self.page.events(node)).unwrap_or_default();
        Some(Then { events, r#where: fields.get("where").and_then(|node| self.condition(node)) })
    }

    fn condition(&mut self, node: &Node) -> Option<String> {
        event_condition(self.page, node, "where", self.surroundings, self.undeclared)
    }

    fn value(&mut self, node: &Node, function: Function) -> Option<String> {
        let of = self.page.text(node, "of")?;
        if function.need("of") != Need::Refused {
            let judged = self.surroundings.expressions.check_value(&of, function);
            take(self.page, node, judged, self.undeclared);
        }
        Some(of)
    }
}

/// A condition in SQL over one event; what is wrong with it is noted, and what nobody has declared.
pub(super) fn event_condition(
    page: &mut Page<'_>,
    node: &Node,
    key: &str,
    surroundings: &Surroundings<'_>,
    undeclared: &mut Undeclared,
) -> Option<String> {
    let sql = page.text(node, key)?;
    take(page, node, surroundings.expressions.check_event(&sql), undeclared);
    Some(sql)
}

fn take(
    page: &mut Page<'_>,
    node: &Node,
    judged: Result<EventExpression, ExpressionProblem>,
    undeclared: &mut Undeclared,
) {
    match judged {
        Ok(found) => {
            for PropertySpec { name, property_type } in found.undeclared {
                declare(page, node, name, property_type, undeclared);
            }
        }
        Err(problem) => expression_problem(page, node, problem),
    }
}

/// Notes the type of a property; of two conditions that take it for different things one is wrong.
fn declare(page: &mut Page<'_>, node: &Node, name: String, here: PropertyType, undeclared: &mut Undeclared) {
    let known = undeclared.get(&name).copied();
    if let Some(both) = known.map_or(Some(here), |known| type_of_both(known, here)) {
        undeclared.insert(name, both);
    } else {
        let (there, here) = (known.map(type_word).unwrap_or_default(), type_word(here));
        let message = format!("the property {name} is {here} here, and {there} before it");
        let fix = "a property has one type: change one of the two";
        page.problem(node.span.start, message, fix);
    }
}

/// Notes a problem of SQL at its place in the file.
pub(super) fn expression_problem(page: &mut Page<'_>, node: &Node, problem: ExpressionProblem) {
    let at = source_offset(page.text, node, problem.offset);
    page.problem(at, problem.message, problem.fix);
}
