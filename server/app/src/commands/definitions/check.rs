//! `perennial check`: what is wrong with a brand directory.

use super::known::Known;
use super::{counted, folder, problem_lines};
use crate::cli::CheckArgs;
use crate::error::FOUND_WRONG;
use crate::host::Host;
use anyhow::Result;
use serde_json::json;

pub(crate) async fn check(arguments: &CheckArgs, host: &Host) -> Result<u8> {
    let folder = folder::read(&arguments.folder)?;
    let known = match &arguments.data {
        None => Known::default(),
        Some(data) => {
            let brand = host.open(data).await?;
            let known = Known::load(&brand.timeline).await;
            brand.close().await;
            known?
        }
    };
    let read = known.read(&folder)?;
    let (problems, reading) = match &read {
        Ok(reading) => (&[][..], Some(reading)),
        Err(problems) => (problems.as_slice(), None),
    };
    let counts = reading.map(|reading| (reading.definitions.metrics.len(), reading.definitions.segments.len()));
    if arguments.json {
        let (metrics, segments) = counts.unzip();
        say!("{}", json!({ "problems": problems, "metrics": metrics, "segments": segments }));
    } else if let Some((metrics, segments)) = counts {
        let (metrics, segments) = (counted(metrics, "metric"), counted(segments, "segment"));
        say!("{}: nothing wrong; {metrics}, {segments}", arguments.folder.display());
    } else {
        problem_lines(&arguments.folder, problems).iter().for_each(|line| say!("{line}"));
    }
    Ok(if read.is_ok() { 0 } else { FOUND_WRONG })
}
