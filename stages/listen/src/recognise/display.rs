//! What was recognised, in lines for people.

use super::settings::Origin;
use super::{Field, ImportPlan, Part, PropertyColumn, Recognised, Recognition, Role, Why, type_word};
use crate::value::{DateOrder, NumberStyle, TimeFormat};

/// The language of the lines.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Language {
    /// English.
    #[default]
    En,
    /// 简体中文.
    Zh,
}

impl Language {
    /// The one of a pair (English, Chinese) in this language.
    #[must_use]
    pub const fn pick<'a>(self, pair: (&'a str, &'a str)) -> &'a str {
        match self {
            Self::En => pair.0,
            Self::Zh => pair.1,
        }
    }
}

impl ImportPlan {
    /// What was recognised in each file, and zone and currency of all, in lines for people.
    #[must_use]
    pub fn lines(&self, language: Language) -> Vec<String> {
        let mut lines = Vec::new();
        for part in self.units.iter().flat_map(|unit| &unit.parts) {
            part_lines(part, language, &mut lines);
        }
        let zone_why = language.pick(origin(self.zone_origin, "--timezone"));
        let currency_why = language.pick(origin(self.currency_origin, "--currency"));
        lines.push(match language {
            Language::En => {
                format!("time zone {} ({zone_why}), currency {} ({currency_why})", self.zone.name(), self.currency)
            }
            Language::Zh => {
                format!("时区 {}（{zone_why}），币种 {}（{currency_why}）", self.zone.name(), self.currency)
            }
        });
        lines
    }
}

pub(super) const fn origin(origin: Origin, option: &'static str) -> (&'static str, &'static str) {
    match origin {
        Origin::Option => (option, option),
        Origin::Column => ("from its column", "按币种列"),
        Origin::Symbol => ("from the column's name or sign", "按列名或符号"),
        Origin::Chinese => ("the headers are Chinese", "表头为中文"),
        Origin::Default => ("default", "默认"),
    }
}

fn part_lines(part: &Part, language: Language, lines: &mut Vec<String>) {
    let recognition = &part.recognition;
    let title = language.pick(recognition.layout.title());
    lines.push(format!("{}: {} · {title}", recognition.file, part.source.describe()));
    lines.extend(recognition.lines(language));
    if part.role == Role::Items {
        lines.push(format!(
            "  {}",
            language.pick(("joined to the order report by its order id", "按订单号与订单报表合并"))
        ));
    }
}

impl Recognition {
    /// The fields with their columns and why, then what is not used.
    #[must_use]
    pub fn lines(&self, language: Language) -> Vec<String> {
        let mut lines: Vec<String> = self.recognised.iter().map(|entry| self.field_line(entry, language)).collect();
        lines.extend(self.properties.iter().map(|property| property_line(property, language)));
        if !self.left.is_empty() {
            let names: Vec<&str> = self.left.iter().map(|(_, name)| name.as_str()).collect();
            let label = language.pick(("not used", "未使用"));
            lines.push(format!("  {label}: {}", names.join(", ")));
        }
        lines
    }

    fn field_line(&self, entry: &Recognised, language: Language) -> String {
        let word = language.pick((entry.field.word(), entry.field.word_zh()));
        let mut notes = vec![language.pick(reason(entry.why, ("--map", "--map")))];
        notes.extend(self.notes(entry.field).into_iter().flatten().map(|pair| language.pick(pair)));
        format!("  {word} ← {} ({})", entry.name, notes.join(", "))
    }

    /// Why a column has its meaning, and how it is written.
    pub(super) fn notes_for_a_page(&self, entry: &Recognised) -> Vec<(&'static str, &'static str)> {
        let why = reason(entry.why, ("as chosen", "已指定"));
        std::iter::once(why).chain(self.notes(entry.field).into_iter().flatten()).collect()
    }

    fn notes(&self, field: Field) -> [Option<(&'static str, &'static str)>; 2] {
        let is_money = matches!(field, Field::LineAmount | Field::OrderAmount | Field::UnitPrice);
        let commas = is_money && self.number_style == NumberStyle::Comma;
        let meaning = match field {
            Field::Time => self.time_format.and_then(format_note),
            Field::PaidTime => self.paid_format.and_then(format_note),
            Field::BuyerName => Some(("no key, not kept", "不作为识别依据，不保存")),
            Field::LineAmount if self.amount_decided == Some(field) => Some(("money of the line", "每行的金额")),
            Field::OrderAmount if self.amount_decided == Some(field) => {
                Some(("money of the whole order", "整单的金额"))
            }
            _ => None,
        };
        [meaning, commas.then_some(("written 1.234,56", "写法为 1.234,56"))]
    }
}

const fn reason(why: Why, mapped: (&'static str, &'static str)) -> (&'static str, &'static str) {
    match why {
        Why::Name => ("by its name", "按列名"),
        Why::Layout => ("by its name in this layout", "按该平台的列名"),
        Why::Content => ("by its content", "按内容"),
        Why::Mapped => mapped,
        Why::Declared => ("declared before", "此前已声明"),
    }
}

fn property_line(property: &PropertyColumn, language: Language) -> String {
    let label = language.pick(("property", "属性"));
    let word = language.pick(type_word(property.spec.property_type));
    let why = language.pick(match property.why {
        Why::Mapped => ("--property", "--property"),
        Why::Declared => ("declared before", "此前已声明"),
        Why::Name | Why::Layout | Why::Content => ("by its content", "按内容"),
    });
    format!("  {label} {} ← {} ({word}, {why})", property.spec.name, property.name)
}

const fn format_note(format: TimeFormat) -> Option<(&'static str, &'static str)> {
    match format {
        TimeFormat::Civil { year_last: false, .. } => None,
        TimeFormat::Civil { order: DateOrder::DayFirst, proven: true, .. } => Some(("day before month", "日在月前")),
        TimeFormat::Civil { order: DateOrder::MonthFirst, proven: true, .. } => Some(("month before day", "月在日前")),
        TimeFormat::Civil { order: DateOrder::DayFirst, .. } => {
            Some(("day before month assumed; no day past the 12th shows it", "推测日在月前；样本中没有大于 12 的日"))
        }
        TimeFormat::Civil { order: DateOrder::MonthFirst, .. } => {
            Some(("month before day assumed; no day past the 12th shows it", "推测月在日前；样本中没有大于 12 的日"))
        }
        TimeFormat::ExcelSerial => Some(("Excel serial dates", "Excel 序列日期")),
        TimeFormat::UnixSeconds => Some(("Unix seconds", "Unix 秒")),
        TimeFormat::UnixMillis => Some(("Unix milliseconds", "Unix 毫秒")),
        TimeFormat::UnixMicros => Some(("Unix microseconds", "Unix 微秒")),
    }
}
