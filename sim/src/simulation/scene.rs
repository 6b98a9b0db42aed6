//! One customer's turn: what falls due is played, and what follows from it falls due later.

use super::customer::{Cause, Customer};
use super::json::Members;
use super::message::{Call, Message};
use super::order::Order;
use super::{Failing, SimulationOptions};
use rand_chacha::ChaCha8Rng;
use std::cmp::{Ordering, Reverse};
use std::collections::BinaryHeap;

/// What happens next to somebody.
#[derive(Debug)]
pub(super) enum Step {
    /// Seen for the first time.
    Contact,
    /// Looks around on a device that nobody has signed in on, so many times more.
    Anonymous(u32),
    /// Looks around, signed in.
    Visit,
    /// Begins to shop.
    Session,
    /// Orders.
    Order,
    /// The parcel of an order is there.
    Delivered(Box<Order>),
    /// Has had enough.
    Leave(Cause),
    /// What the outside hears.
    Say(Box<Message>),
}

/// A step in the queue: by time, then by whom it concerns, then in the order of planning.
#[derive(Debug)]
pub(super) struct Due {
    pub(super) time_us: i64,
    pub(super) number: u64,
    pub(super) place: u32,
    /// Place of the customer.
    pub(super) index: u32,
    pub(super) step: Step,
}

impl Due {
    const fn rank(&self) -> (i64, u64, u32) {
        (self.time_us, self.number, self.place)
    }
}

impl PartialEq for Due {
    fn eq(&self, other: &Self) -> bool {
        self.rank() == other.rank()
    }
}

impl Eq for Due {}

impl PartialOrd for Due {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Due {
    fn cmp(&self, other: &Self) -> Ordering {
        self.rank().cmp(&other.rank())
    }
}

/// Everything that will happen.
#[derive(Debug, Default)]
pub(super) struct Queue(BinaryHeap<Reverse<Due>>);

impl Queue {
    pub(super) fn push(&mut self, due: Due) {
        self.0.push(Reverse(due));
    }

    /// When the next step falls due; the end of time where there is none.
    pub(super) fn next_us(&self) -> i64 {
        self.0.peek().map_or(i64::MAX, |Reverse(due)| due.time_us)
    }

    pub(super) fn pop_before(&mut self, until_us: i64) -> Option<Due> {
        if self.next_us() < until_us { self.0.pop().map(|Reverse(due)| due) } else { None }
    }
}

/// Ids of a message: its own and those of the sender.
pub(super) fn envelope(seed: u64, id: &str, user: Option<&str>, device: Option<&str>) -> Members {
    let mut head = Members::default().text("messageId", &format!("sim{seed}-{id}"));
    if let Some(user) = user {
        head = head.text("userId", user);
    }
    if let Some(device) = device {
        head = head.text("anonymousId", device);
    }
    head
}

/// One customer at one instant.
pub(super) struct Scene<'a> {
    pub(super) options: &'a SimulationOptions,
    pub(super) failings: &'a [Failing; 2],
    pub(super) customer: &'a mut Customer,
    pub(super) rng: ChaCha8Rng,
    pub(super) now_us: i64,
    index: u32,
    queue: &'a mut Queue,
}

impl<'a> Scene<'a> {
    pub(super) fn new(
        options: &'a SimulationOptions,
        failings: &'a [Failing; 2],
        customer: &'a mut Customer,
        (index, now_us): (u32, i64),
        queue: &'a mut Queue,
    ) -> Self {
        customer.turn += 1;
        let rng = super::chance::generator(options.seed, customer.number, customer.turn);
        Self { options, failings, customer, rng, now_us, index, queue }
    }

    pub(super) fn play(mut self, step: &Step) {
        match step {
            Step::Contact => self.contact(),
            Step::Anonymous(more) => self.anonymous(*more),
            // Who has left shops and looks around no more; parcels still arrive.
            Step::Visit | Step::Session | Step::Order | Step::Leave(_) if self.customer.lost.is_some() => {}
            Step::Visit => self.visit(),
            Step::Session => self.session(),
            Step::Order => self.order(),
            Step::Delivered(order) => self.delivered(order),
            Step::Leave(cause) => self.leave(*cause),
            Step::Say(_) => {}
        }
    }

    /// Lets a step fall due.
    pub(super) fn plan(&mut self, time_us: i64, step: Step) {
        let place = self.customer.said;
        self.customer.said += 1;
        self.queue.push(Due { time_us, number: self.customer.number, place, index: self.index, step });
    }

    /// Tells the outside what happens at a time from now on.
    pub(super) fn say(&mut self, time_us: i64, call: Call, said: Members) {
        self.say_with(time_us, call, said, Vec::new(), Members::default());
    }

    pub(super) fn say_with(
        &mut self,
        time_us: i64,
        call: Call,
        said: Members,
        times: Vec<(&'static str, i64)>,
        context: Members,
    ) {
        let member = self.customer.member();
        let device = (!self.customer.is_known || call == Call::Identify) && self.customer.channel.is_own();
        let device = device.then(|| self.customer.device());
        let id = format!("{}-{}", self.customer.number, self.customer.said);
        let user = self.customer.is_known.then_some(member.as_str());
        let head = envelope(self.options.seed, &id, user, device.as_deref());
        self.plan(time_us, Step::Say(Box::new(Message { time_us, head, call, said, times, context })));
    }

    pub(super) fn leave(&mut self, cause: Cause) {
        self.customer.lost = Some((self.now_us, cause));
        if self.customer.consents && rand::RngExt::random_bool(&mut self.rng, 0.35) {
            self.withdraw();
        }
    }
}

/// So many days in microseconds.
pub(super) fn days(days: f64) -> i64 {
    (days * perennial_model::DAY_US as f64) as i64
}

/// So many minutes in microseconds.
pub(super) fn minutes(minutes: f64) -> i64 {
    (minutes * 60_000_000.0) as i64
}
