//! Who is in which group, for whoever does what the experiment is about.

use super::super::report_customers::{cell, private_file};
use super::{Scene, told_apart};
use crate::brand::Brand;
use crate::cli::AssignmentsArgs;
use crate::error::usage;
use crate::output;
use anyhow::{Context, Result};
use perennial_experiments::{ExperimentError, Members};
use perennial_model::{CustomerId, IdentityKind};
use std::collections::HashMap;
use std::io::Write;

/// Customers whose keys are looked up at once.
const PAGE: usize = 5_000;

pub(super) async fn assignments(arguments: &AssignmentsArgs, brand: &Brand) -> Result<u8> {
    let key = arguments.key.as_deref().map(|word| kind(word).map(|kind| (word, kind))).transpose()?;
    let (scene, store) = (Scene::of(brand).await?, brand.timeline.store());
    let entry = scene.find(brand, &arguments.name).await?;
    let running = entry.running(&**store, &scene.ground).await.map_err(told_apart)?;
    let running = running.ok_or_else(|| told_apart(ExperimentError::NotBegun { name: arguments.name.clone() }))?;
    let members = Members::of(&running.frozen, &running.cohort, &scene.snapshot).map_err(told_apart)?;
    let Some(path) = &arguments.out else {
        write(&mut output::answer(), &members, key, brand).await?;
        return Ok(0);
    };
    let shown = path.display();
    let file = private_file(path).map_err(|problem| usage(format!("cannot write {shown}: {problem}")))?;
    let mut out = std::io::BufWriter::new(file);
    write(&mut out, &members, key, brand).await.with_context(|| format!("cannot write {shown}"))?;
    say!("{shown}: {} customers", members.customers.len());
    Ok(0)
}

/// A kind of key by its word; what messages call user id is the brand's own number.
fn kind(word: &str) -> Result<IdentityKind> {
    let known = IdentityKind::ALL.map(IdentityKind::as_str).join(", ");
    let found = if word == "user_id" { Some(IdentityKind::Member) } else { IdentityKind::parse(word) };
    found.ok_or_else(|| usage(format!("--key {word} is no kind of key: use user_id, or one of {known}")))
}

async fn write(
    out: &mut (dyn Write + Send),
    members: &Members,
    key: Option<(&str, IdentityKind)>,
    brand: &Brand,
) -> Result<()> {
    let heading = key.map_or_else(String::new, |(word, _)| format!(",{word}"));
    writeln!(out, "customer_id,group{heading}")?;
    for page in members.customers.chunks(PAGE) {
        let keys = match key {
            Some((_, kind)) => keys(brand, page, kind).await?,
            None => HashMap::new(),
        };
        for (customer, place) in page {
            let group = members.groups.get(usize::from(*place)).map_or("", |group| group.name.as_str());
            match key {
                None => writeln!(out, "{},{group}", customer.0)?,
                Some(_) => {
                    let key = keys.get(customer).map_or_else(String::new, |key| cell(key));
                    writeln!(out, "{},{group},{key}", customer.0)?;
                }
            }
        }
    }
    Ok(out.flush()?)
}

/// The customers' keys of a kind; of several the first in the alphabet.
async fn keys(brand: &Brand, page: &[(CustomerId, u8)], kind: IdentityKind) -> Result<HashMap<CustomerId, String>> {
    let profiles: Vec<CustomerId> =
        page.iter().flat_map(|(customer, _)| brand.timeline.profiles_of(*customer)).collect();
    let mut keys: HashMap<CustomerId, String> = HashMap::new();
    for binding in brand.timeline.store().identities_of(&profiles).await? {
        if binding.key.kind != kind {
            continue;
        }
        let customer = brand.timeline.customer_of(binding.profile);
        let first = keys.entry(customer).or_insert_with(|| binding.key.value.clone());
        if binding.key.value < *first {
            *first = binding.key.value;
        }
    }
    Ok(keys)
}
