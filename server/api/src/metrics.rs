//! What the server counts, for Prometheus.

use perennial_listen::message::{Outcome, Receipt};
use prometheus_client::encoding::{EncodeLabelSet, text};
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::{Registry, Unit};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

/// Upper bounds of the durations counted, seconds.
const BOUNDS: [f64; 11] = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1.0, 5.0, 30.0];

/// Of a request.
#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct RequestLabels {
    method: &'static str,
    route: String,
    status: u16,
}

/// Of durations.
#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct RouteLabels {
    method: &'static str,
    route: String,
}

/// Why events were refused: a word of ours.
#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct ReasonLabels {
    reason: &'static str,
}

/// Counters and gauges; those that others count are theirs to raise.
pub struct Metrics {
    registry: Registry,
    requests: Family<RequestLabels, Counter>,
    durations: Family<RouteLabels, Histogram, fn() -> Histogram>,
    refused: Family<ReasonLabels, Counter>,
    /// Requests so far.
    numbers: AtomicU64,
    accepted: Counter,
    aside: Counter,
    pub(crate) customers: Gauge,
    pub(crate) hot_rows: Gauge,
    pub(crate) runs: Gauge,
    pub(crate) live_backlog_rows: Gauge,
    pub(crate) password_queue: Gauge,
    pub(crate) memory_bytes: Gauge,
    pub(crate) segments_sweep: Gauge<f64, AtomicU64>,
}

impl Default for Metrics {
    fn default() -> Self {
        Self::new()
    }
}

impl Metrics {
    /// All at zero.
    #[must_use]
    pub fn new() -> Self {
        let mut metrics = Self {
            registry: Registry::with_prefix("perennial"),
            requests: Family::default(),
            durations: Family::new_with_constructor(|| Histogram::new(BOUNDS)),
            refused: Family::default(),
            numbers: AtomicU64::new(0),
            accepted: Counter::default(),
            aside: Counter::default(),
            customers: Gauge::default(),
            hot_rows: Gauge::default(),
            runs: Gauge::default(),
            live_backlog_rows: Gauge::default(),
            password_queue: Gauge::default(),
            memory_bytes: Gauge::default(),
            segments_sweep: Gauge::default(),
        };
        metrics.register();
        metrics
    }

    fn register(&mut self) {
        let Self { registry, .. } = self;
        registry.register("http_requests", "Requests answered, by route and status", self.requests.clone());
        registry.register_with_unit(
            "http_request_duration",
            "Time to the answer's header, by route",
            Unit::Seconds,
            self.durations.clone(),
        );
        registry.register("events_accepted", "Messages taken, durable", self.accepted.clone());
        registry.register(
            "events_aside",
            "Messages kept aside because they do not fit their schema",
            self.aside.clone(),
        );
        registry.register(
            "events_refused",
            "Messages not taken, by reason; a whole request counts once",
            self.refused.clone(),
        );
        for (name, help, gauge) in [
            ("customers", "Customers in the customer table", &self.customers),
            ("hot_rows", "Rows of the hot log that are in no run yet", &self.hot_rows),
            ("runs", "Runs of the timeline", &self.runs),
            ("live_backlog_rows", "Rows on their way into the customer table", &self.live_backlog_rows),
            ("password_queue", "Passwords being hashed or waiting for it", &self.password_queue),
        ] {
            registry.register(name, help, gauge.clone());
        }
        registry.register_with_unit("memory", "Memory of the process", Unit::Bytes, self.memory_bytes.clone());
        registry.register_with_unit(
            "segments_sweep",
            "Time of the last look for whom time alone moved in or out of the segments that act",
            Unit::Seconds,
            self.segments_sweep.clone(),
        );
    }

    /// What became of the messages of a request.
    pub(crate) fn messages(&self, receipt: &Receipt) {
        let (mut aside, mut full) = (0, 0);
        for message in &receipt.received {
            match message.outcome {
                Outcome::Aside(_) => aside += 1,
                Outcome::AsideFull(_) => full += 1,
                _ => {}
            }
        }
        self.accepted.inc_by(receipt.received.len() as u64 - aside - full);
        self.aside.inc_by(aside);
        for (reason, count) in [("no_room_aside", full), ("message", receipt.refused.len() as u64)] {
            if count > 0 {
                self.refused.get_or_create(&ReasonLabels { reason }).inc_by(count);
            }
        }
    }

    /// A whole request was refused.
    pub(crate) fn refused_request(&self) {
        self.refused.get_or_create(&ReasonLabels { reason: "request" }).inc();
    }

    /// The next request's number, in this process.
    pub(crate) fn number(&self) -> u64 {
        self.numbers.fetch_add(1, Ordering::Relaxed) + 1
    }

    pub(crate) fn request(&self, method: &'static str, route: &str, status: u16, took: Duration) {
        let labels = RequestLabels { method, route: route.to_owned(), status };
        self.requests.get_or_create(&labels).inc();
        let labels = RouteLabels { method, route: route.to_owned() };
        self.durations.get_or_create(&labels).observe(took.as_secs_f64());
    }

    /// In the text format of OpenMetrics.
    pub(crate) fn text(&self) -> Result<String, std::fmt::Error> {
        let mut text = String::new();
        text::encode(&mut text, &self.registry)?;
        Ok(text)
    }
}
