//! Time zone and currency: what the user says, else what the files show, else what fits their language.

use super::field::Field;
use super::names::is_chinese;
use super::{RecogniseOptions, Recognition};
use crate::ListenError;
use crate::value::clean;
use perennial_model::{Currency, Zone};

/// Where a setting comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Origin {
    Option,
    Column,
    Symbol,
    Chinese,
    Default,
}

/// One table that was looked at.
pub(crate) struct Looked<'a> {
    pub(crate) header: &'a [String],
    pub(crate) sample: &'a [Vec<String>],
    pub(crate) recognition: &'a Recognition,
}

pub(crate) fn zone(options: &RecogniseOptions, tables: &[Looked<'_>]) -> Result<(Zone, Origin), ListenError> {
    let named = |name: &str| {
        Zone::named(name).map_err(|error| ListenError::Option { option: "--timezone", reason: error.to_string() })
    };
    match &options.timezone {
        Some(name) => Ok((named(name)?, Origin::Option)),
        None if any_chinese(tables) => Ok((named("Asia/Shanghai")?, Origin::Chinese)),
        None => Ok((Zone::utc(), Origin::Default)),
    }
}

pub(crate) fn currency(options: &RecogniseOptions, tables: &[Looked<'_>]) -> Result<(Currency, Origin), ListenError> {
    let parse = |code: &str| {
        code.parse().map_err(|error: perennial_model::ParseCurrencyError| ListenError::Option {
            option: "--currency",
            reason: error.to_string(),
        })
    };
    if let Some(code) = &options.currency {
        return Ok((parse(code)?, Origin::Option));
    }
    if let Some(currency) = tables.iter().find_map(of_column) {
        return Ok((currency, Origin::Column));
    }
    if let Some(currency) = tables.iter().find_map(of_symbol) {
        return Ok((currency, Origin::Symbol));
    }
    if any_chinese(tables) {
        return Ok((Currency::CNY, Origin::Chinese));
    }
    // ISO 4217 for "no currency": figures are shown as plain numbers.
    Ok((parse("XXX")?, Origin::Default))
}

fn any_chinese(tables: &[Looked<'_>]) -> bool {
    tables.iter().any(|table| table.header.iter().any(|name| is_chinese(name)))
}

/// The most frequent code of the currency column.
fn of_column(table: &Looked<'_>) -> Option<Currency> {
    let column = table.recognition.columns.get(Field::Currency)?;
    let mut counts: Vec<(Currency, usize)> = Vec::new();
    for code in table.sample.iter().filter_map(|row| parse_currency(clean(row.get(column)?))) {
        match counts.iter_mut().find(|(known, _)| *known == code) {
            Some((_, count)) => *count += 1,
            None => counts.push((code, 1)),
        }
    }
    counts.into_iter().max_by_key(|(_, count)| *count).map(|(code, _)| code)
}

/// A currency by code, symbol or Chinese name.
pub(crate) fn parse_currency(text: &str) -> Option<Currency> {
    const WORDS: [(&str, &str); 16] = [
        ("¥", "CNY"),
        ("￥", "CNY"),
        ("元", "CNY"),
        ("人民币", "CNY"),
        ("RMB", "CNY"),
        ("rmb", "CNY"),
        ("US$", "USD"),
        ("HK$", "HKD"),
        ("$", "USD"),
        ("£", "GBP"),
        ("€", "EUR"),
        ("美元", "USD"),
        ("英镑", "GBP"),
        ("欧元", "EUR"),
        ("日元", "JPY"),
        ("港币", "HKD"),
    ];
    let word = WORDS.iter().find(|(word, _)| *word == text).map_or(text, |(_, code)| code);
    word.parse().ok()
}

/// From the names of money columns (`dollar_value`, `金额(元)`, `Total (GBP)`), else from their cells.
fn of_symbol(table: &Looked<'_>) -> Option<Currency> {
    const SIGNS: [(&str, &str); 17] = [
        ("hk$", "HKD"),
        ("us$", "USD"),
        ("a$", "AUD"),
        ("¥", "CNY"),
        ("￥", "CNY"),
        ("元", "CNY"),
        ("$", "USD"),
        ("£", "GBP"),
        ("€", "EUR"),
        ("cny", "CNY"),
        ("rmb", "CNY"),
        ("usd", "USD"),
        ("dollar", "USD"),
        ("gbp", "GBP"),
        ("eur", "EUR"),
        ("jpy", "JPY"),
        ("人民币", "CNY"),
    ];
    let sign_in = |text: &str| {
        let lower = text.to_lowercase();
        SIGNS.iter().find(|(sign, _)| lower.contains(sign)).and_then(|(_, code)| code.parse().ok())
    };
    let money = [Field::OrderAmount, Field::LineAmount, Field::UnitPrice, Field::RefundAmount];
    let columns: Vec<usize> = money.into_iter().filter_map(|field| table.recognition.columns.get(field)).collect();
    columns.iter().find_map(|column| sign_in(table.header.get(*column)?)).or_else(|| {
        let cells = table.sample.iter().take(200).flat_map(|row| columns.iter().filter_map(|column| row.get(*column)));
        cells.map(|cell| clean(cell)).find_map(sign_in)
    })
}
