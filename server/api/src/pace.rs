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
#[must_use]
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
        until.as_mut().poll(context).map(|()| Some(Err(Box::new(TooSlow).into())))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures::StreamExt;
    use http_body_util::BodyExt;

    const PACE: Pace = Pace { grace: Duration::from_secs(10), bytes_per_sec: 100 };

    /// A body that gives so many bytes every second, for so many seconds.
    fn drops(bytes: usize, seconds: usize) -> Body {
        let drops = futures::stream::iter(0..seconds).then(move |_| async move {
            tokio::time::sleep(Duration::from_secs(1)).await;
            Ok::<_, std::io::Error>(Bytes::from(vec![b'x'; bytes]))
        });
        Body::from_stream(drops.boxed())
    }

    #[tokio::test(start_paused = true)]
    async fn a_body_that_trickles_is_given_up_and_a_steady_one_is_not() {
        let began = Instant::now();
        let trickled = paced(drops(10, 1000), PACE).collect().await.unwrap_err();
        let cause = std::error::Error::source(&trickled).unwrap();
        assert_eq!(cause.to_string(), TooSlow.to_string());
        assert!(began.elapsed() < Duration::from_secs(13), "{:?}", began.elapsed());
        let steady = paced(drops(101, 1000), PACE).collect().await.unwrap().to_bytes();
        assert_eq!(steady.len(), 101_000);
    }

    #[tokio::test(start_paused = true)]
    async fn a_reader_who_takes_time_is_no_fault_of_the_clients() {
        let mut body = paced(drops(10, 5), PACE).into_data_stream();
        let mut received = 0;
        while let Some(bytes) = body.next().await {
            received += bytes.unwrap().len();
            tokio::time::sleep(Duration::from_secs(60)).await;
        }
        assert_eq!(received, 50);
    }
}
