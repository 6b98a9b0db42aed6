//! The server's log, on standard error: one line an event, in JSON unless told otherwise. What is
//! logged holds no personal data; what other crates would log in detail is left out, because nobody
//! has looked at it for that.

use crate::config::{Log, LogFormat, LogLevel};
use tracing::level_filters::LevelFilter;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;
use tracing_subscriber::{Layer, fmt};

/// Crates of ours begin with this.
const OWN: &str = "perennial";

/// Begins to log; once a process.
pub(crate) fn begin(options: &Log) {
    let lines = fmt::layer().with_writer(std::io::stderr);
    let lines = match options.format {
        LogFormat::Json => lines.json().flatten_event(true).with_current_span(false).with_span_list(false).boxed(),
        LogFormat::Text => lines.with_ansi(false).boxed(),
    };
    let own = match options.level {
        LogLevel::Error => LevelFilter::ERROR,
        LogLevel::Warn => LevelFilter::WARN,
        LogLevel::Info => LevelFilter::INFO,
        LogLevel::Debug => LevelFilter::DEBUG,
    };
    let kept = Targets::new().with_default(LevelFilter::ERROR).with_target(OWN, own);
    // Where a log has begun already, that one goes on.
    let _ = tracing_subscriber::registry().with(lines.with_filter(kept)).try_init();
}
