//! From a place in a scalar's value to the place in the file.
//!
//! However a scalar is written (plain, in quotes, as a block, folded over lines), its characters that are
//! no white space come one by one in the same order; only white space is joined, cut and indented. So
//! they are counted.

use super::{Content, Node};
use granit_parser::ScalarStyle;

/// The byte of the file where the byte `offset` of a scalar's value was written; the scalar's first one
/// where that cannot be told.
pub(crate) fn source_offset(source: &str, node: &Node, offset: usize) -> usize {
    let Content::Scalar { text, style } = &node.content else { return node.span.start };
    let raw = source.get(node.span.clone()).unwrap_or_default();
    let written: Vec<(usize, usize)> = letters(raw, *style);
    let value = text.chars().filter(|letter| !letter.is_whitespace()).count();
    if written.len() != value {
        return node.span.start;
    }
    let (before, after) = text.split_at_checked(offset).unwrap_or((text, ""));
    let count = before.chars().filter(|letter| !letter.is_whitespace()).count();
    let on_letter = after.chars().next().is_some_and(|letter| !letter.is_whitespace());
    let found = match (on_letter, count.checked_sub(1)) {
        (true, _) => written.get(count).map(|(start, _)| *start),
        (false, Some(last)) => written.get(last).map(|(_, end)| *end),
        (false, None) => None,
    };
    node.span.start + found.unwrap_or(0)
}

/// First byte and end of each character of the value that is no white space.
fn letters(raw: &str, style: ScalarStyle) -> Vec<(usize, usize)> {
    let (inner, quote) = match style {
        ScalarStyle::SingleQuoted => (1..raw.len().saturating_sub(1), Some('\'')),
        ScalarStyle::DoubleQuoted => (1..raw.len().saturating_sub(1), Some('"')),
        _ => (0..raw.len(), None),
    };
    let (mut found, mut at) = (Vec::new(), inner.start);
    while let Some(rest) = raw.get(at..inner.end).filter(|rest| !rest.is_empty()) {
        let (length, letter) = match quote {
            Some('\'') if rest.starts_with("''") => (2, Some('\'')),
            Some('"') if rest.starts_with('\\') => escaped(rest),
            _ => rest.chars().next().map_or((1, None), |letter| (letter.len_utf8(), Some(letter))),
        };
        if letter.is_some_and(|letter| !letter.is_whitespace()) {
            found.push((at, at + length));
        }
        at += length.max(1);
    }
    found
}

/// Length and character of an escape (yaml.org/spec/1.2.2, 5.7); none where a line goes on.
fn escaped(rest: &str) -> (usize, Option<char>) {
    let coded = |digits: usize| {
        let code = rest.get(2..2 + digits).and_then(|code| u32::from_str_radix(code, 16).ok());
        (2 + digits, code.and_then(char::from_u32))
    };
    match rest.chars().nth(1) {
        Some('x') => coded(2),
        Some('u') => coded(4),
        Some('U') => coded(8),
        Some('n' | 'r' | 't' | 'v' | 'f' | 'N' | 'L' | 'P' | '_' | ' ' | '\t') => (2, Some(' ')),
        Some('\r') if rest.starts_with("\\\r\n") => (3, None),
        Some('\n' | '\r') => (2, None),
        Some(letter) => (1 + letter.len_utf8(), Some(letter)),
        None => (1, None),
    }
}

#[cfg(test)]
mod tests {
    use super::super::parse;
    use super::*;

    /// Where the file says what is at this word of the value, as the text from there on.
    fn from(yaml: &str, word: &str) -> String {
        let root = parse(yaml).unwrap().unwrap();
        let Content::Map { pairs, .. } = root.content else { unreachable!() };
        let node = &pairs[0].1;
        let at = source_offset(yaml, node, node.raw().unwrap().find(word).unwrap());
        yaml[at..].lines().next().unwrap().to_owned()
    }

    #[test]
    fn places_are_found_in_every_way_of_writing() {
        for yaml in [
            "w: stage = 'é' and revenu > 1\n",
            "w: stage = 'é'\n   and\n   revenu > 1\n",
            "w: \"stage = '\\u00e9' \\\n    and\\trevenu > 1\"\n",
            "w: 'stage = ''é'' and\n\n  revenu > 1'\n",
            "w: | # why\n    stage = 'é'\n      and\n    revenu > 1\n",
            "w: |2-\n    stage = 'é'\n  and revenu > 1\n",
            "w: >\r\n  stage = 'é'\r\n\r\n  and\r\n    revenu > 1\r\n",
        ] {
            assert!(from(yaml, "revenu").starts_with("revenu > 1"), "{yaml}");
            assert!(from(yaml, "and").starts_with("and"), "{yaml}");
        }
    }

    #[test]
    fn the_end_and_what_is_out_of_bounds_have_a_place() {
        let yaml = "w: \"a b \"\n";
        let root = parse(yaml).unwrap().unwrap();
        let Content::Map { pairs, .. } = root.content else { unreachable!() };
        let at = |offset| source_offset(yaml, &pairs[0].1, offset);
        assert_eq!((at(0), at(1), at(2), at(3), at(4), at(99)), (4, 5, 6, 7, 7, 7));
    }
}
