//! `perennial export`: what counts, as files of a brand directory.

use super::folder;
use super::known::Known;
use crate::brand::Brand;
use crate::cli::ExportDefinitionsArgs;
use crate::error::{FOUND_WRONG, usage};
use crate::host::Host;
use anyhow::Result;
use perennial_definitions::{FILES, SourceFile, schema, write};
use std::path::Path;

/// Where schemas are put.
const SCHEMAS: &str = "schemas";

pub(crate) async fn export(arguments: &ExportDefinitionsArgs, host: &Host) -> Result<u8> {
    let brand = host.open(&arguments.data.data).await?;
    let outcome = exported(arguments, &brand).await;
    brand.close().await;
    outcome
}

async fn exported(arguments: &ExportDefinitionsArgs, brand: &Brand) -> Result<u8> {
    let (folder, known) = (arguments.folder.as_path(), Known::load(&brand.timeline).await?);
    make(folder)?;
    if arguments.schemas {
        write_schemas(&folder.join(SCHEMAS))?;
    }
    let kept = known.files();
    let files = write(&known.definitions, &kept);
    if files.is_empty() {
        say!("nothing is defined yet: `perennial apply DIR` defines what is in files");
        return Ok(0);
    }
    let mut changed = Vec::new();
    for file in &files {
        let present = folder::present(&folder.join(&file.name))?;
        let applied = kept.iter().find(|kept| kept.name == file.name);
        let unsaved = match (&present, applied) {
            (Some(text), applied) => *text != file.text && applied.is_none_or(|applied| applied.text != *text),
            (None, _) => false,
        };
        if unsaved {
            changed.push(folder.join(&file.name).display().to_string());
        }
    }
    if !changed.is_empty() && !arguments.overwrite {
        let (files, verb) = (changed.join(", "), if changed.len() == 1 { "was" } else { "were" });
        aside!("error: {files} {verb} changed and not applied: apply them, or say --overwrite");
        return Ok(FOUND_WRONG);
    }
    files.iter().try_for_each(|file| put(folder, file))?;
    for name in FILES.iter().filter(|name| !files.iter().any(|file| file.name == **name)) {
        if folder.join(name).exists() {
            aside!("{} stays as it is: nothing of it is applied", folder.join(name).display());
        }
    }
    say!("version {} is in {}", known.version(), folder.display());
    Ok(0)
}

fn put(folder: &Path, file: &SourceFile) -> Result<()> {
    let path = folder.join(&file.name);
    if folder::present(&path)?.as_deref() == Some(file.text.as_str()) {
        say!("{}: the same", path.display());
        return Ok(());
    }
    folder::write(&path, &file.text)?;
    say!("{}: written", path.display());
    Ok(())
}

fn write_schemas(folder: &Path) -> Result<()> {
    make(folder)?;
    for file in FILES {
        let Some(schema) = schema(file) else { continue };
        let name = file.replace(".yaml", ".schema.json");
        folder::write(&folder.join(name), &format!("{}\n", serde_json::to_string_pretty(&schema)?))?;
    }
    Ok(())
}

fn make(folder: &Path) -> Result<()> {
    std::fs::create_dir_all(folder)
        .map_err(|problem| usage(format!("cannot make the directory {}: {problem}", folder.display())))
}
