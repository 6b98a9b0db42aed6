//! `perennial simulate`: the simulated brand's customers go on, against a running server.

use crate::cli::SimulateArgs;
use crate::clock::SystemClock;
use crate::error::usage;
use crate::simulation::{self, Sender};
use anyhow::Result;
use bytes::Bytes;
use perennial_model::Clock;
use perennial_sim::{Message, Simulation};
use std::path::Path;
use std::time::Duration;
use tokio::signal::unix::{SignalKind, signal};
use tokio::time::Instant;

/// Messages of a batch.
const BATCH: usize = 100;
/// How often one looks for what is due.
const BEAT: Duration = Duration::from_millis(250);
const MOST_A_SECOND: f64 = 10_000.0;

pub(crate) async fn run(arguments: &SimulateArgs) -> Result<u8> {
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut terminate = signal(SignalKind::terminate())?;
    let sender = Sender::new(&arguments.url, &arguments.write_key)?;
    if arguments.rate.is_some_and(|rate| !(rate > 0.0 && rate <= MOST_A_SECOND)) {
        return Err(usage(format!("--rate must be above 0 and at most {MOST_A_SECOND}")));
    }
    let now_us = SystemClock.now_us();
    let position_us = arguments.state.as_deref().map(simulation::position).transpose()?.flatten().unwrap_or(now_us);
    let mut brand = simulation::brand(&arguments.brand, now_us)?;
    // What was before is history.
    while brand.next_before(position_us).is_some() {}
    let mut traffic = Traffic { brand, rate: arguments.rate, since: Instant::now(), sent: 0, position_us };
    tokio::select! {
        outcome = traffic.flow(&sender, arguments.state.as_deref()) => outcome?,
        _ = interrupt.recv() => {}
        _ = terminate.recv() => {}
    }
    say!("{} messages sent", traffic.sent);
    Ok(0)
}

struct Traffic {
    brand: Simulation,
    rate: Option<f64>,
    since: Instant,
    sent: u64,
    /// All that the brand's customers did before this instant was sent.
    position_us: i64,
}

impl Traffic {
    /// Sends what falls due, for ever.
    async fn flow(&mut self, sender: &Sender, state: Option<&Path>) -> Result<()> {
        loop {
            let now_us = SystemClock.now_us();
            let due = self.due(now_us);
            if !due.is_empty() {
                sender.send(Bytes::from(batch(&due, self.rate.is_some().then_some(now_us), now_us))).await?;
                self.sent += due.len() as u64;
            }
            if let Some(path) = state {
                simulation::keep_position(path, self.position_us)?;
            }
            if due.len() < BATCH {
                tokio::time::sleep(BEAT).await;
            }
        }
    }

    /// At most a batch of what is due.
    fn due(&mut self, now_us: i64) -> Vec<Message> {
        let (until_us, most) = match self.rate {
            None => (now_us, BATCH),
            Some(rate) => {
                let wanted = (self.since.elapsed().as_secs_f64() * rate) as u64;
                (i64::MAX, usize::try_from(wanted.saturating_sub(self.sent)).unwrap_or(BATCH).min(BATCH))
            }
        };
        let due: Vec<Message> = std::iter::from_fn(|| self.brand.next_before(until_us)).take(most).collect();
        self.position_us = match due.last() {
            _ if due.len() < most => until_us,
            // Others may be of the same instant: sent twice, they count once.
            Some(last) => last.time_us,
            None => self.position_us,
        };
        due
    }
}

/// A body of the tracking API; with `dated_us` everything is dated then.
fn batch(messages: &[Message], dated_us: Option<i64>, now_us: i64) -> String {
    let mut body = String::from("{\"batch\":[");
    for (place, message) in messages.iter().enumerate() {
        if place > 0 {
            body.push(',');
        }
        message.write(&mut body, dated_us.map_or(0, |dated_us| dated_us - message.time_us));
    }
    body.push_str("],\"sentAt\":");
    body.push_str(&perennial_sim::quoted_instant(now_us));
    body.push('}');
    body
}
