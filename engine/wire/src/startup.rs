//! Sign-in: a member's e-mail as user, and a password or a token.

use crate::errors::fatal;
use crate::functions::SERVER_VERSION;
use crate::session::Session;
use async_trait::async_trait;
use datafusion_postgres::pgwire::api::auth::{
    DefaultServerParameterProvider, LoginInfo, StartupHandler, finish_authentication, protocol_negotiation,
    save_startup_parameters_to_metadata,
};
use datafusion_postgres::pgwire::api::{
    ClientInfo, PgWireConnectionState, PidSecretKeyGenerator, RandomPidSecretKeyGenerator,
};
use datafusion_postgres::pgwire::error::{PgWireError, PgWireResult};
use datafusion_postgres::pgwire::messages::startup::Authentication;
use datafusion_postgres::pgwire::messages::{PgWireBackendMessage, PgWireFrontendMessage};
use futures::{Sink, SinkExt};
use std::fmt::Debug;
use std::sync::Arc;

/// See the module.
pub(crate) struct Startup {
    pub(crate) session: Arc<Session>,
    pub(crate) keys: Arc<RandomPidSecretKeyGenerator>,
    /// Whether a password may come as it is.
    pub(crate) allow_plaintext: bool,
}

#[async_trait]
impl StartupHandler for Startup {
    async fn on_startup<C>(&self, client: &mut C, message: PgWireFrontendMessage) -> PgWireResult<()>
    where
        C: ClientInfo + Sink<PgWireBackendMessage> + Unpin + Send + Sync,
        C::Error: Debug,
        PgWireError: From<<C as Sink<PgWireBackendMessage>>::Error>,
    {
        match message {
            PgWireFrontendMessage::Startup(startup) => {
                protocol_negotiation(client, &startup).await?;
                save_startup_parameters_to_metadata(client, &startup);
                let near = client.socket_addr().ip().to_canonical().is_loopback();
                if !near && !client.is_secure() && !self.allow_plaintext {
                    self.session.over.notify_one();
                    return Err(fatal("28000", "this server takes connections from elsewhere with TLS only"));
                }
                client.set_state(PgWireConnectionState::AuthenticationInProgress);
                client.send(PgWireBackendMessage::Authentication(Authentication::CleartextPassword)).await?;
            }
            PgWireFrontendMessage::PasswordMessageFamily(password) => {
                let password = password.into_password()?;
                self.sign_in(client, &password.password).await?;
            }
            _ => {}
        }
        Ok(())
    }
}

impl Startup {
    async fn sign_in<C>(&self, client: &mut C, password: &str) -> PgWireResult<()>
    where
        C: ClientInfo + Sink<PgWireBackendMessage> + Unpin + Send + Sync,
        C::Error: Debug,
        PgWireError: From<<C as Sink<PgWireBackendMessage>>::Error>,
    {
        let user = LoginInfo::from_client_info(client).user().unwrap_or_default().to_owned();
        let from = client.socket_addr().ip().to_canonical();
        let shared = &self.session.shared;
        let Some(analyst) = shared.authority.sign_in(&user, password, from).await else {
            self.session.over.notify_one();
            return Err(fatal(
                "28P01",
                "sign-in refused: the user is a member's e-mail whose role has SQL, the password theirs or a token",
            ));
        };
        let (pid, secret) = self.keys.generate(client);
        self.session.signed_in(analyst, shared.cancels.register(pid, &secret));
        client.set_pid_and_secret_key(pid, secret);
        let mut parameters = DefaultServerParameterProvider::default();
        parameters.server_version = SERVER_VERSION.to_owned();
        parameters.is_superuser = false;
        parameters.default_transaction_read_only = true;
        parameters.time_zone = "UTC".to_owned();
        finish_authentication(client, &parameters).await
    }
}
