//! Who may call a route.

use perennial_model::{Permission, Role};
use perennial_ports::SecretHash;

/// What a route asks of its caller.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// Nobody has said yet: nobody may. No route is left so.
    Unsaid,
    /// Nothing.
    Public,
    /// A write key, as user of HTTP Basic authentication.
    WriteKey,
    /// A member who is signed in, whatever the role; or a token.
    SignedIn,
    /// A member whose role has it, or a token with that scope.
    Needs(Permission),
    /// The same, or a program of this machine that says nothing of who it is.
    Near(Permission),
}

/// Who calls.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Caller {
    /// Number of the member; of the one who made it for a token.
    pub member_id: u64,
    /// For the audit: an e-mail, or a token's name.
    pub name: String,
    /// The member's role.
    pub role: Role,
    /// What a token may; none for a member who is signed in, who may what the role may.
    pub scopes: Option<Vec<Permission>>,
    /// The token's number.
    pub token_id: Option<u64>,
    /// The session, of a member who is signed in.
    pub session: Option<SecretHash>,
}

impl Caller {
    /// Whether it may. A token never may more than the member who made it.
    #[must_use]
    pub fn may(&self, permission: Permission) -> bool {
        self.role.permits(permission) && self.scopes.as_ref().is_none_or(|scopes| scopes.contains(&permission))
    }
}
