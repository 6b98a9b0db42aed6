//! The built web pages, embedded in the binary; `cargo xtask web` builds them from `web/`.
//!
//! The report is one self-contained HTML file with a slot
//! `<script id="perennial-report" type="application/json">…</script>` for the figures. The dashboard
//! is a page and its files, to be served by name ([`asset`]).

mod dashboard;
mod slot;

pub use dashboard::{Asset, asset, dashboard_page};

use std::ops::Range;

/// Whether [`PAGE`] is the real page or only says how to build it.
const BUILT: bool = cfg!(page_built);
const PAGE: &str = include_str!(concat!(env!("OUT_DIR"), "/report.html"));
/// `id` of the element that holds the report's figures.
const REPORT_SLOT: &str = "perennial-report";

/// Why a page could not be filled.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum UiError {
    /// The web build made a page that has no place for the figures.
    #[error("the embedded page has no <script id=\"{0}\">: run `cargo xtask web` and build again")]
    NoSlot(&'static str),
}

/// The report's page with an empty slot; none when the binary was built without `cargo xtask web`.
#[must_use]
pub fn report_page() -> Option<&'static str> {
    BUILT.then_some(PAGE)
}

/// The report's page with the figures in it: it opens without a network. `json` is the text of one
/// valid JSON value. When the page has not been built ([`report_page`] is none) the result is
/// a page that says how to build it, with the same figures inside.
///
/// # Errors
/// [`UiError::NoSlot`] when the embedded page has no place for them.
pub fn render_report(json: &str) -> Result<String, UiError> {
    fill(PAGE, json)
}

fn fill(page: &str, json: &str) -> Result<String, UiError> {
    let Range { start, end } = slot::find(page, REPORT_SLOT).ok_or(UiError::NoSlot(REPORT_SLOT))?;
    let mut filled = String::with_capacity(page.len() + json.len() + json.len() / 16);
    filled.push_str(&page[..start]);
    slot::push_escaped(&mut filled, json);
    filled.push_str(&page[end..]);
    Ok(filled)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_embedded_page_has_a_slot_whether_built_or_not() {
        let page = render_report(r#"{"orders":4711}"#).unwrap();
        assert!(page.contains(r#">{"orders":4711}</script>"#));
        assert_eq!(report_page().is_some(), BUILT);
    }

    #[test]
    fn a_page_without_a_slot_is_an_error() {
        assert_eq!(fill("<html></html>", "{}"), Err(UiError::NoSlot(REPORT_SLOT)));
    }

    #[test]
    fn what_surrounds_the_slot_is_untouched() {
        let page = "<p>甲</p><script type=application/json id=perennial-report>{}</script><p>乙</p>";
        let filled = fill(page, "[1]").unwrap();
        assert_eq!(filled, "<p>甲</p><script type=application/json id=perennial-report>[1]</script><p>乙</p>");
    }

    #[test]
    fn a_product_name_cannot_break_out() {
        let page = r#"<script id="perennial-report" type="application/json">{}</script>"#;
        let hostile = "{\"name\":\"</script><script>alert(1)</script><!-- \u{2028}\"}";
        let filled = fill(page, hostile).unwrap();
        assert_eq!(filled.matches("</script").count(), 1);
        assert_eq!(filled.matches("<script").count(), 1);
        assert!(!filled.contains("<!--") && !filled.contains('\u{2028}'));
    }
}
