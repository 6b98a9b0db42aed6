//! Corrections: a key that is wrong goes, one that is missing comes, and traits are said anew. Each leaves
//! an event in the customer's timeline that says which kinds of key changed and why, not the keys.

use crate::ListenError;
use perennial_model::{CustomerId, EventKind, IdentityKey, IdentityKind, IdentityLimits, OrderKey};
use perennial_ports::IdentityBinding;
use perennial_timeline::{EventBatchBuilder, Row, Timeline, TimelineError};
use serde_json::{Map, Value, json};

/// Name of the event of changed keys.
const KEYS_CORRECTED: &str = "Keys Corrected";
/// Name of the event of changed traits, as clients call it.
const IDENTIFY: &str = "Identify";
/// The feed of corrections.
const SOURCE: &str = "correction";
/// Bytes of traits as JSON.
const MAX_TRAITS_BYTES: usize = 32 << 10;
/// Bytes of a reason.
const MAX_REASON_BYTES: usize = 512;

/// What is to be changed.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Correction {
    /// Keys that the customer has.
    pub add: Vec<IdentityKey>,
    /// Keys that the customer has not.
    pub remove: Vec<IdentityKey>,
    /// Traits as they are; null says that there is none.
    pub traits: Map<String, Value>,
    /// Why, for whoever wonders later.
    pub reason: String,
}

/// What was changed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Corrected {
    /// Keys added; one that the customer had is none.
    pub added: usize,
    /// Keys removed.
    pub removed: usize,
    /// Traits said anew.
    pub traits: usize,
}

