//! Groups of keys, and lists of them.

use super::{MAX_ENTRIES, Page, Tree};
use crate::yaml::{Content, Node};
use perennial_model::nearest;

/// The keys of a group.
pub(super) struct Fields<'n> {
    /// First byte of the group.
    pub(super) at: usize,
    pairs: Vec<(&'n str, &'n Node, &'n Node)>,
    /// Keys that were probably meant by unknown ones.
    meant: Vec<String>,
}

impl<'n> Fields<'n> {
    /// The keys of this node; unknown ones and those said twice are problems, and left out. `what` is what
    /// the group is, with its article.
    pub(super) fn of(page: &mut Page<'_>, node: &'n Node, what: &str, known: &[&str]) -> Option<Self> {
        let Content::Map { pairs, .. } = &node.content else {
            let fix = format!("write its keys as lines, such as {}: …", known.first().unwrap_or(&"name"));
            page.problem(node.span.start, format!("{what} is wanted here, this is {}", node.described()), fix);
            return None;
        };
        let mut fields = Self { at: node.span.start, pairs: Vec::new(), meant: Vec::new() };
        for (key, value) in pairs {
            let Some(name) = key.raw() else {
                let fix = format!("known keys are {}", known.join(", "));
                page.problem(key.span.start, format!("a key is wanted here, this is {}", key.described()), fix);
                continue;
            };
            if !known.contains(&name) {
                let near = if page.is_full() { None } else { nearest(name, known.iter().copied()) };
                let fix = match near {
                    Some(near) => format!("is {near} meant?"),
                    None => format!("known keys are {}", known.join(", ")),
                };
                fields.meant.extend(near.map(str::to_owned));
                page.problem(key.span.start, format!("{what} has no key {name}"), fix);
            } else if let Some((_, first, _)) = fields.pairs.iter().find(|(other, ..)| *other == name) {
                let message = format!("{name} is said twice: {} has it too", page.place(first.span.start));
                page.problem(key.span.start, message, "take one of them away");
            } else {
                fields.pairs.push((name, key, value));
            }
        }
        Some(fields)
    }

    /// The value of a key.
    pub(super) fn get(&self, key: &str) -> Option<&'n Node> {
        self.pairs.iter().find(|(name, ..)| *name == key).map(|(.., value)| *value)
    }

    /// Whether a key is missing, and not only misspelt.
    pub(super) fn misses(&self, key: &str) -> bool {
        self.get(key).is_none() && !self.meant.iter().any(|meant| meant == key)
    }

    /// First byte of a key that is there.
    pub(super) fn key_at(&self, key: &str) -> Option<usize> {
        self.pairs.iter().find(|(name, ..)| *name == key).map(|(_, key, _)| key.span.start)
    }

    /// The value of a key that must be there.
    pub(super) fn required(&self, page: &mut Page<'_>, key: &str, what: &str, fix: &str) -> Option<&'n Node> {
        if self.misses(key) {
            page.problem(self.at, format!("{what} has no {key}"), fix);
        }
        self.get(key)
    }
}

/// The entries of a file whose only key is `key`; and whether the file could be read.
pub(super) fn entries(page: &mut Page<'_>, key: &str, with: &mut dyn FnMut(&mut Page<'_>, &Node)) -> bool {
    let root = match page.tree() {
        Tree::Root(root) if root.is_null() => return true,
        Tree::Root(root) => root,
        Tree::Empty => return true,
        Tree::Illegible => return false,
    };
    if matches!(root.content, Content::List { .. }) {
        let fix = format!("write {key}: on a line above it");
        page.problem(root.span.start, format!("the list stands alone, it belongs to the key {key}"), fix);
        return false;
    }
    let Some(fields) = Fields::of(page, &root, "this file", &[key]) else { return false };
    let Some(value) = fields.required(page, key, "this file", &format!("begin it with the line {key}:")) else {
        return false;
    };
    match &value.content {
        _ if value.is_null() => true,
        Content::List { items, .. } if items.len() > MAX_ENTRIES => {
            let message = format!("{key} has {} entries, more than {MAX_ENTRIES}", items.len());
            page.problem(value.span.start, message, "take out what is not needed");
            false
        }
        Content::List { items, .. } => {
            items.iter().for_each(|item| with(page, item));
            true
        }
        _ => {
            let fix = "begin each entry with a dash: - name: …";
            page.problem(value.span.start, format!("{key} is a list, this is {}", value.described()), fix);
            false
        }
    }
}
