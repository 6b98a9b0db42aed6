//! Fields of a message, read as what they must be, with the path of what is not.

use super::json::{Json, Members};
use super::limits::WORD_BYTES;
use super::problem::{At, Problem, ProblemCode};
use crate::value::{self, Decimal, NumberProblem, NumberStyle, id_text, parse_decimal};
use perennial_model::Currency;
use std::borrow::Cow;

/// An object and where it stands.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Fields<'m, 'a> {
    pub(crate) at: At<'m>,
    pub(crate) members: Members<'a>,
}

impl<'m, 'a> Fields<'m, 'a> {
    /// A value, unless it is absent or null.
    pub(crate) fn get(&self, name: &str) -> Option<&'a Json<'a>> {
        let found = self.members.iter().rev().find(|(member, _)| *member == name);
        found.map(|(_, value)| value).filter(|value| !matches!(value, Json::Null))
    }

    /// A problem with a field of this object.
    pub(crate) fn problem(&self, name: &str, code: ProblemCode, message: impl Into<String>) -> Problem {
        Problem::new(code, At::Member(&self.at, name), message)
    }

    pub(crate) fn missing(&self, name: &str, message: &str) -> Problem {
        self.problem(name, ProblemCode::Missing, format!("is missing: {message}"))
    }

    fn wrong(&self, name: &str, wanted: &str, value: &Json<'_>) -> Problem {
        let message = format!("is {}: send {wanted}", value.kind());
        self.problem(name, ProblemCode::WrongType, message)
    }

    /// An id or another word: a text, or a number as it is written. An empty one is none.
    pub(crate) fn word(&self, name: &str) -> Result<Option<Cow<'a, str>>, Problem> {
        let Some(value) = self.get(name) else { return Ok(None) };
        let text = match value {
            Json::Text(text) | Json::Number(text) => *text,
            _ => return Err(self.wrong(name, "a text", value)),
        };
        if text.len() > WORD_BYTES {
            let message = format!("is longer than {WORD_BYTES} bytes: send a shorter text");
            return Err(self.problem(name, ProblemCode::TooLarge, message));
        }
        let mangled = || {
            let message = "is a number like 1.23E+18, whose digits are lost: send ids as texts in quotes";
            self.problem(name, ProblemCode::MangledId, message)
        };
        match value {
            Json::Text(_) => Ok(Some(text.trim()).filter(|text| !text.is_empty()).map(Cow::Borrowed)),
            _ => id_text(text).map_err(|_| mangled()),
        }
    }

    /// The first word found under several names.
    pub(crate) fn first_word(&self, names: &[&str]) -> Result<Option<Cow<'a, str>>, Problem> {
        names.iter().find_map(|name| self.word(name).transpose()).transpose()
    }

    /// A number, or a text that is one, as in `"12.50"`.
    pub(crate) fn decimal(&self, name: &str) -> Result<Option<Decimal>, Problem> {
        let Some(value) = self.get(name) else { return Ok(None) };
        let read = match value {
            Json::Number(digits) => number(digits),
            Json::Text(text) if text.trim().is_empty() => return Ok(None),
            Json::Text(text) => parse_decimal(text, NumberStyle::Point),
            _ => return Err(self.wrong(name, "a number", value)),
        };
        read.map(Some).map_err(|problem| match problem {
            NumberProblem::NotANumber => self.wrong(name, "a number", value),
            NumberProblem::TooLarge => self.out_of_range(name),
        })
    }

    fn out_of_range(&self, name: &str) -> Problem {
        self.problem(name, ProblemCode::NumberOutOfRange, "is larger than any shop's: check its unit")
    }

    /// Money, in minor units.
    pub(crate) fn money(&self, name: &str, currency: Currency) -> Result<Option<i64>, Problem> {
        let minor = |decimal| value::money_minor(decimal, currency).map_err(|_| self.out_of_range(name));
        self.decimal(name)?.map(minor).transpose()
    }

    /// A quantity, in thousandths.
    pub(crate) fn quantity(&self, name: &str) -> Result<Option<i64>, Problem> {
        let milli = |decimal| value::quantity_milli(decimal).map_err(|_| self.out_of_range(name));
        self.decimal(name)?.map(milli).transpose()
    }

    /// What a product below this name would be `times` over.
    pub(crate) fn times(&self, name: &str, quantity: Decimal, currency: Currency) -> Result<Option<i64>, Problem> {
        let Some(price) = self.decimal(name)? else { return Ok(None) };
        let product = price.times(quantity).ok_or_else(|| self.out_of_range(name))?;
        value::money_minor(product, currency).map(Some).map_err(|_| self.out_of_range(name))
    }

    /// An object within; an empty one where there is none.
    pub(crate) fn object<'n>(&'n self, name: &'n str) -> Result<Fields<'n, 'a>, Problem>
    where
        'm: 'n,
    {
        let at = At::Member(&self.at, name);
        match self.get(name) {
            None => Ok(Fields { at, members: &[] }),
            Some(Json::Object(members)) => Ok(Fields { at, members }),
            Some(value) => Err(self.wrong(name, "an object", value)),
        }
    }

    /// An object within, for what is read where it can be and else left.
    pub(crate) fn lenient<'n>(&'n self, name: &'n str) -> Fields<'n, 'a>
    where
        'm: 'n,
    {
        self.object(name).unwrap_or(Fields { at: At::Member(&self.at, name), members: &[] })
    }

    /// A list within.
    pub(crate) fn list(&self, name: &str) -> Result<&'a [Json<'a>], Problem> {
        match self.get(name) {
            None => Ok(&[]),
            Some(Json::List(items)) => Ok(items),
            Some(value) => Err(self.wrong(name, "a list", value)),
        }
    }
}

/// A number of JSON; unlike a cell of a spreadsheet one with an exponent has lost nothing.
fn number(digits: &str) -> Result<Decimal, NumberProblem> {
    let Some((mantissa, exponent)) = digits.split_once(['e', 'E']) else {
        return parse_decimal(digits, NumberStyle::Point);
    };
    let exponent: i32 = exponent.parse().map_err(|_| NumberProblem::TooLarge)?;
    if exponent < 0 {
        return parse_decimal(&format!("{mantissa}e{exponent}"), NumberStyle::Point);
    }
    let number = parse_decimal(mantissa, NumberStyle::Point)?;
    let factor = 10_i128.checked_pow(exponent.unsigned_abs()).ok_or(NumberProblem::TooLarge)?;
    number.times(Decimal { mantissa: factor, scale: 0 }).ok_or(NumberProblem::TooLarge)
}
