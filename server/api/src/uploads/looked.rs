//! What is in an uploaded file, for the page that asks how to read it.

use crate::answers::Text;
use crate::answers::imports::{FieldWord, Mapped, Plan, PlannedColumn, PlannedFile, StartRequest};
use crate::{ApiError, Server};
use perennial_listen::recognise::{DescribedColumn, DescribedFile, Field, Language, described_only};
use perennial_listen::{ImportPlan, ListenError, Wishes, open_named, prepare_named};
use perennial_model::PropertySpec;
use perennial_ports::BrandSettings;
use std::path::Path;

/// What is known of the brand before a file is read.
#[derive(Debug, Clone)]
pub(crate) struct Settled {
    pub(crate) brand: Option<BrandSettings>,
    declared: Vec<PropertySpec>,
}

/// # Errors
/// What the store says.
pub(crate) async fn settled(server: &Server) -> Result<Settled, ApiError> {
    let store = server.timeline.store();
    Ok(Settled { brand: BrandSettings::load(&**store).await?, declared: store.manifest().await?.properties })
}

/// What was found: how the file will be read, or why it cannot be, with its columns all the same.
pub(crate) struct Looked {
    pub(crate) described: Option<Plan>,
    pub(crate) plan: Result<ImportPlan, Text>,
}

/// Looks into a file. Blocks.
pub(crate) fn look(file: &Path, name: &str, request: &StartRequest, settled: &Settled) -> Looked {
    let wishes = Wishes {
        map: request.mapping.iter().map(|Mapped { field, column }| format!("{field}={column}")).collect(),
        timezone: request.timezone.clone(),
        currency: request.currency.clone(),
        properties: request.properties.clone(),
        ..Wishes::default()
    };
    let plan = prepare_named((file, name), &wishes, settled.brand.as_ref(), settled.declared.clone());
    match plan {
        Ok(plan) => match plan.described() {
            Ok(files) => Looked { described: Some(described(&plan, files, settled)), plan: Ok(plan) },
            Err(problem) => Looked { described: None, plan: Err(told(&problem)) },
        },
        Err(problem) => Looked { described: bare(file, name, request, settled), plan: Err(told(&problem)) },
    }
}

/// What is wrong, in both languages.
pub(super) fn told(problem: &ListenError) -> Text {
    Text::new(problem.text(Language::En), problem.text(Language::Zh))
}

fn described(plan: &ImportPlan, files: Vec<DescribedFile>, settled: &Settled) -> Plan {
    let [zone_why, currency_why] = plan.reasons_of_settings();
    let brands = Text::new("the brand's own", "品牌已有设置");
    let why = |(en, zh): (String, String)| {
        if settled.brand.is_some() { brands.clone() } else { Text::new(en, zh) }
    };
    Plan {
        timezone: plan.zone().name().to_owned(),
        timezone_why: why(zone_why),
        currency: plan.currency().to_string(),
        currency_why: why(currency_why),
        settled: settled.brand.is_some(),
        files: files.into_iter().map(file_of).collect(),
        fields: fields(),
    }
}

/// The columns of a file of which no plan could be made, so that they can be given a meaning.
fn bare(file: &Path, name: &str, request: &StartRequest, settled: &Settled) -> Option<Plan> {
    let sources = open_named(file, name).ok()?;
    let files: Vec<DescribedFile> = sources.iter().map(described_only).collect::<Result<_, _>>().ok()?;
    let brand = settled.brand.as_ref();
    let unknown = Text::new("not known yet", "尚不清楚");
    Some(Plan {
        timezone: brand
            .map(|brand| brand.zone.name().to_owned())
            .or_else(|| request.timezone.clone())
            .unwrap_or_default(),
        timezone_why: unknown.clone(),
        currency: brand
            .map(|brand| brand.currency.to_string())
            .or_else(|| request.currency.clone())
            .unwrap_or_default(),
        currency_why: unknown,
        settled: brand.is_some(),
        files: files.into_iter().map(file_of).collect(),
        fields: fields(),
    })
}

fn fields() -> Vec<FieldWord> {
    Field::ALL.map(|field| FieldWord { field: field.word().to_owned(), title: title(field) }).to_vec()
}

fn title(field: Field) -> Text {
    Text::new(field.word().replace('_', " "), field.word_zh())
}

fn file_of(file: DescribedFile) -> PlannedFile {
    let unknown = || ("not recognised".to_owned(), "未识别".to_owned());
    let (en, zh) = file.layout.unwrap_or_else(unknown);
    PlannedFile {
        name: file.name,
        description: file.description,
        layout: Text::new(en, zh),
        columns: (1..).zip(file.columns).map(column_of).collect(),
    }
}

fn column_of((place, column): (u32, DescribedColumn)) -> PlannedColumn {
    PlannedColumn {
        place,
        name: column.name,
        field: column.field.map(|field| field.word().to_owned()),
        property: column.property,
        notes: column.notes.into_iter().map(|(en, zh)| Text::new(en, zh)).collect(),
        samples: column.samples,
    }
}
