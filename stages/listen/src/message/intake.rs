//! Messages as they arrive from many senders at once: read, resolved, and durable before anybody is
//! told that they are kept.
//!
//! Reading goes on in parallel; the rest in turns. All requests that wait while one turn runs share
//! the next, and with it each transaction. Within a turn events are appended first, owners of orders
//! are set after: cut between the two, the order is moved again by the retry. The other way round the
//! customer whom it has left would keep it.

use super::aside::{MAX_ASIDE_MESSAGES, aside_of, load_schemas};
use super::land::Rows;
use super::read::{Arrival, Call, Feed, Message, Refused, Verdict, read};
use super::{IntakeBounds, Limits, Problem, ProblemCode};
use crate::ListenError;
use crate::consent::ConsentBook;
use crate::identify::{Hashed, LiveResolver, Resolved, ResolverCounts, ResolverOptions, Who, normalise_name};
use crate::interpret::{Sink, Taken};
use crate::layout::Layout;
use crate::owners::OrderOwners;
use crate::recognise::Field;
use perennial_model::{OrderKey, PropertySpec, PropertyType};
use perennial_ports::{AsideMessage, BrandSettings, StoreError};
use perennial_timeline::{IdentityMarks, Timeline, TimelineError};
use std::borrow::Cow;
use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};
use tokio::sync::oneshot;

/// Events that land in one turn, at most (a single request may bring more).
const TURN_EVENTS: usize = 16_384;
/// Orders whose owner is remembered (17 bytes each, times two while the table grows).
const CACHED_ORDERS: usize = 1 << 20;

/// Why a request cannot be taken.
#[derive(Debug, thiserror::Error)]
pub enum IntakeError {
    /// The body as a whole is wrong.
    #[error(transparent)]
    Body(#[from] Problem),
    /// More waits than may wait: send again.
    #[error("as many events wait as may wait: send these again in a second")]
    Busy,
    /// Store or timeline failed, for all requests that shared the turn: send again, a message that
    /// was kept is not kept twice.
    #[error(transparent)]
    Failed(Arc<ListenError>),
}

/// What became of a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// Its events are in the timeline.
    Kept,
    /// It does not fit its schema and is kept aside.
    Aside(Problem),
    /// It does not fit its schema, and as many are kept aside as may be: it is not kept.
    AsideFull(Problem),
    /// It is about somebody who was erased, and is dropped.
    Suppressed,
}

/// One message that was understood.
#[derive(Debug, Clone)]
pub struct Received {
    /// Its place in the batch, from 0.
    pub index: usize,
    /// What happened.
    pub name: Cow<'static, str>,
    /// Whom it is about.
    pub who: Who,
    /// What became of it.
    pub outcome: Outcome,
}

/// What became of a request. What it says is kept is durable.
#[derive(Debug, Clone, Default)]
pub struct Receipt {
    /// Messages that were understood, in their order.
    pub received: Vec<Received>,
    /// Messages that are refused.
    pub refused: Vec<Refused>,
}

/// Takes messages for a timeline. Cheap to clone; one for each timeline.
#[derive(Clone)]
pub struct Intake {
    inner: Arc<Inner>,
}

struct Inner {
    timeline: Timeline,
    bounds: IntakeBounds,
    resolver: LiveResolver,
    feed: RwLock<(u64, Arc<Feed>)>,
    waiting: Mutex<Queue>,
    turn: tokio::sync::Mutex<Turn>,
}

#[derive(Default)]
struct Queue {
    requests: VecDeque<Waiting>,
    events: usize,
}

impl Queue {
    /// Whether a request of so many events may wait too. One that is too heavy in any case waits where
    /// nothing else does: its sender, which keeps to the limits of a body, would else never be rid of it.
    fn has_room(&self, events: usize, most: usize) -> bool {
        self.requests.is_empty() || self.events.saturating_add(events) <= most
    }
}

