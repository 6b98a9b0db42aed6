//! The words of the product and nothing else: no I/O, no runtime, no SQL.
//!
//! Conventions that hold everywhere: stored time is UTC microseconds; days, weeks and
//! months are the brand's zone ([`Zone`]); `as_of` is exclusive; money is minor units;
//! quantities are thousandths; absent consent means no.

mod clock;
mod consent;
mod event;
mod hash;
mod id;
mod identity;
mod mask;
mod money;
mod nearest;
mod role;
mod segment;
mod stage;
mod zone;

pub use clock::{Clock, FixedClock};
pub use consent::{
    CONSENT_GIVEN, CONSENT_WITHDRAWN, ConsentChannel, ConsentRecord, ConsentState, Purpose, consent_state,
    consents_named, deciding, restrictions,
};
pub use event::{EventKind, PropertySpec, PropertyType, QUANTITY_SCALE, names};
pub use hash::HashKey;
pub use id::{CustomerId, MAX_SHARDS, Mid, OrderKey, ShardCount};
pub use identity::{IdentityKey, IdentityKind, IdentityLimits};
pub use money::{Currency, Money, ParseCurrencyError};
pub use nearest::nearest;
pub use role::{Permission, Role};
pub use segment::RfmSegment;
pub use stage::Stage;
pub use zone::{DAY_US, UnknownZone, Zone, civil_from_day, day_from_civil, month_of_day, week_of_day};
