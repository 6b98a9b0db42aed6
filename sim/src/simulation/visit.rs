//! Looking around: pages, products, the cart.

use super::catalogue::{CATEGORIES, Channel, PRODUCTS, Product, category_weights, product_weights};
use super::chance::{exponential, geometric, pick};
use super::json::Members;
use super::message::Call;
use super::scene::{Scene, Step, minutes};
use super::season;
use crate::Language;
use rand::RngExt as _;

/// Of the products looked at, those of the category that a customer likes best.
const FAVOURITE: f64 = 0.5;

pub(super) fn product_said(product: Product, channel: Channel, language: Language) -> Members {
    let category = CATEGORIES[product.category].name.of(language);
    let said = Members::default().text("product_id", &product.sku()).text("name", &product.name(language));
    said.text("category", category).money("price", product.price_minor()).text("channel", channel.as_str())
}

pub(super) fn place_said(channel: Channel) -> Members {
    let (name, place) = match channel {
        Channel::Web => ("url", "https://shop.example/"),
        _ => ("path", "pages/index"),
    };
    Members::default().text(name, place).text("channel", channel.as_str())
}

impl Scene<'_> {
    /// A visit without an order, and when the next one is.
    pub(super) fn visit(&mut self) {
        let now_us = self.now_us;
        self.look_around(now_us);
        self.plan_visit();
    }

    pub(super) fn plan_visit(&mut self) {
        let season_days = exponential(1.0 / self.customer.visit_rate, &mut self.rng);
        if let Some(next_us) = season::after(self.now_us + minutes(10.0), season_days) {
            self.plan(next_us, Step::Visit);
        }
    }

    /// Pages and products from an instant on; returns when it is over.
    pub(super) fn look_around(&mut self, from_us: i64) -> i64 {
        let channel = match self.customer.channel {
            Channel::Web => Channel::Web,
            _ => Channel::MiniProgram,
        };
        let call = if channel == Channel::Web { Call::Page("Home") } else { Call::Screen("Home") };
        let said = self.with_source(place_said(channel));
        self.say(from_us, call, said);
        let mut time_us = from_us;
        for _ in 0..geometric(0.5, 5, &mut self.rng) {
            time_us += minutes(self.rng.random_range(0.2..2.0));
            let product = self.a_product();
            let said = product_said(product, channel, self.options.language);
            self.say(time_us, Call::Track("Product Viewed"), said);
        }
        time_us
    }

    /// The first event that can tell where the customer came from does.
    pub(super) fn with_source(&mut self, said: Members) -> Members {
        let untold = !std::mem::replace(&mut self.customer.has_told_source, true);
        match self.customer.source.filter(|_| untold) {
            Some(source) => said.text("utm_source", source),
            None => said,
        }
    }

    pub(super) fn a_product(&mut self) -> Product {
        let likes = self.rng.random_bool(FAVOURITE);
        let category = if likes { self.customer.category } else { pick(&category_weights(), &mut self.rng) };
        let place = pick(&product_weights(), &mut self.rng).min(PRODUCTS - 1);
        Product { category: category.min(CATEGORIES.len() - 1), place }
    }
}
