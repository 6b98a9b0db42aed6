//! What comes of an order: the parcel, the review, the refund, and what goes wrong.

use super::catalogue::{Channel, Product, STORES};
use super::chance::exponential;
use super::customer::Cause;
use super::json::Members;
use super::message::Call;
use super::order::{Line, Order};
use super::scene::{Scene, Step, days};
use super::words::{self, Mood};
use super::{Failing, season};
use crate::Language;
use rand::RngExt as _;

/// The store that delivers late.
const LATE_STORE: usize = 2;
/// The product that is often broken.
const BROKEN_PRODUCT: Product = Product { category: 10, place: 0 };
/// Of orders that went well, those refunded by a line and those refunded whole.
const LINE_REFUNDED: f64 = 0.02;
const WHOLE_REFUNDED: f64 = 0.012;

/// What goes wrong: late deliveries until a day, broken products for good.
pub(super) fn failings(repaired_day: i32, language: Language) -> [Failing; 2] {
    let late = Failing {
        kind: Cause::LateDelivery,
        of: STORES[LATE_STORE].name.of(language).to_owned(),
        chance: 0.5,
        usual: 0.05,
        drives_away: 0.25,
        repaired_us: Some(season::start_of(repaired_day)),
    };
    let broken = Failing {
        kind: Cause::DefectiveProduct,
        of: BROKEN_PRODUCT.sku(),
        chance: 0.4,
        usual: 0.0,
        drives_away: 0.5,
        repaired_us: None,
    };
    [late, broken]
}

impl Failing {
    fn chance_at(&self, of: bool, time_us: i64) -> f64 {
        let stands = of && self.repaired_us.is_none_or(|repaired_us| time_us < repaired_us);
        if stands { self.chance } else { self.usual }
    }
}

impl Scene<'_> {
    /// A parcel is sent, or the goods are taken along.
    pub(super) fn fulfil(&mut self, order: Order) {
        let now_us = self.now_us;
        if order.channel == Channel::Store {
            return self.plan(now_us + days(0.02), Step::Delivered(Box::new(order)));
        }
        let chance = self.failings[0].chance_at(order.store == Some(LATE_STORE), now_us);
        let allowed = order.promised_us - now_us;
        let delivered_us = if self.rng.random_bool(chance) {
            order.promised_us + days(0.3 + exponential(2.0, &mut self.rng))
        } else {
            now_us + (allowed as f64 * self.rng.random_range(0.4..0.99)) as i64
        };
        let shipped_us = now_us + ((delivered_us - now_us) as f64 * self.rng.random_range(0.1..0.4)) as i64;
        let times = vec![("promised_at", order.promised_us)];
        let said = self.parcel_said(&order);
        self.say_with(shipped_us, Call::Track("Order Shipped"), said, times, Members::default());
        self.plan(delivered_us, Step::Delivered(Box::new(order)));
    }

    fn parcel_said(&self, order: &Order) -> Members {
        let said = Members::default().text("order_id", &order.id).text("channel", order.channel.as_str());
        match order.store {
            Some(store) => said.text("store", STORES[store].name.of(self.options.language)),
            None => said.text("carrier", "simulated express"),
        }
    }

    /// The goods are there: the mood decides about review, refund and whether the customer stays.
    pub(super) fn delivered(&mut self, order: &Order) {
        let now_us = self.now_us;
        let is_late = now_us > order.promised_us;
        if order.channel != Channel::Store {
            let times = vec![("promised_at", order.promised_us), ("delivered_at", now_us)];
            let said = self.parcel_said(order).number("late", is_late);
            self.say_with(now_us, Call::Track("Order Delivered"), said, times, Members::default());
        }
        let broken = self.broken_line(order);
        let mood = match (broken, is_late) {
            (Some(_), _) => Mood::Broken,
            (None, true) => Mood::Late,
            (None, false) => Mood::Glad,
        };
        self.perhaps_review(order, mood, broken);
        match mood {
            Mood::Broken => {
                self.harm(1);
                if let Some(line) = broken.filter(|_| self.rng.random_bool(0.8)) {
                    self.refund(order, Some(line), "defective");
                }
            }
            _ if mood == Mood::Late => self.harm(0),
            _ if self.rng.random_bool(LINE_REFUNDED) => self.refund(order, order.lines.last().copied(), "disliked"),
            _ if self.rng.random_bool(WHOLE_REFUNDED) => self.refund(order, None, "changed mind"),
            _ => {}
        }
    }

    fn broken_line(&mut self, order: &Order) -> Option<Line> {
        let line = order.lines.iter().find(|line| line.product == BROKEN_PRODUCT).copied()?;
        let chance = self.failings[1].chance_at(true, self.now_us);
        self.rng.random_bool(chance).then_some(line)
    }

    /// A failing has met the customer, and may drive it away.
    fn harm(&mut self, failing: usize) {
        self.customer.is_harmed = true;
        let failing = &self.failings[failing];
        if self.rng.random_bool(failing.drives_away) {
            let cause = failing.kind;
            self.plan(self.now_us, Step::Leave(cause));
        }
    }

    fn perhaps_review(&mut self, order: &Order, mood: Mood, broken: Option<Line>) {
        let (chance, stars) = match mood {
            Mood::Glad => (0.1, 4..=5),
            Mood::Late => (0.35, 1..=3),
            Mood::Broken => (0.6, 1..=2),
        };
        let Some(line) = broken.or_else(|| order.lines.first().copied()) else { return };
        if !self.rng.random_bool(chance) {
            return;
        }
        let text = words::review(mood, self.options.language, &mut self.rng);
        let said = Members::default().text("product_id", &line.product.sku()).text("order_id", &order.id);
        let said = said.number("rating", self.rng.random_range(stars)).text("review_body", text);
        let said = said.text("channel", order.channel.as_str());
        let time_us = self.now_us + days(self.rng.random_range(0.2..6.0));
        self.say(time_us, Call::Track("Product Reviewed"), said);
    }

    /// Money back for a line or for everything, some time later.
    fn refund(&mut self, order: &Order, line: Option<Line>, reason: &str) {
        let amount = line.map_or(order.total_minor(), |line| order.paid_minor(&line));
        let mut said = Members::default().text("order_id", &order.id).money("total", amount);
        said = said.text("currency", "CNY").text("reason", reason).text("channel", order.channel.as_str());
        if let Some(line) = line {
            let product = Members::default().text("product_id", &line.product.sku());
            said = said.list("products", &[product.number("quantity", line.quantity)]);
        }
        let time_us = self.now_us + days(self.rng.random_range(0.5..14.0));
        self.say(time_us, Call::Track("Order Refunded"), said);
    }
}
