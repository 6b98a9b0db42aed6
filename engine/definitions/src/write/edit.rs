//! A text with some of its parts changed.

use super::blocks::{Block, Blocks};
use super::items::{Item, list_key};
use crate::yaml::{Content, Node, parse};
use serde_json::{Map, Value};

/// The text with these parts; none where its form does not allow to change parts.
pub(super) fn edit(text: &str, file: &str, before: &[Item], wanted: &[Item]) -> Option<String> {
    let end = if text.contains("\r\n") { "\r\n" } else { "\n" };
    let Some(key) = list_key(file) else {
        return match parse(text).ok()? {
            Some(root) => Some(put_together(&Blocks::of_keys(text, &root)?, before, wanted, end)),
            None => Some(append(text, "", wanted, end)),
        };
    };
    let Some(root) = parse(text).ok()? else { return Some(append(text, key, wanted, end)) };
    let Content::Map { pairs, block: true } = &root.content else { return None };
    let [(key, list)] = pairs.as_slice() else { return None };
    let ids: Vec<&str> = before.iter().map(Item::id).collect();
    Some(put_together(&Blocks::of_items(text, key, list, &ids)?, before, wanted, end))
}

/// Parts behind a text that has none.
fn append(text: &str, key: &str, wanted: &[Item], end: &str) -> String {
    let mut out = text.to_owned();
    end_line(&mut out, end);
    if !key.is_empty() {
        out.push_str(key);
        out.push(':');
        out.push_str(end);
    }
    let indent = if key.is_empty() { 0 } else { 2 };
    for (place, item) in wanted.iter().enumerate() {
        if place > 0 && indent > 0 {
            out.push_str(end);
        }
        out.push_str(&emitted(item, indent, end));
    }
    out
}

fn put_together(blocks: &Blocks<'_>, before: &[Item], wanted: &[Item], end: &str) -> String {
    let dash = |block: &Block<'_>| block.body.len() - block.body.trim_start_matches(['\u{feff}', ' ']).len();
    let entries = wanted.iter().chain(before).any(|item| matches!(item, Item::Entry(..)));
    let indent = blocks.parts.first().map_or(if entries { 2 } else { 0 }, dash);
    let spaced = entries && (blocks.parts.len() < 2 || blocks.parts.iter().any(|part| has_blank_line(part.lead)));
    let (mut out, mut after_new) = (blocks.head.to_owned(), false);
    for (place, item) in in_kept_order(wanted, before).into_iter().enumerate() {
        end_line(&mut out, end);
        let part = blocks.parts.iter().find(|part| part.id == item.id());
        let Some(part) = part else {
            if spaced && place > 0 {
                out.push_str(end);
            }
            out.push_str(&emitted(item, indent, end));
            after_new = true;
            continue;
        };
        // What stood first, or stands behind something new, needs a blank line of its own.
        let apart = before.first().is_some_and(|first| first.id() == item.id()) || after_new;
        after_new = false;
        if spaced && place > 0 && apart && !has_blank_line(part.lead) {
            out.push_str(end);
        }
        out.push_str(if place == 0 { part.lead.trim_start_matches(['\r', '\n']) } else { part.lead });
        let same = before.iter().any(|earlier| earlier == item);
        let changed = if same { None } else { Some(inside(part, item, end)) };
        out.push_str(changed.as_deref().unwrap_or(part.body));
    }
    end_line(&mut out, end);
    out.push_str(blocks.tail);
    out
}

fn has_blank_line(text: &str) -> bool {
    text.lines().any(|line| line.trim().is_empty())
}

/// Keys have no order of their own: those that were there stay where they were.
fn in_kept_order<'i>(wanted: &'i [Item], before: &[Item]) -> Vec<&'i Item> {
    let mut ordered: Vec<&Item> = wanted.iter().collect();
    if wanted.iter().all(|item| matches!(item, Item::Key(..))) {
        let place = |item: &Item| before.iter().position(|earlier| earlier.id() == item.id()).unwrap_or(usize::MAX);
        ordered.sort_by_key(|item| place(item));
    }
    ordered
}

/// A part that is still there and says something else: written anew, or only those of its keys that differ.
fn inside(part: &Block<'_>, item: &Item, end: &str) -> String {
    let own = || {
        let indent = part.body.len() - part.body.trim_start_matches(['\u{feff}', ' ']).len();
        emitted(item, indent, end)
    };
    match item {
        Item::Entry(_, map) => keys_of(part, map, end).unwrap_or_else(own),
        Item::Key(..) => own(),
    }
}

/// The lines of an entry with the keys of this group.
fn keys_of(part: &Block<'_>, map: &Map<String, Value>, end: &str) -> Option<String> {
    let dash = part.body.find('-').filter(|dash| *dash < part.indent)?;
    // Without its dash an entry is a group of keys.
    let alone = format!("{} {}", part.body.get(..dash)?, part.body.get(dash + 1..)?);
    let root = parse(&alone).ok()??;
    let blocks = Blocks::of_keys(&alone, &root)?;
    let before = keys(&root, &alone)?;
    let wanted: Vec<Item> = map.iter().map(|(key, value)| Item::Key(key.clone(), value.clone())).collect();
    let out = put_together(&blocks, &before, &wanted, end);
    let spaces = out.get(..=dash)?;
    (spaces.bytes().all(|byte| byte == b' ') && out.get(dash + 1..part.indent)?.bytes().all(|byte| byte == b' '))
        .then(|| format!("{}-{}", spaces.get(..dash).unwrap_or_default(), out.get(dash + 1..).unwrap_or_default()))
}

/// What the keys of a group say, as far as they are texts, lists and groups of them.
fn keys(group: &Node, source: &str) -> Option<Vec<Item>> {
    let Content::Map { pairs, .. } = &group.content else { return None };
    pairs.iter().map(|(key, value)| Some(Item::Key(key.raw()?.to_owned(), value_of(value, source)?))).collect()
}

fn value_of(node: &Node, source: &str) -> Option<Value> {
    Some(match &node.content {
        Content::Scalar { text, style } => match crate::yaml::kind(text, *style) {
            crate::yaml::Kind::Bool(flag) => Value::Bool(flag),
            crate::yaml::Kind::Number if text.parse::<u64>().is_ok_and(|number| number.to_string() == *text) => {
                Value::Number(text.parse::<u64>().ok()?.into())
            }
            crate::yaml::Kind::Number if text.contains('.') => {
                text.parse::<f64>().ok().and_then(serde_json::Number::from_f64).map(Value::Number)?
            }
            _ => Value::String(text.clone()),
        },
        Content::List { items, .. } => match items.as_slice() {
            [one] if one.raw().is_some() => value_of(one, source)?,
            items => Value::Array(items.iter().map(|item| value_of(item, source)).collect::<Option<_>>()?),
        },
        Content::Map { .. } => {
            let keys = keys(node, source)?;
            let pair = |item| match item {
                Item::Key(key, value) => Some((key, value)),
                Item::Entry(..) => None,
            };
            Value::Object(keys.into_iter().map(pair).collect::<Option<Map<_, _>>>()?)
        }
    })
}

fn emitted(item: &Item, indent: usize, end: &str) -> String {
    let mut text = String::new();
    item.emit(indent, &mut text);
    if end == "\n" { text } else { text.replace('\n', end) }
}

/// Ends the last line, if it has no end.
fn end_line(text: &mut String, end: &str) {
    if !text.is_empty() && !text.ends_with('\n') {
        text.push_str(end);
    }
}
