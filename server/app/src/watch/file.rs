//! One complete file: imported as `perennial import` does, then put away with what came of it.

use crate::brand::Brand;
use crate::cli::{Language, ReadArgs};
use crate::commands::{Properties, ReadFiles, listen_language, outcome_lines, plan, read_files};
use crate::host::Host;
use anyhow::{Context, Result};
use perennial_api::TextLines;
use perennial_listen::{ImportPlan, ListenError};
use perennial_ports::BrandSettings;
use std::ffi::{OsStr, OsString};
use std::fs;
use std::path::{Path, PathBuf};

/// Where imported files go.
pub(super) const DONE: &str = "done";
/// Where files go of which nothing could be used.
pub(super) const FAILED: &str = "failed";
/// Files of one name that may lie in a folder.
const MOST_ALIKE: u32 = 10_000;

/// What came of a file.
#[derive(Debug, Default)]
pub(super) struct Came {
    pub(super) imported: bool,
    pub(super) rows: u64,
    pub(super) rejected_rows: u64,
    pub(super) lines: TextLines,
}

/// The brand has no zone and currency, and the file does not show them. At `perennial import` a person reads
/// what is assumed; here nobody would.
#[derive(Debug, thiserror::Error)]
#[error(
    "{file}: neither the brand nor this file says the {missing}: say timezone and currency in the configuration, or \
     import one file with `perennial import --timezone … --currency …` or in the dashboard"
)]
pub(super) struct Unsettled {
    file: String,
    missing: &'static str,
}

/// Imports a file.
///
/// # Errors
/// What has nothing to do with the file: it is to be tried again.
pub(super) async fn import(host: &Host, path: &Path, map: &[String]) -> Result<Came> {
    let _turn = host.write_turn().await;
    let brand = host.open(host.directory()).await?;
    match try_import(&brand, path, map).await {
        Ok(came) => Ok(came),
        Err(problem) if is_passing(&problem) => Err(problem),
        Err(problem) => {
            let said = format!("{problem:#}");
            let lines =
                TextLines { en: vec![format!("not imported: {said}")], zh: vec![format!("没有导入：{said}")] };
            Ok(Came { lines, ..Came::default() })
        }
    }
}

async fn try_import(brand: &Brand, path: &Path, map: &[String]) -> Result<Came> {
    let store = brand.timeline.store();
    let known = BrandSettings::load(&**store).await?;
    let properties = Properties { wanted: &[], declared: store.manifest().await?.properties };
    let rejects = rejects_beside(path);
    let arguments = ReadArgs {
        map: map.to_vec(),
        timezone: None,
        currency: None,
        sheet: None,
        rejects: Some(rejects.clone()),
        quiet: true,
    };
    let plan = plan(&[path.to_owned()], &arguments, known.as_ref(), properties)?;
    settled(&plan, path)?;
    let mut lines =
        TextLines { en: plan.lines(listen_language(Language::En)), zh: plan.lines(listen_language(Language::Zh)) };
    let ReadFiles { mut outcome, .. } = read_files(brand, plan, &arguments, &rejects).await?;
    // It is put away under the file's own name.
    outcome.rejects_file = None;
    lines.en.extend(outcome_lines(&outcome, Language::En));
    lines.zh.extend(outcome_lines(&outcome, Language::Zh));
    let kept = outcome.events.total() + outcome.kept_aside > 0 || !outcome.already_imported.is_empty();
    let rejected_rows = outcome.rejected.values().sum();
    Ok(Came { imported: kept, rows: outcome.rows, rejected_rows, lines })
}

/// A brand's own zone and currency are no guess.
fn settled(plan: &ImportPlan, path: &Path) -> Result<(), Unsettled> {
    let missing = match (plan.is_zone_assumed(), plan.is_currency_assumed()) {
        (false, false) => return Ok(()),
        (true, true) => "time zone and the currency",
        (true, false) => "time zone",
        (false, true) => "currency",
    };
    let file = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    Err(Unsettled { file, missing })
}

/// Whether it is the store or the disk, or the file is gone, and not what the file holds.
fn is_passing(problem: &anyhow::Error) -> bool {
    let of_listen = problem.chain().find_map(|cause| cause.downcast_ref::<ListenError>());
    match of_listen {
        Some(ListenError::Timeline(_) | ListenError::Resolve(_) | ListenError::Rejects { .. }) => true,
        Some(_) => false,
        None => !problem.chain().any(|cause| cause.is::<crate::error::Usage>()),
    }
}

fn rejects_beside(path: &Path) -> PathBuf {
    let mut name = OsString::from(".");
    name.push(path.file_name().unwrap_or_default());
    name.push(".rejects.csv");
    path.with_file_name(name)
}

/// Puts a file away with a log beside it; returns where it is now. The log comes first: cut off in
/// between, the file is read again, found to be imported, and put away then.
pub(super) fn put_away(path: &Path, came: &Came) -> Result<PathBuf> {
    let folder = path.parent().unwrap_or(Path::new(".")).join(if came.imported { DONE } else { FAILED });
    fs::create_dir_all(&folder).with_context(|| format!("cannot make {}", folder.display()))?;
    let target = free_name(&folder, path.file_name().unwrap_or_default())?;
    let beside = |end: &str| {
        let mut name = target.clone().into_os_string();
        name.push(end);
        PathBuf::from(name)
    };
    let log = beside(".log.txt");
    let text = format!("{}\n\n{}\n", came.lines.zh.join("\n"), came.lines.en.join("\n"));
    fs::write(&log, text).with_context(|| format!("cannot write {}", log.display()))?;
    let rejects = rejects_beside(path);
    if rejects.is_file() {
        fs::rename(&rejects, beside(".rejects.csv")).with_context(|| format!("cannot move {}", rejects.display()))?;
    }
    fs::rename(path, &target).with_context(|| format!("cannot move {}", path.display()))?;
    Ok(target)
}

/// `orders.csv`, or `orders-2.csv` where there is one already.
fn free_name(folder: &Path, name: &OsStr) -> Result<PathBuf> {
    let (stem, end) = (Path::new(name).file_stem().unwrap_or(name), Path::new(name).extension());
    let numbered = |number: u32| {
        let mut other = OsString::from(stem);
        other.push(format!("-{number}"));
        let mut path = folder.join(other).into_os_string();
        if let Some(end) = end {
            path.push(".");
            path.push(end);
        }
        PathBuf::from(path)
    };
    let mut candidates = std::iter::once(folder.join(name)).chain((2..MOST_ALIKE).map(numbered));
    let free = candidates.find(|path| !path.exists());
    free.with_context(|| format!("{} holds too many files called {}", folder.display(), name.display()))
}
