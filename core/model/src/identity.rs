//! How a customer is recognised.

use serde::{Deserialize, Serialize};

/// Kinds of key, strongest first: where a row carries several, the first found wins.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum IdentityKind {
    /// The brand's own customer or member number.
    Member,
    /// WeChat's id of a person over all of a brand's accounts and mini-programs.
    Unionid,
    /// Phone in E.164, for example +8613800138000.
    Phone,
    /// E-mail, lower case.
    Email,
    /// WeChat's id of a person in one account or mini-program, as `openid@app`.
    Openid,
    /// WeCom's id of a contact of the brand's staff.
    ExternalUserid,
    /// A platform's id of the buyer (旺旺, Shopify customer …), the platform before it: `taobao:小明`.
    Platform,
    /// A device or session not yet known.
    Anonymous,
}

impl IdentityKind {
    /// All kinds, strongest first.
    pub const ALL: [Self; 8] = [
        Self::Member,
        Self::Unionid,
        Self::Phone,
        Self::Email,
        Self::Openid,
        Self::ExternalUserid,
        Self::Platform,
        Self::Anonymous,
    ];

    /// The word stored and shown.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Member => "member",
            Self::Unionid => "unionid",
            Self::Phone => "phone",
            Self::Email => "email",
            Self::Openid => "openid",
            Self::ExternalUserid => "external_userid",
            Self::Platform => "platform",
            Self::Anonymous => "anonymous",
        }
    }

    /// The kind of that word.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == word)
    }

    /// Whether a key of this kind says who somebody is. A device says only that it is the same one.
    #[must_use]
    pub const fn is_known(self) -> bool {
        !matches!(self, Self::Anonymous)
    }
}

/// One key, its value normalised for its kind.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct IdentityKey {
    /// Its kind.
    pub kind: IdentityKind,
    /// Its normalised value.
    pub value: String,
}

impl IdentityKey {
    /// Within what the values of its kind are counted: an openid's app; nothing for other kinds.
    #[must_use]
    pub fn scope(&self) -> &str {
        match self.kind {
            IdentityKind::Openid => self.value.rsplit_once('@').map_or("", |(_, app)| app),
            _ => "",
        }
    }
}

/// How many keys of a kind one customer may have. A key beyond that is not bound: somebody with
/// fifty phones is a shop's till, not a customer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct IdentityLimits {
    /// Member numbers.
    pub member: u32,
    /// Ids over all of a brand's WeChat accounts.
    pub unionid: u32,
    /// Phones.
    pub phone: u32,
    /// E-mails.
    pub email: u32,
    /// Ids in one WeChat account or mini-program.
    pub openid_per_app: u32,
    /// WeCom contacts.
    pub external_userid: u32,
    /// Buyers on platforms.
    pub platform: u32,
    /// Devices and sessions.
    pub anonymous: u32,
}

impl Default for IdentityLimits {
    fn default() -> Self {
        Self {
            member: 1,
            unionid: 1,
            phone: 5,
            email: 5,
            openid_per_app: 1,
            external_userid: 5,
            platform: 10,
            anonymous: 100,
        }
    }
}

impl IdentityLimits {
    /// The limit of a kind; an openid's holds within its app.
    #[must_use]
    pub const fn of(&self, kind: IdentityKind) -> u32 {
        match kind {
            IdentityKind::Member => self.member,
            IdentityKind::Unionid => self.unionid,
            IdentityKind::Phone => self.phone,
            IdentityKind::Email => self.email,
            IdentityKind::Openid => self.openid_per_app,
            IdentityKind::ExternalUserid => self.external_userid,
            IdentityKind::Platform => self.platform,
            IdentityKind::Anonymous => self.anonymous,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_stand_strongest_first_and_have_words_of_their_own() {
        assert!(IdentityKind::ALL.is_sorted());
        for kind in IdentityKind::ALL {
            assert_eq!(IdentityKind::parse(kind.as_str()), Some(kind));
            assert_eq!(kind.is_known(), kind != IdentityKind::Anonymous);
        }
    }

    #[test]
    fn openids_are_counted_within_their_app() {
        let key = |kind, value: &str| IdentityKey { kind, value: value.to_owned() };
        assert_eq!(key(IdentityKind::Openid, "o@b@wx1").scope(), "wx1");
        assert_eq!(key(IdentityKind::Email, "ann@shop.example").scope(), "");
    }
}
