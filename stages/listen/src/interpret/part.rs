//! How to read the columns of one file, made ready for millions of rows.

use super::keys::kind_of;
use super::properties::PropertyReader;
use crate::consent::consent_word;
use crate::import::{RejectReason, RowView};
use crate::layout::Layout;
use crate::recognise::{Columns, Field, Recognition, RefundLevel, Role, parse_currency};
use crate::value::{
    self, Decimal, IdProblem, NumberProblem, NumberStyle, TimeParser, TimeProblem, clean, is_none, parse_decimal,
};
use perennial_model::{ConsentChannel, Currency, IdentityKind, PropertySpec, Zone};
use std::borrow::Cow;

/// Why a row cannot be used, and the field at fault.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Fault {
    pub(crate) reason: RejectReason,
    pub(crate) field: Option<Field>,
}

impl Fault {
    pub(crate) const fn of(reason: RejectReason, field: Field) -> Self {
        Self { reason, field: Some(field) }
    }
}

/// What holds for all files of an import.
#[derive(Debug, Clone)]
pub(crate) struct Settings {
    pub(crate) zone: Zone,
    pub(crate) currency: Currency,
    pub(crate) now_us: i64,
    /// Properties that columns are kept as.
    pub(crate) properties: Vec<PropertySpec>,
}

/// Reads the cells of one file.
#[derive(Debug)]
pub(crate) struct PartReader {
    pub(crate) columns: Columns,
    pub(crate) source: String,
    pub(crate) role: Role,
    pub(crate) cancel_prefix: bool,
    pub(crate) refund_level: RefundLevel,
    /// Whether the quantity in a row is the whole order's: a report of the items may tell of its lines.
    pub(crate) quantity_of_order: bool,
    /// Whether rows are customers and not what they did.
    pub(crate) is_list: bool,
    /// Columns that state consent, with the way it is for.
    consents: Vec<(ConsentChannel, usize)>,
    pub(crate) key_columns: Vec<(IdentityKind, usize)>,
    pub(crate) currency: Currency,
    style: NumberStyle,
    time: Option<TimeParser>,
    paid: Option<TimeParser>,
    pub(crate) file: String,
    names: Vec<(Field, String)>,
    pub(crate) properties: Vec<PropertyReader>,
}

/// A row may be dated a day ahead: the shop's clock and ours are not one.
const FUTURE_SLACK_US: i64 = 2 * perennial_model::DAY_US;

impl PartReader {
    pub(crate) fn new(recognition: &Recognition, role: Role, settings: &Settings) -> Self {
        let latest_us = settings.now_us.saturating_add(FUTURE_SLACK_US);
        let parser = |format: Option<_>| format.map(|format| TimeParser::new(format, settings.zone.clone(), latest_us));
        let reader = |property| PropertyReader::new(property, &settings.properties);
        let properties = recognition.properties.iter().map(reader);
        let consent = |(field, channel): &(Field, ConsentChannel)| Some((*channel, recognition.columns.get(*field)?));
        let key = |field: &Field| Some((kind_of(*field), recognition.columns.get(*field)?));
        Self {
            columns: recognition.columns,
            source: recognition.source.clone(),
            role,
            cancel_prefix: recognition.cancel_prefix,
            refund_level: RefundLevel::of(recognition.layout, recognition.column_name(Field::RefundAmount)),
            quantity_of_order: recognition.layout == Layout::TaobaoOrders,
            is_list: recognition.columns.is_list(),
            consents: Field::CONSENTS.iter().filter_map(consent).collect(),
            key_columns: if role == Role::Items { Vec::new() } else { Field::KEYS.iter().filter_map(key).collect() },
            currency: settings.currency,
            style: recognition.number_style,
            time: parser(recognition.time_format),
            paid: parser(recognition.paid_format),
            file: recognition.file.clone(),
            names: recognition.recognised.iter().map(|entry| (entry.field, entry.name.clone())).collect(),
            properties: properties.collect(),
        }
    }

    /// The name of a field's column, for messages.
    pub(crate) fn column_name(&self, field: Field) -> Option<String> {
        self.names.iter().find(|(named, _)| *named == field).map(|(_, name)| name.clone())
    }

    /// The cleaned text of a field; none where there is no such column or the cell is empty.
    #[inline]
    pub(crate) fn text<'a>(&self, row: RowView<'a>, field: Field) -> Option<&'a str> {
        let text = clean(row.cell(self.columns.get(field)?));
        if is_none(text) { None } else { Some(text) }
    }

    /// What a row states of consent.
    pub(crate) fn consents(&self, row: RowView<'_>) -> impl Iterator<Item = (ConsentChannel, bool)> {
        let word = move |(channel, column): &(ConsentChannel, usize)| {
            Some((*channel, consent_word(clean(row.cell(*column)))?))
        };
        self.consents.iter().filter_map(word)
    }

    #[inline]
    pub(crate) fn id<'a>(&self, row: RowView<'a>, field: Field) -> Result<Option<Cow<'a, str>>, Fault> {
        match self.columns.get(field) {
            None => Ok(None),
            Some(column) => {
                value::id_text(row.cell(column)).map_err(|IdProblem::Mangled| Fault::of(RejectReason::MangledId, field))
            }
        }
    }

    /// When it was paid, else when it happened; none where neither is written.
    #[inline]
    pub(crate) fn time(&mut self, row: RowView<'_>) -> Result<Option<i64>, Fault> {
        for field in [Field::PaidTime, Field::Time] {
            let Some(text) = self.text(row, field) else {
                continue;
            };
            let parser = if field == Field::PaidTime { &mut self.paid } else { &mut self.time };
            // A column without a date in the sample has no format of its own.
            let Some(parser) = parser else {
                continue;
            };
            return match parser.parse(text) {
                Ok((time_us, _)) => Ok(Some(time_us)),
                Err(problem) => Err(Fault::of(time_reason(problem), field)),
            };
        }
        Ok(None)
    }

    /// Whether a cell names the brand's currency.
    pub(crate) fn is_own_currency(&self, text: &str) -> bool {
        text == self.currency.as_str() || parse_currency(text) == Some(self.currency)
    }

    #[inline]
    pub(crate) fn number(&self, row: RowView<'_>, field: Field) -> Result<Option<Decimal>, Fault> {
        let Some(text) = self.text(row, field) else {
            return Ok(None);
        };
        parse_decimal(text, self.style).map(Some).map_err(|problem| Fault::of(number_reason(problem, field), field))
    }

    #[inline]
    pub(crate) fn money(&self, row: RowView<'_>, field: Field) -> Result<Option<i64>, Fault> {
        self.number(row, field)?.map(|amount| self.minor(amount, field)).transpose()
    }

    #[inline]
    pub(crate) fn minor(&self, amount: Decimal, field: Field) -> Result<i64, Fault> {
        value::money_minor(amount, self.currency).map_err(|problem| Fault::of(number_reason(problem, field), field))
    }
}

const fn time_reason(problem: TimeProblem) -> RejectReason {
    match problem {
        TimeProblem::NotATime => RejectReason::BadTime,
        TimeProblem::TooEarly => RejectReason::TimeTooEarly,
        TimeProblem::InFuture => RejectReason::TimeInFuture,
    }
}

fn number_reason(problem: NumberProblem, field: Field) -> RejectReason {
    match problem {
        NumberProblem::TooLarge => RejectReason::HugeAmount,
        NumberProblem::NotANumber if field == Field::Quantity => RejectReason::BadQuantity,
        NumberProblem::NotANumber => RejectReason::BadAmount,
    }
}
