//! `sources.yaml` and `spend.yaml`.

use super::fields::{Fields, entries};
use super::metrics::{event_condition, is_new};
use super::{Page, Surroundings, Undeclared};
use crate::yaml::{Content, Kind, Node, kind};
use crate::{
    AcquisitionSource, Amount, MAX_SOURCES, Month, SOURCES_FILE, SourceKind, Spend, SpendPurpose, UNKNOWN_SOURCE,
};
use perennial_model::{Currency, nearest};
use std::collections::HashMap;

/// Keys of a source.
pub(super) const SOURCE_KEYS: [&str; 4] = ["name", "title", "kind", "where"];
/// Keys of what was spent.
pub(super) const SPEND_KEYS: [&str; 5] = ["month", "purpose", "source", "amount", "note"];

/// Reads `sources.yaml`, as far as it can be read; and whether all its entries are known by name.
pub(super) fn sources(
    page: &mut Page<'_>,
    surroundings: &Surroundings<'_>,
    undeclared: &mut Undeclared,
) -> (Vec<AcquisitionSource>, bool) {
    let (mut sources, mut places, mut legible) = (Vec::new(), HashMap::new(), true);
    let readable = entries(page, "sources", &mut |page, node| match source(page, node, surroundings, undeclared) {
        Some((source, at)) if is_new(page, &mut places, &source.name, at) => {
            if sources.len() == MAX_SOURCES {
                page.problem(at, format!("there are more than {MAX_SOURCES} sources"), "join some of them by or");
            }
            sources.push(source);
        }
        Some(_) => {}
        None => legible = false,
    });
    (sources, readable && legible)
}

/// A source whose name is known, whatever else is wrong with it; and the place of its name.
fn source(
    page: &mut Page<'_>,
    node: &Node,
    surroundings: &Surroundings<'_>,
    undeclared: &mut Undeclared,
) -> Option<(AcquisitionSource, usize)> {
    let fields = Fields::of(page, node, "a source", &SOURCE_KEYS)?;
    let name_node = fields.required(page, "name", "this source", "add the line name: …");
    let name = name_node.and_then(|node| page.name(node));
    if let (Some(UNKNOWN_SOURCE), Some(node)) = (name.as_deref(), name_node) {
        let message = format!("{UNKNOWN_SOURCE} is what those are called of whom no source is known");
        page.problem(node.span.start, message, "take another name");
    }
    let called = name.as_ref().map_or_else(|| "this source".to_owned(), |name| format!("the source {name}"));
    let title = fields.get("title").and_then(|node| page.words(node, "title"));
    let words = SourceKind::ALL.map(SourceKind::as_str).join(", ");
    let kind = fields
        .required(page, "kind", &called, &format!("add the line kind: …, with one of {words}"))
        .and_then(|node| page.one_of(node, "kind", &SourceKind::ALL.map(|kind| (kind.as_str(), kind))));
    let fix = "add the line where: …, a condition in SQL over one event";
    let condition = fields
        .required(page, "where", &called, fix)
        .and_then(|node| event_condition(page, node, "where", surroundings, undeclared));
    let source = AcquisitionSource {
        name: name?,
        title,
        kind: kind.unwrap_or(SourceKind::Advertising),
        r#where: condition.unwrap_or_default(),
    };
    Some((source, name_node?.span.start))
}

/// Reads `spend.yaml`. That a source is declared is checked where they are known.
pub(super) fn spend(
    page: &mut Page<'_>,
    currency: Option<Currency>,
    sources: Option<&[AcquisitionSource]>,
) -> Vec<Spend> {
    let (mut all, mut places) = (Vec::new(), HashMap::new());
    entries(page, "spend", &mut |page, node| {
        let Some(spend) = one_spend(page, node, currency, sources) else { return };
        let id = spend.id();
        match places.get(&id) {
            Some(first) => {
                let message = format!("{id} is said twice: {} has it too", page.place(*first));
                page.problem(node.span.start, message, "make one entry of them, with the sum of their amounts");
            }
            None => {
                places.insert(id, node.span.start);
                all.push(spend);
            }
        }
    });
    all
}

fn one_spend(
    page: &mut Page<'_>,
    node: &Node,
    currency: Option<Currency>,
    sources: Option<&[AcquisitionSource]>,
) -> Option<Spend> {
    let fields = Fields::of(page, node, "an entry of spend", &SPEND_KEYS)?;
    let called = "this entry";
    let month = fields
        .required(page, "month", called, "add the line month: …, for example 2026-03")
        .and_then(|node| page.month(node, "month"));
    let purpose = fields
        .required(page, "purpose", called, "add the line purpose: …, with acquisition or retention")
        .and_then(|node| page.one_of(node, "purpose", &SpendPurpose::ALL.map(|purpose| (purpose.as_str(), purpose))));
    let source = fields.get("source").map(|node| page.source(node, sources));
    if let (Some(SpendPurpose::Retention), Some(at)) = (purpose, fields.key_at("source")) {
        let fix = "take the line away, or write purpose: acquisition";
        page.problem(at, "a source is where customers come from: what keeps them has none", fix);
    }
    let fix = "add the line amount: …, in units of the brand's currency; 0 where nothing was spent";
    let amount = fields.required(page, "amount", called, fix).and_then(|node| page.amount(node, "amount", currency));
    let note = fields.get("note").and_then(|node| page.text(node, "note"));
    let source = match source {
        Some(named) => Some(named?),
        None => None,
    };
    Some(Spend { month: month?, purpose: purpose?, source, amount: amount?, note })
}

impl Page<'_> {
    fn source(&mut self, node: &Node, sources: Option<&[AcquisitionSource]>) -> Option<String> {
        let name = self.text(node, "source")?;
        if let Some(sources) = sources.filter(|sources| !sources.iter().any(|source| source.name == name)) {
            let names = sources.iter().map(|source| source.name.as_str());
            let fix = match nearest(&name, names) {
                Some(near) => format!("is {near} meant?"),
                None => format!("define it in {SOURCES_FILE}, or take the line away"),
            };
            self.problem(node.span.start, format!("there is no source {name}"), fix);
        }
        Some(name)
    }

    fn month(&mut self, node: &Node, key: &str) -> Option<Month> {
        let text = node.raw().filter(|_| !node.is_null()).unwrap_or_default();
        let found = text.parse();
        if found.is_err() {
            let message = match text {
                "" => format!("{key} is a month, this is {}", node.described()),
                text => format!("{key}: {text:?} is no month"),
            };
            self.problem(node.span.start, message, "write it as YYYY-MM, for example 2026-03");
        }
        found.ok()
    }

    fn amount(&mut self, node: &Node, key: &str, currency: Option<Currency>) -> Option<Amount> {
        let text = match &node.content {
            Content::Scalar { text, style } if !matches!(kind(text, *style), Kind::Null | Kind::Bool(_)) => text,
            _ => {
                let message = format!("{key} is a number, this is {}", node.described());
                self.problem(node.span.start, message, "write for example 12000.50");
                return None;
            }
        };
        let found: Amount = match text.parse() {
            Ok(found) => found,
            Err(crate::ParseAmountError { message, fix }) => {
                self.problem(node.span.start, format!("{key}: {message}"), fix);
                return None;
            }
        };
        if let Some(currency) = currency.filter(|currency| found.decimals() > currency.decimals()) {
            let message = format!("{key}: {text} has more digits behind the point than an amount of {currency}");
            self.problem(node.span.start, message, format!("write {} at most", currency.decimals()));
        }
        Some(found)
    }
}
