//! `perennial erase`: a customer and everything about them, for good.

use super::key;
use crate::cli::EraseArgs;
use crate::error::{FOUND_WRONG, usage};
use crate::host::Host;
use anyhow::{Result, bail};
use std::io::{BufRead, IsTerminal, Write};

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
    let key = key::read(&arguments.customer)?;
    let brand = host.open(&arguments.data.data).await?;
    let Some(profile) = key::profile(&brand, &key).await? else {
        brand.close().await;
        return Ok(FOUND_WRONG);
    };
    if !arguments.yes && !confirmed()? {
        bail!("nothing was erased");
    }
    let turn = host.write_turn().await;
    host.forget_uploads(&brand.directory)?;
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
