//! `perennial check`: what is wrong with a brand directory.

use super::known::Known;
use super::{counted, folder, problem_lines};
use crate::cli::CheckArgs;
use crate::error::FOUND_WRONG;
use crate::host::Host;
use anyhow::Result;
use perennial_definitions::Definitions;
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
    let counts = reading.map(|reading| {
        let Definitions { metrics, segments, experiments, sources, spend, .. } = &reading.definitions;
        [metrics.len(), segments.len(), experiments.len(), sources.len(), spend.len()]
    });
    if arguments.json {
        let [metrics, segments, experiments, sources, spend] = counts.map_or([None; 5], |counts| counts.map(Some));
        let known = json!({
            "problems": problems, "metrics": metrics, "segments": segments, "experiments": experiments,
            "sources": sources, "spend": spend,
        });
        say!("{known}");
    } else if let Some([metrics, segments, experiments, sources, spend]) = counts {
        let mut known = format!("{}, {}", counted(metrics, "metric"), counted(segments, "segment"));
        for (count, what) in [(experiments, "experiment"), (sources, "source")] {
            if count > 0 {
                known = format!("{known}, {}", counted(count, what));
            }
        }
        if spend > 0 {
            known = format!("{known}, {} of spend", counted(spend, "line"));
        }
        say!("{}: nothing wrong; {known}", arguments.folder.display());
    } else {
        problem_lines(&arguments.folder, problems).iter().for_each(|line| say!("{line}"));
    }
    Ok(if read.is_ok() { 0 } else { FOUND_WRONG })
}
