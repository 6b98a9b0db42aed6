//! Links by which a member sets a password, once.

use super::secret;
use crate::ApiError;
use perennial_model::{Clock, DAY_US, Role};
use perennial_ports::{Accounts, Link};

/// An owner's link is good for so long.
const OWNER_US: i64 = DAY_US;
/// An invited member's, for so long.
pub(crate) const INVITATION_US: i64 = 7 * DAY_US;

/// A link for an owner, as a path of the dashboard.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum OwnerLink {
    /// Nobody owns the brand: whoever opens it first does.
    First(String),
    /// Sets the password of the owner with this e-mail.
    NewPassword {
        /// Whose.
        email: String,
        /// The path.
        path: String,
    },
}

/// A new link for whoever holds the data directory: the first owner's, or one that sets an owner's
/// password anew: the one's with this e-mail, otherwise the first's.
///
/// # Errors
/// What the store says; no owner with this e-mail.
pub async fn owner_link(
    accounts: &dyn Accounts,
    clock: &dyn Clock,
    email: Option<&str>,
) -> Result<OwnerLink, ApiError> {
    if let Some(path) = first_owner_link(accounts, clock).await? {
        return Ok(OwnerLink::First(path));
    }
    let members = accounts.members().await?;
    let mut owners = members.iter().filter(|member| member.role == Role::Owner && member.disabled_us.is_none());
    let owner = owners.find(|owner| email.map_or(owner.joined, |email| owner.email == email.trim().to_lowercase()));
    let owner = owner.ok_or_else(|| ApiError::not_found("no owner who may sign in has this e-mail"))?;
    let secret = new_link(accounts, Some(owner.member_id), clock.now_us() + OWNER_US).await?;
    Ok(OwnerLink::NewPassword { email: owner.email.clone(), path: format!("/join?token={secret}") })
}

/// A new link for the first owner, as a path of the dashboard; none where there is an owner.
///
/// # Errors
/// What the store says.
pub async fn first_owner_link(accounts: &dyn Accounts, clock: &dyn Clock) -> Result<Option<String>, ApiError> {
    let members = accounts.members().await?;
    if members.iter().any(|member| member.role == Role::Owner && member.joined && member.disabled_us.is_none()) {
        return Ok(None);
    }
    let secret = new_link(accounts, None, clock.now_us() + OWNER_US).await?;
    Ok(Some(format!("/setup?token={secret}")))
}

/// A new link; its secret.
pub(crate) async fn new_link(
    accounts: &dyn Accounts,
    member_id: Option<u64>,
    expires_us: i64,
) -> Result<String, ApiError> {
    let secret = secret::fresh("")?;
    accounts.save_link(&Link { hash: secret::hash(&secret), member_id, expires_us }).await?;
    Ok(secret)
}
