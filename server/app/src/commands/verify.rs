//! `perennial verify`: is the data directory what was written?

use crate::cli::VerifyArgs;
use crate::error::{FOUND_WRONG, usage};
use crate::host::Host;
use anyhow::Result;

pub(crate) async fn run(arguments: &VerifyArgs, host: &Host) -> Result<u8> {
    let directory = &arguments.data.data;
    let brand = host.open(directory).await?;
    for file in brand.timeline.recover().await? {
        say!("run {file} was damaged and is whole again: its rows are back");
    }
    for run in &arguments.forget {
        let Some(rows) = brand.timeline.forget(run).await? else {
            brand.close().await;
            return Err(usage(format!("--forget {run}: no such run is in quarantine; `perennial verify` names those that are")));
        };
        say!("run {run} is forgotten: {rows} rows are lost");
    }
    let mut problems = brand.timeline.verify().await?;
    if let Host::Server(served) = host {
        problems.extend(served.keeper.compare().await?);
    }
    let rows = brand.timeline.snapshot().await?.rows();
    brand.close().await;
    if problems.is_empty() {
        say!("{}: {rows} rows, nothing wrong", directory.display());
        return Ok(0);
    }
    for problem in &problems {
        say!("{problem}");
    }
    aside!("error: {} found wrong in {}", problems.len(), directory.display());
    Ok(FOUND_WRONG)
}
