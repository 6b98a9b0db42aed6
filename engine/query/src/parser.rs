//! SQL's own functions and types, for reading expressions.

use datafusion::prelude::SessionContext;
use std::sync::LazyLock;

static READY: LazyLock<SessionContext> = LazyLock::new(SessionContext::new);

/// A context of its own that reads expressions. Registering the hundreds of functions takes a millisecond, so
/// that it is done once.
pub(crate) fn parser() -> SessionContext {
    SessionContext::new_with_state(READY.state())
}
