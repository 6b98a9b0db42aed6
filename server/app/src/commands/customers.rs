//! `perennial customers`: an audience as a file.

use super::outside::new_file;
use crate::analysis::{Figures, Wanted as Pass, figures, threads};
use crate::brand::Brand;
use crate::cli::{CustomersArgs, CustomersEncoding, CustomersFormat, RevenueBasis};
use crate::clock::SystemClock;
use crate::error::usage;
use crate::host::Host;
use crate::metrics::{self, Defined};
use anyhow::{Context, Result, anyhow, bail};
use perennial_fold::{CustomerTable, Instant, Revenue, TableShard};
use perennial_learn::Thresholds;
use perennial_model::{Clock, CustomerId};
use perennial_ports::{Audit, BrandSettings, NewAuditEntry};
use perennial_query::{
    Compiled, CustomerConditions, CustomerKeys, ExportFile, ExportPlan, FileFormat, Groups, Keys, TextEncoding,
    USUAL_COLUMNS, Wanted, keys_of_customers,
};
use std::fs::File;
use std::io::BufWriter;

/// Customers written at once.
const PIECE: usize = 4_096;

pub(crate) async fn run(arguments: &CustomersArgs, host: &Host) -> Result<u8> {
    let brand = host.open(&arguments.data.data).await?;
    let outcome = export(arguments, &brand).await;
    brand.close().await;
    outcome
}

async fn export(arguments: &CustomersArgs, brand: &Brand) -> Result<u8> {
    let format = format(arguments)?;
    let settings = BrandSettings::load(&**brand.timeline.store()).await?;
    let snapshot = brand.timeline.snapshot().await?;
    if settings.is_none() && snapshot.rows() == 0 {
        bail!("{} holds nothing yet: `perennial import FILE --data` it first", arguments.data.data.display());
    }
    let settings = settings.unwrap_or_else(BrandSettings::first);
    let defined = metrics::defined(&brand.timeline, settings.currency).await?;
    let pass = Pass {
        as_of: arguments.as_of.clone(),
        revenue: RevenueBasis::Net,
        zone: settings.zone.clone(),
        currency: settings.currency,
        flows: false,
        thresholds: Thresholds::default(),
        metrics: defined.metrics.clone(),
    };
    let Figures { analysis, as_of_us } = figures(snapshot.clone(), pass).await?;
    for run in snapshot.damaged() {
        aside!("warning: run {run} is damaged and left out; `perennial verify` says more");
    }
    let table = analysis.table;
    let keys = if arguments.unmasked { Keys::InFull } else { Keys::Masked };
    let usual = || USUAL_COLUMNS.map(str::to_owned).to_vec();
    let names = if arguments.columns.is_empty() { usual() } else { arguments.columns.clone() };
    let names = names.iter().map(|name| name.trim());
    let plan = ExportPlan::new(names, &table.specs, settings.currency, settings.zone.clone(), keys);
    let plan = plan.map_err(|problem| usage(format!("--columns: {problem}")))?;
    let instant = Instant::new(as_of_us, settings.zone.clone(), Revenue::Net);
    let customers = selected(arguments, brand, &table, &settings, &instant, &defined).await?;
    format.fits(customers.len()).map_err(|problem| usage(problem.to_string()))?;
    let file = new_file(&arguments.out, brand)?;
    // Before the first row: nobody gets a file unseen.
    note(arguments, brand, &plan.told(customers.len(), format, &filters(arguments))).await?;
    let shown = arguments.out.display();
    let written = write(brand, &table, &customers, plan, format, file).await;
    if written.is_err() {
        // Nobody is to take a part for the whole.
        let _ = std::fs::remove_file(&arguments.out);
    }
    written.with_context(|| format!("cannot write {shown}"))?;
    say!("{shown}: {} customers, {}", customers.len(), if arguments.unmasked { "keys in full" } else { "keys masked" });
    Ok(0)
}

fn format(arguments: &CustomersArgs) -> Result<FileFormat> {
    let end = arguments.out.extension().and_then(|end| end.to_str()).unwrap_or_default().to_lowercase();
    let by_name = || match end.as_str() {
        "csv" => Some(CustomersFormat::Csv),
        "xlsx" => Some(CustomersFormat::Xlsx),
        "parquet" => Some(CustomersFormat::Parquet),
        _ => None,
    };
    let encoding = match arguments.encoding {
        CustomersEncoding::Utf8Bom => TextEncoding::Utf8Marked,
        CustomersEncoding::Utf8 => TextEncoding::Utf8,
        CustomersEncoding::Gb18030 => TextEncoding::Gb18030,
    };
    Ok(match arguments.format.or_else(by_name) {
        Some(CustomersFormat::Csv) => FileFormat::Csv(encoding),
        Some(CustomersFormat::Xlsx) => FileFormat::Xlsx,
        Some(CustomersFormat::Parquet) => FileFormat::Parquet,
        None => {
            let shown = arguments.out.display();
            return Err(usage(format!("what kind of file is {shown}? say --format csv, xlsx or parquet")));
        }
    })
}

