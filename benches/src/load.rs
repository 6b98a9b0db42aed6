//! Sends batches of messages over many connections for some time and says how many were
//! acknowledged, and how soon.
//!
//! usage: KEY=wk_… [RATE=messages a second] [LATE=share that happened an hour ago] perennial-benches load
//! HOST:PORT [connections] [seconds] [customers]

use anyhow::{Context, Result, bail};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use http_body_util::{BodyExt, Full};
use hyper::Request;
use hyper::client::conn::http1::{SendRequest, handshake};
use hyper_util::rt::TokioIo;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};
use tokio::net::TcpStream;

/// Messages of a batch.
const BATCH: usize = 100;
/// Of a batch so many messages are orders of one line each.
const ORDERS: usize = 5;
/// Of a batch so many messages are pages.
const PAGES: usize = 15;
/// Digits of a number that is filled in.
const DIGITS: usize = 12;

struct Plan {
    address: String,
    authorization: String,
    started: Instant,
    until: Instant,
    customers: u64,
    /// Messages a second at most; 0 for as many as there can be.
    rate: f64,
    /// Of a thousand messages so many happened an hour ago.
    late: u64,
    /// Different for each run, so that no message was sent before.
    run: u64,
    batches: AtomicU64,
}

struct Sent {
    messages: u64,
    refused: u64,
    acknowledged_us: Vec<u32>,
}

pub(crate) fn run(arguments: &[String]) -> Result<()> {
    let number = |place: usize, usual: u64| {
        arguments
            .get(place)
            .map_or(Ok(usual), |text| text.parse::<u64>().with_context(|| format!("{text} is no number")))
    };
    let Some(address) = arguments.first() else { bail!("usage: KEY=wk_… perennial-benches load HOST:PORT") };
    let (connections, seconds, customers) = (number(1, 32)?, number(2, 60)?, number(3, 100_000)?);
    let key = std::env::var("KEY").unwrap_or_default();
    let started = Instant::now();
    let plan = Arc::new(Plan {
        address: address.clone(),
        authorization: format!("Basic {}", STANDARD.encode(format!("{key}:"))),
        started,
        until: started + Duration::from_secs(seconds),
        customers: customers.max(1),
        rate: from_environment("RATE")?,
        late: (from_environment("LATE")? * 1000.0) as u64,
        run: now_ms() % 1_000_000_000,
        batches: AtomicU64::new(0),
    });
    // One thread: what it takes is taken from the server.
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let sent = runtime.block_on(async {
        let tasks: Vec<_> = (0..connections).map(|_| tokio::spawn(connection(Arc::clone(&plan)))).collect();
        let mut sent = Vec::new();
        for task in tasks {
            sent.push(task.await??);
        }
        anyhow::Ok(sent)
    })?;
    report(&sent, started.elapsed().as_secs_f64());
    Ok(())
}

/// A number, 0 where it is not set.
fn from_environment(name: &str) -> Result<f64> {
    std::env::var(name).map_or(Ok(0.0), |text| text.parse().with_context(|| format!("{name}={text} is no number")))
}

fn report(sent: &[Sent], seconds: f64) {
    let messages: u64 = sent.iter().map(|one| one.messages).sum();
    let refused: u64 = sent.iter().map(|one| one.refused).sum();
    let mut times: Vec<u32> = sent.iter().flat_map(|one| &one.acknowledged_us).copied().collect();
    times.sort_unstable();
    let at = |share: f64| {
        let place = (share * times.len() as f64) as usize;
        f64::from(times.get(place.min(times.len().saturating_sub(1))).copied().unwrap_or(0)) / 1000.0
    };
    println!(
        "messages={messages} secs={seconds:.1} per_s={:.0} refused_batches={refused} ack_p50_ms={:.1} ack_p99_ms={:.1} \
         ack_max_ms={:.1}",
        messages as f64 / seconds,
        at(0.5),
        at(0.99),
        at(1.0)
    );
}

#[expect(clippy::disallowed_methods, reason = "messages tell when they were sent")]
fn now_ms() -> u64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    u64::try_from(since.as_millis()).unwrap_or(u64::MAX)
}

async fn connection(plan: Arc<Plan>) -> Result<Sent> {
    let stream = TcpStream::connect(&plan.address).await.with_context(|| format!("connect to {}", plan.address))?;
    stream.set_nodelay(true)?;
    let (mut sender, driver) = handshake(TokioIo::new(stream)).await?;
    tokio::spawn(driver);
    let mut body = Body::new();
    let mut sent = Sent { messages: 0, refused: 0, acknowledged_us: Vec::new() };
    while Instant::now() < plan.until {
        let batch = plan.batches.fetch_add(1, Ordering::Relaxed);
        if plan.rate > 0.0 {
            let due = Duration::from_secs_f64(batch as f64 * BATCH as f64 / plan.rate);
            tokio::time::sleep_until((plan.started + due).into()).await;
        }
        let bytes = body.next(&plan, batch);
        let started = Instant::now();
        match send(&mut sender, &plan, bytes).await? {
            true => sent.messages += BATCH as u64,
            false => sent.refused += 1,
        }
        sent.acknowledged_us.push(u32::try_from(started.elapsed().as_micros()).unwrap_or(u32::MAX));
    }
    Ok(sent)
}

