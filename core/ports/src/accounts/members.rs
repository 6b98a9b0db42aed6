//! Members, and the links by which they set their password.

use super::SecretHash;
use crate::StoreError;
use async_trait::async_trait;
use perennial_model::Role;

/// A person who may sign in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    /// Number.
    pub member_id: u64,
    /// Normalised: trimmed, in lower case; nobody else has it.
    pub email: String,
    /// As they are called.
    pub name: String,
    /// What they may.
    pub role: Role,
    /// Language of the pages: `zh` or `en`.
    pub language: String,
    /// Since when (UTC µs).
    pub created_us: i64,
    /// Since when they may not sign in any more (UTC µs).
    pub disabled_us: Option<i64>,
    /// Whether they have set a password; an invited member has not.
    pub joined: bool,
}

/// A member to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewMember {
    /// Normalised.
    pub email: String,
    /// As they are called.
    pub name: String,
    /// What they may.
    pub role: Role,
    /// `zh` or `en`.
    pub language: String,
    /// Hash of their password in PHC form; none until they join.
    pub password: Option<String>,
    /// Since when (UTC µs).
    pub created_us: i64,
}

/// What is to change about a member; none leaves a thing as it is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct MemberChange {
    /// As they are called.
    pub name: Option<String>,
    /// What they may.
    pub role: Option<Role>,
    /// `zh` or `en`.
    pub language: Option<String>,
    /// Hash of their password in PHC form.
    pub password: Option<String>,
    /// Since when they may not sign in (UTC µs), or that they may.
    pub disabled_us: Option<Option<i64>>,
}

/// What became of a change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MemberChanged {
    /// It was made.
    Done(Member),
    /// There is no such member.
    Missing,
    /// Nobody would be left who may do everything.
    LastOwner,
}

/// A link that is good for one use.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// Of the secret in it.
    pub hash: SecretHash,
    /// Whose password it sets; none for the link by which the first owner is made.
    pub member_id: Option<u64>,
    /// Until when (UTC µs, exclusive).
    pub expires_us: i64,
}

/// See the module.
#[async_trait]
pub trait Members: Send + Sync {
    /// All members, oldest first.
    async fn members(&self) -> Result<Vec<Member>, StoreError>;
    /// The member with this e-mail, and the hash of the password.
    async fn member_by_email(&self, email: &str) -> Result<Option<(Member, Option<String>)>, StoreError>;
    /// Adds a member; its number, none where another has this e-mail.
    async fn add_member(&self, member: &NewMember) -> Result<Option<u64>, StoreError>;
    /// Changes a member. One who is disabled loses all sessions and links. The last owner who has
    /// joined and is not disabled stays that.
    async fn change_member(&self, member_id: u64, change: &MemberChange) -> Result<MemberChanged, StoreError>;
    /// Keeps a link; another one for the same member, or for the first owner, is void from now on.
    async fn save_link(&self, link: &Link) -> Result<(), StoreError>;
    /// The member whose password a link sets (none for the first owner's), if it is good at this instant.
    async fn link(&self, hash: &SecretHash, now_us: i64) -> Result<Option<Option<Member>>, StoreError>;
    /// Makes the first owner and spends the link; none where the link is not good, or somebody owns
    /// the brand already.
    async fn set_up(&self, hash: &SecretHash, owner: &NewMember, now_us: i64) -> Result<Option<Member>, StoreError>;
    /// Applies a change to the member whose link it is, spends the link and ends all sessions of the
    /// member; none where the link is not good.
    async fn join(&self, hash: &SecretHash, change: &MemberChange, now_us: i64) -> Result<Option<Member>, StoreError>;
}
