//! Which months are told.

use crate::AcquisitionError;
use perennial_definitions::Month;
use perennial_learn::midnight_after;
use perennial_model::{Zone, month_of_day};

/// Months that are told unless others are asked for, the last one included.
pub const USUAL_MONTHS: i32 = 12;
/// Months told at once, at most.
pub const MAX_MONTHS: i32 = 120;

/// The first and the last month that are asked for; by themselves the last twelve.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Months {
    /// The first.
    pub since: Option<Month>,
    /// The last.
    pub until: Option<Month>,
}

impl Months {
    /// The instant that figures are of: the end of the last month; before that is over now, or the midnight after
    /// the latest event, as an import that ends early is no proof that nobody bought.
    pub(crate) fn as_of_us(&self, zone: &Zone, now_us: i64, latest_us: Option<i64>) -> Result<i64, AcquisitionError> {
        if let (Some(since), Some(until)) = (self.since, self.until)
            && since > until
        {
            return Err(AcquisitionError::Backwards { since, until });
        }
        let heard = latest_us.map_or(now_us, |latest| midnight_after(latest, zone).min(now_us));
        Ok(self.until.map_or(heard, |until| zone.day_start(until.next().first_day()).min(heard)))
    }

    /// The months themselves, none where nothing happened before the instant. Unless they are asked for, months
    /// before the first event are left out.
    pub(crate) fn within(
        &self,
        zone: &Zone,
        as_of_us: i64,
        first_us: Option<i64>,
    ) -> Result<Vec<Month>, AcquisitionError> {
        let latest = month_at(zone, as_of_us.saturating_sub(1));
        let until = self.until.map_or(latest, |until| until.min(latest));
        let since = match (self.since, first_us) {
            (Some(since), _) if since > until => {
                return Err(AcquisitionError::TooLate { since, latest });
            }
            (Some(since), _) => since,
            (None, Some(first_us)) => Month::of_number(until.number() - USUAL_MONTHS + 1).max(month_at(zone, first_us)),
            (None, None) => return Ok(Vec::new()),
        };
        if until.number() - since.number() >= MAX_MONTHS {
            return Err(AcquisitionError::TooMany { since, until });
        }
        Ok((since.number()..=until.number()).map(Month::of_number).collect())
    }
}

/// The month of an instant.
pub(crate) fn month_at(zone: &Zone, time_us: i64) -> Month {
    Month::of_number(month_of_day(zone.day(time_us)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use perennial_model::DAY_US;

    fn month(text: &str) -> Month {
        text.parse().unwrap()
    }

    #[test]
    fn figures_end_where_knowledge_does() {
        let zone = Zone::named("Asia/Shanghai").unwrap();
        let start = |text: &str| zone.day_start(month(text).first_day());
        let asked = |until: &str| Months { since: None, until: Some(month(until)) };
        let now = start("2026-03") + 9 * DAY_US;
        let as_of = |months: Months, latest: i64| months.as_of_us(&zone, now, Some(latest)).unwrap();
        assert_eq!(as_of(Months::default(), now - 1), now, "the day is not over");
        assert_eq!(as_of(Months::default(), start("2026-02") + 1), start("2026-02") + DAY_US, "an import ended early");
        assert_eq!(as_of(asked("2026-02"), now - 1), start("2026-03"));
        assert_eq!(as_of(asked("2026-04"), now - 1), now);
        let backwards = Months { since: Some(month("2026-02")), until: Some(month("2026-01")) };
        assert!(backwards.as_of_us(&zone, now, None).unwrap_err().to_string().starts_with("2026-02 is later than"));
    }

    #[test]
    fn months_are_those_of_the_zone() {
        let zone = Zone::named("Asia/Shanghai").unwrap();
        let as_of = zone.day_start(month("2026-03").first_day());
        let told = |months: Months, first: Option<i64>| {
            let found = months.within(&zone, as_of, first).map_err(|problem| problem.to_string())?;
            Ok(found.first().zip(found.last()).map(|(first, last)| format!("{first} to {last}")))
        };
        let since = |text: &str| Months { since: Some(month(text)), until: None };
        assert_eq!(told(Months::default(), Some(0)), Ok(Some("2025-03 to 2026-02".to_owned())));
        let first = zone.day_start(month("2025-11").first_day());
        assert_eq!(told(Months::default(), Some(first)), Ok(Some("2025-11 to 2026-02".to_owned())));
        assert_eq!(told(Months::default(), Some(first - 1)), Ok(Some("2025-10 to 2026-02".to_owned())));
        assert_eq!(told(since("2025-01"), Some(first)), Ok(Some("2025-01 to 2026-02".to_owned())));
        assert_eq!(told(Months::default(), None), Ok(None));
        let late: Result<_, String> = told(since("2026-03"), Some(first));
        assert!(late.unwrap_err().contains("nothing is known of 2026-03 yet"));
        assert!(told(since("2016-03"), Some(first)).is_ok());
        let many: Result<_, String> = told(since("2016-02"), Some(first));
        assert!(many.unwrap_err().contains("more than 120 months"));
    }
}
