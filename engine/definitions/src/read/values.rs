//! Single values.

use super::Page;
use super::fields::Fields;
use crate::names::made_of;
use crate::yaml::{Content, Kind, Node, kind};
use crate::{Languages, MAX_NAME_LETTERS, Share, Text, Window, is_name};
use perennial_model::nearest;

/// Events that a metric names, and outcomes that an experiment does, at most.
const MAX_NAMES: usize = 100;

impl Page<'_> {
    /// A text that says something.
    pub(super) fn text(&mut self, node: &Node, key: &str) -> Option<String> {
        let fix = match &node.content {
            Content::Scalar { text, style } => match kind(text, *style) {
                Kind::Text if text.trim().is_empty() => "give it a value, or take the line away".to_owned(),
                Kind::Text if text.contains('\0') => "take out the character NUL".to_owned(),
                Kind::Text => return Some(text.clone()),
                Kind::Null => "give it a value, or take the line away".to_owned(),
                Kind::Bool(_) | Kind::Number => format!("put it in quotes: \"{text}\""),
            },
            _ => format!("write it on one line: {key}: …"),
        };
        let message = match node.raw() {
            Some(text) if text.contains('\0') => format!("{key} holds a character that is none"),
            Some(text) if text.trim().is_empty() => format!("{key} is empty"),
            _ => format!("{key} is a text, this is {}", node.described()),
        };
        self.problem(node.span.start, message, fix);
        None
    }

    /// A name of a column.
    pub(super) fn name(&mut self, node: &Node) -> Option<String> {
        let text = self.text(node, "name")?;
        if is_name(&text) {
            return Some(text);
        }
        let fix = made_of(&text).map_or_else(
            || format!("write lower-case letters, digits and _, a letter first, at most {MAX_NAME_LETTERS}"),
            |name| format!("write lower-case letters, digits and _, for example {name}"),
        );
        self.problem(node.span.start, format!("{text} cannot be a name"), fix);
        None
    }

    /// Words in one language or both.
    pub(super) fn words(&mut self, node: &Node, key: &str) -> Option<Text> {
        if !matches!(node.content, Content::Map { .. }) {
            return self.text(node, key).map(Text::One);
        }
        let fields = Fields::of(self, node, &format!("a {key} in both languages"), &["zh", "en"])?;
        let mut one = |language: &str| {
            let fix = format!("add {language}: … to it, or write a text that serves both");
            let node = fields.required(self, language, key, &fix)?;
            self.text(node, language)
        };
        let (zh, en) = (one("zh"), one("en"));
        Some(Text::Both(Languages { zh: zh?, en: en? }))
    }

    /// One of some words.
    pub(super) fn one_of<T: Copy>(&mut self, node: &Node, key: &str, known: &[(&str, T)]) -> Option<T> {
        let words = known.iter().map(|(word, _)| *word);
        let text = node.raw().filter(|_| !node.is_null());
        if let Some((_, found)) = known.iter().find(|(word, _)| text == Some(*word)) {
            return Some(*found);
        }
        let fix = match text.and_then(|text| nearest(text, words.clone())) {
            Some(near) => format!("is {near} meant?"),
            None => format!("write one of {}", words.collect::<Vec<_>>().join(", ")),
        };
        let message = match text {
            Some(text) => format!("{text} is no {key}"),
            None => format!("{key} is a word, this is {}", node.described()),
        };
        self.problem(node.span.start, message, fix);
        None
    }

    /// True or false.
    pub(super) fn yes_or_no(&mut self, node: &Node, key: &str) -> Option<bool> {
        if let Content::Scalar { text, style } = &node.content
            && let Kind::Bool(truth) = kind(text, *style)
        {
            return Some(truth);
        }
        let message = format!("{key} is true or false, this is {}", node.described());
        self.problem(node.span.start, message, format!("write {key}: true, or take the line away"));
        None
    }

    /// A span of days or weeks.
    pub(super) fn window(&mut self, node: &Node, key: &str) -> Option<Window> {
        let text = match node.raw() {
            Some(text) if !node.is_null() => text,
            _ => {
                let message = format!("{key} is a span of days or weeks, this is {}", node.described());
                self.problem(node.span.start, message, "write for example 90d or 12w");
                return None;
            }
        };
        match text.parse() {
            Ok(window) => Some(window),
            Err(crate::ParseWindowError { message, fix }) => {
                self.problem(node.span.start, format!("{key}: {message}"), fix);
                None
            }
        }
    }

    /// A share of something.
    pub(super) fn share(&mut self, node: &Node, key: &str, whole: &str) -> Option<Share> {
        let text = match node.raw() {
            Some(text) if !node.is_null() => text,
            _ => {
                let message = format!("{key} is a share of the {whole}, this is {}", node.described());
                self.problem(node.span.start, message, "write a percentage, for example 10%");
                return None;
            }
        };
        match text.parse() {
            Ok(share) => Some(share),
            Err(crate::ParseShareError { message, fix }) => {
                self.problem(node.span.start, format!("{key}: {message}"), fix);
                None
            }
        }
    }

    /// Names of events: one or a list.
    pub(super) fn events(&mut self, node: &Node) -> Option<Vec<String>> {
        self.names(node, "events")
    }

    /// Names of events or of outcomes: one or a list.
    pub(super) fn names(&mut self, node: &Node, key: &str) -> Option<Vec<String>> {
        let Content::List { items, .. } = &node.content else {
            return self.text(node, key).map(|name| vec![name]);
        };
        if items.is_empty() {
            let fix = if key == "events" { "take the line away to count all" } else { "take the line away" };
            self.problem(node.span.start, format!("{key} is an empty list"), format!("name {key}, or {fix}"));
            return None;
        }
        if items.len() > MAX_NAMES {
            let message = format!("{key} has {} names, more than {MAX_NAMES}", items.len());
            let fix = match key {
                "events" => "take the line away to count all, or say in where which ones count",
                _ => "name fewer",
            };
            self.problem(node.span.start, message, fix);
            return None;
        }
        let mut names: Vec<String> = Vec::new();
        for item in items {
            let name = self.text(item, &format!("a name of {key}"))?;
            if names.contains(&name) {
                self.problem(item.span.start, format!("{name} is in the list twice"), "take one of them away");
                return None;
            }
            names.push(name);
        }
        Some(names)
    }
}
