//! Sends batches to the tracking API, and again until they are taken.

use crate::error::usage;
use anyhow::{Context, Result, anyhow, bail};
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use bytes::Bytes;
use http_body_util::{BodyExt as _, Full, Limited};
use hyper::{Request, StatusCode, Uri, header};
use hyper_util::rt::TokioIo;
use std::time::Duration;
use tokio::net::TcpStream;

const FIRST_WAIT: Duration = Duration::from_millis(250);
const LONGEST_WAIT: Duration = Duration::from_secs(30);
/// An answer that takes longer is none.
const PATIENCE: Duration = Duration::from_secs(30);
/// Of an answer nobody reads more.
const ANSWER_BYTES: usize = 64 << 10;

/// One server and the key to it.
pub(crate) struct Sender {
    uri: Uri,
    address: String,
    authorization: String,
}

/// Why a batch was not taken.
enum Refusal {
    /// The next attempt may succeed.
    Passing(anyhow::Error),
    /// It never will.
    Final(anyhow::Error),
}

impl Sender {
    /// To the batches of a server.
    pub(crate) fn new(url: &str, write_key: &str) -> Result<Self> {
        let what = || usage(format!("--url {url} is no address of a server: write it as http://127.0.0.1:7070"));
        let uri: Uri = format!("{}/v1/batch", url.trim_end_matches('/')).parse().map_err(|_| what())?;
        if uri.scheme_str() != Some("http") {
            return Err(what());
        }
        let host = uri.host().ok_or_else(what)?;
        let address = format!("{host}:{}", uri.port_u16().unwrap_or(80));
        let authorization = format!("Basic {}", BASE64_STANDARD.encode(format!("{write_key}:")));
        Ok(Self { uri, address, authorization })
    }

    /// Sends until the server has taken it, waiting longer after each failure.
    ///
    /// # Errors
    /// When the server says that it never will take it.
    pub(crate) async fn send(&self, body: Bytes) -> Result<()> {
        let mut wait = FIRST_WAIT;
        loop {
            match self.attempt(body.clone()).await {
                Ok(()) => return Ok(()),
                Err(Refusal::Final(problem)) => return Err(problem),
                Err(Refusal::Passing(problem)) => aside!("{problem:#}; trying again in {} ms", wait.as_millis()),
            }
            tokio::time::sleep(wait).await;
            wait = (2 * wait).min(LONGEST_WAIT);
        }
    }

    async fn attempt(&self, body: Bytes) -> Result<(), Refusal> {
        let answer = tokio::time::timeout(PATIENCE, self.ask(body)).await;
        let (status, text) = match answer {
            Ok(Ok(answer)) => answer,
            Ok(Err(problem)) => return Err(Refusal::Passing(problem)),
            Err(_) => return Err(Refusal::Passing(anyhow!("{} does not answer", self.address))),
        };
        let problem = || anyhow!("{} answered {status}: {text}", self.uri);
        match status {
            _ if status.is_success() => Ok(()),
            StatusCode::TOO_MANY_REQUESTS | StatusCode::REQUEST_TIMEOUT => Err(Refusal::Passing(problem())),
            _ if status.is_server_error() => Err(Refusal::Passing(problem())),
            _ => Err(Refusal::Final(problem())),
        }
    }

    async fn ask(&self, body: Bytes) -> Result<(StatusCode, String)> {
        let stream = TcpStream::connect(&self.address).await;
        let stream = stream.with_context(|| format!("cannot reach {}", self.address))?;
        let (mut requests, connection) = hyper::client::conn::http1::handshake(TokioIo::new(stream)).await?;
        let request = Request::post(self.uri.path())
            .header(header::HOST, &self.address)
            .header(header::AUTHORIZATION, &self.authorization)
            .header(header::CONTENT_TYPE, "application/json")
            .body(Full::new(body))?;
        // The connection is driven here and ends with the answer: one batch, one connection.
        let exchange = async {
            let answer = requests.send_request(request).await?;
            let status = answer.status();
            let bytes =
                Limited::new(answer.into_body(), ANSWER_BYTES).collect().await.map_err(|problem| anyhow!(problem))?;
            Ok((status, String::from_utf8_lossy(&bytes.to_bytes()).into_owned()))
        };
        tokio::pin!(exchange);
        tokio::select! {
            answer = &mut exchange => answer,
            ended = connection => match ended {
                Ok(()) => exchange.await,
                Err(problem) => bail!(problem),
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::Router;
    use axum::extract::State;
    use axum::routing::post;
    use std::sync::{Arc, Mutex};
    use tokio::net::TcpListener;

    /// A server that answers with these statuses, one after the other, and keeps what it was sent.
    async fn server(statuses: Vec<u16>) -> (String, Arc<Mutex<Vec<(String, String)>>>) {
        type Shared = (Arc<Mutex<Vec<u16>>>, Arc<Mutex<Vec<(String, String)>>>);
        async fn batch(
            State((statuses, kept)): State<Shared>,
            headers: axum::http::HeaderMap,
            body: String,
        ) -> StatusCode {
            let authorization = headers["authorization"].to_str().unwrap().to_owned();
            kept.lock().unwrap().push((authorization, body));
            StatusCode::from_u16(statuses.lock().unwrap().remove(0)).unwrap()
        }
        let kept = Arc::new(Mutex::new(Vec::new()));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let state = (Arc::new(Mutex::new(statuses)), Arc::clone(&kept));
        let router = Router::new().route("/v1/batch", post(batch)).with_state(state);
        tokio::spawn(async { axum::serve(listener, router).await });
        (url, kept)
    }

    #[tokio::test]
    async fn a_busy_server_gets_the_same_batch_again() {
        let (url, kept) = server(vec![503, 429, 200]).await;
        Sender::new(&url, "key").unwrap().send(Bytes::from_static(b"{}")).await.unwrap();
        let kept = kept.lock().unwrap().clone();
        assert_eq!(kept, vec![("Basic a2V5Og==".to_owned(), "{}".to_owned()); 3]);
    }

    #[tokio::test]
    async fn a_wrong_key_is_no_reason_to_try_again() {
        let (url, kept) = server(vec![401]).await;
        let problem = Sender::new(&url, "key").unwrap().send(Bytes::from_static(b"{}")).await.unwrap_err();
        assert!(problem.to_string().contains("401"), "{problem}");
        assert_eq!(kept.lock().unwrap().len(), 1);
    }

    #[test]
    fn what_is_no_address_is_refused() {
        for url in ["127.0.0.1:7070", "https://shop.example", "http://", "ftp://shop.example"] {
            assert!(Sender::new(url, "key").is_err(), "{url}");
        }
    }
}
