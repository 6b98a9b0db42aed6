//! Encryption of connections.

use datafusion_postgres::pgwire::tokio::TlsAcceptor;
use datafusion_postgres::pgwire::tokio::tokio_rustls::rustls::crypto::ring;
use datafusion_postgres::pgwire::tokio::tokio_rustls::rustls::pki_types::pem::PemObject;
use datafusion_postgres::pgwire::tokio::tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};
use datafusion_postgres::pgwire::tokio::tokio_rustls::rustls::{ServerConfig, version};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// A certificate and its key, each a PEM file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TlsFiles {
    /// The certificate, then those that lead to a known one.
    pub certificate: PathBuf,
    /// Its private key.
    pub key: PathBuf,
}

/// What was read of them.
#[derive(Clone)]
pub struct TlsSettings(pub(crate) TlsAcceptor);

impl std::fmt::Debug for TlsSettings {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("TlsSettings")
    }
}

impl TlsFiles {
    /// Reads them.
    ///
    /// # Errors
    /// What is wrong with which file. It is never passed over in silence.
    pub fn load(&self) -> Result<TlsSettings, String> {
        let shown = |path: &Path| path.display().to_string();
        let chain =
            CertificateDer::pem_file_iter(&self.certificate)
                .and_then(Iterator::collect::<Result<Vec<_>, _>>)
                .map_err(|problem| format!("cannot read the certificate {}: {problem}", shown(&self.certificate)))?;
        let key = PrivateKeyDer::from_pem_file(&self.key)
            .map_err(|problem| format!("cannot read the private key {}: {problem}", shown(&self.key)))?;
        let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_protocol_versions(&[&version::TLS13, &version::TLS12])
            .and_then(|builder| builder.with_no_client_auth().with_single_cert(chain, key));
        let mut config = config.map_err(|problem| {
            format!("{} and {} do not fit: {problem}", shown(&self.certificate), shown(&self.key))
        })?;
        config.alpn_protocols = vec![b"postgresql".to_vec()];
        Ok(TlsSettings(TlsAcceptor::from(Arc::new(config))))
    }
}