/// Filters as the audit tells them.
fn filters(arguments: &CustomersArgs) -> Vec<(&'static str, &str)> {
    let segments = arguments.segments.iter().map(|name| ("in_segment", name.as_str()));
    let others = [("in_list", &arguments.list), ("has_tag", &arguments.tag), ("where", &arguments.condition)];
    let others = others.into_iter().filter_map(|(name, value)| Some((name, value.as_deref()?)));
    segments.chain(others).collect()
}

/// Whom all filters let through, by number.
async fn selected(
    arguments: &CustomersArgs,
    brand: &Brand,
    table: &CustomerTable,
    settings: &BrandSettings,
    instant: &Instant,
    defined: &Defined,
) -> Result<Vec<CustomerId>> {
    let part = |(name, value): (&str, &str)| match name {
        // Behind a line of its own: a condition may end with a remark.
        "where" => format!("({value}\n)"),
        name => format!("{name}('{}')", value.replace('\'', "''")),
    };
    let condition = filters(arguments).into_iter().map(part).collect::<Vec<_>>().join(" and ");
    if condition.is_empty() {
        let mut all: Vec<CustomerId> =
            table.shards.iter().flat_map(|shard| &shard.customers).copied().map(CustomerId).collect();
        all.sort_unstable();
        return Ok(all);
    }
    let told =
        |problem: perennial_definitions::ExpressionProblem| usage(format!("{}: {}", problem.message, problem.fix));
    let groups = Groups::read(&brand.timeline).await?;
    let conditions = CustomerConditions::new(table.specs.clone(), settings.currency, instant).map_err(told)?;
    let wanted = [Wanted::Condition(&condition)];
    let Compiled { audience, places } = conditions.compile(&wanted, &defined.definitions.segments, &groups);
    let place = places.into_iter().next().unwrap_or(Ok(0)).map_err(told)?;
    let members = audience.members_of_table(table, threads());
    let mut customers: Vec<CustomerId> =
        members.get(place).map(|members| members.customers().collect()).unwrap_or_default();
    customers.sort_unstable();
    Ok(customers)
}

async fn write(
    brand: &Brand,
    table: &CustomerTable,
    customers: &[CustomerId],
    plan: ExportPlan,
    format: FileFormat,
    file: File,
) -> Result<()> {
    let (places, kept) = (plan.places(), file.try_clone()?);
    let mut out = ExportFile::begin(plan, format, BufWriter::new(file))?;
    for of_shard in customers.chunk_by(|one, next| one.shard() == next.shard()) {
        for piece in of_shard.chunks(PIECE) {
            let rows = rows(table, piece, &places).ok_or_else(|| anyhow!("the customer table is not whole"))?;
            let keys = if out.plan().has_keys() {
                keys_of_customers(&brand.timeline, &rows.customers).await?
            } else {
                CustomerKeys::default()
            };
            out.write(&rows, &keys)?;
        }
    }
    out.finish()?;
    Ok(kept.sync_all()?)
}

/// These columns of these customers of one shard.
fn rows(table: &CustomerTable, customers: &[CustomerId], places: &[usize]) -> Option<TableShard> {
    let shard = table.shards.get(usize::from(customers.first()?.shard()))?;
    let rows: Vec<usize> =
        customers.iter().filter_map(|customer| shard.customers.binary_search(&customer.0).ok()).collect();
    Some(TableShard {
        customers: rows.iter().filter_map(|row| shard.customers.get(*row).copied()).collect(),
        columns: places.iter().map(|place| Some(shard.columns.get(*place)?.at(&rows))).collect::<Option<_>>()?,
    })
}

async fn note(arguments: &CustomersArgs, brand: &Brand, detail: &str) -> Result<()> {
    let of =
        [("segment", arguments.segments.first()), ("list", arguments.list.as_ref()), ("tag", arguments.tag.as_ref())];
    let mut subjects = of.into_iter().filter_map(|(kind, name)| Some(format!("{kind}:{}", name?)));
    let entry = NewAuditEntry {
        at_us: SystemClock.now_us(),
        member_id: None,
        token_id: None,
        action: "customers_exported".to_owned(),
        subject: subjects.next(),
        detail: Some(format!("command line: {detail}")),
    };
    Ok(brand.store.note(&entry).await?)
}
