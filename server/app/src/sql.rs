//! The PostgreSQL protocol, where it is spoken.

use crate::config::Sql;
use crate::error::usage;
use anyhow::{Context, Result};
use perennial_api::{Server, SqlMembers};
use perennial_query::SqlLimits;
use perennial_wire::{TlsFiles, Wire, WireOptions, check_address, listen};
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpListener;

/// What is configured.
#[derive(Debug, Clone, Default)]
pub(crate) struct SqlSettings {
    pub(crate) listen: Option<SocketAddr>,
    /// Connections of the PostgreSQL protocol; the usual number when none is said.
    pub(crate) connections: Option<usize>,
    pub(crate) tls: Option<TlsFiles>,
    pub(crate) allow_plaintext: bool,
    pub(crate) limits: SqlLimits,
}

impl SqlSettings {
    /// As the configuration says.
    pub(crate) fn of(config: &Sql) -> Self {
        let tls = config.tls_certificate.clone().zip(config.tls_key.clone());
        Self {
            listen: config.listen,
            connections: Some(config.connections as usize),
            tls: tls.map(|(certificate, key)| TlsFiles { certificate, key }),
            allow_plaintext: config.allow_plaintext,
            limits: SqlLimits {
                time: Duration::from_secs(u64::from(config.time_secs)),
                memory_bytes: (config.memory_mb as usize) << 20,
                rows: config.rows as usize,
                concurrency: config.concurrency as usize,
            },
        }
    }
}

/// The PostgreSQL protocol, bound and not yet answered.
pub(crate) struct Bound {
    listener: TcpListener,
    options: WireOptions,
}

impl Bound {
    /// Binds what is configured.
    pub(crate) async fn bind(settings: &SqlSettings) -> Result<Option<Self>> {
        let Some(address) = settings.listen else { return Ok(None) };
        let tls = settings.tls.as_ref().map(TlsFiles::load).transpose().map_err(usage)?;
        let usual = WireOptions::default();
        let connections = settings.connections.unwrap_or(usual.connections);
        let options = WireOptions { connections, tls, allow_plaintext: settings.allow_plaintext };
        check_address(address, &options).map_err(|problem| usage(problem.to_string()))?;
        let listener = TcpListener::bind(address).await.with_context(|| format!("cannot listen on {address}"))?;
        Ok(Some(Self { listener, options }))
    }

    /// Where.
    pub(crate) fn address(&self) -> std::io::Result<SocketAddr> {
        self.listener.local_addr()
    }
}

/// Answers until dropped; never ends where nobody is listened to.
pub(crate) async fn answer(bound: Option<Bound>, server: Arc<Server>) -> Result<()> {
    let Some(Bound { listener, options }) = bound else { return std::future::pending().await };
    let service = Arc::clone(&server.sql);
    listen(listener, Wire::new(service, Arc::new(SqlMembers::new(server)), options)?).await;
    Ok(())
}
