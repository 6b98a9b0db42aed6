//! A file's text into a tree.

use super::{Content, Node};
use granit_parser::{Event, Options, ParseResult, Parser, StrInput, StructureStyle, options};
use std::ops::Range;

/// Lists and groups of keys within each other; definitions need five.
const MAX_NESTING: usize = 16;

/// Why a text is no YAML that is read here.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Fault {
    /// Where, in bytes.
    pub(crate) at: usize,
    pub(crate) message: String,
    pub(crate) fix: String,
}

impl Fault {
    fn new(at: usize, message: impl Into<String>, fix: impl Into<String>) -> Self {
        Self { at, message: message.into(), fix: fix.into() }
    }
}

/// The tree of a text; none where nothing is in it but comments.
pub(crate) fn parse(source: &str) -> Result<Option<Node>, Fault> {
    let options: Options = options! { flow_nesting_limit: MAX_NESTING, block_nesting_limit: MAX_NESTING };
    let mut events = Events { parser: Parser::new_from_str_with_options(source, options), source };
    let mut root = None;
    while let Some((event, span)) = events.next()? {
        match event {
            Event::StreamStart | Event::DocumentStart(..) | Event::DocumentEnd => {}
            Event::StreamEnd => break,
            _ if root.is_some() => {
                let fix = "take the line of dashes away, and what is behind it into the list above";
                return Err(Fault::new(span.start, "a second document begins here", fix));
            }
            event => root = Some(events.node(event, span, 0)?),
        }
    }
    Ok(root)
}

struct Events<'s> {
    parser: Parser<'s, StrInput<'s>>,
    source: &'s str,
}

impl<'s> Events<'s> {
    fn next(&mut self) -> Result<Option<(Event<'s>, Range<usize>)>, Fault> {
        let Some(event) = self.parser.next_event() else { return Ok(None) };
        let (event, span) = self.checked(event)?;
        Ok(Some((event, span)))
    }

    fn checked(&self, event: ParseResult<'s>) -> Result<(Event<'s>, Range<usize>), Fault> {
        let error = match event {
            Ok((event, span)) => return Ok((event, span.byte_range().unwrap_or_default())),
            Err(error) => error,
        };
        let at = error.marker().byte_offset().unwrap_or_default();
        // A text that goes on behind a tab is told where it begins.
        let until = if error.info().contains("tab") { self.source.len() } else { at };
        if let Some(tab) = tab_in_indentation(self.source, until) {
            let fix = "indent with spaces: YAML takes no tabs there";
            return Err(Fault::new(tab, "a tab is in the indentation", fix));
        }
        let fix = "look at the indentation, brackets and quotes of this line and the one before; text with \": \" or \" #\" in it \
                   goes into quotes";
        Err(Fault::new(at, format!("this cannot be read as YAML: {}", error.info()), fix))
    }

    /// The node that begins with this event.
    fn node(&mut self, event: Event<'s>, span: Range<usize>, depth: usize) -> Result<Node, Fault> {
        if depth > MAX_NESTING {
            return Err(Fault::new(span.start, "this is nested too deeply", "take levels away"));
        }
        let anchored = |anchor: usize, tagged: bool| match (anchor, tagged) {
            (0, false) => Ok(()),
            (0, true) => Err(Fault::new(span.start, "a tag (!…) stands here", "take the tag away: types are known")),
            _ => Err(Fault::new(span.start, "an anchor (&…) stands here", "take it away and write values out")),
        };
        match event {
            Event::Scalar(text, style, anchor, tag) => {
                anchored(anchor, tag.is_some())?;
                // Nothing at all is `~` to the parser.
                let text = if span.is_empty() { String::new() } else { text.into_owned() };
                Ok(Node { span, content: Content::Scalar { text, style } })
            }
            Event::SequenceStart(style, anchor, tag) => {
                anchored(anchor, tag.is_some())?;
                self.list(span.start, style == StructureStyle::Block, depth)
            }
            Event::MappingStart(style, anchor, tag) => {
                anchored(anchor, tag.is_some())?;
                self.map(span.start, style == StructureStyle::Block, depth)
            }
            Event::Alias(_) => Err(Fault::new(span.start, "an alias (*…) stands here", "write the value out")),
            _ => Err(Fault::new(span.start, "this cannot be read", "take it away")),
        }
    }

    fn list(&mut self, start: usize, block: bool, depth: usize) -> Result<Node, Fault> {
        let mut items = Vec::new();
        loop {
            match self.next()? {
                Some((Event::SequenceEnd, span)) => {
                    return Ok(Node { span: start..span.end, content: Content::List { items, block } });
                }
                Some((event, span)) => items.push(self.node(event, span, depth + 1)?),
                None => return Err(cut_off(start)),
            }
        }
    }

    fn map(&mut self, start: usize, block: bool, depth: usize) -> Result<Node, Fault> {
        let mut pairs = Vec::new();
        loop {
            let key = match self.next()? {
                Some((Event::MappingEnd, span)) => {
                    return Ok(Node { span: start..span.end, content: Content::Map { pairs, block } });
                }
                Some((event, span)) => self.node(event, span, depth + 1)?,
                None => return Err(cut_off(start)),
            };
            let Some((event, span)) = self.next()? else { return Err(cut_off(start)) };
            pairs.push((key, self.node(event, span, depth + 1)?));
        }
    }
}

fn cut_off(at: usize) -> Fault {
    Fault::new(at, "what begins here has no end", "close it")
}

/// The first tab before the text of a line, up to the line of a byte.
fn tab_in_indentation(source: &str, until: usize) -> Option<usize> {
    let mut start = 0;
    for line in source.split_inclusive('\n') {
        if start > until {
            return None;
        }
        let indentation = line.len() - line.trim_start_matches([' ', '\t']).len();
        if let Some(tab) = line.get(..indentation).and_then(|blank| blank.find('\t')) {
            return Some(start + tab);
        }
        start += line.len();
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tree_knows_its_places() {
        let text = "\u{feff}a:\r\n  - b: |\r\n      c\r\n\r\n    d: [e]  # f\r\n";
        let root = parse(text).unwrap().unwrap();
        let Content::Map { pairs, block: true } = &root.content else { unreachable!() };
        let Content::List { items, block: true } = &pairs[0].1.content else { unreachable!() };
        assert_eq!(items[0].span.start, text.find('b').unwrap());
        assert_eq!(items[0].end(text), text.find(']').unwrap() + 1);
        let Content::Map { pairs, .. } = &items[0].content else { unreachable!() };
        assert_eq!((pairs[0].1.raw(), pairs[0].1.span.start), (Some("c\n"), text.find("c\r").unwrap()));
        assert_eq!(pairs[0].1.end(text), text.find("c\r").unwrap() + 1);
        assert_eq!(parse("# nothing\n").unwrap(), None);
    }

    #[test]
    fn what_is_not_read_is_told_where() {
        let deep = format!("a: {}", "[".repeat(MAX_NESTING + 1));
        for (text, at, said) in [
            ("a:\n\t- b\n", 3, "a tab"),
            ("a: b\n\tc: d\n", 5, "a tab"),
            ("a: &b 1\n", 6, "an anchor"),
            ("a: !b 1\n", 6, "a tag"),
            ("a: 1\n---\nb: 2\n", 9, "a second document"),
            ("a: b: c\n", 4, "cannot be read as YAML"),
            (&deep, 3 + MAX_NESTING, "cannot be read as YAML"),
        ] {
            let fault = parse(text).unwrap_err();
            assert!(fault.at == at && fault.message.contains(said), "{text}: {fault:?}");
        }
    }
}
