//! Events of messages into rows: whose each is, and whose its order.

use super::Verdict;
use super::read::Message;
use crate::ListenError;
use crate::consent::ConsentBook;
use crate::identify::{KeyHash, Resolver, Who};
use crate::import::EventCounts;
use crate::interpret::{Outgoing, Sink, Taken};
use crate::owners::OrderOwners;
use perennial_model::{
    ConsentRecord, Currency, CustomerId, EventKind, HashKey, IdentityKey, Mid, NewEvent, OrderKey, ShardCount, names,
};
use perennial_timeline::{ChunkCommit, EventBatch, Timeline};
use rustc_hash::FxHashSet;

/// Makes rows of events, in the order in which they are given.
///
/// The rows are durable when the batch of [`Lander::take`] is: its identities and owners of orders
/// belong into the same transaction.
pub struct Lander {
    timeline: Timeline,
    hash_key: HashKey,
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

/// The identity of an event: the header of an order is the same for every version of it.
#[must_use]
pub fn mid_of(hash_key: &HashKey, event: &NewEvent) -> Mid {
    match event.kind {
        EventKind::Order | EventKind::OrderVoid => hash_key.order_header_mid(order_of(hash_key, event)),
        _ => hash_key.mid(&event.source, &event.message_id),
    }
}

pub(super) fn order_of(hash_key: &HashKey, event: &NewEvent) -> OrderKey {
    event.order_id.as_ref().map_or(OrderKey::NONE, |id| hash_key.order(&event.source, id))
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
        let (hash_key, shards) = (timeline.meta().hash_key, timeline.meta().shards);
        let (sink, book, consents) = (Sink::new(&[], currency, 0), ConsentBook::default(), Vec::new());
        let timeline = timeline.clone();
        Self { timeline, hash_key, shards, resolver, sink, book, consents, suppressed: 0, unidentified: 0 }
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
        message.keys.iter().any(|key| self.resolver.is_suppressed(KeyHash::of(&self.hash_key, key)))
    }

    /// Adds the events of messages.
    ///
    /// # Errors
    /// When the store cannot be read or written.
    pub async fn add(&mut self, messages: &[Message]) -> Result<(), ListenError> {
        let events = || {
            messages.iter().flat_map(|message| match &message.verdict {
                Verdict::Events(events) => events.as_slice(),
                Verdict::Aside { .. } => &[],
            })
        };
        let mut seen = FxHashSet::default();
        let keys = messages.iter().flat_map(|message| &message.keys).map(|key| (KeyHash::of(&self.hash_key, key), key));
        let unknown = keys.filter(|(hash, _)| !self.resolver.knows(*hash) && seen.insert(*hash));
        let unknown = unknown.map(|(hash, key)| (hash, key.clone())).collect();
        self.resolver.prepare(unknown).await?;
        if self.resolver.owners.needs_orders() {
            let orders = events().map(|event| order_of(&self.hash_key, event)).filter(|order| *order != OrderKey::NONE);
            self.resolver.owners.prepare(orders.collect()).await?;
        }
        for event in events() {
            self.event(event);
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

    fn who(&mut self, keys: &[IdentityKey]) -> Who {
        let hashes: Vec<KeyHash> = keys.iter().map(|key| KeyHash::of(&self.hash_key, key)).collect();
        self.resolver.resolve(&hashes, |index| keys.get(index).cloned())
    }

    fn event(&mut self, event: &NewEvent) {
        let order = order_of(&self.hash_key, event);
        let mid = mid_of(&self.hash_key, event);
        let own = match self.who(&event.keys) {
            Who::Suppressed => {
                self.suppressed += 1;
                return;
            }
            Who::Somebody(profile) => profile,
            Who::Nobody => {
                self.unidentified += 1;
                nobody(self.shards, mid, order)
            }
        };
        Rows { hash_key: self.hash_key, owners: &mut self.resolver.owners, sink: &mut self.sink }
            .add(event, mid, order, own);
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
pub(super) fn nobody(shards: ShardCount, mid: Mid, order: OrderKey) -> CustomerId {
    CustomerId::unidentified(shards.of_hash(if order == OrderKey::NONE { mid.0 } else { order.0 }))
}

/// Makes rows of events whose customer is known.
pub(super) struct Rows<'a> {
    pub(super) hash_key: HashKey,
    pub(super) owners: &'a mut OrderOwners,
    pub(super) sink: &'a mut Sink,
}

impl Rows<'_> {
    /// Adds an event of a customer, or of the one whose its order is.
    pub(super) fn add(&mut self, event: &NewEvent, mid: Mid, order: OrderKey, own: CustomerId) {
        self.sink.received_us = event.received_us;
        let profile = self.owner(event, order, own);
        self.sink.push(&event.source, &outgoing(event, profile, mid, order));
    }

    /// Whose the row is: what is about an order is with the order.
    fn owner(&mut self, event: &NewEvent, order: OrderKey, own: CustomerId) -> CustomerId {
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
                ..outgoing(event, left, mid_of(&self.hash_key, event), order)
            };
            self.sink.push_uncounted(&event.source, &void);
        }
        own
    }
}

fn outgoing(event: &NewEvent, profile: CustomerId, mid: Mid, order: OrderKey) -> Outgoing<'_> {
    Outgoing {
        profile,
        mid,
        kind: event.kind,
        name: &event.name,
        time_us: event.time_us,
        channel: event.channel.as_deref(),
        campaign: event.campaign.as_deref(),
        order,
        order_id: event.order_id.as_deref(),
        item: event.item.as_deref(),
        quantity_milli: event.quantity_milli,
        value_minor: event.value.map(|money| money.minor),
        properties: event.properties.as_deref(),
        values: &[],
    }
}
