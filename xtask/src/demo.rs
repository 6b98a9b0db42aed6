//! From nothing to a dashboard that lives: a simulated brand's two years, a server on them, and the
//! brand's customers going on.

mod check;
mod running;

use crate::process::{self, cargo, program};
use crate::web;
use anyhow::{Context as _, Result, bail};
use running::{Running, Signals};
use std::path::{Path, PathBuf};

/// What to make.
#[derive(clap::Args)]
pub(crate) struct Options {
    /// Customers of the simulated brand in its first two years, about.
    #[arg(long, default_value_t = 20_000)]
    customers: u64,
    /// The same seed gives the same brand.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Language of products and texts: zh or en.
    #[arg(long, default_value = "en")]
    lang: String,
    /// Messages a second of live traffic; 0 for the brand's own pace, about one a minute.
    #[arg(long, default_value_t = 1.0)]
    rate: f64,
    /// Where the dashboard is.
    #[arg(long, default_value = "127.0.0.1:7070")]
    listen: String,
    /// Folder for what is made [default: target/demo]; kept for the next start.
    #[arg(long)]
    out: Option<PathBuf>,
    /// Forget the brand of an earlier start.
    #[arg(long)]
    fresh: bool,
    /// Only see that a small brand starts, lives and stops.
    #[arg(long)]
    check: bool,
}

/// Builds, generates, imports, serves, and says where the dashboard is.
pub(crate) fn run(root: &Path, options: &Options) -> Result<()> {
    build(root)?;
    if options.check {
        return check(root);
    }
    let signals = Signals::listen()?;
    let folder = options.out.clone().unwrap_or_else(|| root.join("target/demo"));
    let demo = Demo::open(root, &folder, options)?;
    let running = demo.start(options)?;
    println!("\nthe dashboard   {}", running.url);
    println!("to sign in      {}", running.sign_in);
    println!("a report        perennial report --data {}", demo.data().display());
    println!("Ctrl-C stops it; the next start goes on with the same brand, --fresh forgets it\n");
    let outcome = signals.wait(&running);
    running.stop()?;
    outcome
}

/// Whether the demo of the binary, built before, starts, lives and stops.
pub(crate) fn check(root: &Path) -> Result<()> {
    check::run(root)
}

/// A page that the binary, built before, drew from a small simulated brand's order file.
pub(crate) fn page(root: &Path, folder: &Path) -> Result<PathBuf> {
    std::fs::create_dir_all(folder).with_context(|| format!("cannot make {}", folder.display()))?;
    let (orders, page, json) = (folder.join("orders.csv"), folder.join("report.html"), folder.join("report.json"));
    let mut generate = program(root, process::binary("debug"));
    generate.args(["generate", "--customers", "3000", "--events", "30000", "--lang", "zh", "--out"]).arg(&orders);
    process::run(&mut generate)?;
    let mut report = program(root, process::binary("debug"));
    report.arg("report").arg(&orders).arg("--out").arg(&page).arg("--json").arg(&json).args(["--lang", "zh"]);
    process::run(&mut report)?;
    Ok(page)
}

fn build(root: &Path) -> Result<()> {
    if web::npm_runs(root) {
        println!("── building the pages");
        web::install_and_build(root)?;
    } else {
        println!("npm is missing: the pages will only say how to build them; the API answers anyway");
    }
    println!("── building perennial (a first build takes several minutes)");
    process::run(&mut cargo(root, ["build", "--locked", "--package", "perennial"]))
}

/// A folder with a brand in it.
struct Demo<'a> {
    root: &'a Path,
    folder: PathBuf,
    /// The options of `generate` and `simulate` by which the brand is the same again.
    brand: Vec<String>,
}

