//! `perennial rights`: a customer's archive, and corrections.

use super::key;
use super::outside::new_file;
use crate::analysis::{Figures, Wanted, figures};
use crate::brand::Brand;
use crate::cli::{CorrectArgs, ExportArgs, RevenueBasis, RightsAction};
use crate::clock::SystemClock;
use crate::error::{FOUND_WRONG, usage};
use crate::host::Host;
use crate::metrics;
use anyhow::{Context, Result};
use perennial_api::archive::{CustomerRow, archive};
use perennial_fold::CustomerTable;
use perennial_learn::Thresholds;
use perennial_listen::rights::{Correction, CorrectionError, correct};
use perennial_model::{Clock, CustomerId, IdentityKey};
use perennial_ports::BrandSettings;
use serde_json::Value;
use std::io::Write;

pub(crate) async fn run(action: &RightsAction, host: &Host) -> Result<u8> {
    let brand = host.open(action.data()).await?;
    let outcome = match action {
        RightsAction::Export(arguments) => export(arguments, &brand, host).await,
        RightsAction::Correct(arguments) => change(arguments, &brand, host).await,
    };
    brand.close().await;
    outcome
}

async fn export(arguments: &ExportArgs, brand: &Brand, host: &Host) -> Result<u8> {
    let key = key::read(&arguments.customer)?;
    let Some(profile) = key::profile(brand, &key).await? else { return Ok(FOUND_WRONG) };
    let settings = BrandSettings::load(&**brand.timeline.store()).await?.unwrap_or_else(BrandSettings::first);
    let shown = arguments.out.display();
    let customer = brand.timeline.customer_of(profile);
    let row = match host {
        Host::Server(served) => {
            served.keeper.catch_up().await?;
            let columns = std::sync::Arc::clone(&served.server.live.borrow().columns);
            columns.customer(customer).map(|values| CustomerRow { specs: columns.specs().to_vec(), values })
        }
        Host::Alone => row_of(brand, &settings, customer).await?,
    };
    let bytes = archive(&brand.timeline, customer, row, settings, SystemClock.now_us()).await?;
    let mut file = new_file(&arguments.out, brand)?;
    file.write_all(&bytes).and_then(|()| file.sync_all()).with_context(|| format!("cannot write {shown}"))?;
    say!("all about customer {} is in {shown}", customer.0);
    Ok(0)
}

/// The customer's row as a pass over the timeline gives it.
async fn row_of(brand: &Brand, settings: &BrandSettings, customer: CustomerId) -> Result<Option<CustomerRow>> {
    let wanted = Wanted {
        as_of: None,
        revenue: RevenueBasis::Net,
        zone: settings.zone.clone(),
        currency: settings.currency,
        flows: false,
        thresholds: Thresholds::default(),
        metrics: metrics::defined(&brand.timeline, settings.currency).await?.metrics,
    };
    let Figures { analysis, .. } = figures(brand.timeline.snapshot().await?, wanted).await?;
    Ok(find_row(&analysis.table, customer))
}

fn find_row(table: &CustomerTable, customer: CustomerId) -> Option<CustomerRow> {
    let shard = table.shards.get(usize::from(customer.shard()))?;
    let place = shard.customers.binary_search(&customer.0).ok()?;
    let values = shard.columns.iter().map(|column| column.at(&[place])).collect();
    Some(CustomerRow { specs: table.specs.clone(), values })
}

async fn change(arguments: &CorrectArgs, brand: &Brand, host: &Host) -> Result<u8> {
    let key = key::read(&arguments.customer)?;
    let keys = |texts: &[String]| texts.iter().map(|text| key::read(text)).collect::<Result<Vec<IdentityKey>>>();
    let one_trait = |text: &String| {
        let form = || usage(format!("--trait {text}: write it as NAME=TEXT, for example city=Hangzhou"));
        let (name, value) = text.split_once('=').filter(|(name, _)| !name.trim().is_empty()).ok_or_else(form)?;
        let value = Some(value).filter(|value| !value.is_empty()).map_or(Value::Null, Value::from);
        Ok((name.trim().to_owned(), value))
    };
    let correction = Correction {
        add: keys(&arguments.add)?,
        remove: keys(&arguments.remove)?,
        traits: arguments.traits.iter().map(one_trait).collect::<Result<_>>()?,
        reason: arguments.reason.clone(),
    };
    let _turn = host.write_turn().await;
    let Some(profile) = key::profile(brand, &key).await? else { return Ok(FOUND_WRONG) };
    match correct(&brand.timeline, profile, &correction, SystemClock.now_us()).await {
        Ok(done) => {
            let customer = brand.timeline.customer_of(profile).0;
            say!(
                "customer {customer}: {} keys added, {} removed, {} traits said anew",
                done.added,
                done.removed,
                done.traits
            );
            Ok(0)
        }
        Err(CorrectionError::Refused(reason)) => Err(usage(reason)),
        Err(problem) => Err(problem.into()),
    }
}