struct Waiting {
    messages: Vec<Message>,
    /// Of all of them.
    events: usize,
    /// Those of them that do not fit their schema, by their place among the messages.
    aside: Vec<(usize, AsideMessage)>,
    now_us: i64,
    done: oneshot::Sender<Result<Receipt, Arc<ListenError>>>,
}

/// What is remembered between turns.
struct Turn {
    owners: OrderOwners,
    marks: IdentityMarks,
    sink: Sink,
}

impl Intake {
    /// Gives what figures are cut by columns of its own. Whoever folds the timeline does that with the
    /// properties that are declared by then.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub async fn declare(timeline: &Timeline) -> Result<(), ListenError> {
        for field in Field::PROPERTIES {
            let name = field.word().to_owned();
            match timeline.declare_property(PropertySpec { name, property_type: PropertyType::Text }).await {
                // A person has given it another type: that holds.
                Ok(()) | Err(TimelineError::PropertyConflict { .. }) => {}
                Err(error) => return Err(error.into()),
            }
        }
        Ok(())
    }

    /// For this timeline.
    ///
    /// # Errors
    /// When the store cannot be read or written.
    pub async fn open(timeline: &Timeline, options: ResolverOptions) -> Result<Self, ListenError> {
        Self::open_bounded(timeline, options, IntakeBounds::default()).await
    }

    /// As [`Intake::open`], within these bounds.
    ///
    /// # Errors
    /// As [`Intake::open`].
    pub async fn open_bounded(
        timeline: &Timeline,
        options: ResolverOptions,
        bounds: IntakeBounds,
    ) -> Result<Self, ListenError> {
        Self::declare(timeline).await?;
        let known = load_feed(timeline, bounds.limits).await?;
        let turn = Turn {
            owners: OrderOwners::live(timeline),
            marks: timeline.identity_marks(),
            sink: Sink::new(&[], known.1.currency, 0),
        };
        let inner = Inner {
            timeline: timeline.clone(),
            bounds,
            resolver: LiveResolver::new(timeline, options),
            feed: RwLock::new(known),
            waiting: Mutex::default(),
            turn: tokio::sync::Mutex::new(turn),
        };
        Ok(Self { inner: Arc::new(inner) })
    }

    /// Takes a body that came at `now_us` (UTC µs). Returns when all of it that is kept is durable;
    /// to send it again after a failure is safe.
    ///
    /// # Errors
    /// [`IntakeError`].
    pub async fn take(&self, call: Call, body: &[u8], now_us: i64) -> Result<Receipt, IntakeError> {
        let feed = self.inner.feed().await.map_err(|error| IntakeError::Failed(Arc::new(error)))?;
        let reading = read(&feed, call, body, Arrival::Live(now_us))?;
        let mut receipt = Receipt { received: Vec::new(), refused: reading.refused };
        if !reading.messages.is_empty() {
            let landed = self.land(&feed, reading.messages, now_us).await?;
            receipt.received = landed.received;
            receipt.refused.extend(landed.refused);
            receipt.refused.sort_by_key(|refused| refused.index);
        }
        Ok(receipt)
    }

    async fn land(&self, feed: &Feed, messages: Vec<Message>, now_us: i64) -> Result<Receipt, IntakeError> {
        let aside = messages
            .iter()
            .enumerate()
            .filter_map(|(place, message)| Some((place, aside_of(feed, message)?)))
            .collect();
        let events = messages.iter().map(Message::weight).sum();
        let (done, answer) = oneshot::channel();
        {
            let mut queue = self.inner.queue();
            if !queue.has_room(events, self.inner.bounds.waiting_events) {
                return Err(IntakeError::Busy);
            }
            queue.events += events;
            queue.requests.push_back(Waiting { messages, events, aside, now_us, done });
        }
        // A task of its own: a sender who gives up does not stop the others of the turn.
        let inner = Arc::clone(&self.inner);
        tokio::spawn(async move { inner.turn().await });
        answer.await.unwrap_or_else(|_| Err(Arc::new(gone()))).map_err(IntakeError::Failed)
    }

    /// Within which bounds it takes messages.
    #[must_use]
    pub fn bounds(&self) -> IntakeBounds {
        self.inner.bounds
    }

    /// What became of all keys since this intake was opened.
    #[must_use]
    pub fn counts(&self) -> ResolverCounts {
        self.inner.resolver.counts()
    }
}

