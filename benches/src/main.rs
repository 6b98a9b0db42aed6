//! Answers the five questions of the shared benchmark from a data directory, each computed when
//! asked, and prints time and answer in the form of the peers' scripts.
//!
//! Also sends messages to a server and takes them without keeping them: see `load.rs`, `discard.rs`.
//!
//! usage: AS_OF=2026-01-01 W=30 K=2 D=90 V=14 X=80 OUT=dir perennial-benches DIR q1,q2,q3,q4,q5 [threads]

mod activity;
mod discard;
mod load;
mod pairs;
mod parameters;
mod rfm;
mod scan;
mod segment;

use anyhow::{Context, Result, bail};
use parameters::Parameters;
use std::path::Path;
use std::time::Instant;

fn main() -> Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.split_first() {
        Some((word, rest)) if word == "load" => return load::run(rest),
        Some((word, rest)) if word == "discard" => return discard::run(rest),
        _ => {}
    }
    let [directory, questions, threads @ ..] = &arguments[..] else {
        bail!("usage: perennial-benches DIR q1,q2,q3,q4,q5 [threads]")
    };
    let threads: usize = threads.first().map_or(Ok(2), |text| text.parse()).context("threads")?;
    rayon::ThreadPoolBuilder::new().num_threads(threads).build_global()?;
    let parameters = Parameters::from_environment()?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let opened = Instant::now();
    let base = runtime.block_on(scan::Base::open(Path::new(directory)))?;
    println!("perennial open secs={:.3} rows={}", opened.elapsed().as_secs_f64(), base.snapshot.rows());
    for question in questions.split(',') {
        let started = Instant::now();
        let rows = answer(question, &base, &parameters)?;
        report(question, rows, started)?;
    }
    Ok(())
}

fn answer(question: &str, base: &scan::Base, parameters: &Parameters) -> Result<Vec<String>> {
    match question {
        "q1" => rfm::answer(base, parameters),
        "q2" => activity::cohorts(base, parameters),
        "q3" => activity::active_rate(base, parameters),
        "q4" => segment::answer(base, parameters),
        "q5" => pairs::answer(base, parameters),
        other => bail!("no question {other}: q1 to q5"),
    }
}

fn report(question: &str, mut rows: Vec<String>, started: Instant) -> Result<()> {
    let secs = started.elapsed().as_secs_f64();
    rows.sort();
    let text = rows.join("\n") + "\n";
    if let Ok(folder) = std::env::var("OUT") {
        std::fs::create_dir_all(&folder)?;
        std::fs::write(Path::new(&folder).join(format!("{question}.tsv")), &text)?;
    }
    println!("perennial {question} rows={} secs={secs:.3} peak_mb={}", rows.len(), peak_mb());
    Ok(())
}

/// Highest resident memory so far, in MiB, as Linux tells it.
fn peak_mb() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with("VmHWM:")).unwrap_or_default();
    line.split_whitespace().nth(1).and_then(|number| number.parse::<u64>().ok()).unwrap_or(0) / 1024
}
