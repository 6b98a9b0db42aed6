//! Who may use the server: members, their sessions, tokens of programs, and what all of them did.
//! None of them are customers.

mod audit;
mod members;
mod sessions;
mod tokens;

pub use audit::{Audit, AuditEntry, NewAuditEntry};
pub use members::{Link, Member, MemberChange, MemberChanged, Members, NewMember};
pub use sessions::{Session, Sessions};
pub use tokens::{ApiToken, NewToken, Tokens};

/// SHA-256 of a secret that was handed out; the secret itself is kept nowhere.
pub type SecretHash = [u8; 32];

/// All of it.
pub trait Accounts: Members + Sessions + Tokens + Audit {}

impl<T: Members + Sessions + Tokens + Audit> Accounts for T {}
