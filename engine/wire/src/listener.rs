//! Takes connections.

use crate::authority::Authority;
use crate::cancel::Cancels;
use crate::catalog::Catalog;
use crate::connection::Connection;
use crate::extended::Extended;
use crate::prepared::Parser;
use crate::session::{Session, Shared};
use crate::simple::Simple;
use crate::startup::Startup;
use crate::tls::TlsSettings;
use datafusion_postgres::datafusion_pg_catalog::sql::PostgresCompatibilityParser;
use datafusion_postgres::pgwire::api::RandomPidSecretKeyGenerator;
use datafusion_postgres::pgwire::tokio::process_socket;
use perennial_query::SqlService;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;

/// After this a connection that is over is cut.
const LAST_WORDS: Duration = Duration::from_secs(1);
/// How long to wait when no connection can be taken.
const RETRY: Duration = Duration::from_millis(100);

/// How connections are taken.
#[derive(Debug, Clone)]
pub struct WireOptions {
    /// So many at once; further ones are turned away.
    pub connections: usize,
    /// Encryption, where it is set up.
    pub tls: Option<TlsSettings>,
    /// Whether passwords of other machines may come unencrypted.
    pub allow_plaintext: bool,
}

impl Default for WireOptions {
    /// Twenty connections, of this machine only.
    fn default() -> Self {
        Self { connections: 20, tls: None, allow_plaintext: false }
    }
}

/// Why nobody is listened to.
#[derive(Debug, thiserror::Error)]
pub enum WireError {
    /// Passwords would go over a network unencrypted.
    #[error(
        "{0} can be reached from other machines, and passwords would come unencrypted: give a certificate and its key \
         (sql.tls_certificate, sql.tls_key), listen on 127.0.0.1, or allow it with sql.allow_plaintext"
    )]
    Plaintext(SocketAddr),
    /// The catalogue could not be set up.
    #[error("the system catalogue cannot be set up: {0}")]
    Catalog(String),
}

/// Refuses an address at which passwords would go over a network unencrypted.
///
/// # Errors
/// [`WireError::Plaintext`].
pub fn check_address(address: SocketAddr, options: &WireOptions) -> Result<(), WireError> {
    let near = address.ip().to_canonical().is_loopback();
    if near || options.tls.is_some() || options.allow_plaintext { Ok(()) } else { Err(WireError::Plaintext(address)) }
}

/// Everything that connections share; see [`listen`].
pub struct Wire {
    shared: Arc<Shared>,
    keys: Arc<RandomPidSecretKeyGenerator>,
    options: WireOptions,
}

impl Wire {
    /// Over a service.
    ///
    /// # Errors
    /// [`WireError::Catalog`].
    pub fn new(
        service: Arc<SqlService>,
        authority: Arc<dyn Authority>,
        options: WireOptions,
    ) -> Result<Self, WireError> {
        let catalog = Catalog::new().map_err(|problem| WireError::Catalog(problem.to_string()))?;
        let (parser, cancels) = (PostgresCompatibilityParser::new(), Arc::new(Cancels::default()));
        let shared = Arc::new(Shared { service, authority, catalog, parser, cancels });
        Ok(Self { shared, keys: Arc::default(), options })
    }

    async fn serve(&self, socket: TcpStream) {
        let session = Arc::new(Session::new(Arc::clone(&self.shared)));
        let startup = Startup {
            session: Arc::clone(&session),
            keys: Arc::clone(&self.keys),
            allow_plaintext: self.options.allow_plaintext,
        };
        let parser = Arc::new(Parser(Arc::clone(&session)));
        let connection = Connection {
            startup: Arc::new(startup),
            simple: Arc::new(Simple(Arc::clone(&session))),
            extended: Arc::new(Extended { session: Arc::clone(&session), parser }),
            cancels: Arc::clone(&self.shared.cancels),
            session: Arc::clone(&session),
        };
        let tls = self.options.tls.as_ref().map(|tls| tls.0.clone());
        let over = async {
            session.over.notified().await;
            tokio::time::sleep(LAST_WORDS).await;
        };
        tokio::select! {
            ended = process_socket(socket, tls, connection) => {
                if let Err(problem) = ended {
                    tracing::debug!(error = %problem, "a connection broke");
                }
            }
            () = over => {}
        }
    }
}

/// Answers connections until it is dropped.
pub async fn listen(listener: TcpListener, wire: Wire) {
    let places = Arc::new(Semaphore::new(wire.options.connections));
    let wire = Arc::new(wire);
    // Connections end with the listener.
    let mut connections = tokio::task::JoinSet::new();
    loop {
        while connections.try_join_next().is_some() {}
        let (socket, from) = match listener.accept().await {
            Ok(accepted) => accepted,
            Err(problem) => {
                tracing::warn!(error = %problem, "a connection could not be taken");
                tokio::time::sleep(RETRY).await;
                continue;
            }
        };
        let Ok(place) = Arc::clone(&places).try_acquire_owned() else {
            tracing::warn!(most = wire.options.connections, %from, "a connection was turned away: all are taken");
            continue;
        };
        let wire = Arc::clone(&wire);
        connections.spawn(async move {
            wire.serve(socket).await;
            drop(place);
        });
    }
}
