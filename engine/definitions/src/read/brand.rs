//! `brand.yaml`.

use super::fields::Fields;
use super::metrics::event_condition;
use super::{Page, Surroundings, Tree, Undeclared};
use crate::Brand;
use crate::yaml::Node;
use perennial_model::{Currency, Zone};

/// Its keys.
pub(super) const KEYS: [&str; 7] =
    ["name", "timezone", "currency", "global_control", "acquisition_share_alert", "touch", "complaint"];

/// Reads the file; what is wrong with it is noted.
pub(super) fn read(page: &mut Page<'_>, surroundings: &Surroundings<'_>, undeclared: &mut Undeclared) -> Brand {
    let mut brand = Brand::default();
    let root = match page.tree() {
        Tree::Root(root) if !root.is_null() => root,
        _ => return brand,
    };
    let Some(fields) = Fields::of(page, &root, "a brand", &KEYS) else { return brand };
    brand.name = fields.get("name").and_then(|node| page.text(node, "name"));
    brand.timezone = fields.get("timezone").and_then(|node| timezone(page, node, surroundings.timezone));
    brand.currency = fields.get("currency").and_then(|node| currency(page, node, surroundings.currency));
    brand.global_control =
        fields.get("global_control").and_then(|node| page.share(node, "global_control", "customers"));
    let alert = "acquisition_share_alert";
    brand.acquisition_share_alert = fields.get(alert).and_then(|node| page.share(node, alert, "spend"));
    let mut condition =
        |key: &str| fields.get(key).and_then(|node| event_condition(page, node, key, surroundings, undeclared));
    (brand.touch, brand.complaint) = (condition("touch"), condition("complaint"));
    brand
}

fn timezone(page: &mut Page<'_>, node: &Node, known: Option<&str>) -> Option<String> {
    let text = page.text(node, "timezone")?;
    if !Zone::is_name(&text) {
        let fix = "use a name such as Asia/Shanghai, Europe/London or UTC";
        page.problem(node.span.start, format!("{text} is no time zone"), fix);
        return None;
    }
    if let Some(known) = known.filter(|known| *known != text) {
        let message = format!("timezone is {text}, but the data directory counts days in {known}");
        let fix = format!("write {known}, or take the line away: it cannot change any more");
        page.problem(node.span.start, message, fix);
    }
    Some(text)
}

fn currency(page: &mut Page<'_>, node: &Node, known: Option<Currency>) -> Option<Currency> {
    let text = page.text(node, "currency")?;
    let parsed = text.parse::<Currency>().ok().filter(|currency| currency.as_str() == text);
    let Some(currency) = parsed else {
        let fix = "write a code of three capital letters such as CNY or GBP";
        page.problem(node.span.start, format!("{text} is no currency"), fix);
        return None;
    };
    if let Some(known) = known.filter(|known| *known != currency) {
        let message = format!("currency is {currency}, but the amounts in the data directory are in {known}");
        let fix = format!("write {known}, or take the line away: it cannot change any more");
        page.problem(node.span.start, message, fix);
    }
    Some(currency)
}
