//! The handlers of one connection.

use crate::cancel::Cancels;
use crate::extended::Extended;
use crate::session::Session;
use crate::simple::Simple;
use crate::startup::Startup;
use datafusion_postgres::pgwire::api::auth::StartupHandler;
use datafusion_postgres::pgwire::api::cancel::CancelHandler;
use datafusion_postgres::pgwire::api::query::{ExtendedQueryHandler, SimpleQueryHandler};
use datafusion_postgres::pgwire::api::{ClientInfo, ErrorHandler, PgWireServerHandlers};
use datafusion_postgres::pgwire::error::PgWireError;
use std::sync::Arc;

/// See the module.
pub(crate) struct Connection {
    pub(crate) startup: Arc<Startup>,
    pub(crate) simple: Arc<Simple>,
    pub(crate) extended: Arc<Extended>,
    pub(crate) cancels: Arc<Cancels>,
    pub(crate) session: Arc<Session>,
}

impl PgWireServerHandlers for Connection {
    fn simple_query_handler(&self) -> Arc<impl SimpleQueryHandler> {
        Arc::clone(&self.simple)
    }

    fn extended_query_handler(&self) -> Arc<impl ExtendedQueryHandler> {
        Arc::clone(&self.extended)
    }

    fn startup_handler(&self) -> Arc<impl StartupHandler> {
        Arc::clone(&self.startup)
    }

    fn cancel_handler(&self) -> Arc<impl CancelHandler> {
        Arc::clone(&self.cancels)
    }

    fn error_handler(&self) -> Arc<impl ErrorHandler> {
        Arc::new(EndWithFatal(Arc::clone(&self.session)))
    }
}

/// After a fatal error the protocol's loop would go on to listen: the connection is ended instead.
struct EndWithFatal(Arc<Session>);

impl ErrorHandler for EndWithFatal {
    fn on_error<C: ClientInfo>(&self, _client: &C, error: &mut PgWireError) {
        if let PgWireError::UserError(problem) = error
            && problem.is_fatal()
        {
            self.0.over.notify_one();
        }
    }
}
