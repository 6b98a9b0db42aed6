//! Changes of consent: kept as rows of the store, with their proof, and as events of the timeline.

use crate::timeline::Inner;
use crate::{EventBatch, EventBatchBuilder, Row, Timeline, TimelineError};
use arrow::array::{RecordBatch, new_null_array};
use arrow::compute::concat_batches;
use arrow::datatypes::Field;
use perennial_model::{ConsentRecord, CustomerId, EventKind, OrderKey, restrictions};
use std::sync::Arc;

/// Where the withdrawals come from that a merge of customers repeats.
const MERGE: &str = "merge";

impl EventBatchBuilder {
    /// Adds the event of a change of consent: its purpose is the item, its channel the channel.
    pub(crate) fn push_consent(&mut self, record: &ConsentRecord) {
        self.push(&Row {
            customer: record.profile,
            profile: record.profile,
            mid: record.mid,
            kind: EventKind::Event,
            time_us: record.at_us,
            received_us: record.recorded_us,
            name: record.event_name(),
            source: &record.source,
            channel: Some(record.channel.as_str()),
            campaign: None,
            order: OrderKey::NONE,
            order_id: None,
            item: Some(record.purpose.as_str()),
            quantity_milli: None,
            value_minor: None,
            currency: None,
            properties: Some(&record.event_properties()),
        });
    }
}

/// The events of changes.
pub(crate) fn events_of(records: &[ConsentRecord]) -> Result<EventBatch, TimelineError> {
    let mut rows = EventBatchBuilder::default();
    records.iter().for_each(|record| rows.push_consent(record));
    rows.finish().map_err(TimelineError::codec("write changes of consent"))
}

/// Rows with the events of changes behind them, which have no values of their own in declared columns.
pub(crate) fn with_consents(rows: RecordBatch, changes: &EventBatch) -> Result<RecordBatch, TimelineError> {
    if changes.is_empty() {
        return Ok(rows);
    }
    let (schema, count) = (rows.schema(), changes.len());
    let column = |field: &Arc<Field>| {
        let own = changes.0.column_by_name(field.name()).cloned();
        own.unwrap_or_else(|| new_null_array(field.data_type(), count))
    };
    let columns = schema.fields().iter().map(column).collect();
    let failed = TimelineError::codec("write changes of consent");
    let added = RecordBatch::try_new(Arc::clone(&schema), columns).map_err(&failed)?;
    concat_batches(&schema, [&rows, &added]).map_err(failed)
}

impl Timeline {
    /// Keeps changes of consent of identified profiles, and their events. The rows come first: cut off
    /// in between, a withdrawal holds already, and whoever was not told that it is kept says it again.
    /// To be called while erasures are held off ([`Self::hold_off_erasure`]).
    ///
    /// # Errors
    /// As [`Self::append`], or a failing store. To repeat it is safe: a change has one identity.
    pub async fn record_consents(&self, records: &[ConsentRecord]) -> Result<(), TimelineError> {
        self.inner.store.add_consents(records).await?;
        self.append(events_of(records)?).await
    }

    /// All changes of consent of the customer of a profile, oldest first.
    ///
    /// # Errors
    /// A failing store.
    pub async fn consents_of(&self, profile: CustomerId) -> Result<Vec<ConsentRecord>, TimelineError> {
        Ok(self.inner.store.consents_of(&self.profiles_of(profile)).await?)
    }
}

/// What a merge adds so that the stricter of two consents holds.
pub(crate) struct Stricter {
    pub(crate) records: Vec<ConsentRecord>,
    pub(crate) events: EventBatch,
}

impl Inner {
    /// The withdrawals that have to hold when two customers become one. They are kept with the profile
    /// that withdrew, so that it takes them along when the merge is undone.
    pub(crate) async fn stricter(&self, one: CustomerId, other: CustomerId) -> Result<Stricter, TimelineError> {
        let (ours, theirs) = {
            let members = self.members();
            (members.of(one), members.of(other))
        };
        let (ours, theirs) = (self.store.consents_of(&ours).await?, self.store.consents_of(&theirs).await?);
        let now_us = self.clock.now_us();
        let mut records = restrictions(&ours, &theirs, now_us);
        for record in &mut records {
            let (purpose, channel) = (record.purpose.as_str(), record.channel.as_str());
            let id = format!("{}:{}:{now_us}:{purpose}:{channel}", one.0, other.0);
            record.mid = self.meta.hash_key.mid(MERGE, &id);
            MERGE.clone_into(&mut record.source);
            (record.ip, record.evidence) = (None, None);
        }
        let events = events_of(&records)?;
        Ok(Stricter { records, events })
    }
}
