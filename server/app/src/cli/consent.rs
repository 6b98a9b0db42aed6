//! `perennial consent …`.

use super::{DataArgs, Format};
use clap::{Args, Subcommand};
use serde::{Deserialize, Serialize};
use std::net::IpAddr;
use std::path::Path;

#[derive(Debug, Subcommand, Serialize, Deserialize)]
pub(crate) enum ConsentAction {
    /// What a customer has agreed to, and every change with its proof.
    Show(ConsentShowArgs),
    /// Record that a customer agrees.
    Give(GiveArgs),
    /// Record that a customer does not agree any more: to one purpose, or to everything.
    Withdraw(WithdrawArgs),
    /// Show and change what consent is asked for, and what categories of a cookie banner mean.
    Configure(ConfigureArgs),
}

impl ConsentAction {
    /// The data directory.
    pub(crate) fn data(&self) -> &Path {
        let arguments = match self {
            Self::Show(arguments) => &arguments.data,
            Self::Give(arguments) => &arguments.data,
            Self::Withdraw(arguments) => &arguments.data,
            Self::Configure(arguments) => &arguments.data,
        };
        &arguments.data
    }
}

#[derive(Debug, Args, Serialize, Deserialize)]
pub(crate) struct ConsentShowArgs {
    /// Whom: KIND=VALUE, for example phone=13800138000.
    #[arg(value_name = "KIND=VALUE")]
    pub(crate) customer: String,
    #[command(flatten)]
    pub(crate) data: DataArgs,
    /// Show every change with its proof instead of how things stand.
    #[arg(long)]
    pub(crate) history: bool,
    /// Show the addresses that changes came from.
    #[arg(long)]
    pub(crate) reveal: bool,
    /// How it is written.
    #[arg(long, value_enum, default_value = "table")]
    pub(crate) format: Format,
}

#[derive(Debug, Args, Serialize, Deserialize)]
pub(crate) struct GiveArgs {
    /// Who: KIND=VALUE.
    #[arg(value_name = "KIND=VALUE")]
    pub(crate) customer: String,
    /// For what: marketing, personalisation, sharing, automated_decisions, analytics, or one of your own;
    /// repeatable.
    #[arg(long = "purpose", value_name = "PURPOSE", required = true)]
    pub(crate) purposes: Vec<String>,
    #[command(flatten)]
    pub(crate) proof: ProofArgs,
    #[command(flatten)]
    pub(crate) data: DataArgs,
}

#[derive(Debug, Args, Serialize, Deserialize)]
pub(crate) struct WithdrawArgs {
    /// Who: KIND=VALUE.
    #[arg(value_name = "KIND=VALUE")]
    pub(crate) customer: String,
    /// For what; everything unless given; repeatable.
    #[arg(long = "purpose", value_name = "PURPOSE")]
    pub(crate) purposes: Vec<String>,
    #[command(flatten)]
    pub(crate) proof: ProofArgs,
    #[command(flatten)]
    pub(crate) data: DataArgs,
}

/// What proves a change of consent.
#[derive(Debug, Args, Serialize, Deserialize)]
pub(crate) struct ProofArgs {
    /// By which way: any, email, sms, wecom, push, phone, mail.
    #[arg(long, default_value = "any")]
    pub(crate) channel: String,
    /// Where it was said, for example "till, Nanjing Road".
    #[arg(long, value_name = "TEXT", default_value = "command line")]
    pub(crate) source: String,
    /// Version of the words agreed to.
    #[arg(long, value_name = "VERSION")]
    pub(crate) wording: Option<String>,
    /// What else proves it, for example the number of a signed form.
    #[arg(long, value_name = "TEXT")]
    pub(crate) evidence: Option<String>,
    /// Address that it came from.
    #[arg(long)]
    pub(crate) ip: Option<IpAddr>,
    /// When it was said (RFC 3339, for example 2026-03-01T10:00:00+08:00); now unless given.
    #[arg(long, value_name = "TIME")]
    pub(crate) at: Option<String>,
}

#[derive(Debug, Args, Serialize, Deserialize)]
pub(crate) struct ConfigureArgs {
    #[command(flatten)]
    pub(crate) data: DataArgs,
    /// Add a purpose of your own (lower-case letters, digits and _); repeatable.
    #[arg(long = "purpose", value_name = "PURPOSE")]
    pub(crate) purposes: Vec<String>,
    /// What a category of context.consent.categoryPreferences means, as Advertising=marketing; with
    /// nothing behind the = it means nothing; repeatable.
    #[arg(long = "category", value_name = "CATEGORY=PURPOSE")]
    pub(crate) categories: Vec<String>,
}