/// Why nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum CorrectionError {
    /// Erased meanwhile, or never there.
    #[error("there is no customer {0}")]
    NoSuchCustomer(u64),
    /// A key that leads to somebody else.
    #[error(
        "the {} to add is that of customer {customer}: if both are one person, merge them with `perennial identity merge`",
        kind.as_str()
    )]
    OfAnother {
        /// Its kind.
        kind: IdentityKind,
        /// Whose it is.
        customer: u64,
    },
    /// A key of somebody who was erased.
    #[error("the {} to add was erased on request and stays away", .0.as_str())]
    Erased(IdentityKind),
    /// A key to remove that is not there.
    #[error("the {} to remove is none of this customer's", .0.as_str())]
    NotTheirs(IdentityKind),
    /// As many as may be.
    #[error("a customer has {limit} keys of kind {} at most: remove one first", kind.as_str())]
    TooMany {
        /// The kind.
        kind: IdentityKind,
        /// The most.
        limit: u32,
    },
    /// Nobody would find the customer any more.
    #[error("these are all keys of the customer: add the right one in the same step, or erase the customer")]
    LastKey,
    /// There is nothing to do, or it cannot be kept.
    #[error("{0}")]
    Refused(&'static str),
    /// Store or timeline failed.
    #[error(transparent)]
    Listen(#[from] ListenError),
}

impl From<TimelineError> for CorrectionError {
    fn from(problem: TimelineError) -> Self {
        Self::Listen(problem.into())
    }
}

impl Correction {
    fn check(&self) -> Result<(), CorrectionError> {
        let traits = Value::Object(self.traits.clone()).to_string();
        let refused = |reason| Err(CorrectionError::Refused(reason));
        if self.add.is_empty() && self.remove.is_empty() && self.traits.is_empty() {
            return refused("nothing to correct: name a key to add or to remove, or a trait");
        }
        if self.reason.trim().is_empty() {
            return refused("say why: the timeline keeps it for whoever wonders later");
        }
        if self.reason.len() > MAX_REASON_BYTES || self.reason.contains('\0') {
            return refused("the reason is longer than 512 bytes or holds a character of value 0: write it shorter");
        }
        if traits.len() > MAX_TRAITS_BYTES || traits.contains("\\u0000") {
            return refused("the traits have more than 32 KB or hold a character of value 0: send less");
        }
        Ok(())
    }
}

/// Changes keys and traits of a customer, durably. Whoever imports files at the same time must wait.
///
/// # Errors
/// [`CorrectionError`]; nothing is changed then.
pub async fn correct(
    timeline: &Timeline,
    customer: CustomerId,
    correction: &Correction,
    now_us: i64,
) -> Result<Corrected, CorrectionError> {
    correction.check()?;
    let _still = timeline.hold_off_resolving().await;
    let customer = timeline.customer_of(customer);
    let profiles = timeline.profiles_of(customer);
    let store = timeline.store();
    let held = store.identities_of(&profiles).await.map_err(ListenError::from)?;
    if held.is_empty() || !customer.is_identified() {
        return Err(CorrectionError::NoSuchCustomer(customer.0));
    }
    let unbind = removed(correction, &held)?;
    let add = added(timeline, customer, correction, &held).await?;
    if unbind.len() == held.len() && add.is_empty() {
        return Err(CorrectionError::LastKey);
    }
    within_limits(&held, &unbind, &add)?;
    let done = Corrected { added: add.len(), removed: unbind.len(), traits: correction.traits.len() };
    // The event first: what it tells of may have to be repeated, but nothing happens untold.
    timeline.append(events(timeline, customer, correction, (&add, &unbind), now_us)?).await?;
    if !add.is_empty() || !unbind.is_empty() {
        timeline.rebind(unbind, add).await?;
    }
    Ok(done)
}

fn removed(correction: &Correction, held: &[IdentityBinding]) -> Result<Vec<IdentityBinding>, CorrectionError> {
    let mut unbind: Vec<IdentityBinding> = Vec::new();
    for key in &correction.remove {
        let found = held.iter().find(|binding| binding.key == *key);
        let found = found.ok_or(CorrectionError::NotTheirs(key.kind))?;
        if !unbind.contains(found) {
            unbind.push(found.clone());
        }
    }
    Ok(unbind)
}

async fn added(
    timeline: &Timeline,
    customer: CustomerId,
    correction: &Correction,
    held: &[IdentityBinding],
) -> Result<Vec<IdentityBinding>, CorrectionError> {
    let store = timeline.store();
    let suppressed = store.suppressed().await.map_err(ListenError::from)?;
    let found = store.find_identities(&correction.add).await.map_err(ListenError::from)?;
    let mut add: Vec<IdentityBinding> = Vec::new();
    for (key, profile) in correction.add.iter().zip(found) {
        let owner = profile.map(|profile| timeline.customer_of(profile));
        if let Some(other) = owner.filter(|owner| *owner != customer) {
            return Err(CorrectionError::OfAnother { kind: key.kind, customer: other.0 });
        }
        if suppressed.contains(&timeline.meta().hash_key.suppression(key)) {
            return Err(CorrectionError::Erased(key.kind));
        }
        let known = held.iter().chain(&add).any(|binding| binding.key == *key);
        if !known {
            add.push(IdentityBinding { key: key.clone(), profile: customer });
        }
    }
    Ok(add)
}

fn within_limits(
    held: &[IdentityBinding],
    unbind: &[IdentityBinding],
    add: &[IdentityBinding],
) -> Result<(), CorrectionError> {
    let limits = IdentityLimits::default();
    for binding in add {
        let (kind, limit) = (binding.key.kind, limits.of(binding.key.kind));
        let left = held.iter().filter(|held| !unbind.contains(held)).chain(add);
        let alike = |held: &&IdentityBinding| held.key.kind == kind && held.key.scope() == binding.key.scope();
        if left.filter(alike).count() > limit as usize {
            return Err(CorrectionError::TooMany { kind, limit });
        }
    }
    Ok(())
}

fn events(
    timeline: &Timeline,
    customer: CustomerId,
    correction: &Correction,
    (add, unbind): (&[IdentityBinding], &[IdentityBinding]),
    now_us: i64,
) -> Result<perennial_timeline::EventBatch, CorrectionError> {
    let mut rows = EventBatchBuilder::default();
    let mut push = |name: &str, properties: &str| {
        rows.push(&Row {
            customer,
            profile: customer,
            mid: timeline.meta().hash_key.mid(SOURCE, &format!("{name}:{}:{now_us}:{properties}", customer.0)),
            kind: EventKind::Event,
            time_us: now_us,
            received_us: now_us,
            name,
            source: SOURCE,
            channel: None,
            campaign: None,
            order: OrderKey::NONE,
            order_id: None,
            item: None,
            quantity_milli: None,
            value_minor: None,
            currency: None,
            properties: Some(properties),
        });
    };
    let kinds = |bindings: &[IdentityBinding]| bindings.iter().map(|one| one.key.kind.as_str()).collect::<Vec<_>>();
    if !add.is_empty() || !unbind.is_empty() {
        let said = json!({ "added": kinds(add), "removed": kinds(unbind), "reason": correction.reason.trim() });
        push(KEYS_CORRECTED, &said.to_string());
    }
    if !correction.traits.is_empty() {
        push(IDENTIFY, &Value::Object(correction.traits.clone()).to_string());
    }
    rows.finish().map_err(|problem| CorrectionError::Listen(ListenError::Stopped(problem.to_string())))
}
