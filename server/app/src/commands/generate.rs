//! `perennial generate`: an order file of the simulated brand.

use crate::cli::{GenerateArgs, Language};
use crate::error::usage;
use anyhow::{Context, Result};
use perennial_sim::{GenerateOptions, generate};
use std::fs::File;
use std::io::{BufWriter, Write};

pub(crate) fn run(arguments: &GenerateArgs) -> Result<u8> {
    let shown = arguments.out.display();
    let file = File::create(&arguments.out).map_err(|problem| usage(format!("cannot write {shown}: {problem}")))?;
    let mut out = BufWriter::with_capacity(1 << 20, file);
    let language = match arguments.lang {
        Language::Zh => perennial_sim::Language::Chinese,
        Language::En => perennial_sim::Language::English,
    };
    let options = GenerateOptions {
        seed: arguments.seed,
        language,
        ..GenerateOptions::new(arguments.customers, arguments.events)
    };
    let summary = generate(&options, &mut out).with_context(|| format!("cannot write {shown}"))?;
    out.flush().with_context(|| format!("cannot write {shown}"))?;
    say!("{shown}: {} rows, {} orders of {} customers", summary.rows, summary.orders, summary.customers);
    Ok(0)
}
