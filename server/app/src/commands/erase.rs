//! `perennial erase`: a customer and everything about them, for good.

use crate::cli::EraseArgs;
use crate::error::{FOUND_WRONG, usage};
use crate::host::Host;
use anyhow::{Result, bail};
use perennial_listen::normalise_key;
use perennial_model::{IdentityKey, IdentityKind};
use std::io::{BufRead, IsTerminal, Write};

const USAGE: &str = "a customer is named as KIND=VALUE, for example email=ann@example.com; \
                     kinds are member, phone, email and platform";

fn key(text: &str) -> Result<IdentityKey> {
    let (word, value) = text.split_once('=').ok_or_else(|| usage(USAGE))?;
    let kind = IdentityKind::parse(word.trim()).ok_or_else(|| usage(USAGE))?;
    let Some(value) = normalise_key(kind, value) else {
        return Err(usage(format!("the {word} given cannot be a key of a customer; {USAGE}")));
    };
    Ok(IdentityKey { kind, value })
}

/// Asks on the terminal; a server is asked by a process that has done so.
pub(crate) fn confirmed() -> Result<bool> {
    if !std::io::stdin().is_terminal() {
        return Err(usage("erasure cannot be undone: say --yes to carry it out"));
    }
    print!("This cannot be undone. Erase this customer? [y/N] ");
    std::io::stdout().flush()?;
    let mut answer = String::new();
    std::io::stdin().lock().read_line(&mut answer)?;
    Ok(matches!(answer.trim(), "y" | "Y" | "yes" | "是"))
}

pub(crate) async fn run(arguments: &EraseArgs, host: &Host) -> Result<u8> {
    let key = key(&arguments.customer)?;
    let brand = host.open(&arguments.data.data).await?;
    let known = brand.timeline.store().find_identities(std::slice::from_ref(&key)).await?;
    let Some(profile) = known.into_iter().flatten().next() else {
        brand.close().await;
        aside!("error: no customer with this {} in {}", key.kind.as_str(), arguments.data.data.display());
        return Ok(FOUND_WRONG);
    };
    if !arguments.yes && !confirmed()? {
        bail!("nothing was erased");
    }
    let turn = host.write_turn().await;
    let erasure = brand.timeline.erase(brand.timeline.customer_of(profile)).await?;
    drop(turn);
    brand.close().await;
    say!(
        "erased: {} rows, {} identities; keyed hashes keep this customer away from later imports",
        erasure.rows,
        erasure.identities
    );
    if erasure.unreadable.is_empty() {
        return Ok(0);
    }
    aside!(
        "error: damaged runs may still hold rows: {}; restore them from a backup and run `perennial verify`, \
         which takes back all rows but this customer's, or delete them with `perennial verify --forget RUN`",
        erasure.unreadable.join(", ")
    );
    Ok(FOUND_WRONG)
}
