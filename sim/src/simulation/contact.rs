//! From the first visit to membership; consent and its withdrawal; replies.

use super::chance::{exponential, geometric};
use super::json::Members;
use super::message::Call;
use super::scene::{Scene, Step, days, minutes};
use super::words;
use rand::RngExt as _;

/// Version of the wording that was agreed to.
const WORDING: &str = "2024-06";

impl Scene<'_> {
    /// Many of those who buy in an own channel have looked around before.
    pub(super) fn contact(&mut self) {
        let now_us = self.now_us;
        if self.customer.channel.is_own() && self.rng.random_bool(0.6) {
            let more = geometric(0.5, 4, &mut self.rng);
            self.plan(now_us, Step::Anonymous(more));
        } else {
            self.plan(now_us, Step::Session);
        }
    }

    pub(super) fn anonymous(&mut self, more: u32) {
        let now_us = self.now_us;
        self.look_around(now_us);
        let next_us = now_us + minutes(20.0) + days(exponential(1.5, &mut self.rng));
        self.plan(next_us, if more > 1 { Step::Anonymous(more - 1) } else { Step::Session });
    }

    /// The shop learns who it is.
    pub(super) fn join(&mut self) {
        self.customer.is_known = true;
        let now_us = self.now_us;
        let ids = self.customer.external_ids();
        let context = if ids.is_empty() { Members::default() } else { Members::default().list("externalIds", &ids) };
        let traits = self.customer.traits();
        self.say_with(now_us, Call::Identify, traits, Vec::new(), context);
        if self.customer.consents {
            self.consent(now_us, "Consent Given");
        }
    }

    fn consent(&mut self, time_us: i64, event: &'static str) {
        let channel = if self.customer.has_email { "email" } else { "sms" };
        let source = if event == "Consent Given" { self.customer.channel.as_str() } else { "preference_page" };
        let said = Members::default().text("purpose", "marketing").text("channel", channel);
        let said = said.text("source", source).text("wording_version", WORDING);
        self.say(time_us, Call::Track(event), said);
    }

    pub(super) fn withdraw(&mut self) {
        self.customer.consents = false;
        let time_us = self.now_us + days(self.rng.random_range(0.1..20.0));
        self.consent(time_us, "Consent Withdrawn");
    }

    /// Now and then who may be written to answers.
    pub(super) fn perhaps_reply(&mut self) {
        if !self.customer.consents {
            return;
        }
        if self.rng.random_bool(0.03) {
            return self.withdraw();
        }
        let time_us = self.now_us + days(self.rng.random_range(1.0..20.0));
        let campaign = Members::default().object("campaign", &Members::default().text("name", "letter"));
        if self.customer.has_email && self.rng.random_bool(0.5) {
            let said = Members::default().text("channel", "email").text("subject", "letter");
            self.say_with(time_us, Call::Track("Email Opened"), said, Vec::new(), campaign.clone());
        }
        if self.rng.random_bool(0.12) {
            let channel = if self.customer.has_email { "email" } else { "sms" };
            let text = words::reply(self.options.language, &mut self.rng);
            let said = Members::default().text("channel", channel).text("text", text);
            self.say_with(time_us + minutes(30.0), Call::Track("reply"), said, Vec::new(), campaign);
        }
    }
}
