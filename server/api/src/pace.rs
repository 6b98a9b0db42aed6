//! Bodies of requests that come too slowly are given up.

use axum::body::{Body, BodyDataStream};
use bytes::Bytes;
use futures::Stream;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;
use tokio::time::{Instant, Sleep};

/// How slowly a body may come.
#[derive(Debug, Clone, Copy)]
pub struct Pace {
    /// So much longer than at the slowest speed.
    pub grace: Duration,
    /// The slowest speed.
    pub bytes_per_sec: u32,
}

/// A body came too slowly.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the body came too slowly: send it faster, or less at once")]
pub struct TooSlow;

/// The body with a pace. Only the time counts in which the reader waited for the client: a reader who
/// takes their time is no fault of the client's.
pub fn paced(body: Body, pace: Pace) -> Body {
    let body = body.into_data_stream();
    Body::from_stream(Paced { body, pace, received: 0, waited: Duration::ZERO, waiting: None })
}

struct Paced {
    body: BodyDataStream,
    pace: Pace,
    received: u64,
    waited: Duration,
    /// Since when the reader waits, and until when at most.
    waiting: Option<(Instant, Pin<Box<Sleep>>)>,
}

impl Paced {
    fn left(&self) -> Duration {
        let by_speed = Duration::from_millis(self.received * 1000 / u64::from(self.pace.bytes_per_sec.max(1)));
        (self.pace.grace + by_speed).saturating_sub(self.waited)
    }
}

impl Stream for Paced {
    type Item = Result<Bytes, Box<dyn std::error::Error + Send + Sync>>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        if let Poll::Ready(item) = Pin::new(&mut self.body).poll_next(context) {
            if let Some((since, _)) = self.waiting.take() {
                self.waited += since.elapsed();
            }
            if let Some(Ok(bytes)) = &item {
                self.received += bytes.len() as u64;
            }
            return Poll::Ready(item.map(|item| item.map_err(Into::into)));
        }
        let left = self.left();
        let (_, until) = self.waiting.get_or_insert_with(|| (Instant::now(), Box::pin(tokio::time::sleep(left))));
        until.as_mut().poll(context).map(|()| Some(Err(TooSlow.into())))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures::StreamExt;
    use http_body_util::BodyExt;

    const PACE: Pace = Pace { grace: Duration::from_millis(50), bytes_per_sec: 100 };

    fn stream(body: Body, pace: Pace) -> Paced {
        Paced { body: body.into_data_stream(), pace, received: 0, waited: Duration::ZERO, waiting: None }
    }

    #[tokio::test]
    async fn a_body_that_stops_is_given_up() {
        let some = futures::stream::iter([Ok::<_, std::io::Error>(Bytes::from_static(b"{"))]);
        let stops = Body::from_stream(some.chain(futures::stream::pending()));
        let problem = paced(stops, PACE).collect().await.unwrap_err();
        assert_eq!(crate::body::broken(&problem).code, "too_slow");
    }

    #[tokio::test]
    async fn bytes_earn_time_and_only_waiting_spends_it() {
        let mut body = stream(Body::from(vec![b'x'; 1000]), PACE);
        assert_eq!(body.left(), Duration::from_millis(50));
        body.next().await.unwrap().unwrap();
        assert_eq!(body.left(), Duration::from_millis(10_050), "whatever the reader does meanwhile");
        body.waited = Duration::from_secs(10);
        assert_eq!(body.left(), Duration::from_millis(50));
    }
}
