//! Keys in full, for who may see them.

use crate::access::Caller;
use crate::{ApiError, Server};
use perennial_model::Permission;

/// Whether keys are to be shown in full; a look at them is noted, before it is given.
///
/// # Errors
/// Where it was asked for and may not be.
pub(crate) async fn revealed(server: &Server, caller: &Caller, asked: bool, whose: &str) -> Result<bool, ApiError> {
    if !asked {
        return Ok(false);
    }
    if !caller.may(Permission::RevealKeys) {
        let word = Permission::RevealKeys.as_str();
        return Err(ApiError::forbidden(format!("this needs the permission {word}: ask an owner")).at("reveal"));
    }
    server.note(caller, "keys_revealed", Some(whose.to_owned()), None).await?;
    Ok(true)
}
