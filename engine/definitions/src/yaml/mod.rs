//! YAML as a tree whose nodes know their places, and back as text.

mod emit;
mod offset;
mod parse;
mod place;
mod scalar;

pub(crate) use emit::{emit_item, emit_map};
pub(crate) use offset::source_offset;
pub(crate) use parse::{Fault, parse};
pub(crate) use place::place;
pub(crate) use scalar::{Kind, kind};

use granit_parser::ScalarStyle;
use std::ops::Range;

/// A value and the bytes of the text that it takes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Node {
    /// From its first byte; of a block of text (`|`) from the first of its content.
    pub(crate) span: Range<usize>,
    pub(crate) content: Content,
}

/// See [`Node`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Content {
    Scalar { text: String, style: ScalarStyle },
    List { items: Vec<Node>, block: bool },
    Map { pairs: Vec<(Node, Node)>, block: bool },
}

impl Node {
    /// What it is, for people.
    pub(crate) fn described(&self) -> &'static str {
        match &self.content {
            Content::Scalar { text, style } => kind(text, *style).described(),
            Content::List { .. } => "a list",
            Content::Map { .. } => "a group of keys",
        }
    }

    /// Whether nothing is there, or `null`.
    pub(crate) fn is_null(&self) -> bool {
        matches!(&self.content, Content::Scalar { text, style } if kind(text, *style) == Kind::Null)
    }

    /// The text of a scalar, whatever it looks like.
    pub(crate) fn raw(&self) -> Option<&str> {
        match &self.content {
            Content::Scalar { text, .. } => Some(text),
            _ => None,
        }
    }

    /// The byte after the last one that says something.
    pub(crate) fn end(&self, source: &str) -> usize {
        let last = match &self.content {
            Content::List { items, block: true } => items.last(),
            Content::Map { pairs, block: true } => pairs.last().map(|(_, value)| value),
            _ => None,
        };
        match last {
            Some(last) => last.end(source),
            None => {
                let said = source.get(self.span.clone()).unwrap_or_default().trim_end();
                self.span.start + said.len()
            }
        }
    }
}
