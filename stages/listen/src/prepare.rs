//! From files to a plan, for everyone who imports: the command line and uploads.

use crate::ListenError;
use crate::read::{self, ReadOptions, Source};
use crate::recognise::{ImportPlan, RecogniseOptions, recognise};
use perennial_model::PropertySpec;
use perennial_ports::BrandSettings;
use std::path::{Path, PathBuf};

/// What the user says about the files.
#[derive(Debug, Clone, Default)]
pub struct Wishes {
    /// The sheet of a workbook.
    pub sheet: Option<String>,
    /// Corrections, each `field=column`.
    pub map: Vec<String>,
    /// IANA name of the brand's time zone.
    pub timezone: Option<String>,
    /// Code of the brand's currency.
    pub currency: Option<String>,
    /// Columns to keep as properties, each `name=column` or `name=column:type`.
    pub properties: Vec<String>,
}

/// Opens files and finds out what they hold; writes nothing. A brand that has a zone and a currency
/// keeps them unless other ones are said. `declared` are the properties that it has.
///
/// # Errors
/// As [`read::open`] and [`recognise`].
pub fn prepare(
    files: &[PathBuf],
    wishes: &Wishes,
    brand: Option<&BrandSettings>,
    declared: Vec<PropertySpec>,
) -> Result<ImportPlan, ListenError> {
    let options = ReadOptions { sheet: wishes.sheet.clone(), ..ReadOptions::default() };
    let mut sources = Vec::new();
    for file in files {
        sources.extend(read::open(file, &options)?);
    }
    recognise(sources, &recognise_options(wishes, brand, declared))
}

/// The same of one file that is called otherwise than on disk.
///
/// # Errors
/// As [`prepare`].
pub fn prepare_named(
    (file, name): (&Path, &str),
    wishes: &Wishes,
    brand: Option<&BrandSettings>,
    declared: Vec<PropertySpec>,
) -> Result<ImportPlan, ListenError> {
    recognise(open_named(file, name)?, &recognise_options(wishes, brand, declared))
}

/// Opens a file that is called otherwise than on disk.
///
/// # Errors
/// As [`read::open`].
pub fn open_named(file: &Path, name: &str) -> Result<Vec<Source>, ListenError> {
    let options = ReadOptions { name: Some(name.to_owned()), ..ReadOptions::default() };
    Ok(read::open(file, &options)?)
}

fn recognise_options(wishes: &Wishes, brand: Option<&BrandSettings>, declared: Vec<PropertySpec>) -> RecogniseOptions {
    let remembered = |own: &Option<String>, brands: Option<String>| own.clone().or(brands);
    RecogniseOptions {
        map: wishes.map.clone(),
        timezone: remembered(&wishes.timezone, brand.map(|known| known.zone.name().to_owned())),
        currency: remembered(&wishes.currency, brand.map(|known| known.currency.to_string())),
        properties: wishes.properties.clone(),
        declared,
        ..RecogniseOptions::default()
    }
}
