//! Events of messages into rows: whose each is, and whose its order.

use super::read::Message;
use super::{Event, Verdict};
use crate::ListenError;
use crate::consent::ConsentBook;
use crate::identify::{HashedKey, KeyHash, Resolver, Who};
use crate::import::EventCounts;
use crate::interpret::{Outgoing, Sink, Taken};
use crate::owners::OrderOwners;
use perennial_model::{ConsentRecord, Currency, CustomerId, EventKind, OrderKey, ShardCount, names};
use perennial_timeline::{ChunkCommit, EventBatch, Timeline};
use rustc_hash::FxHashSet;

/// Makes rows of events, in the order in which they are given.
///
/// The rows are durable when the batch of [`Lander::take`] is: its identities and owners of orders
/// belong into the same transaction.
pub struct Lander {
    timeline: Timeline,
    shards: ShardCount,
    resolver: Resolver,
    sink: Sink,
    book: ConsentBook,
    consents: Vec<ConsentRecord>,
    /// Events of erased customers, dropped.
    pub suppressed: u64,
    /// Events without any key.
    pub unidentified: u64,
}

/// What is to be kept in one transaction.
pub struct Landed {
    /// Rows.
    pub batch: EventBatch,
    /// What belongs to them.
    pub commit: ChunkCommit,
}

impl Lander {
    /// Into this timeline.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn open(timeline: &Timeline, currency: Currency) -> Result<Self, ListenError> {
        Ok(Self::with(timeline, Resolver::open(timeline).await?, currency))
    }

    /// With a resolver that others have used.
    pub(crate) fn with(timeline: &Timeline, resolver: Resolver, currency: Currency) -> Self {
        let shards = timeline.meta().shards;
        let (sink, book, consents) = (Sink::new(&[], currency, 0), ConsentBook::default(), Vec::new());
        let timeline = timeline.clone();
        Self { timeline, shards, resolver, sink, book, consents, suppressed: 0, unidentified: 0 }
    }

    /// The resolver, for others to use.
    pub(crate) fn into_resolver(self) -> Resolver {
        self.resolver
    }

    /// Events made so far, by kind.
    #[must_use]
    pub const fn counts(&self) -> EventCounts {
        self.sink.counts
    }

    /// Customers made so far, and rows whose keys belong to several customers.
    #[must_use]
    pub const fn customers(&self) -> (u64, u64) {
        (self.resolver.new_customers, self.resolver.conflicts)
    }

    /// Whether rows wait that are as many as a chunk should have.
    #[must_use]
    pub fn is_full(&self, chunk_events: usize) -> bool {
        self.sink.is_full(chunk_events) || self.consents.len() >= chunk_events
    }

    /// Whether a message is of an erased customer and must not be kept.
    #[must_use]
    pub fn is_suppressed(&self, message: &Message) -> bool {
        message.keys.iter().any(|(hash, _)| self.resolver.is_suppressed(*hash))
    }

    /// Adds the events of messages.
    ///
    /// # Errors
    /// When the store cannot be read or written.
    pub async fn add(&mut self, messages: &[Message]) -> Result<(), ListenError> {
        let mut seen = FxHashSet::default();
        let keys = messages.iter().flat_map(|message| &message.keys);
        let unknown = keys.filter(|(hash, _)| !self.resolver.knows(*hash) && seen.insert(*hash));
        self.resolver.prepare(unknown.cloned().collect()).await?;
        if self.resolver.owners.needs_orders() {
            let orders = messages.iter().flat_map(Message::events).map(|event| event.order);
            self.resolver.owners.prepare(orders.filter(|order| *order != OrderKey::NONE).collect()).await?;
        }
        for message in messages {
            self.events(message);
        }
        self.add_consents(messages).await
    }

    async fn add_consents(&mut self, messages: &[Message]) -> Result<(), ListenError> {
        let mut said = Vec::new();
        for message in messages.iter().filter(|message| !message.consents.is_empty()) {
            let who = self.who(&message.keys);
            if let Who::Somebody(profile) = who {
                said.extend(message.consents.iter().map(|said| (profile, said.clone())));
            } else if matches!(&message.verdict, Verdict::Events(events) if events.is_empty()) {
                // There is no event of it that would have been counted.
                self.suppressed += u64::from(who == Who::Suppressed);
                self.unidentified += u64::from(who == Who::Nobody);
            }
        }
        if !said.is_empty() {
            let changes = self.book.changes(&self.timeline, said).await?;
            self.sink.counts.others += changes.len() as u64;
            self.consents.extend(changes);
        }
        Ok(())
    }

    fn who(&mut self, keys: &[HashedKey]) -> Who {
        let hashes: Vec<KeyHash> = keys.iter().map(|(hash, _)| *hash).collect();
        self.resolver.resolve(&hashes, |index| keys.get(index).map(|(_, key)| key.clone()))
    }

    fn events(&mut self, message: &Message) {
        let count = message.events().len() as u64;
        if count == 0 {
            return;
        }
        let who = self.who(&message.keys);
        match who {
            Who::Suppressed => {
                self.suppressed += count;
                return;
            }
            Who::Somebody(_) => {}
            Who::Nobody => self.unidentified += count,
        }
        Rows { shards: self.shards, owners: &mut self.resolver.owners, sink: &mut self.sink }.add(message, who);
    }

    /// The rows so far; the next ones start anew.
    ///
    /// # Errors
    /// When the rows do not make a batch.
    pub fn take(&mut self) -> Result<Landed, ListenError> {
        let Taken { batch, declared, order_owners, .. } =
            self.sink.take().map_err(|error| ListenError::Stopped(error.to_string()))?;
        // What it made is in the store before it is asked again.
        self.book = ConsentBook::default();
        let consents = std::mem::take(&mut self.consents);
        let new_identities = self.resolver.take_new_identities();
        Ok(Landed { batch, commit: ChunkCommit { new_identities, order_owners, consents, mark: None, declared } })
    }
}