impl<'a> Demo<'a> {
    /// The brand of the folder; made where there is none, or on demand.
    fn open(root: &'a Path, folder: &Path, options: &Options) -> Result<Self> {
        let marker = folder.join("brand.txt");
        let kept = std::fs::read_to_string(&marker).ok();
        if kept.is_none() && folder.join("data").exists() {
            bail!("{} holds something else than a demo: name another folder with --out", folder.display());
        }
        // Empty where a start did not come to its end.
        let kept = kept.filter(|text| !options.fresh && !text.is_empty());
        std::fs::create_dir_all(folder).with_context(|| format!("cannot make {}", folder.display()))?;
        let folder = folder.canonicalize().with_context(|| format!("cannot find {}", folder.display()))?;
        let mut demo = Self { root, folder, brand: Vec::new() };
        if let Some(text) = kept {
            demo.brand = text.split_whitespace().map(str::to_owned).collect();
            return Ok(demo);
        }
        let note =
            |text: &str| std::fs::write(&marker, text).with_context(|| format!("cannot write {}", marker.display()));
        note("")?;
        for made in ["data", "write-key", "position"] {
            remove(&demo.folder.join(made))?;
        }
        demo.brand = demo.make(options)?;
        note(&demo.brand.join(" "))?;
        Ok(demo)
    }

    fn data(&self) -> PathBuf {
        self.folder.join("data")
    }

    fn perennial(&self) -> std::process::Command {
        program(self.root, process::binary("debug"))
    }

    /// Two years of messages, imported.
    fn make(&self, options: &Options) -> Result<Vec<String>> {
        println!("── two years of about {} customers", options.customers);
        let [customers, seed] = [options.customers, options.seed].map(|number| number.to_string());
        let mut brand =
            ["--customers", &customers, "--seed", &seed, "--lang", &options.lang].map(str::to_owned).to_vec();
        let messages = self.folder.join("messages.jsonl.gz");
        let mut generate = self.perennial();
        generate.args(["generate", "--kind", "brand"]).args(&brand).arg("--out").arg(&messages);
        let said = process::output(generate.arg("--state").arg(self.folder.join("position")))?;
        let start = said.split_whitespace().last().context("the generator does not say when the brand begins")?;
        brand.extend(["--start".to_owned(), start.to_owned()]);
        let mut import = self.perennial();
        import.arg("import").arg(&messages).arg("--data").arg(self.data());
        process::run(import.args(["--timezone", "Asia/Shanghai", "--currency", "CNY"]))?;
        remove(&messages)?;
        Ok(brand)
    }

    /// The server, and the brand's customers.
    fn start(&self, options: &Options) -> Result<Running> {
        println!("── starting the server");
        let mut serve = self.perennial();
        serve.arg("serve").arg("--data").arg(self.data()).arg("--listen").arg(&options.listen);
        let mut running = Running::serve(serve)?;
        let started = self.enliven(&mut running, options.rate);
        match started {
            Ok(()) => Ok(running),
            Err(problem) => {
                running.stop()?;
                Err(problem)
            }
        }
    }

    fn enliven(&self, running: &mut Running, rate: f64) -> Result<()> {
        let mut link = self.perennial();
        running.sign_in = process::output(link.arg("owner-link").arg("--data").arg(self.data()))?.trim().to_owned();
        let mut simulate = self.perennial();
        simulate.arg("simulate").args(&self.brand).args(["--url", &running.url, "--write-key", &self.write_key()?]);
        simulate.arg("--state").arg(self.folder.join("position"));
        if rate > 0.0 {
            simulate.args(["--rate", &rate.to_string()]);
        }
        running.add(simulate)
    }

    /// The key with which the customers' messages are sent; made at the first start.
    fn write_key(&self) -> Result<String> {
        let path = self.folder.join("write-key");
        if let Ok(key) = std::fs::read_to_string(&path) {
            return Ok(key);
        }
        let mut create = self.perennial();
        create.args(["key", "create", "--name", "simulated brand", "--data"]).arg(self.data());
        let key = process::output(&mut create)?.trim().to_owned();
        std::fs::write(&path, &key).with_context(|| format!("cannot write {}", path.display()))?;
        Ok(key)
    }
}

fn remove(path: &Path) -> Result<()> {
    let removed = if path.is_dir() { std::fs::remove_dir_all(path) } else { std::fs::remove_file(path) };
    match removed {
        Err(problem) if problem.kind() != std::io::ErrorKind::NotFound => {
            Err(problem).with_context(|| format!("cannot remove {}", path.display()))
        }
        _ => Ok(()),
    }
}
