//! Constants as numbers of a column, exactly: 12.505 lies between 1250 and 1251 cents.

use super::columns::Unit;
use datafusion::arrow::datatypes::{DataType, TimeUnit};
use datafusion::common::ScalarValue;
use perennial_fold::ordinal;

/// A constant in a column's unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Limit {
    /// The whole number at or below it.
    pub(crate) floor: i64,
    /// Whether it is that number.
    pub(crate) exact: bool,
}

/// `None` where the constant is of another kind.
pub(crate) fn limit(value: &ScalarValue, unit: Unit) -> Option<Limit> {
    let digits = match unit {
        Unit::Decimal(digits) => digits,
        Unit::Day => return day(value),
        Unit::Boolean => return boolean(value),
        Unit::Ordinal => return number(value),
        Unit::Time => {
            let data_type = DataType::Timestamp(TimeUnit::Microsecond, Some("UTC".into()));
            return match moment(value)?.cast_to(&data_type).ok()? {
                ScalarValue::TimestampMicrosecond(Some(time_us), _) => Some(Limit { floor: time_us, exact: true }),
                _ => None,
            };
        }
    };
    let (number, behind) = match value {
        ScalarValue::Decimal128(Some(number), _, scale) => (*number, i32::from(*scale)),
        ScalarValue::Float64(Some(number)) if number.is_finite() => decimal(&format!("{number}"))?,
        ScalarValue::Float32(Some(number)) if number.is_finite() => decimal(&format!("{number}"))?,
        _ if value.data_type().is_integer() => match value.cast_to(&DataType::Int64).ok()? {
            ScalarValue::Int64(Some(number)) => (i128::from(number), 0),
            _ => return None,
        },
        _ => return None,
    };
    shifted(number, i32::from(digits) - behind)
}

fn boolean(value: &ScalarValue) -> Option<Limit> {
    let ScalarValue::Boolean(Some(known)) = value else { return None };
    Some(Limit { floor: i64::from(*known), exact: true })
}

/// As SQL compares a number with it.
fn number(value: &ScalarValue) -> Option<Limit> {
    if !value.data_type().is_numeric() {
        return None;
    }
    match value.cast_to(&DataType::Float64).ok()? {
        ScalarValue::Float64(Some(number)) if !number.is_nan() => Some(Limit { floor: ordinal(number), exact: true }),
        _ => None,
    }
}

/// A number times ten to the power of `digits`.
fn shifted(number: i128, digits: i32) -> Option<Limit> {
    let power = 10_i128.checked_pow(digits.unsigned_abs())?;
    let (floor, exact) = match digits >= 0 {
        true => (number.checked_mul(power)?, true),
        false => (number.div_euclid(power), number.rem_euclid(power) == 0),
    };
    // Past all that is stored, any other such number does.
    let within = floor.clamp(i128::from(i64::MIN + 2), i128::from(i64::MAX - 1));
    Some(Limit { floor: i64::try_from(within).ok()?, exact: exact && within == floor })
}

/// Digits and how many of them are behind the point.
fn decimal(text: &str) -> Option<(i128, i32)> {
    let (whole, behind) = text.split_once('.').unwrap_or((text, ""));
    let digits = format!("{whole}{behind}").parse().ok()?;
    Some((digits, i32::try_from(behind.len()).ok()?))
}

/// Only what tells a moment: a number is none.
fn moment(value: &ScalarValue) -> Option<&ScalarValue> {
    let data_type = value.data_type();
    let tells = data_type.is_string() || matches!(data_type, DataType::Date32 | DataType::Timestamp(..));
    tells.then_some(value)
}

fn day(value: &ScalarValue) -> Option<Limit> {
    // A time of day within a date lies between two dates.
    let midnight = limit(value, Unit::Time)?.floor;
    let (day, rest) = (midnight.div_euclid(perennial_model::DAY_US), midnight.rem_euclid(perennial_model::DAY_US));
    Some(Limit { floor: day, exact: rest == 0 })
}