/// Whose an event without any key is: the shard's own, an order's together.
fn nobody(shards: ShardCount, event: &Event) -> CustomerId {
    let hash = if event.order == OrderKey::NONE { event.mid.0 } else { event.order.0 };
    CustomerId::unidentified(shards.of_hash(hash))
}

/// Makes rows of messages whose customer is known.
pub(super) struct Rows<'a> {
    pub(super) shards: ShardCount,
    pub(super) owners: &'a mut OrderOwners,
    pub(super) sink: &'a mut Sink,
}

impl Rows<'_> {
    /// Adds the events of a message, of its customer or of those whose the orders are; none of
    /// somebody who was erased.
    pub(super) fn add(&mut self, message: &Message, who: Who) {
        if who == Who::Suppressed {
            return;
        }
        self.sink.received_us = message.received_us;
        for event in message.events() {
            let own = match who {
                Who::Somebody(profile) => profile,
                Who::Nobody | Who::Suppressed => nobody(self.shards, event),
            };
            let profile = self.owner(message, event, own);
            self.sink.push(&message.source, &outgoing(message, event, profile));
        }
    }

    /// Whose the row is: what is about an order is with the order.
    fn owner(&mut self, message: &Message, event: &Event, own: CustomerId) -> CustomerId {
        let order = event.order;
        if order == OrderKey::NONE || event.kind == EventKind::Event {
            return own;
        }
        let known = self.owners.of(order);
        if let Some(owner) = known
            && (event.kind != EventKind::Order || !own.is_identified() || self.owners.same(owner, own))
        {
            return owner;
        }
        if event.kind != EventKind::Order {
            return own;
        }
        self.owners.set(order, own);
        self.sink.own(order, own);
        if let Some(left) = known {
            // The order is another customer's by now, and so is its id.
            let void = Outgoing {
                kind: EventKind::OrderVoid,
                name: names::ORDER_MOVED,
                order_id: None,
                value_minor: None,
                properties: None,
                ..outgoing(message, event, left)
            };
            self.sink.push_uncounted(&message.source, &void);
        }
        own
    }
}

fn outgoing<'a>(message: &Message, event: &'a Event, profile: CustomerId) -> Outgoing<'a> {
    Outgoing {
        profile,
        mid: event.mid,
        kind: event.kind,
        name: &event.name,
        time_us: message.time_us,
        channel: event.channel.as_deref(),
        campaign: event.campaign.as_deref(),
        order: event.order,
        order_id: event.order_id.as_deref(),
        item: event.item.as_deref(),
        quantity_milli: event.quantity_milli,
        value_minor: event.value_minor,
        properties: event.properties.as_deref(),
        values: &[],
    }
}
