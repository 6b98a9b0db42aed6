//! A server that parses each body as JSON and throws it away: what any server must do at least.
//!
//! usage: perennial-benches discard HOST:PORT

use anyhow::{Result, bail};
use bytes::Bytes;
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Request, Response, StatusCode};
use hyper_util::rt::TokioIo;
use tokio::net::TcpListener;

pub(crate) fn run(arguments: &[String]) -> Result<()> {
    let Some(address) = arguments.first() else { bail!("usage: perennial-benches discard HOST:PORT") };
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(async {
        let listener = TcpListener::bind(address).await?;
        println!("listening on http://{}", listener.local_addr()?);
        loop {
            let (stream, _) = listener.accept().await?;
            stream.set_nodelay(true)?;
            tokio::spawn(http1::Builder::new().serve_connection(TokioIo::new(stream), service_fn(parse_and_discard)));
        }
    })
}

async fn parse_and_discard(request: Request<Incoming>) -> Result<Response<Full<Bytes>>> {
    let body = request.into_body().collect().await?.to_bytes();
    let mut answer = Response::new(Full::new(Bytes::from_static(b"{\"success\":true}")));
    if serde_json::from_slice::<serde_json::Value>(&body).is_err() {
        *answer.status_mut() = StatusCode::BAD_REQUEST;
    }
    Ok(answer)
}
