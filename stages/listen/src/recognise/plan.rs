//! All files of one import: what each holds, which belong together, and in which zone and currency.

use super::columns_of::recognise_table;
use super::field::Field;
use super::mapping::{Mapping, listed};
use super::settings::{self, Looked, Origin};
use super::{Recognition, SAMPLE_ROWS, messages, property, units};
use crate::ListenError;
use crate::layout::Layout;
use crate::read::Source;
use perennial_model::{Currency, PropertySpec, Zone};

/// What the user may say; everything else is found out.
#[derive(Debug, Clone, Default)]
pub struct RecogniseOptions {
    /// Corrections, each `field=column`.
    pub map: Vec<String>,
    /// IANA name of the brand's time zone.
    pub timezone: Option<String>,
    /// Code of the brand's currency.
    pub currency: Option<String>,
    /// Columns to keep as properties, each `name=column` or `name=column:type`.
    pub properties: Vec<String>,
    /// Properties that the data directory has already.
    pub declared: Vec<PropertySpec>,
    /// What the feed is called; the layout's name unless given.
    pub source: Option<String>,
}

/// What a file brings.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Role {
    /// Orders, lines or events, each with its customer and time.
    Whole,
    /// Lines that get customer and time from the order report before them.
    Items,
}

/// One file and what it means.
#[derive(Debug)]
pub(crate) struct Part {
    pub(crate) source: Source,
    pub(crate) recognition: Recognition,
    pub(crate) role: Role,
}

/// Files that are read as one: an order report and the item reports joined to it, or one file alone.
#[derive(Debug)]
pub(crate) struct Unit {
    pub(crate) parts: Vec<Part>,
}

/// What will be imported, and how.
#[derive(Debug)]
pub struct ImportPlan {
    pub(crate) units: Vec<Unit>,
    pub(crate) zone: Zone,
    pub(crate) zone_origin: Origin,
    pub(crate) currency: Currency,
    pub(crate) currency_origin: Origin,
}

impl ImportPlan {
    /// The brand's zone: local times are of it.
    #[must_use]
    pub const fn zone(&self) -> &Zone {
        &self.zone
    }

    /// The brand's currency.
    #[must_use]
    pub const fn currency(&self) -> Currency {
        self.currency
    }

    /// Whether the zone is a guess: neither said nor shown by the files.
    #[must_use]
    pub fn is_zone_assumed(&self) -> bool {
        self.zone_origin == Origin::Default
    }

    /// Whether the currency is a guess: neither said nor shown by the files.
    #[must_use]
    pub fn is_currency_assumed(&self) -> bool {
        self.currency_origin == Origin::Default
    }

    /// What was recognised in each file.
    pub fn recognitions(&self) -> impl Iterator<Item = &Recognition> {
        self.units.iter().flat_map(|unit| &unit.parts).map(|part| &part.recognition)
    }

    /// Properties that columns of the files are kept as, each once.
    #[must_use]
    pub fn properties(&self) -> Vec<PropertySpec> {
        let mut all: Vec<PropertySpec> = Vec::new();
        for property in self.recognitions().flat_map(|recognition| &recognition.properties) {
            if !all.contains(&property.spec) {
                all.push(property.spec.clone());
            }
        }
        all
    }

    /// What each file is (format, encoding, compression), in the order of [`Self::recognitions`].
    pub fn descriptions(&self) -> impl Iterator<Item = String> {
        self.units.iter().flat_map(|unit| &unit.parts).map(|part| part.source.describe())
    }

    /// Bytes of all files, for a progress bar.
    #[must_use]
    pub fn bytes_total(&self) -> u64 {
        self.units.iter().flat_map(|unit| &unit.parts).map(|part| part.source.bytes_total()).sum()
    }
}