async fn send(sender: &mut SendRequest<Full<Bytes>>, plan: &Plan, body: Bytes) -> Result<bool> {
    sender.ready().await?;
    let request = Request::post("/v1/batch")
        .header("host", &plan.address)
        .header("authorization", &plan.authorization)
        .header("content-type", "application/json")
        .body(Full::new(body))?;
    let answer = sender.send_request(request).await?;
    let taken = answer.status().is_success();
    answer.into_body().collect().await?;
    Ok(taken)
}

/// A batch whose numbers are filled in anew each time: to make it costs next to nothing.
struct Body {
    text: Vec<u8>,
    /// Places of each message's number, then of its customer's.
    numbers: Vec<usize>,
    customers: Vec<usize>,
    instants: Vec<usize>,
}

impl Body {
    fn new() -> Self {
        let mut text = String::from("{\"batch\":[");
        for place in 0..BATCH {
            text.push_str(if place == 0 { "" } else { "," });
            text.push_str(&message(place));
        }
        text.push_str("],\"sentAt\":\"@@@@@@@@@@@@@@@@@@@@@@@@\",\"context\":{}}");
        let (instant, number, customer) = ("@".repeat(24), "#".repeat(DIGITS), "%".repeat(DIGITS));
        let places = |mark: &str| text.match_indices(mark).map(|(at, _)| at).collect::<Vec<_>>();
        let (numbers, customers, instants) = (places(&number), places(&customer), places(&instant));
        Self { text: text.into_bytes(), numbers, customers, instants }
    }

    fn next(&mut self, plan: &Plan, batch: u64) -> Bytes {
        for (place, at) in self.numbers.iter().enumerate() {
            fill(&mut self.text, *at, batch * 1_000 + place as u64);
        }
        for (place, at) in self.customers.iter().enumerate() {
            let chosen = (batch * BATCH as u64 + place as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 20;
            fill(&mut self.text, *at, chosen % plan.customers);
        }
        let (now, hour_ago) = (iso(now_ms()), iso(now_ms() - 3_600_000));
        for (number, at) in (batch * BATCH as u64..).zip(&self.instants) {
            // The last instant is that of sending.
            let is_late = number % 1000 < plan.late && self.instants.last() != Some(at);
            let instant = if is_late { &hour_ago } else { &now };
            if let Some(place) = self.text.get_mut(*at..at + instant.len()) {
                place.copy_from_slice(instant.as_bytes());
            }
        }
        let run = format!("{:09}", plan.run);
        let mut bytes = self.text.clone();
        for at in &self.numbers {
            // Before each number stands the run's.
            if let Some(place) = bytes.get_mut(at - run.len() - 1..at - 1) {
                place.copy_from_slice(run.as_bytes());
            }
        }
        Bytes::from(bytes)
    }
}

fn message(place: usize) -> String {
    let (number, customer, instant) = ("#".repeat(DIGITS), "%".repeat(DIGITS), "@".repeat(24));
    let id = format!("000000000-{number}");
    let rest = format!(
        "\"userId\":\"c{customer}\",\"timestamp\":\"{instant}\",\"context\":{{\"library\":{{\"name\":\"bench\"}},\
         \"page\":{{\"url\":\"https://shop.example/tea\"}}}}"
    );
    if place < ORDERS {
        format!(
            "{{\"type\":\"track\",\"messageId\":\"{id}\",{rest},\"event\":\"Order Completed\",\"properties\":{{\
             \"order_id\":\"{id}\",\"total\":39.8,\"products\":[{{\"product_id\":\"P{place}\",\"price\":19.9,\
             \"quantity\":2,\"category\":\"tea\"}}]}}}}"
        )
    } else if place < ORDERS + PAGES {
        format!(
            "{{\"type\":\"page\",\"messageId\":\"{id}\",{rest},\"name\":\"Home\",\"properties\":{{\"path\":\"/\"}}}}"
        )
    } else {
        format!(
            "{{\"type\":\"track\",\"messageId\":\"{id}\",{rest},\"event\":\"Product Viewed\",\"properties\":{{\
             \"product_id\":\"P{place}\",\"price\":19.9,\"category\":\"tea\"}}}}"
        )
    }
}

fn fill(text: &mut [u8], at: usize, mut number: u64) {
    for digit in text.iter_mut().skip(at).take(DIGITS).rev() {
        *digit = b'0' + (number % 10) as u8;
        number /= 10;
    }
}

fn iso(ms: u64) -> String {
    let (day, of_day) = (ms / 86_400_000, ms % 86_400_000);
    let (year, month, day) = perennial_model::civil_from_day(i32::try_from(day).unwrap_or_default());
    let (hour, minute, second) = (of_day / 3_600_000, of_day / 60_000 % 60, of_day / 1000 % 60);
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}.{:03}Z", of_day % 1000)
}