/// What is declared, and its mark from before it was read.
async fn load_feed(timeline: &Timeline, limits: Limits) -> Result<(u64, Arc<Feed>), ListenError> {
    let store = timeline.store();
    let mark = store.declared_mark();
    let settings = BrandSettings::load(&**store).await?;
    let feed = Feed {
        hash_key: timeline.meta().hash_key,
        // One for all write keys, and that of archives: a refund finds its order whoever sent it.
        source: Layout::Messages.source_name().into(),
        currency: settings.unwrap_or_else(BrandSettings::first).currency,
        limits,
        schemas: load_schemas(&**store).await?,
    };
    Ok((mark, Arc::new(feed)))
}

fn gone() -> ListenError {
    StoreError::Unwritable { source: "the server is shutting down".into() }.into()
}

impl Inner {
    fn queue(&self) -> MutexGuard<'_, Queue> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Currency and schemas as they are declared now.
    async fn feed(&self) -> Result<Arc<Feed>, ListenError> {
        let (mark, feed) = self.feed.read().unwrap_or_else(PoisonError::into_inner).clone();
        if mark == self.timeline.store().declared_mark() {
            return Ok(feed);
        }
        let known = load_feed(&self.timeline, self.bounds.limits).await?;
        self.feed.write().unwrap_or_else(PoisonError::into_inner).clone_from(&known);
        Ok(known.1)
    }

    /// The next requests that land together: at least one.
    fn next(&self) -> Vec<Waiting> {
        let mut queue = self.queue();
        let (mut group, mut events) = (Vec::new(), 0);
        while let Some(next) = queue.requests.front() {
            let more = events + next.events;
            if more > TURN_EVENTS && !group.is_empty() {
                break;
            }
            events = more;
            group.extend(queue.requests.pop_front());
        }
        queue.events -= events;
        group
    }

    async fn turn(&self) {
        let mut turn = self.turn.lock().await;
        let mut group = self.next();
        if group.is_empty() {
            return;
        }
        let landed = self.land(&mut turn, &mut group).await;
        if landed.is_err() {
            // What of it was written down is not known.
            turn.owners.keep_at_most(0);
        }
        drop(turn);
        match landed {
            Ok((who, aside_full)) => {
                let mut who = who.into_iter();
                for Waiting { messages, done, .. } in group {
                    let mut receipt = Receipt::default();
                    for (message, who) in messages.into_iter().zip(who.by_ref()) {
                        receipt.note(message, who, aside_full);
                    }
                    // Nobody listens where the sender gave up.
                    drop(done.send(Ok(receipt)));
                }
            }
            Err(error) => {
                let error = Arc::new(error);
                group.into_iter().for_each(|one| drop(one.done.send(Err(Arc::clone(&error)))));
            }
        }
    }

    /// Whose each message is, and whether there was no room to keep messages aside.
    async fn land(&self, turn: &mut Turn, group: &mut [Waiting]) -> Result<(Vec<Who>, bool), ListenError> {
        let now_us = group.iter().map(|one| one.now_us).max().unwrap_or_default();
        let messages = group.iter_mut().flat_map(|one| &mut one.messages);
        let sightings = messages.map(|message| Hashed {
            keys: std::mem::take(&mut message.keys),
            name: message.person.as_deref().and_then(normalise_name),
            blocked: message.blocked,
        });
        // Held until all is durable: an erasure must find what belongs to whom it erases.
        let Resolved { who, hold } = self.resolver.resolve_hashed(sightings.collect(), now_us).await?;
        let Taken { batch, order_owners, .. } = self.rows(turn, group, &who).await?;
        self.timeline.append_and_go_on(batch).await?;
        let store = self.timeline.store();
        if !order_owners.is_empty() {
            store.set_order_owners(&order_owners).await?;
        }
        self.record_consents(group, &who).await?;
        let aside = aside_to_keep(group, &who);
        let kept = if aside.is_empty() { Ok(()) } else { store.set_aside(&aside, MAX_ASIDE_MESSAGES).await };
        drop(hold);
        match kept {
            Err(StoreError::AsideFull { .. }) => Ok((who, true)),
            kept => Ok((who, kept.map(|()| false)?)),
        }
    }

