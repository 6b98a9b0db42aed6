//! Parameters of the questions, from the environment as the peers' scripts take them.

use anyhow::{Context, Result};
use perennial_model::{DAY_US, day_from_civil};

/// See the benchmark's description.
pub(crate) struct Parameters {
    pub(crate) as_of_us: i64,
    pub(crate) as_of_day: i32,
    pub(crate) window_days: i32,
    pub(crate) min_orders: u32,
    pub(crate) order_days: i64,
    pub(crate) visit_days: i64,
    pub(crate) min_mean_minor: f64,
}

fn number<T: std::str::FromStr>(name: &str, default: T) -> Result<T>
where
    T::Err: std::error::Error + Send + Sync + 'static,
{
    std::env::var(name).map_or(Ok(default), |text| text.parse().with_context(|| format!("{name}={text}")))
}

impl Parameters {
    pub(crate) fn from_environment() -> Result<Self> {
        let text = std::env::var("AS_OF").unwrap_or_else(|_| "2026-01-01".into());
        let parts: Vec<u32> = text.split('-').map(str::parse).collect::<Result<_, _>>().context("AS_OF")?;
        let [year, month, day] = parts[..] else { anyhow::bail!("AS_OF={text} is not YYYY-MM-DD") };
        let as_of_day = day_from_civil(i32::try_from(year)?, month, day).context("AS_OF")?;
        Ok(Self {
            as_of_us: i64::from(as_of_day) * DAY_US,
            as_of_day,
            window_days: number("W", 30)?,
            min_orders: number("K", 2)?,
            order_days: number("D", 90)?,
            visit_days: number("V", 14)?,
            min_mean_minor: number("X", 80.0)? * 100.0,
        })
    }
}
