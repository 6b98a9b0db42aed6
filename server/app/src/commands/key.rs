//! Customers named on the command line by one of their keys.

use crate::brand::Brand;
use crate::error::usage;
use anyhow::Result;
use perennial_listen::normalise_key;
use perennial_model::{CustomerId, IdentityKey, IdentityKind};

/// The key that `KIND=VALUE` says.
pub(super) fn read(text: &str) -> Result<IdentityKey> {
    let kinds = IdentityKind::ALL.map(IdentityKind::as_str).join(", ");
    let form = format!("a customer is named as KIND=VALUE, for example email=ann@example.com; kinds are {kinds}");
    let named = text.split_once('=').and_then(|(word, value)| Some((IdentityKind::parse(word.trim())?, value)));
    let Some((kind, value)) = named else { return Err(usage(form)) };
    let Some(value) = normalise_key(kind, value) else {
        return Err(usage(format!("the {} given cannot be a key of a customer; {form}", kind.as_str())));
    };
    Ok(IdentityKey { kind, value })
}

/// The profile that a key leads to; says so where it leads to none.
pub(super) async fn profile(brand: &Brand, key: &IdentityKey) -> Result<Option<CustomerId>> {
    let found = brand.timeline.store().find_identities(std::slice::from_ref(key)).await?;
    let found = found.into_iter().flatten().next();
    if found.is_none() {
        aside!("error: no customer with this {} in {}", key.kind.as_str(), brand.directory.display());
    }
    Ok(found)
}
