//! `perennial verify`: is the data directory what was written?

use crate::brand::Brand;
use crate::cli::DataArgs;
use crate::error::FOUND_WRONG;
use anyhow::Result;

pub(crate) async fn run(arguments: &DataArgs) -> Result<u8> {
    let brand = Brand::open(&arguments.data).await?;
    for file in brand.timeline.recover().await? {
        say!("run {file} was damaged and is whole again: its rows are back");
    }
    let problems = brand.timeline.verify().await?;
    let rows = brand.timeline.snapshot().await?.rows();
    brand.close().await;
    if problems.is_empty() {
        say!("{}: {rows} rows, nothing wrong", arguments.data.display());
        return Ok(0);
    }
    for problem in &problems {
        say!("{problem}");
    }
    eprintln!("error: {} found wrong in {}", problems.len(), arguments.data.display());
    Ok(FOUND_WRONG)
}
