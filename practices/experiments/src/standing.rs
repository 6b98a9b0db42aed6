//! Where an experiment stands: before, while, after its outcomes count.

use perennial_definitions::Experiment;
use perennial_learn::midnight_after;
use perennial_model::Zone;
use serde::{Deserialize, Serialize};

/// Whether it has begun, and whether all of its days are known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// Its customers are not divided yet.
    Planned,
    /// They are, and not all of its days are known.
    Running,
    /// All of its days are known.
    Ended,
}

/// See the module.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Standing {
    /// In one word.
    pub state: State,
    /// The start of the first day (UTC µs).
    pub starts_us: i64,
    /// The end of the last day (UTC µs).
    pub ends_us: i64,
    /// For how many days outcomes count.
    pub days: u16,
    /// Whole days whose events are known: those that are over, up to the last event.
    pub days_known: u16,
    /// The end of those (UTC µs).
    pub until_us: i64,
    /// Whether the first day has come and nobody has begun it.
    pub due: bool,
}

impl Standing {
    /// Now, in a timeline whose latest event is of that instant. A day counts once it is over and something
    /// later, or of that day, is known: an import that ends early is no proof that nobody bought.
    #[must_use]
    pub fn of(experiment: &Experiment, begun: bool, zone: &Zone, now_us: i64, latest_us: Option<i64>) -> Self {
        let first = experiment.starts.number();
        let days = experiment.days();
        let today = zone.day(now_us);
        let heard = latest_us.map_or(first, |latest| zone.day(midnight_after(latest, zone)));
        let known = today.min(heard).saturating_sub(first).clamp(0, i32::from(days));
        let days_known = if begun { u16::try_from(known).unwrap_or(days) } else { 0 };
        let state = match (begun, days_known == days) {
            (false, _) => State::Planned,
            (true, false) => State::Running,
            (true, true) => State::Ended,
        };
        let start = |day: i32| zone.day_start(first.saturating_add(day));
        Self {
            state,
            starts_us: start(0),
            ends_us: start(i32::from(days)),
            days,
            days_known,
            until_us: start(i32::from(days_known)),
            due: !begun && today >= first,
        }
    }
}

impl State {
    /// The word by which programs know it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Planned => "planned",
            Self::Running => "running",
            Self::Ended => "ended",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use perennial_model::DAY_US;

    fn experiment() -> Experiment {
        Experiment {
            name: "spring".to_owned(),
            title: None,
            description: None,
            audience: "gone".to_owned(),
            holdout: None,
            arms: Vec::new(),
            starts: "2026-03-01".parse().unwrap(),
            days: Some(10),
            outcomes: Vec::new(),
        }
    }

    #[test]
    fn days_are_known_when_they_are_over_and_heard_of() {
        let zone = Zone::named("Asia/Shanghai").unwrap();
        let first = zone.day_start(20_513);
        let stands = |begun, now: i64, latest: Option<i64>| {
            let found = Standing::of(&experiment(), begun, &zone, first + now, latest.map(|latest| first + latest));
            (found.state, found.days_known, (found.until_us - first) / DAY_US, found.due)
        };
        let later = Some(30 * DAY_US);
        assert_eq!(stands(false, -1, later), (State::Planned, 0, 0, false));
        assert_eq!(stands(false, 0, later), (State::Planned, 0, 0, true));
        assert_eq!(stands(true, DAY_US - 1, later), (State::Running, 0, 0, false));
        assert_eq!(stands(true, 5 * DAY_US, later), (State::Running, 5, 5, false));
        assert_eq!(stands(true, 40 * DAY_US, later), (State::Ended, 10, 10, false));
        // The import ends on the fourth day, at noon: that day is the last known one.
        assert_eq!(stands(true, 40 * DAY_US, Some(3 * DAY_US + DAY_US / 2)), (State::Running, 4, 4, false));
        assert_eq!(stands(true, 40 * DAY_US, Some(-5 * DAY_US)), (State::Running, 0, 0, false));
        assert_eq!(stands(true, 40 * DAY_US, None), (State::Running, 0, 0, false));
    }
}
