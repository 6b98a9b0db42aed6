//! Who may do what in the dashboard and through the API.

use serde::{Deserialize, Serialize};

/// What a member is to the brand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// May do everything.
    Owner,
    /// Growth and CRM: figures, customers, imports, sources, definitions.
    Marketer,
    /// Figures, customers with masked keys, SQL.
    Analyst,
    /// Customers and what is owed to them.
    AccountManager,
    /// A shop's or a hotline's staff: one customer at a time.
    Staff,
    /// Figures only, nobody's name.
    Viewer,
}

/// One thing that may be allowed. Every route of the API names the one that it needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Permission {
    /// Figures and findings about the whole base.
    ReadFigures,
    /// Customers, their timelines and scores, keys masked.
    ReadCustomers,
    /// One customer found by a key in full.
    FindCustomer,
    /// Keys in full: phones, e-mails. Each look is audited.
    RevealKeys,
    /// SQL.
    Query,
    /// Files with many customers.
    ExportCustomers,
    /// Files into the brand.
    Import,
    /// Write keys, watched folders, schemas.
    ManageSources,
    /// What the brand defines: metrics, segments, experiments; and to begin those.
    Define,
    /// Merges of customers and their undo.
    ManageIdentities,
    /// Consent given and withdrawn, corrections, lists and tags.
    EditCustomers,
    /// A customer's archive and erasure.
    PrivacyRequests,
    /// Members, roles, tokens.
    ManageMembers,
    /// Who did what.
    ReadAudit,
    /// State of the server.
    ReadSystem,
}

impl Role {
    /// All roles, from the one that may most.
    pub const ALL: [Self; 6] =
        [Self::Owner, Self::Marketer, Self::Analyst, Self::AccountManager, Self::Staff, Self::Viewer];

    /// The word stored and sent.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Owner => "owner",
            Self::Marketer => "marketer",
            Self::Analyst => "analyst",
            Self::AccountManager => "account_manager",
            Self::Staff => "staff",
            Self::Viewer => "viewer",
        }
    }

    /// The role of that word.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.as_str() == word)
    }

    /// Whether it may.
    #[must_use]
    pub fn permits(self, permission: Permission) -> bool {
        use Permission::{
            Define, EditCustomers, ExportCustomers, FindCustomer, Import, ManageIdentities, ManageSources, Query,
            ReadCustomers, ReadFigures, ReadSystem, RevealKeys,
        };
        let allowed: &[Permission] = match self {
            Self::Owner => return true,
            Self::Marketer => &[
                ReadFigures,
                ReadCustomers,
                FindCustomer,
                RevealKeys,
                Query,
                ExportCustomers,
                Import,
                ManageSources,
                Define,
                ManageIdentities,
                EditCustomers,
                ReadSystem,
            ],
            Self::Analyst => &[ReadFigures, ReadCustomers, FindCustomer, Query, ReadSystem],
            Self::AccountManager => &[ReadFigures, ReadCustomers, FindCustomer, RevealKeys, EditCustomers],
            Self::Staff => &[FindCustomer, EditCustomers],
            Self::Viewer => &[ReadFigures],
        };
        allowed.contains(&permission)
    }
}

impl Permission {
    /// All of them.
    pub const ALL: [Self; 15] = [
        Self::ReadFigures,
        Self::ReadCustomers,
        Self::FindCustomer,
        Self::RevealKeys,
        Self::Query,
        Self::ExportCustomers,
        Self::Import,
        Self::ManageSources,
        Self::Define,
        Self::ManageIdentities,
        Self::EditCustomers,
        Self::PrivacyRequests,
        Self::ManageMembers,
        Self::ReadAudit,
        Self::ReadSystem,
    ];

    /// The word stored and sent; a token's scope.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::ReadFigures => "read_figures",
            Self::ReadCustomers => "read_customers",
            Self::FindCustomer => "find_customer",
            Self::RevealKeys => "reveal_keys",
            Self::Query => "query",
            Self::ExportCustomers => "export_customers",
            Self::Import => "import",
            Self::ManageSources => "manage_sources",
            Self::Define => "define",
            Self::ManageIdentities => "manage_identities",
            Self::EditCustomers => "edit_customers",
            Self::PrivacyRequests => "privacy_requests",
            Self::ManageMembers => "manage_members",
            Self::ReadAudit => "read_audit",
            Self::ReadSystem => "read_system",
        }
    }

    /// The permission of that word.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|permission| permission.as_str() == word)
    }
}
