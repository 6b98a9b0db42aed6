//! `perennial apply`: a brand directory becomes what counts.

use super::folder::{self, Folder};
use super::known::Known;
use super::plan::{lines, nothing_to_change};
use super::reckoning::Effect;
use super::{problem_lines, summary};
use crate::brand::Brand;
use crate::cli::ApplyArgs;
use crate::clock::SystemClock;
use crate::error::{FOUND_WRONG, usage};
use crate::host::Host;
use anyhow::Result;
use perennial_definitions::{Change, Definitions, changes};
use perennial_model::{Clock, Zone};
use perennial_ports::{BrandSettings, DefinitionFile, DefinitionsSaved, NewDefinitions};

/// A comment is no longer.
const MAX_COMMENT_LETTERS: usize = 500;

pub(crate) async fn apply(arguments: &ApplyArgs, host: &Host) -> Result<u8> {
    if arguments.comment.as_ref().is_some_and(|comment| comment.chars().count() > MAX_COMMENT_LETTERS) {
        return Err(usage(format!("--comment has more than {MAX_COMMENT_LETTERS} letters: shorten it")));
    }
    let folder = folder::read(&arguments.folder)?;
    let brand = host.create(&arguments.data.data).await?;
    let turn = host.write_turn().await;
    let outcome = applied(arguments, &folder, &brand).await;
    drop(turn);
    if let (Host::Server(served), Ok(0)) = (host, &outcome) {
        // Whoever asks next sees the new columns.
        served.keeper.catch_up().await?;
    }
    brand.close().await;
    outcome
}

async fn applied(arguments: &ApplyArgs, folder: &Folder, brand: &Brand) -> Result<u8> {
    let known = Known::load(&brand.timeline).await?;
    let reading = match known.read(folder)? {
        Ok(reading) => reading,
        Err(problems) => {
            problem_lines(&arguments.folder, &problems).iter().for_each(|line| aside!("{line}"));
            aside!("nothing was applied");
            return Ok(FOUND_WRONG);
        }
    };
    settle(brand, &known, &reading.definitions).await?;
    let found = changes(&known.definitions, &reading.definitions);
    if found.is_empty() && (known.version() == 0 || known.files() == folder.files) {
        say!("{}", nothing_to_change(&known, folder));
        return Ok(0);
    }
    // Before anything counts by them; what events said of them before counts too.
    for property in &reading.undeclared {
        brand.timeline.declare_property(property.clone()).await?;
    }
    let new = version(arguments, folder, &known, &reading.definitions, &found)?;
    match brand.timeline.store().save_definitions(&new).await? {
        DefinitionsSaved::Done(version) => {
            let effects = vec![Effect::default(); found.len()];
            lines(&found, &effects, &known.definitions, &reading).iter().for_each(|line| say!("{line}"));
            say!("version {version}: {}", summary(&found));
            Ok(0)
        }
        DefinitionsSaved::Moved(newest) => {
            let command = "look with `perennial plan`, then apply again";
            aside!("error: the definitions were changed meanwhile, version {newest} is the newest: {command}");
            Ok(FOUND_WRONG)
        }
    }
}

fn version(
    arguments: &ApplyArgs,
    folder: &Folder,
    known: &Known,
    definitions: &Definitions,
    found: &[Change],
) -> Result<NewDefinitions> {
    let file =
        |file: &perennial_definitions::SourceFile| DefinitionFile { name: file.name.clone(), text: file.text.clone() };
    Ok(NewDefinitions {
        expected_version: known.version(),
        at_us: SystemClock.now_us(),
        member_id: None,
        token_id: None,
        comment: arguments.comment.clone(),
        changes: serde_json::to_string(found)?,
        json: serde_json::to_string(definitions)?,
        files: folder.files.iter().map(file).collect(),
        summary: Some(summary(found)),
    })
}

/// A data directory that knows no time zone and currency yet takes those of the brand.
async fn settle(brand: &Brand, known: &Known, definitions: &Definitions) -> Result<()> {
    let said = definitions.brand.timezone.as_deref().zip(definitions.brand.currency);
    if known.settings.is_none()
        && let Some((timezone, currency)) = said
    {
        let settings = BrandSettings { zone: Zone::named(timezone)?, currency };
        settings.save(&**brand.timeline.store()).await?;
    }
    Ok(())
}
