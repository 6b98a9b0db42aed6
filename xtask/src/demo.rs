//! From nothing to a report: a simulated brand's order file, and what there is to see in it.

use crate::process::{self, cargo, program};
use crate::web;
use anyhow::{Context as _, Result};
use std::path::{Path, PathBuf};

/// What to make.
#[derive(clap::Args)]
pub(crate) struct Options {
    /// Customers of the simulated brand.
    #[arg(long, default_value_t = 20_000)]
    customers: u64,
    /// Lines of its order file, about.
    #[arg(long, default_value_t = 200_000)]
    events: u64,
    /// Language of the order file and of the report: zh or en.
    #[arg(long, default_value = "en")]
    lang: String,
    /// Folder for the files made [default: target/demo].
    #[arg(long)]
    out: Option<PathBuf>,
}

/// Builds, generates, reports, and says where the page is.
pub(crate) fn run(root: &Path, options: &Options) -> Result<()> {
    build(root)?;
    let folder = options.out.clone().unwrap_or_else(|| root.join("target/demo"));
    std::fs::create_dir_all(&folder).with_context(|| format!("cannot make {}", folder.display()))?;
    let folder = folder.canonicalize().with_context(|| format!("cannot find {}", folder.display()))?;
    let (orders, page, json) = (folder.join("orders.csv"), folder.join("report.html"), folder.join("report.json"));
    generate(root, options, &orders)?;
    report(root, options, &orders, &page, &json)?;
    println!("\nthe order file  {}", orders.display());
    println!("the figures     {}", json.display());
    println!("the report      {}  (open it in a browser)", page.display());
    Ok(())
}

/// A page that the binary, built before, drew from a small simulated brand.
pub(crate) fn page(root: &Path, folder: &Path) -> Result<PathBuf> {
    std::fs::create_dir_all(folder).with_context(|| format!("cannot make {}", folder.display()))?;
    let options = Options { customers: 3_000, events: 30_000, lang: "zh".into(), out: None };
    let (orders, page, json) = (folder.join("orders.csv"), folder.join("report.html"), folder.join("report.json"));
    generate(root, &options, &orders)?;
    report(root, &options, &orders, &page, &json)?;
    Ok(page)
}

fn build(root: &Path) -> Result<()> {
    if web::npm_runs(root) {
        println!("── building the page");
        web::install_and_build(root)?;
    } else {
        println!("npm is missing: the report's page will only say how to build it; the figures are printed anyway");
    }
    println!("── building perennial (a first build takes several minutes)");
    process::run(&mut cargo(root, ["build", "--locked", "--package", "perennial"]))
}

fn generate(root: &Path, options: &Options, orders: &Path) -> Result<()> {
    println!("── generating two years of orders of {} customers", options.customers);
    let mut command = program(root, process::binary("debug"));
    command.arg("generate").arg("--customers").arg(options.customers.to_string());
    command.arg("--events").arg(options.events.to_string()).arg("--lang").arg(&options.lang).arg("--out").arg(orders);
    process::run(&mut command)
}

fn report(root: &Path, options: &Options, orders: &Path, page: &Path, json: &Path) -> Result<()> {
    println!("── reporting on them");
    let mut command = program(root, process::binary("debug"));
    command.arg("report").arg(orders).arg("--out").arg(page).arg("--json").arg(json).arg("--lang").arg(&options.lang);
    process::run(&mut command)
}
