//! All about one customer: the live table's row, and what follows from the customer's own orders.

use crate::answers::customer::{
    Customer, Identity, Profile, RfmNow, Rhythm, Score, StageChange, StageLimit, StageNow, Suggested, ValueNow,
};
use crate::answers::identity::JournalItem;
use crate::answers::{Terms, Text};
use crate::figures::Brand;
use crate::params::day_text;
use crate::table::{key, values};
use crate::{ApiError, LiveView, Server};
use perennial_fold::{Column, ColumnSpec, ColumnType, FittedParameters, Instant, NONE_INT, Order, Revenue};
use perennial_learn::{
    CAUSE_WORDS, Lifecycle, LifecycleParameters, RfmParameters, Thresholds, kept_orders, silence_limits, stage_history,
};
use perennial_listen::identify::open_suggestions_of;
use perennial_model::CustomerId;
use perennial_ports::MergeSuggestion;
use serde::de::DeserializeOwned;

/// Days over which value at one's own rhythm is reckoned.
const HORIZON_DAYS: f64 = 90.0;

/// Who has this number now, and that customer's row.
pub(crate) struct Known {
    pub(crate) asked: CustomerId,
    pub(crate) customer: CustomerId,
    view: LiveView,
    row: Vec<Column>,
}

impl Known {
    /// # Errors
    /// Where nobody has this number: it never was, or was erased.
    pub(crate) fn find(server: &Server, asked: CustomerId) -> Result<Self, ApiError> {
        let view = server.live.borrow().clone();
        let customer = server.timeline.customer_of(asked);
        let row = view.columns.customer(customer);
        let row = row.ok_or_else(|| ApiError::not_found("there is no customer with this number"))?;
        Ok(Self { asked, customer, view, row })
    }

    fn column(&self, name: &str) -> Option<(&ColumnSpec, &Column)> {
        self.view.columns.specs().iter().zip(&self.row).find(|(spec, _)| spec.name == name)
    }

    fn int(&self, name: &str) -> Option<i64> {
        match self.column(name)? {
            (_, Column::Int(values)) => values.first().copied().filter(|value| *value != NONE_INT),
            _ => None,
        }
    }

    fn float(&self, name: &str) -> Option<f64> {
        match self.column(name)? {
            (_, Column::Float(values)) => values.first().copied().filter(|value| value.is_finite()),
            _ => None,
        }
    }

    /// A number of either kind.
    pub(crate) fn number(&self, name: &str) -> Option<f64> {
        self.float(name).or_else(|| self.int(name).map(|value| value as f64))
    }

    fn word(&self, name: &str) -> Option<&'static str> {
        match self.column(name)? {
            (ColumnSpec { column_type: ColumnType::Word(words), .. }, Column::Code(codes)) => {
                words.get(usize::from(*codes.first()?)).copied()
            }
            _ => None,
        }
    }

    fn parameters<P: DeserializeOwned>(&self, relative: &str) -> Option<P> {
        let is_it = |fitted: &&FittedParameters| fitted.relative == relative;
        serde_json::from_str(&self.view.fitted.iter().find(is_it)?.json).ok()
    }
}

/// The page.
///
/// # Errors
/// What the timeline says.
pub(crate) async fn page(server: &Server, known: Known, reveal: bool) -> Result<Customer, ApiError> {
    let brand = Brand::of(server).await?;
    let instant = Instant::new(server.clock.now_us(), known.view.zone.clone(), Revenue::Net);
    let (snapshot, at, customer) = (server.timeline.snapshot().await?, instant.clone(), known.customer);
    let orders = tokio::task::spawn_blocking(move || kept_orders(&snapshot, customer, &at)).await;
    let orders = orders.map_err(|problem| ApiError::internal(&problem))?;
    let orders = orders.map_err(|problem| ApiError::internal(&problem))?;
    let rules = Thresholds::default();
    let lifecycle: Option<LifecycleParameters> = known.parameters("lifecycle");
    let rhythm = lifecycle.and_then(|parameters| rhythm(&known, &parameters, &rules));
    let specs = known.view.columns.specs();
    Ok(Customer {
        customer_id: customer.0.to_string(),
        merged_from: (known.asked != customer).then(|| known.asked.0.to_string()),
        as_of_us: instant.as_of_us,
        terms: Terms::of(&known.view.zone, brand.currency),
        values: values(specs.iter().zip(&known.row), 0),
        stage: rhythm.as_ref().and_then(|rhythm| stage(&known, rhythm, &orders, &instant, &rules)),
        rfm: rfm(&known),
        value: value(&known, rhythm.as_ref()),
        rhythm,
        identity: identity(server, customer, reveal).await?,
    })
}

