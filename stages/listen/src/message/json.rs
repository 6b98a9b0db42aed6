//! JSON as trackers send it, strictly: numbers keep their digits, and what cannot be kept is named
//! with its path.
//!
//! Not `serde_json`, because a lone surrogate in one message would end the reading of a whole batch
//! there, and a price would come through a float.

use super::limits::NUMBER_BYTES;
use super::problem::{At, Problem, ProblemCode};
use bumpalo::Bump;
use bumpalo::collections::{String as ArenaString, Vec as ArenaVec};

/// Room for the first members of an object, or items of a list.
const FIRST: usize = 4;

/// A value; texts without escapes and numbers are borrowed, the rest stands in the arena of the body.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Json<'a> {
    Null,
    Bool(bool),
    /// As written.
    Number(&'a str),
    Text(&'a str),
    List(&'a [Self]),
    Object(Members<'a>),
}

/// Members of an object, as they stand; of two with one name the last counts.
pub(crate) type Members<'a> = &'a [(&'a str, Json<'a>)];

/// Why a value cannot be read.
#[derive(Debug)]
pub(crate) enum Stop {
    /// Reading cannot go on.
    Syntax(Problem),
    /// The value is JSON but is refused; reading can go on behind it.
    Refused(Problem),
}

impl Stop {
    pub(crate) fn into_problem(self) -> Problem {
        match self {
            Self::Syntax(problem) | Self::Refused(problem) => problem,
        }
    }
}

/// Reads from the front of a text.
#[derive(Debug, Clone)]
pub(crate) struct Parser<'a> {
    text: &'a str,
    /// Position, bytes.
    pub(crate) at: usize,
    depth: usize,
    arena: &'a Bump,
}

impl<'a> Parser<'a> {
    /// `depth` objects and lists may be within one another.
    pub(crate) const fn new(text: &'a str, depth: usize, arena: &'a Bump) -> Self {
        Self { text, at: 0, depth, arena }
    }

    /// The text from a position up to here.
    pub(crate) fn since(&self, start: usize) -> &'a str {
        &self.text[start..self.at]
    }

    /// The next letter that is no white space.
    pub(crate) fn peek(&mut self) -> Option<u8> {
        let bytes = self.text.as_bytes();
        while let Some(b' ' | b'\t' | b'\n' | b'\r') = bytes.get(self.at) {
            self.at += 1;
        }
        bytes.get(self.at).copied()
    }

    /// Takes a letter if it is the next.
    pub(crate) fn take(&mut self, letter: u8) -> bool {
        let found = self.peek() == Some(letter);
        self.at += usize::from(found);
        found
    }

    /// Takes a letter that must be the next.
    pub(crate) fn expect(&mut self, letter: u8) -> Result<(), Stop> {
        if self.take(letter) { Ok(()) } else { Err(self.syntax(&format!("expected {:?}", char::from(letter)))) }
    }

    /// Nothing may follow.
    pub(crate) fn end(&mut self) -> Result<(), Stop> {
        if self.peek().is_none() { Ok(()) } else { Err(self.syntax("expected the end")) }
    }

    pub(crate) fn syntax(&self, what: &str) -> Stop {
        let message = format!("not JSON: {what} at byte {}; send UTF-8 JSON", self.at);
        Stop::Syntax(Problem::new(ProblemCode::MalformedJson, "", message))
    }

    /// The next value.
    pub(crate) fn value(&mut self, at: &At<'_>) -> Result<Json<'a>, Stop> {
        match self.peek() {
            Some(b'{') => self.nested(at, Self::object),
            Some(b'[') => self.nested(at, Self::list),
            Some(b'"') => self.string(at).map(Json::Text),
            Some(b'-' | b'0'..=b'9') => self.number(at).map(Json::Number),
            Some(b't') => self.word("true", Json::Bool(true)),
            Some(b'f') => self.word("false", Json::Bool(false)),
            Some(b'n') => self.word("null", Json::Null),
            _ => Err(self.syntax("expected a value")),
        }
    }

    fn nested(
        &mut self,
        at: &At<'_>,
        read: impl FnOnce(&mut Self, &At<'_>) -> Result<Json<'a>, Stop>,
    ) -> Result<Json<'a>, Stop> {
        let Some(rest) = self.depth.checked_sub(1) else {
            let message = "objects and lists are too deep within one another: flatten them";
            return Err(Stop::Refused(Problem::new(ProblemCode::TooDeep, at, message)));
        };
        self.depth = rest;
        let value = read(self, at);
        self.depth = rest + 1;
        value
    }

    fn object(&mut self, at: &At<'_>) -> Result<Json<'a>, Stop> {
        self.expect(b'{')?;
        if self.take(b'}') {
            return Ok(Json::Object(&[]));
        }
        let mut members = ArenaVec::with_capacity_in(FIRST, self.arena);
        loop {
            let name = self.name(at)?;
            let value = self.value(&At::Member(at, name))?;
            members.push((name, value));
            if !self.take(b',') {
                return self.expect(b'}').map(|()| Json::Object(members.into_bump_slice()));
            }
        }
    }

    /// The name of a member, and the colon behind it.
    pub(crate) fn name(&mut self, at: &At<'_>) -> Result<&'a str, Stop> {
        if self.peek() != Some(b'"') {
            return Err(self.syntax("expected a name in quotes"));
        }
        let name = self.string(at)?;
        self.expect(b':').map(|()| name)
    }

    fn list(&mut self, at: &At<'_>) -> Result<Json<'a>, Stop> {
        self.expect(b'[')?;
        if self.take(b']') {
            return Ok(Json::List(&[]));
        }
        let mut items = ArenaVec::with_capacity_in(FIRST, self.arena);
        loop {
            items.push(self.value(&At::Item(at, items.len()))?);
            if !self.take(b',') {
                return self.expect(b']').map(|()| Json::List(items.into_bump_slice()));
            }
        }
    }

    fn word(&mut self, word: &str, value: Json<'a>) -> Result<Json<'a>, Stop> {
        if !self.text[self.at..].starts_with(word) {
            return Err(self.syntax("expected a value"));
        }
        self.at += word.len();
        Ok(value)
    }

    fn number(&mut self, at: &At<'_>) -> Result<&'a str, Stop> {
        let number = self.number_text()?;
        // Without an exponent so few digits are finite.
        let is_finite = || !number.contains(['e', 'E']) || number.parse::<f64>().is_ok_and(f64::is_finite);
        if number.len() > NUMBER_BYTES || !is_finite() {
            let message = "the number is too large to be one: send a smaller one, or an id as a text in quotes";
            return Err(Stop::Refused(Problem::new(ProblemCode::NumberOutOfRange, at, message)));
        }
        Ok(number)
    }

    fn number_text(&mut self) -> Result<&'a str, Stop> {
        let start = self.at;
        self.at += usize::from(self.text.as_bytes().get(self.at) == Some(&b'-'));
        let whole = self.at;
        let digits = self.digits();
        if digits == 0 || (digits > 1 && self.text.as_bytes().get(whole) == Some(&b'0')) {
            return Err(self.syntax("expected a number"));
        }
        if self.text.as_bytes().get(self.at) == Some(&b'.') {
            self.at += 1;
            if self.digits() == 0 {
                return Err(self.syntax("expected digits behind the point"));
            }
        }
        if let Some(b'e' | b'E') = self.text.as_bytes().get(self.at) {
            self.at += 1;
            self.at += usize::from(matches!(self.text.as_bytes().get(self.at), Some(b'+' | b'-')));
            if self.digits() == 0 {
                return Err(self.syntax("expected an exponent"));
            }
        }
        Ok(&self.text[start..self.at])
    }

    fn digits(&mut self) -> usize {
        let count = self.text.as_bytes()[self.at..].iter().take_while(|byte| byte.is_ascii_digit()).count();
        self.at += count;
        count
    }

    fn string(&mut self, at: &At<'_>) -> Result<&'a str, Stop> {
        self.at += 1;
        let start = self.at;
        let mut out: Option<ArenaString<'a>> = None;
        loop {
            let from = self.at;
            let bytes = &self.text.as_bytes()[from..];
            let Some(length) = bytes.iter().position(|byte| matches!(byte, b'"' | b'\\' | 0..=0x1f)) else {
                return Err(self.syntax("a text without its closing quote"));
            };
            self.at += length;
            match bytes[length] {
                b'"' => {
                    let piece = &self.text[from..self.at];
                    self.at += 1;
                    return Ok(match out {
                        Some(mut text) => {
                            text.push_str(piece);
                            text.into_bump_str()
                        }
                        None => &self.text[start..self.at - 1],
                    });
                }
                b'\\' => {
                    let piece = &self.text[from..self.at];
                    self.at += 1;
                    let letter = self.escape(at)?;
                    let text = out.get_or_insert_with(|| ArenaString::new_in(self.arena));
                    text.push_str(piece);
                    text.push(letter);
                }
                0 => return Err(nul(at)),
                _ => return Err(self.syntax("a control character that is not escaped")),
            }
        }
    }

    fn escape(&mut self, at: &At<'_>) -> Result<char, Stop> {
        let letter = self.text.as_bytes().get(self.at).copied();
        self.at += 1;
        Ok(match letter {
            Some(letter @ (b'"' | b'\\' | b'/')) => char::from(letter),
            Some(b'b') => '\u{8}',
            Some(b'f') => '\u{c}',
            Some(b'n') => '\n',
            Some(b'r') => '\r',
            Some(b't') => '\t',
            Some(b'u') => return self.unicode(at),
            _ => {
                self.at -= 1;
                return Err(self.syntax("an escape that there is not"));
            }
        })
    }

    fn unicode(&mut self, at: &At<'_>) -> Result<char, Stop> {
        let lone = || {
            let message = "half of a surrogate pair is no character: send whole characters";
            Stop::Refused(Problem::new(ProblemCode::LoneSurrogate, at, message))
        };
        let first = self.hex()?;
        let code = match first {
            0 => return Err(nul(at)),
            0xd800..=0xdbff if self.text[self.at..].starts_with("\\u") => {
                self.at += 2;
                match self.hex()? {
                    second @ 0xdc00..=0xdfff => 0x1_0000 + ((first - 0xd800) << 10) + (second - 0xdc00),
                    _ => return Err(lone()),
                }
            }
            _ => first,
        };
        char::from_u32(code).ok_or_else(lone)
    }

    fn hex(&mut self) -> Result<u32, Stop> {
        let digits =
            self.text.get(self.at..self.at + 4).filter(|text| text.bytes().all(|byte| byte.is_ascii_hexdigit()));
        let Some(code) = digits.and_then(|text| u32::from_str_radix(text, 16).ok()) else {
            return Err(self.syntax("expected four hexadecimal digits"));
        };
        self.at += 4;
        Ok(code)
    }

    /// Passes over a value that is not looked at, however deep it is. It is JSON all the same, except that
    /// texts may hold a character of value 0 if `nul` says so.
    pub(crate) fn skip(&mut self, nul: bool) -> Result<(), Stop> {
        // Of each object or list that is open, whether it is an object.
        let mut open = Vec::new();
        loop {
            match self.peek() {
                Some(b'{') => {
                    self.at += 1;
                    if !self.take(b'}') {
                        open.push(true);
                        self.skip_name(nul)?;
                        continue;
                    }
                }
                Some(b'[') => {
                    self.at += 1;
                    if !self.take(b']') {
                        open.push(false);
                        continue;
                    }
                }
                Some(b'"') => self.skip_string(nul)?,
                Some(b'-' | b'0'..=b'9') => drop(self.number_text()?),
                Some(b't') => drop(self.word("true", Json::Null)?),
                Some(b'f') => drop(self.word("false", Json::Null)?),
                Some(b'n') => drop(self.word("null", Json::Null)?),
                _ => return Err(self.syntax("expected a value")),
            }
            if self.skip_ends(&mut open, nul)? {
                return Ok(());
            }
        }
    }

    /// Behind a value: closes what ends here; whether nothing is open any more.
    fn skip_ends(&mut self, open: &mut Vec<bool>, nul: bool) -> Result<bool, Stop> {
        while let Some(is_object) = open.last().copied() {
            if self.take(b',') {
                if is_object {
                    self.skip_name(nul)?;
                }
                return Ok(false);
            }
            self.expect(if is_object { b'}' } else { b']' })?;
            open.pop();
        }
        Ok(true)
    }

    fn skip_name(&mut self, nul: bool) -> Result<(), Stop> {
        if self.peek() != Some(b'"') {
            return Err(self.syntax("expected a name in quotes"));
        }
        self.skip_string(nul)?;
        self.expect(b':')
    }

    fn skip_string(&mut self, may_hold_nul: bool) -> Result<(), Stop> {
        self.at += 1;
        loop {
            let bytes = &self.text.as_bytes()[self.at..];
            let Some(length) = bytes.iter().position(|byte| matches!(byte, b'"' | b'\\' | 0..=0x1f)) else {
                return Err(self.syntax("a text without its closing quote"));
            };
            let found = bytes[length];
            self.at += length + 1;
            match found {
                b'"' => return Ok(()),
                b'\\' => self.skip_escape()?,
                0 if may_hold_nul => {}
                0 => return Err(nul(&At::Top)),
                _ => return Err(self.syntax("a control character that is not escaped")),
            }
        }
    }

    fn skip_escape(&mut self) -> Result<(), Stop> {
        let letter = self.text.as_bytes().get(self.at).copied();
        if !matches!(letter, Some(b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't' | b'u')) {
            return Err(self.syntax("an escape that there is not"));
        }
        self.at += 1;
        if letter == Some(b'u') { self.hex().map(drop) } else { Ok(()) }
    }
}

fn nul(at: &At<'_>) -> Stop {
    let message = "holds a character of value 0, which cannot be kept: leave it out";
    Stop::Refused(Problem::new(ProblemCode::Nul, at, message))
}

impl Json<'_> {
    /// What it is, for people.
    pub(crate) const fn kind(&self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Bool(_) => "true or false",
            Self::Number(_) => "a number",
            Self::Text(_) => "a text",
            Self::List(_) => "a list",
            Self::Object(_) => "an object",
        }
    }

    /// Writes it without white space.
    pub(crate) fn write(&self, out: &mut String) {
        self.write_in_order(out, false);
    }

    /// Writes it with members of objects in the order of their names, so that equal values are written
    /// alike.
    pub(crate) fn write_sorted(&self, out: &mut String) {
        self.write_in_order(out, true);
    }

    fn write_in_order(&self, out: &mut String, sorted: bool) {
        match self {
            Self::Null => out.push_str("null"),
            Self::Bool(true) => out.push_str("true"),
            Self::Bool(false) => out.push_str("false"),
            Self::Number(digits) => out.push_str(digits),
            Self::Text(text) => crate::interpret::quoted(out, text),
            Self::List(items) => {
                out.push('[');
                for (index, item) in items.iter().enumerate() {
                    out.push_str(if index == 0 { "" } else { "," });
                    item.write_in_order(out, sorted);
                }
                out.push(']');
            }
            Self::Object(members) if sorted => {
                let mut members = members.to_vec();
                members.sort_by_key(|(name, _)| *name);
                write_members(&members, out, sorted);
            }
            Self::Object(members) => write_members(members, out, sorted),
        }
    }
}

fn write_members(members: &[(&str, Json<'_>)], out: &mut String, sorted: bool) {
    out.push('{');
    for (index, (name, value)) in members.iter().enumerate() {
        out.push_str(if index == 0 { "" } else { "," });
        crate::interpret::quoted(out, name);
        out.push(':');
        value.write_in_order(out, sorted);
    }
    out.push('}');
}
