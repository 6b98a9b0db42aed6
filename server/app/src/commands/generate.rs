//! `perennial generate`: an order file of the simulated shop, or all messages of the simulated brand.

use crate::cli::{GenerateArgs, Kind};
use crate::clock::SystemClock;
use crate::error::usage;
use crate::simulation;
use anyhow::{Context, Result};
use flate2::Compression;
use flate2::write::GzEncoder;
use perennial_model::Clock;
use perennial_sim::{GenerateOptions, generate};
use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;

const DEFAULT_EVENTS: u64 = 200_000;

pub(crate) fn run(arguments: &GenerateArgs) -> Result<u8> {
    match arguments.kind {
        Kind::Orders => orders(arguments),
        Kind::Brand => brand(arguments),
    }
}

fn orders(arguments: &GenerateArgs) -> Result<u8> {
    if arguments.is_about_brand() {
        return Err(usage("--start, --until, --truth, --state and --campaign are about a brand: add --kind brand"));
    }
    let shown = arguments.out.display();
    let mut out = created(&arguments.out)?;
    let brand = &arguments.brand;
    let options = GenerateOptions {
        seed: brand.seed,
        language: simulation::language(brand.lang),
        ..GenerateOptions::new(brand.customers, arguments.events.unwrap_or(DEFAULT_EVENTS))
    };
    let summary = generate(&options, &mut out).with_context(|| format!("cannot write {shown}"))?;
    out.flush().with_context(|| format!("cannot write {shown}"))?;
    say!("{shown}: {} rows, {} orders of {} customers", summary.rows, summary.orders, summary.customers);
    Ok(0)
}

fn brand(arguments: &GenerateArgs) -> Result<u8> {
    if arguments.events.is_some() {
        return Err(usage("a brand has as many events as its customers make: leave --events out"));
    }
    let until_us = match &arguments.until {
        Some(text) => simulation::day_start("--until", text)?,
        None => SystemClock.now_us(),
    };
    let mut brand = simulation::brand(&arguments.brand, until_us)?;
    if let Some(campaign) = simulation::campaign(&arguments.campaign)? {
        brand = brand.with_campaign(&campaign).map_err(|problem| usage(problem.to_string()))?;
    }
    let shown = arguments.out.display();
    let mut out = created(&arguments.out)?;
    let messages = if arguments.out.extension().is_some_and(|extension| extension == "gz") {
        let mut packed = GzEncoder::new(out, Compression::fast());
        let messages = brand.write_until(until_us, &mut packed);
        packed.finish().and_then(|mut out| out.flush()).with_context(|| format!("cannot write {shown}"))?;
        messages
    } else {
        brand.write_until(until_us, &mut out)
    };
    let messages = messages.with_context(|| format!("cannot write {shown}"))?;
    let truth = brand.truth(until_us);
    if let Some(path) = &arguments.truth {
        let mut out = created(path)?;
        let written = serde_json::to_writer(&mut out, &truth).map_err(std::io::Error::from).and_then(|()| out.flush());
        written.with_context(|| format!("cannot write {}", path.display()))?;
    }
    if let Some(path) = &arguments.state {
        simulation::keep_position(path, until_us)?;
    }
    say!("{shown}: {messages} messages, {} customers since {}", truth.customers.len(), simulation::first_day(&brand));
    Ok(0)
}

fn created(path: &Path) -> Result<BufWriter<File>> {
    let file = File::create(path).map_err(|problem| usage(format!("cannot write {}: {problem}", path.display())))?;
    Ok(BufWriter::with_capacity(1 << 20, file))
}
