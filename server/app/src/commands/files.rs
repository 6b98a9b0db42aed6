//! Reading files into a brand: what `import` and `report` share.

use crate::brand::Brand;
use crate::cli::{Language, ReadArgs};
use crate::clock::SystemClock;
use crate::error::{Usage, usage};
use crate::progress::Bar;
use anyhow::Result;
use perennial_learn::report::{InputFile, RejectReason};
use perennial_listen::read::ReadError;
use perennial_listen::{ImportOptions, ImportOutcome, ImportPlan, ListenError, Wishes, import, prepare};
use perennial_model::{Clock, PropertySpec};
use perennial_ports::BrandSettings;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// What was read, for the report.
pub(crate) struct ReadFiles {
    pub(crate) outcome: ImportOutcome,
    pub(crate) settings: BrandSettings,
    pub(crate) inputs: Vec<InputFile>,
    /// Whether any header is Chinese.
    pub(crate) chinese: bool,
}

/// Columns to keep as properties, and the properties that a brand has.
#[derive(Default)]
pub(crate) struct Properties<'a> {
    pub(crate) wanted: &'a [String],
    pub(crate) declared: Vec<PropertySpec>,
}

/// An error of listening, told apart from one of usage.
pub(crate) fn told_apart(problem: ListenError) -> anyhow::Error {
    let usage = problem.is_usage()
        || matches!(
            &problem,
            ListenError::Read(ReadError::NotFound { .. } | ReadError::Denied { .. } | ReadError::NotAFile { .. })
        );
    if usage { anyhow::Error::new(Usage(problem.to_string())) } else { anyhow::Error::new(problem) }
}

/// Opens the files and finds out what they hold; writes nothing. A brand that has a zone and a
/// currency keeps them.
pub(crate) fn plan(
    files: &[PathBuf],
    arguments: &ReadArgs,
    brand: Option<&BrandSettings>,
    properties: Properties<'_>,
) -> Result<ImportPlan> {
    let wishes = Wishes {
        sheet: arguments.sheet.clone(),
        map: arguments.map.clone(),
        timezone: arguments.timezone.clone(),
        currency: arguments.currency.clone(),
        properties: properties.wanted.to_vec(),
    };
    prepare(files, &wishes, brand, properties.declared).map_err(told_apart)
}

/// Reads files into a brand and remembers its zone and currency.
///
/// Rejected rows go to the file given, else to `rejects`; it is made with the first of them.
pub(crate) async fn read_files(
    brand: &Brand,
    plan: ImportPlan,
    arguments: &ReadArgs,
    rejects: &Path,
) -> Result<ReadFiles> {
    let rejects = arguments.rejects.as_deref().unwrap_or(rejects);
    refuse_inside(rejects, &brand.directory)?;
    let chinese = has_chinese_headers(&plan);
    let settings = BrandSettings { zone: plan.zone().clone(), currency: plan.currency() };
    let mut inputs: Vec<InputFile> = plan.recognitions().map(input_file).collect();
    for (input, description) in inputs.iter_mut().zip(plan.descriptions()) {
        input.description = description;
    }
    settings.save(&**brand.timeline.store()).await?;
    let bar = Arc::new(Bar::new(plan.bytes_total(), "reading", arguments.quiet));
    let mut options = ImportOptions::new(SystemClock.now_us());
    options.rejects = Some(rejects.to_owned());
    let outcome = import(&brand.timeline, Arc::new(plan), options, Arc::<Bar>::clone(&bar) as _).await;
    bar.finish();
    let outcome = outcome.map_err(told_apart)?;
    inputs.iter_mut().zip(&outcome.rows_of_files).for_each(|(input, rows)| input.rows = *rows);
    Ok(ReadFiles { outcome, settings, inputs, chinese })
}

/// Rejected rows name customers; in the data directory no erasure would find them.
fn refuse_inside(rejects: &Path, directory: &Path) -> Result<()> {
    let folder = match rejects.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    };
    let inside = folder.canonicalize().ok().zip(directory.canonicalize().ok());
    if inside.is_some_and(|(folder, directory)| folder.starts_with(directory)) {
        let shown = rejects.display();
        return Err(usage(format!(
            "--rejects {shown} is in the data directory, where no erasure finds it: choose another place"
        )));
    }
    Ok(())
}

fn input_file(recognition: &perennial_listen::recognise::Recognition) -> InputFile {
    let fields = recognition.recognised.iter();
    InputFile {
        name: std::path::Path::new(&recognition.file)
            .file_name()
            .map_or_else(|| recognition.file.clone(), |name| name.to_string_lossy().into_owned()),
        layout: recognition.source.clone(),
        fields: fields.map(|entry| (entry.field.word().to_owned(), entry.name.clone())).collect(),
        ..InputFile::default()
    }
}

/// Reasons of rows left out, most frequent first.
pub(crate) fn reasons(outcome: &ImportOutcome) -> Vec<RejectReason> {
    let told = outcome.reasons().into_iter().map(|left_out| RejectReason {
        kind: if left_out.rejected { "rejected" } else { "skipped" },
        reason_en: left_out.reason.0.to_owned(),
        reason_zh: left_out.reason.1.to_owned(),
        rows: left_out.rows,
        example: left_out.example,
    });
    told.collect()
}

/// The language of Listen's words.
pub(crate) const fn listen_language(language: Language) -> perennial_listen::Language {
    match language {
        Language::Zh => perennial_listen::Language::Zh,
        Language::En => perennial_listen::Language::En,
    }
}

/// The language given, or the one of the files' headers.
pub(crate) fn language(given: Option<Language>, plan: Option<&ImportPlan>) -> Language {
    given.unwrap_or_else(|| if plan.is_some_and(has_chinese_headers) { Language::Zh } else { Language::En })
}

fn has_chinese_headers(plan: &ImportPlan) -> bool {
    let chinese = |text: &str| text.chars().any(|letter| ('\u{4e00}'..='\u{9fff}').contains(&letter));
    plan.recognitions().any(|one| one.recognised.iter().any(|entry| chinese(&entry.name)))
}