    /// What messages say about consent, before they are acknowledged.
    async fn record_consents(&self, group: &[Waiting], who: &[Who]) -> Result<(), ListenError> {
        let messages = group.iter().flat_map(|one| &one.messages).zip(who);
        let said = messages.filter_map(|(message, who)| match who {
            Who::Somebody(profile) => Some(message.consents.iter().map(|said| (*profile, said.clone()))),
            Who::Nobody | Who::Suppressed => None,
        });
        let said: Vec<_> = said.flatten().collect();
        if said.is_empty() {
            return Ok(());
        }
        let changes = ConsentBook::default().changes(&self.timeline, said).await?;
        Ok(self.timeline.record_consents(&changes).await?)
    }

    async fn rows(&self, turn: &mut Turn, group: &[Waiting], who: &[Who]) -> Result<Taken, ListenError> {
        let Turn { owners, marks, sink } = turn;
        let (before, now) = (*marks, self.timeline.identity_marks());
        let is_outdated = (before.erasures, before.orders) != (now.erasures, now.orders);
        owners.keep_at_most(if is_outdated { 0 } else { CACHED_ORDERS });
        *marks = now;
        let meta = self.timeline.meta();
        let messages = || group.iter().flat_map(|one| &one.messages);
        let orders = messages().flat_map(Message::events).map(|event| event.order);
        owners.prepare(orders.filter(|order| *order != OrderKey::NONE).collect()).await?;
        sink.currency = self.feed.read().unwrap_or_else(PoisonError::into_inner).1.currency;
        let mut rows = Rows { shards: meta.shards, owners, sink };
        messages().zip(who).for_each(|(message, who)| rows.add(message, *who));
        sink.take().map_err(|error| ListenError::Stopped(error.to_string()))
    }
}

/// Messages to keep aside, but for those of erased customers.
fn aside_to_keep(group: &mut [Waiting], who: &[Who]) -> Vec<AsideMessage> {
    let (mut kept, mut first) = (Vec::new(), 0);
    for one in group {
        let is_kept = |place: usize| who.get(first + place) != Some(&Who::Suppressed);
        kept.extend(one.aside.drain(..).filter(|(place, _)| is_kept(*place)).map(|(_, message)| message));
        first += one.messages.len();
    }
    kept
}

impl Receipt {
    fn note(&mut self, message: Message, who: Who, aside_full: bool) {
        let Message { index, name, verdict, consents, .. } = message;
        let outcome = match verdict {
            _ if who == Who::Suppressed => Outcome::Suppressed,
            // Consent is somebody's; of nobody there is nothing to keep it with.
            Verdict::Events(events) if who == Who::Nobody && events.is_empty() && !consents.is_empty() => {
                let what = "names nobody: consent needs a userId, anonymousId or other key of a customer";
                let problem = Problem::new(ProblemCode::Missing, "userId", what);
                return self.refused.push(Refused { index, problem });
            }
            Verdict::Events(_) => Outcome::Kept,
            Verdict::Aside { problem, .. } if aside_full => Outcome::AsideFull(problem),
            Verdict::Aside { problem, .. } => Outcome::Aside(problem),
        };
        self.received.push(Received { index, name, who, outcome });
    }
}
