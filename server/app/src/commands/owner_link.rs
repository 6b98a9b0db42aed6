//! `perennial owner-link`: a way in for whoever holds the data directory.

use crate::cli::OwnerLinkArgs;
use crate::clock::SystemClock;
use crate::host::Host;
use anyhow::{Result, anyhow};
use perennial_api::{OwnerLink, owner_link};

pub(crate) async fn run(arguments: &OwnerLinkArgs, host: &Host) -> Result<u8> {
    let brand = host.open(&arguments.data.data).await?;
    let made = owner_link(&*brand.store, &SystemClock, arguments.email.as_deref()).await;
    let base = host.address();
    match made.map_err(|problem| anyhow!(problem.message))? {
        OwnerLink::First(path) => say!("open {base}{path} to become the owner"),
        OwnerLink::NewPassword { email, path } => say!("open {base}{path} to set the password of {email}"),
    }
    brand.close().await;
    Ok(0)
}