fn rhythm(known: &Known, parameters: &LifecycleParameters, rules: &Thresholds) -> Option<Rhythm> {
    let lifecycle = Lifecycle { thresholds: rules.lifecycle.clone() };
    let personal_interval_days = known.float("personal_interval_days")?;
    let (gaps, shrinkage) = (known.int("gaps")?, rules.lifecycle.shrinkage);
    let last_day = i32::try_from(known.int("last_order_day")?).ok()?;
    Some(Rhythm {
        personal_interval_days,
        gaps,
        mean_gap_days: known.float("mean_gap_days"),
        median_days: lifecycle.median_in_force(parameters),
        median_assumed: parameters.median_days.is_none(),
        shrinkage,
        own_weight: if gaps > 0 { gaps as f64 / (gaps as f64 + shrinkage) } else { 0.0 },
        expected_day: day_text(last_day.saturating_add(personal_interval_days.ceil() as i32)),
        silence_intervals: known.float("silence_intervals")?,
    })
}

fn stage(known: &Known, rhythm: &Rhythm, orders: &[Order], instant: &Instant, rules: &Thresholds) -> Option<StageNow> {
    let (stage, cause) = (known.word("stage")?, known.word("stage_cause")?);
    let last_day = i32::try_from(known.int("last_order_day")?).ok()?;
    let steps = stage_history(orders, rhythm.median_days, instant.as_of_day, &rules.lifecycle);
    let mut history: Vec<StageChange> = Vec::new();
    for step in &steps {
        history.push(StageChange {
            day: day_text(step.day),
            from: history.last().map(|last| last.stage.clone()),
            stage: step.stage.as_str().to_owned(),
            cause: CAUSE_WORDS.get(step.cause as usize).copied().unwrap_or_default().to_owned(),
            silence_days: step.silence_days,
        });
    }
    let limits = silence_limits(rhythm.personal_interval_days, &rules.lifecycle).map(|limit| StageLimit {
        stage: limit.stage.as_str().to_owned(),
        silence_days: limit.silence_days,
        intervals: limit.intervals,
        least_days: limit.least_days,
        day: day_text(last_day.saturating_add(limit.silence_days as i32).saturating_add(1)),
    });
    Some(StageNow {
        stage: stage.to_owned(),
        cause: cause.to_owned(),
        // A change since the sweep of a minute ago may not be in the table yet.
        since_day: history.last().filter(|last| last.stage == stage).map(|last| last.day.clone()),
        silence_days: known.int("recency_days")?,
        limits: limits.to_vec(),
        history,
    })
}

fn rfm(known: &Known) -> Option<RfmNow> {
    let edges = known.parameters::<RfmParameters>("rfm")?.edges;
    let score = |score: &str, value: &str, edges: Vec<f64>| {
        Some(Score { score: known.int(score)?, value: known.int(value)?, edges })
    };
    Some(RfmNow {
        segment: known.word("rfm_segment")?.to_owned(),
        recency: score("r_score", "recency_days", edges.recency_days)?,
        frequency: score("f_score", "orders", edges.orders)?,
        monetary: score("m_score", "revenue", edges.revenue)?,
        fm_score: known.int("fm_score")?,
    })
}

fn value(known: &Known, rhythm: Option<&Rhythm>) -> Option<ValueNow> {
    let (revenue_minor, orders) = (known.int("revenue")?, known.int("orders").filter(|orders| *orders > 0)?);
    let aov_minor = revenue_minor as f64 / orders as f64;
    // Who has bought on one day has no rhythm yet.
    let at_rhythm = rhythm.filter(|rhythm| rhythm.gaps > 0);
    Some(ValueNow {
        revenue_minor,
        revenue_365d_minor: known.int("revenue_365d")?,
        refunds_minor: known.int("refunds")?,
        orders,
        aov_minor,
        at_rhythm_90d_minor: at_rhythm
            .map(|rhythm| aov_minor.max(0.0) * HORIZON_DAYS / rhythm.personal_interval_days.max(1.0)),
    })
}

async fn identity(server: &Server, customer: CustomerId, reveal: bool) -> Result<Identity, ApiError> {
    let (timeline, store) = (&server.timeline, server.timeline.store());
    let profiles = timeline.profiles_of(customer);
    let mut bindings = store.identities_of(&profiles).await?;
    bindings.sort_by_key(|binding| binding.key.kind);
    let keys = |profile: &CustomerId| {
        let own = bindings.iter().filter(|binding| binding.profile == *profile);
        own.map(|binding| key(&binding.key, reveal)).collect()
    };
    let journal = store.journal_of(&profiles).await?.into_iter().rev();
    let suggested = |(suggestion, [one, other]): (MergeSuggestion, [CustomerId; 2])| {
        let (id, by) = (if one == customer { other } else { one }, suggestion.reason.as_str());
        Suggested {
            suggestion_id: suggestion.suggestion_id,
            customer_id: id.0.to_string(),
            by: by.to_owned(),
            times_seen: suggestion.times_seen,
            text: Text::new(
                format!("may be one with customer {} (by {by})", id.0),
                format!("可能与客户 {} 是同一人（依据 {by}）", id.0),
            ),
        }
    };
    let suggestions = open_suggestions_of(timeline, customer).await?.into_iter().map(suggested).collect();
    Ok(Identity {
        profiles: profiles
            .iter()
            .map(|profile| Profile { profile_id: profile.0.to_string(), keys: keys(profile) })
            .collect(),
        journal: journal.map(JournalItem::from).collect(),
        suggestions,
    })
}
