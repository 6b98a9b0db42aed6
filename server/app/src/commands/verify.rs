//! `perennial verify`: is the data directory what was written?

use crate::cli::DataArgs;
use crate::error::FOUND_WRONG;
use crate::host::Host;
use anyhow::Result;

pub(crate) async fn run(arguments: &DataArgs, host: &Host) -> Result<u8> {
    let brand = host.open(&arguments.data).await?;
    for file in brand.timeline.recover().await? {
        say!("run {file} was damaged and is whole again: its rows are back");
    }
    let mut problems = brand.timeline.verify().await?;
    if let Host::Server(served) = host {
        problems.extend(served.keeper.compare().await?);
    }
    let rows = brand.timeline.snapshot().await?.rows();
    brand.close().await;
    if problems.is_empty() {
        say!("{}: {rows} rows, nothing wrong", arguments.data.display());
        return Ok(0);
    }
    for problem in &problems {
        say!("{problem}");
    }
    aside!("error: {} found wrong in {}", problems.len(), arguments.data.display());
    Ok(FOUND_WRONG)
}
