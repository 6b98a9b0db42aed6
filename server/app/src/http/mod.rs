//! Answers HTTP: one task a connection.

use anyhow::Result;
use axum::Router;
use axum::body::Body;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use perennial_api::Peer;
use std::net::IpAddr;
use tokio::net::{TcpListener, TcpStream};

/// Answers until dropped.
pub(crate) async fn answer_all(listener: TcpListener, router: Router) -> Result<()> {
    loop {
        let (stream, peer) = listener.accept().await?;
        tokio::spawn(converse(stream, peer.ip(), router.clone()));
    }
}

async fn converse(stream: TcpStream, peer: IpAddr, router: Router) {
    let service = service_fn(move |mut request: hyper::Request<Incoming>| {
        request.extensions_mut().insert(Peer(peer));
        tower::ServiceExt::oneshot(router.clone(), request.map(Body::new))
    });
    // A connection that breaks is the client's affair.
    let _ = http1::Builder::new().serve_connection(TokioIo::new(stream), service).await;
}