/// Finds out what files hold. Nothing is written.
///
/// # Errors
/// [`ListenError`] when a file cannot be read, a needed column is missing, or an option is wrong.
pub fn recognise(sources: Vec<Source>, options: &RecogniseOptions) -> Result<ImportPlan, ListenError> {
    if sources.is_empty() {
        return Err(ListenError::NoFiles);
    }
    check_source_name(options)?;
    let mappings: Vec<Mapping> = options.map.iter().map(|text| Mapping::parse(text)).collect::<Result<_, _>>()?;
    check_mappings(&mappings, &sources)?;
    let samples = sources.iter().map(|source| source.sample(SAMPLE_ROWS)).collect::<Result<Vec<_>, _>>()?;
    let mut recognitions: Vec<Recognition> = sources
        .iter()
        .zip(&samples)
        .map(|(source, sample)| match messages::is_archive(source, sample) {
            true => messages::recognise_archive(source),
            false => recognise_table(source.name(), source.header(), sample, &mappings),
        })
        .collect();
    property::find(&mut recognitions, &sources, &samples, options)?;
    let tables: Vec<Looked<'_>> = (sources.iter().zip(&samples).zip(&recognitions))
        .map(|((source, sample), recognition)| Looked { header: source.header(), sample, recognition })
        .collect();
    let (zone, zone_origin) = settings::zone(options, &tables)?;
    let (currency, currency_origin) = settings::currency(options, &tables)?;
    let roles = roles(&recognitions);
    for ((table, role), source) in tables.iter().zip(&roles).zip(&sources) {
        check_fields(table, *role, source.name())?;
    }
    let places = units::places(&tables, &roles, &zone);
    units::name_sources(&mut recognitions, &places, options);
    let units = units::units(sources, recognitions, &places);
    Ok(ImportPlan { units, zone, zone_origin, currency, currency_origin })
}

fn check_source_name(options: &RecogniseOptions) -> Result<(), ListenError> {
    let fits = |name: &String| !name.trim().is_empty() && name.len() <= 64 && !name.contains(char::is_control);
    match &options.source {
        Some(name) if !fits(name) => Err(ListenError::Option {
            option: "--source",
            reason: "use a short name such as shopify or till-2".to_owned(),
        }),
        _ => Ok(()),
    }
}

fn check_mappings(mappings: &[Mapping], sources: &[Source]) -> Result<(), ListenError> {
    let headers: Vec<&[String]> = sources.iter().map(Source::header).collect();
    match mappings.iter().find(|map| map.column.is_some() && headers.iter().all(|header| map.find(header).is_none())) {
        Some(mapping) => Err(mapping.not_found(&headers)),
        None => Ok(()),
    }
}

/// A file of order lines without customers belongs to an order report, where one is given too.
fn roles(recognitions: &[Recognition]) -> Vec<Role> {
    let key = |recognition: &Recognition| recognition.columns.has_any(&Field::KEYS);
    let time = |recognition: &Recognition| recognition.columns.has_any(&[Field::Time, Field::PaidTime]);
    let is_report =
        |recognition: &Recognition| recognition.columns.has(Field::Order) && key(recognition) && time(recognition);
    let has_report = recognitions.iter().any(is_report);
    let is_items = |recognition: &Recognition| {
        let lines = recognition.columns.has_any(&[Field::Item, Field::ItemName, Field::SubOrder]);
        let known = recognition.layout == Layout::TaobaoItems;
        recognition.columns.has(Field::Order) && lines && !key(recognition) && (known || !time(recognition))
    };
    recognitions
        .iter()
        .map(|recognition| if has_report && is_items(recognition) { Role::Items } else { Role::Whole })
        .collect()
}

fn check_fields(table: &Looked<'_>, role: Role, file: &str) -> Result<(), ListenError> {
    let columns = &table.recognition.columns;
    let missing = |field: &'static str, word: &'static str| {
        Err(ListenError::MissingField { file: file.to_owned(), field, word, columns: listed(table.header) })
    };
    if role == Role::Items || table.recognition.layout == Layout::Messages {
        return Ok(());
    }
    // A list of customers says how things stand now.
    let is_list = columns.is_list();
    if !is_list && !columns.has_any(&[Field::Time, Field::PaidTime]) {
        return missing("time of the order", "time");
    }
    if !columns.has_any(&Field::KEYS) {
        return missing("customer (a member number, phone, e-mail or buyer id)", "member");
    }
    if !is_list && !columns.has_any(&[Field::LineAmount, Field::OrderAmount, Field::UnitPrice, Field::Event]) {
        return missing("money (an amount or a unit price)", "amount");
    }
    check_times(table, file)
}

fn check_times(table: &Looked<'_>, file: &str) -> Result<(), ListenError> {
    let recognition = table.recognition;
    for (field, format) in [(Field::Time, recognition.time_format), (Field::PaidTime, recognition.paid_format)] {
        let Some(column) = recognition.columns.get(field).filter(|_| format.is_none()) else {
            continue;
        };
        let example = table.sample.iter().filter_map(|row| row.get(column)).find(|cell| !cell.trim().is_empty());
        // A paid time that is empty throughout is only that: nobody paid in the first rows.
        if let Some(example) = example {
            return Err(ListenError::NoTimes {
                file: file.to_owned(),
                column: recognition.column_name(field).to_owned(),
                field: if field == Field::Time { "time of the order" } else { "time of payment" },
                word: field.word(),
                example: example.chars().take(40).collect(),
            });
        }
    }
    Ok(())
}
