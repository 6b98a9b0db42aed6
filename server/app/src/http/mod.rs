//! Answers HTTP: one task a connection, bounded in number and in what a client may take its time for.

mod open_files;
mod patience;
mod unread;

use crate::config::Http;
use axum::Router;
use axum::body::Body;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use patience::Patience;
use perennial_api::{Pace, Peer, paced};
use std::io::Write;
use std::net::IpAddr;
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Duration;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Semaphore, watch};
use tokio::task::JoinSet;
use unread::Heard;

/// Where no connection can be accepted (no file is left, say), it is tried again after this.
const ACCEPT_AGAIN: Duration = Duration::from_millis(100);
/// Bytes of a request's header at most.
const LARGEST_HEADER: usize = 64 << 10;
/// What one connection too many is told.
const FULL: &[u8] = b"HTTP/1.1 503 Service Unavailable\r\ncontent-type: application/json\r\nretry-after: 5\r\n\
    connection: close\r\ncontent-length: 100\r\n\r\n\
    {\"error\":{\"code\":\"unavailable\",\"message\":\"the server has as many connections as it may: try again\"}}";

/// Answers until told to stop, then lets requests under way end.
pub(crate) async fn answer_all(listener: TcpListener, router: Router, options: Http, mut stop: watch::Receiver<bool>) {
    let (most, remark) = open_files::connections(options.connections);
    if let Some(remark) = remark {
        tracing::warn!("{remark}");
    }
    let (turns, mut connections) = (Arc::new(Semaphore::new(most as usize)), JoinSet::new());
    let doors = Doors { router, options: options.clone(), stop: stop.clone() };
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            // Sent once, or dropped with whoever would send it.
            _ = stop.changed() => break,
        };
        while connections.try_join_next().is_some() {}
        let (stream, peer) = match accepted {
            Ok(accepted) => accepted,
            Err(problem) => {
                tracing::warn!(error = %problem, "no connection can be accepted");
                tokio::time::sleep(ACCEPT_AGAIN).await;
                continue;
            }
        };
        let Ok(turn) = Arc::clone(&turns).try_acquire_owned() else {
            turn_away(stream);
            continue;
        };
        let doors = doors.clone();
        connections.spawn(async move {
            doors.converse(stream, peer.ip()).await;
            drop(turn);
        });
    }
    drop(listener);
    let ended = async { while connections.join_next().await.is_some() {} };
    let most = Duration::from_secs(options.shutdown_secs.into());
    if tokio::time::timeout(most, ended).await.is_err() {
        tracing::warn!(connections = connections.len(), "requests under way were cut off");
    }
}

/// Never waits: a few bytes fit into a new connection. Whether it is heard or not, the connection ends.
fn turn_away(stream: TcpStream) {
    if let Ok(mut stream) = stream.into_std() {
        let _ = stream.write(FULL);
    }
}

#[derive(Clone)]
struct Doors {
    router: Router,
    options: Http,
    stop: watch::Receiver<bool>,
}

impl Doors {
    async fn converse(mut self, stream: TcpStream, peer: IpAddr) {
        let seconds = |count: u32| Duration::from_secs(count.into());
        let pace = Pace { grace: seconds(self.options.body_secs), bytes_per_sec: self.options.body_bytes_per_sec };
        let (router, unread) = (self.router, Arc::<AtomicBool>::default());
        let heard = Arc::clone(&unread);
        let service = service_fn(move |mut request: hyper::Request<Incoming>| {
            request.extensions_mut().insert(Peer(peer));
            let request = request.map(|body| paced(Body::new(Heard::new(body, Arc::clone(&heard))), pace));
            tower::ServiceExt::oneshot(router.clone(), request)
        });
        // A short answer should not wait for more to come.
        let _ = stream.set_nodelay(true);
        let stream = Patience::new(TokioIo::new(stream), seconds(self.options.write_secs), unread);
        let mut builder = http1::Builder::new();
        builder.timer(TokioTimer::new()).header_read_timeout(seconds(self.options.idle_secs));
        builder.max_buf_size(LARGEST_HEADER);
        let mut connection = pin!(builder.serve_connection(stream, service));
        // A connection that breaks is the client's affair.
        tokio::select! {
            _ = connection.as_mut() => return,
            _ = self.stop.changed() => connection.as_mut().graceful_shutdown(),
        }
        let _ = connection.await;
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn what_one_too_many_is_told_is_whole() {
        let text = std::str::from_utf8(super::FULL).unwrap();
        let (head, body) = text.split_once("\r\n\r\n").unwrap();
        assert!(head.contains(&format!("content-length: {}", body.len())), "{}", body.len());
        serde_json::from_str::<serde_json::Value>(body).unwrap();
    }
}
