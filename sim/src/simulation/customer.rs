//! A customer: what is true of it, and by which keys it is known.

use super::catalogue::{CATEGORIES, Channel, STORES, category_weights, store_weights};
use super::chance::{beta, gamma, generator, pick};
use super::json::Members;
use super::words;
use super::{DROP_OUT, RATE_DAYS, RATE_SHAPE};
use crate::Language;
use rand::RngExt as _;

/// Where customers come from, as the property `utm_source` of the first event; one in six comes from nowhere known.
const SOURCES: [&str; 4] = ["douyin_ads", "livestream", "search", "friend"];

/// How often customers of this chance to leave come from each source, and from none: advertising brings those who
/// try and go, friends those who stay.
fn source_weights(drop_out: f64) -> [f64; 5] {
    let stays = 1.0 - drop_out;
    [0.1 + 0.9 * drop_out, 0.1 + 0.5 * drop_out, 0.2, 0.6 * stays * stays, 0.2]
}

/// Turns of a customer's generator: this one draws the customer itself.
const BIRTH: u64 = 0;

/// Why a customer buys no more.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Cause {
    /// By the chance that every order carries.
    Natural,
    /// A delivery came after the day that was promised.
    LateDelivery,
    /// A product was broken.
    DefectiveProduct,
}

#[derive(Debug, Clone)]
pub(super) struct Customer {
    pub(super) number: u64,
    /// Orders by season day while it stays.
    pub(super) rate: f64,
    /// Chance to leave after an order.
    pub(super) drop_out: f64,
    pub(super) channel: Channel,
    pub(super) store: usize,
    pub(super) category: usize,
    pub(super) name: String,
    pub(super) has_email: bool,
    pub(super) has_unionid: bool,
    /// Whether it may be written to.
    pub(super) consents: bool,
    /// Visits without an order by season day.
    pub(super) visit_rate: f64,
    /// Where it came from, where that is known.
    pub(super) source: Option<&'static str>,
    /// Whether an event has told where it came from.
    pub(super) has_told_source: bool,
    /// Whether its member number is known to the shop.
    pub(super) is_known: bool,
    pub(super) orders: u32,
    pub(super) first_order_us: Option<i64>,
    pub(super) last_order_us: i64,
    pub(super) is_harmed: bool,
    pub(super) lost: Option<(i64, Cause)>,
    /// Draws and messages so far.
    pub(super) turn: u64,
    pub(super) said: u32,
}

impl Customer {
    pub(super) fn new(seed: u64, number: u64, language: Language) -> Self {
        let mut rng = generator(seed, number, BIRTH);
        let rate = gamma(RATE_SHAPE, RATE_DAYS, &mut rng);
        let drop_out = beta(DROP_OUT[0], DROP_OUT[1], &mut rng);
        let channel = Channel::ALL[pick(&Channel::WEIGHTS, &mut rng)];
        let store = pick(&store_weights(), &mut rng).min(STORES.len() - 1);
        let category = pick(&category_weights(), &mut rng).min(CATEGORIES.len() - 1);
        let curiosity: f64 = rng.random_range(0.5..2.0);
        let visit_rate = if channel.is_own() { curiosity * (rate + 0.006) } else { 0.2 * curiosity * rate };
        Self {
            number,
            rate,
            drop_out,
            channel,
            store,
            category,
            name: words::person(language, &mut rng),
            has_email: channel == Channel::Web || rng.random_bool(0.3),
            has_unionid: channel == Channel::MiniProgram || rng.random_bool(0.25),
            consents: rng.random_bool(0.6),
            visit_rate,
            // Drawn last: what it is otherwise does not depend on it.
            source: SOURCES.get(pick(&source_weights(drop_out), &mut rng)).copied(),
            has_told_source: false,
            is_known: false,
            orders: 0,
            first_order_us: None,
            last_order_us: 0,
            is_harmed: false,
            lost: None,
            turn: BIRTH,
            said: 0,
        }
    }

    pub(super) fn member(&self) -> String {
        format!("M{:08}", self.number)
    }

    /// The cookie or device before anybody has signed in.
    pub(super) fn device(&self) -> String {
        format!("device-{}", self.number)
    }

    /// No mobile number begins with 12: what does is a service of the operators and has fewer digits.
    fn phone(&self) -> String {
        format!("+8612{:09}", self.number)
    }

    /// What the shop learns when somebody becomes a member. example.com is nobody's.
    pub(super) fn traits(&self) -> Members {
        let traits = Members::default().text("name", &self.name).text("phone", &self.phone());
        let traits =
            if self.has_email { traits.text("email", &format!("sim{}@example.com", self.number)) } else { traits };
        traits.text("home_channel", self.channel.as_str())
    }

    /// Names that platforms give it.
    pub(super) fn external_ids(&self) -> Vec<Members> {
        let entry = |kind: &str, id: String| {
            Members::default().text("id", &id).text("type", kind).text("collection", "users").text("encoding", "none")
        };
        let mut entries = Vec::new();
        if self.has_unionid {
            entries.push(entry("unionid", format!("sim-union-{}", self.number)));
            entries.push(entry("openid", format!("sim-open-{}@wxsimulated", self.number)));
        }
        if self.channel.is_marketplace() {
            entries.push(entry(self.channel.as_str(), format!("sim_{}", self.number)));
        }
        entries
    }
}
