//! A text cut into the whole lines of its parts.

use crate::yaml::{Content, Node};
use std::ops::Range;

/// A text: what stands before its parts, the parts, and what stands behind.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Blocks<'t> {
    pub(super) head: &'t str,
    pub(super) parts: Vec<Block<'t>>,
    pub(super) tail: &'t str,
}

/// A part.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Block<'t> {
    pub(super) id: String,
    /// Comments and blank lines above it.
    pub(super) lead: &'t str,
    /// Its own lines.
    pub(super) body: &'t str,
    /// Spaces before its first letter, a dash counted as one.
    pub(super) indent: usize,
}

/// Where a part's node is.
struct Spot {
    id: String,
    said: Range<usize>,
}

impl<'t> Blocks<'t> {
    /// The keys of a group that is written line by line.
    pub(super) fn of_keys(text: &'t str, group: &Node) -> Option<Self> {
        let Content::Map { pairs, block: true } = &group.content else { return None };
        let spot = |(key, value): &(Node, Node)| {
            let end = value.end(text).max(key.end(text));
            Some(Spot { id: key.raw()?.to_owned(), said: key.span.start..end })
        };
        let spots = pairs.iter().map(spot).collect::<Option<Vec<_>>>()?;
        Self::cut(text, 0, &spots, |prefix| prefix.bytes().all(|byte| byte == b' '))
    }

    /// The items of a list that is written line by line, behind the line of its key.
    pub(super) fn of_items(text: &'t str, key: &Node, list: &Node, ids: &[&str]) -> Option<Self> {
        let from = line_end(text, key.end(text));
        let items = match &list.content {
            Content::List { items, block: true } => items.as_slice(),
            _ if list.is_null() => &[],
            _ => return None,
        };
        let spot = |(item, id): (&Node, &&str)| Spot { id: (*id).to_owned(), said: item.span.start..item.end(text) };
        let spots: Vec<Spot> = items.iter().zip(ids).map(spot).collect();
        let dashed = |prefix: &str| {
            prefix.trim_start_matches(' ').strip_prefix('-').is_some_and(|rest| rest.bytes().all(|byte| byte == b' '))
        };
        (spots.len() == items.len()).then(|| Self::cut(text, from, &spots, dashed))?
    }

    /// Parts whose first lines have such a prefix, from this byte on.
    fn cut(text: &'t str, from: usize, spots: &[Spot], fits: impl Fn(&str) -> bool) -> Option<Self> {
        let (mut parts, mut done): (Vec<Block<'t>>, usize) = (Vec::new(), from);
        let mut head_end = from;
        for spot in spots {
            let start = line_start(text, spot.said.start);
            let prefix = without_mark(text.get(start..spot.said.start)?);
            if start < done || !fits(prefix) {
                return None;
            }
            if parts.is_empty() {
                head_end = head(text, from, start)?;
                done = head_end;
            }
            let end = line_end(text, spot.said.end);
            let (lead, body) = (text.get(done..start)?, text.get(start..end)?);
            parts.push(Block { id: spot.id.clone(), lead, body, indent: prefix.len() });
            done = end;
        }
        Some(Self { head: text.get(..head_end)?, parts, tail: text.get(done..)? })
    }
}

/// The end of what stands above the first part and is not about it: all down to the last blank line; at
/// the top of a file without one, everything.
fn head(text: &str, from: usize, start: usize) -> Option<usize> {
    let above = text.get(from..start)?;
    let (mut at, mut last) = (from, None);
    for line in above.split_inclusive('\n') {
        at += line.len();
        if line.trim().is_empty() {
            last = Some(at);
        }
    }
    Some(last.unwrap_or(if from == 0 { start } else { from }))
}

fn without_mark(prefix: &str) -> &str {
    prefix.trim_start_matches('\u{feff}')
}

fn line_start(text: &str, at: usize) -> usize {
    text.get(..at).and_then(|before| before.rfind('\n')).map_or(0, |end| end + 1)
}

/// Behind the end of the line that this byte is in, or that ends there.
fn line_end(text: &str, at: usize) -> usize {
    text.get(at..).and_then(|after| after.find('\n')).map_or(text.len(), |end| at + end + 1)
}
