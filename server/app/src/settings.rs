//! Days said on the command line.

use anyhow::Result;
use perennial_model::Zone;

/// The start of a day (`YYYY-MM-DD`) in the brand's zone, UTC µs.
pub(crate) fn as_of(text: &str, zone: &Zone) -> Result<i64> {
    let parts: Vec<&str> = text.split('-').collect();
    let day = match parts[..] {
        [year, month, day] if year.len() == 4 => year.parse().ok().zip(month.parse().ok()).zip(day.parse().ok()),
        _ => None,
    };
    day.and_then(|((year, month), day)| perennial_model::day_from_civil(year, month, day))
        .map(|day| zone.day_start(day))
        .ok_or_else(|| crate::error::usage(format!("--as-of {text} is not a day: write it as YYYY-MM-DD")))
}
