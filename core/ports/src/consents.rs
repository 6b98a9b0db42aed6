//! Changes of consent, kept with their proof.

use crate::StoreError;
use async_trait::async_trait;
use perennial_model::{ConsentRecord, CustomerId};

/// What customers said about the use of their data. Only added to, until an erasure takes it; a state is
/// never kept, it follows from the changes (see [`perennial_model::deciding`]).
#[async_trait]
pub trait Consents: Send + Sync {
    /// Adds changes, all or none; one of a profile and mid that is there stays as it is. Durable when it
    /// returns. Changes that come with events of a manifest change are part of that instead
    /// ([`crate::ManifestChange::consents`]).
    async fn add_consents(&self, records: &[ConsentRecord]) -> Result<(), StoreError>;
    /// All changes of these profiles, oldest first.
    async fn consents_of(&self, profiles: &[CustomerId]) -> Result<Vec<ConsentRecord>, StoreError>;
    /// Whether there is any change at all.
    async fn has_consents(&self) -> Result<bool, StoreError>;
}
