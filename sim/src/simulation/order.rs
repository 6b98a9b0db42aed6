//! An order: what leads to it, what is in it, and whether it was the last.

use super::catalogue::{CATEGORIES, Channel, Product, STORES, staff};
use super::chance::{exponential, geometric, pick};
use super::customer::Cause;
use super::json::Members;
use super::message::Call;
use super::scene::{Scene, Step, minutes};
use super::season;
use super::visit::product_said;
use crate::Language;
use rand::RngExt as _;

/// Of the orders, those in the channel where a customer is at home.
const AT_HOME: f64 = 0.8;
const COUPON: f64 = 0.15;
const COUPON_MINOR: i64 = 2_000;
const FREE_SHIPPING_FROM_MINOR: i64 = 9_900;
const SHIPPING_MINOR: i64 = 1_000;
/// Of the orders, those placed once more by mistake.
const MISTAKEN: f64 = 0.02;

/// One line.
#[derive(Debug, Clone, Copy)]
pub(super) struct Line {
    pub(super) product: Product,
    pub(super) quantity: i64,
    pub(super) price_minor: i64,
}

/// An order as the shop keeps it.
#[derive(Debug, Clone)]
pub(super) struct Order {
    pub(super) id: String,
    pub(super) channel: Channel,
    pub(super) store: Option<usize>,
    pub(super) staff: Option<usize>,
    pub(super) lines: Vec<Line>,
    pub(super) discount_minor: i64,
    pub(super) shipping_minor: i64,
    pub(super) promised_us: i64,
}

impl Order {
    fn goods_minor(&self) -> i64 {
        self.lines.iter().map(|line| line.price_minor * line.quantity).sum()
    }

    pub(super) fn total_minor(&self) -> i64 {
        self.goods_minor() - self.discount_minor + self.shipping_minor
    }

    /// What a line came to, the discount shared in proportion.
    pub(super) fn paid_minor(&self, line: &Line) -> i64 {
        let goods = self.goods_minor().max(1);
        line.price_minor * line.quantity * (goods - self.discount_minor) / goods
    }

    pub(super) fn said(&self, language: Language) -> Members {
        let products: Vec<Members> = self.lines.iter().map(|line| line.said(language)).collect();
        let said = Members::default().text("order_id", &self.id).money("total", self.total_minor());
        let mut said = said.money("subtotal", self.goods_minor()).money("shipping", self.shipping_minor);
        if self.discount_minor > 0 {
            said = said.money("discount", self.discount_minor).text("coupon", "WELCOME20");
        }
        said = said.text("currency", "CNY").text("channel", self.channel.as_str());
        if let Some(store) = self.store {
            said = said.text("store", STORES[store].name.of(language));
            if let Some(number) = self.staff {
                said = said.text("staff", &staff(store, number, language));
            }
        }
        said.list("products", &products)
    }
}

impl Line {
    fn said(&self, language: Language) -> Members {
        let said =
            Members::default().text("product_id", &self.product.sku()).text("name", &self.product.name(language));
        let category = CATEGORIES[self.product.category].name.of(language);
        said.text("category", category).money("price", self.price_minor).number("quantity", self.quantity)
    }
}

impl Scene<'_> {
    /// What leads to an order: in an own channel one sees it.
    pub(super) fn session(&mut self) {
        let now_us = self.now_us;
        if !self.customer.channel.is_own() {
            return self.plan(now_us, Step::Order);
        }
        let seen_us = self.look_around(now_us) + minutes(1.0);
        let (product, channel) = (self.a_product(), self.customer.channel);
        let said = product_said(product, channel, self.options.language).number("quantity", 1);
        self.say(seen_us, Call::Track("Product Added"), said);
        let order_us = seen_us + minutes(self.rng.random_range(1.0..9.0));
        self.plan(order_us, Step::Order);
    }

    pub(super) fn order(&mut self) {
        if !self.customer.is_known {
            self.join();
        }
        let now_us = self.now_us;
        let order = self.draw_order();
        let said = self.with_source(order.said(self.options.language));
        self.say(now_us, Call::Track("Order Completed"), said);
        if self.rng.random_bool(MISTAKEN) {
            self.mistake(&order);
        }
        self.customer.orders += 1;
        self.customer.last_order_us = now_us;
        if self.customer.first_order_us.is_none() {
            self.customer.first_order_us = Some(now_us);
            self.plan_visit();
        }
        self.perhaps_reply();
        self.fulfil(order);
        if self.rng.random_bool(self.customer.drop_out) {
            return self.leave(Cause::Natural);
        }
        let season_days = exponential(1.0 / self.customer.rate, &mut self.rng);
        if let Some(next_us) = season::after(now_us, season_days) {
            self.plan(next_us, Step::Session);
        }
    }

    pub(super) fn draw_order(&mut self) -> Order {
        let at_home = self.rng.random_bool(AT_HOME);
        let channel =
            if at_home { self.customer.channel } else { Channel::ALL[pick(&Channel::WEIGHTS, &mut self.rng)] };
        // A mini-program's orders are partly brought by the store nearby.
        let from_store = channel == Channel::Store || (channel == Channel::MiniProgram && self.rng.random_bool(0.5));
        let store = from_store.then_some(self.customer.store);
        let staff =
            store.filter(|_| channel == Channel::Store).map(|store| self.rng.random_range(0..STORES[store].staff));
        let cut = if season::is_sale(season::day_of(self.now_us)) { 8 } else { 10 };
        let lines: Vec<Line> = (0..geometric(0.55, 6, &mut self.rng))
            .map(|_| {
                let product = self.a_product();
                let quantity = i64::from(geometric(0.8, 5, &mut self.rng));
                Line { product, quantity, price_minor: product.price_minor() * cut / 10 }
            })
            .collect();
        let id = format!("P{:08}-{:03}", self.customer.number, self.customer.orders + 1);
        let promised_us = self.now_us + super::scene::days(if store.is_some() { 1.0 } else { 4.0 });
        let mut order = Order { id, channel, store, staff, lines, discount_minor: 0, shipping_minor: 0, promised_us };
        let goods = order.goods_minor();
        if goods > 2 * COUPON_MINOR && self.rng.random_bool(COUPON) {
            order.discount_minor = COUPON_MINOR;
        }
        if channel != Channel::Store && goods < FREE_SHIPPING_FROM_MINOR {
            order.shipping_minor = SHIPPING_MINOR;
        }
        order
    }

    /// The same order once more, cancelled soon after: the rate of purchase knows nothing of it.
    fn mistake(&mut self, order: &Order) {
        let twice = Order { id: format!("{}-2", order.id), ..order.clone() };
        let placed_us = self.now_us + minutes(2.0);
        self.say(placed_us, Call::Track("Order Completed"), twice.said(self.options.language));
        let said = Members::default().text("order_id", &twice.id).text("reason", "placed twice");
        let cancelled_us = placed_us + minutes(self.rng.random_range(3.0..50.0));
        self.say(cancelled_us, Call::Track("Order Cancelled"), said);
    }
}
