//! Finding a data slot in a page, and writing JSON into it so that it cannot get out.

use std::ops::Range;

const OPEN: &str = "<script";
const CLOSE: &str = "</script";

/// Where the content of `<script id="…">` is, as bytes of the page. Scripts are skipped whole, as a
/// browser does: one of them may well hold the text `<script id="…">`.
pub(crate) fn find(page: &str, id: &str) -> Option<Range<usize>> {
    let mut at = 0;
    loop {
        let tag = at + page[at..].find(OPEN)?;
        let content = tag + page[tag..].find('>')? + 1;
        let end = content + page[content..].find(CLOSE)?;
        if has_id(&page[tag + OPEN.len()..content - 1], id) {
            return Some(content..end);
        }
        at = end + CLOSE.len();
    }
}

fn has_id(attributes: &str, id: &str) -> bool {
    let mut pairs = attributes.split_ascii_whitespace().filter_map(|attribute| attribute.split_once('='));
    pairs.any(|(name, value)| name == "id" && value.trim_matches(['"', '\'']) == id)
}

/// Appends JSON so that it may stand in a script element. `<` occurs only inside JSON's strings, where
/// `\u003c` means the same but can neither end the element nor open a comment; the two line
/// separators are letters to JSON but line ends to older readers of JavaScript.
pub(crate) fn push_escaped(out: &mut String, json: &str) {
    let mut rest = json;
    while let Some(at) = rest.find(['<', '\u{2028}', '\u{2029}']) {
        out.push_str(&rest[..at]);
        let mut letters = rest[at..].chars();
        out.push_str(match letters.next() {
            Some('<') => "\\u003c",
            Some('\u{2028}') => "\\u2028",
            _ => "\\u2029",
        });
        rest = letters.as_str();
    }
    out.push_str(rest);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_script_that_mentions_the_slot_is_not_the_slot() {
        let page = r#"<script>let a = '<script id="x">'</script><script id="x">{}</script>"#;
        let range = find(page, "x").unwrap();
        assert_eq!(&page[range], "{}");
    }

    #[test]
    fn no_slot_no_range() {
        assert_eq!(find(r#"<script id="y">{}</script>"#, "x"), None);
        assert_eq!(find("<script", "x"), None);
    }

    #[test]
    fn escapes_mean_the_same_to_json() {
        let mut out = String::new();
        push_escaped(&mut out, "{\"甲\":\"a<b\u{2028}c\u{2029}d\"}");
        assert_eq!(out, "{\"甲\":\"a\\u003cb\\u2028c\\u2029d\"}");
    }
}
