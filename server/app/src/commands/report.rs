//! `perennial report`: from files to one page.

use crate::analysis::{Figures, Wanted, figures};
use crate::brand::Brand;
use crate::cli::{Calendar, Language, ReportArgs};
use crate::commands::files::{Properties, ReadFiles, language, listen_language, plan, read_files, reasons};
use crate::commands::report_customers;
use crate::error::{USAGE, usage};
use crate::host::Host;
use crate::scratch::scratch;
use crate::settings;
use anyhow::{Context, Result, bail};
use perennial_learn::{HolidayCalendar, Lang, Thresholds, summary_text};
use perennial_listen::guide;
use perennial_ports::BrandSettings;
use std::path::Path;

pub(crate) async fn run(arguments: ReportArgs, host: &Host) -> Result<u8> {
    if arguments.files.is_empty() && arguments.data.is_none() {
        for line in guide::lines(listen_language(arguments.lang.unwrap_or_else(terminal_language))) {
            say!("{line}");
        }
        return Ok(USAGE);
    }
    let (window, k) = (arguments.active_window, arguments.active_k);
    if k > window {
        return Err(usage(format!("--active-k {k} is more than the {window} days of --active-window")));
    }
    check_writable(&arguments.out)?;
    if let Some(json) = &arguments.json {
        check_writable(json)?;
    }
    match &arguments.data {
        Some(directory) => from_directory(&arguments, directory, host).await,
        None => from_files(&arguments).await,
    }
}

/// The terminal's language, where nothing else tells.
pub(super) fn terminal_language() -> Language {
    let named = ["LC_ALL", "LC_MESSAGES", "LANG"]
        .iter()
        .find_map(|name| std::env::var(name).ok().filter(|value| !value.is_empty()));
    if named.is_some_and(|value| value.starts_with("zh")) { Language::Zh } else { Language::En }
}

/// Refuses a place that cannot be written before minutes are spent on reading.
fn check_writable(path: &Path) -> Result<()> {
    let existed = path.exists();
    let opened = std::fs::OpenOptions::new().append(true).create(true).open(path);
    opened.map_err(|problem| usage(format!("cannot write {}: {problem}", path.display())))?;
    if !existed {
        std::fs::remove_file(path)?;
    }
    Ok(())
}

async fn from_files(arguments: &ReportArgs) -> Result<u8> {
    let plan = plan(&arguments.files, &arguments.read, None, Properties::default())?;
    if let Some(text) = &arguments.as_of {
        settings::as_of(text, plan.zone())?;
    }
    let language = language(arguments.lang, Some(&plan));
    if !arguments.read.quiet {
        for line in plan.lines(listen_language(language)) {
            aside!("{line}");
        }
    }
    // The timeline of one report lives as long as the report.
    let (scratch, lock) = scratch().context("a temporary directory")?;
    let brand = Brand::open_held(scratch.path(), lock).await?;
    let stem = arguments.out.file_stem().unwrap_or_default().to_string_lossy().into_owned();
    let rejects = arguments.out.with_file_name(format!("{stem}-rejects.csv"));
    let read = read_files(&brand, plan, &arguments.read, &rejects).await?;
    let code = write(arguments, &brand, Some(read), language).await;
    brand.close().await;
    code
}

async fn from_directory(arguments: &ReportArgs, directory: &Path, host: &Host) -> Result<u8> {
    let brand = host.open(directory).await?;
    let code = write(arguments, &brand, None, arguments.lang.unwrap_or_else(terminal_language)).await;
    brand.close().await;
    code
}

async fn write(arguments: &ReportArgs, brand: &Brand, read: Option<ReadFiles>, language: Language) -> Result<u8> {
    let settings = match &read {
        Some(read) => Some(read.settings.clone()),
        None => BrandSettings::load(&**brand.timeline.store()).await?,
    };
    let snapshot = brand.timeline.snapshot().await?;
    if settings.is_none() && snapshot.rows() == 0 {
        bail!("{} holds nothing yet: `perennial import FILE --data` it first", brand.directory.display());
    }
    let settings = settings.unwrap_or_else(BrandSettings::first);
    let damaged = snapshot.damaged();
    let Figures { analysis, .. } = figures(snapshot, wanted(arguments, settings, read.as_ref())).await?;
    let mut report = analysis.report;
    if let Some(read) = &read {
        report.rejected_rows = read.outcome.rejected_rows();
        report.rejects = reasons(&read.outcome);
        report.inputs.clone_from(&read.inputs);
        if report.customers == 0 {
            match report.unidentified.orders {
                0 => nothing_found(read, language)?,
                orders => warn_unidentified(orders, read.outcome.masked_keys, language),
            }
        }
    }
    if arguments.customers {
        report_customers::write(brand, &mut report, &analysis.table, &arguments.out).await?;
    }
    report.language = match language {
        Language::Zh => "zh",
        Language::En => "en",
    };
    for run in damaged {
        aside!("warning: run {run} is damaged and left out; `perennial verify` says more");
    }
    let json = serde_json::to_string(&report)?;
    std::fs::write(&arguments.out, perennial_ui::render_report(&json)?)
        .with_context(|| format!("cannot write {}", arguments.out.display()))?;
    if let Some(path) = &arguments.json {
        std::fs::write(path, serde_json::to_string_pretty(&report)? + "\n")
            .with_context(|| format!("cannot write {}", path.display()))?;
    }
    let lang = if language == Language::Zh { Lang::Zh } else { Lang::En };
    say!("{}", summary_text(&report, lang, terminal_width()).trim_end());
    if let Some(path) = read.and_then(|read| read.outcome.rejects_file) {
        say!("{} {}", if language == Language::Zh { "被拒绝的行：" } else { "rejected rows:" }, path.display());
    }
    say!("{} {}", if language == Language::Zh { "页面：" } else { "page:" }, arguments.out.display());
    Ok(0)
}

/// The figures as asked for; the calendar is that of the place unless told otherwise.
fn wanted(arguments: &ReportArgs, settings: BrandSettings, read: Option<&ReadFiles>) -> Wanted {
    let mut thresholds = Thresholds::default();
    thresholds.activity.window_days = i32::from(arguments.active_window);
    thresholds.activity.min_active_days = i32::from(arguments.active_k);
    thresholds.kpis.calendar = match arguments.calendar {
        Some(Calendar::Cn) => HolidayCalendar::Cn,
        Some(Calendar::None) => HolidayCalendar::None,
        None if read.is_some_and(|read| read.chinese) => HolidayCalendar::Cn,
        None => HolidayCalendar::of_zone(&settings.zone),
    };
    Wanted {
        as_of: arguments.as_of.clone(),
        revenue: arguments.revenue,
        zone: settings.zone,
        currency: settings.currency,
        flows: true,
        thresholds,
        metrics: Vec::new(),
    }
}

/// No order at all: says why rather than drawing an empty page.
fn nothing_found(read: &ReadFiles, language: Language) -> Result<()> {
    let why: Vec<String> = reasons(&read.outcome)
        .into_iter()
        .map(|reason| {
            format!(
                "{} × {}{}",
                reason.rows,
                if language == Language::Zh { &reason.reason_zh } else { &reason.reason_en },
                reason.example.map(|at| format!(" ({at})")).unwrap_or_default()
            )
        })
        .collect();
    let names: Vec<&str> = read.inputs.iter().map(|input| input.name.as_str()).collect();
    bail!(
        "{}: no order was found in {} rows{}{}; correct what was recognised with --map FIELD=COLUMN",
        names.join(", "),
        read.outcome.rows,
        if why.is_empty() { "" } else { ": " },
        why.join("; ")
    )
}

/// Orders, but nobody behind any of them.
fn warn_unidentified(orders: u64, masked: u64, language: Language) {
    if language == Language::Zh {
        aside!(
            "警告：{orders} 个订单都没有客户（{masked} 个号码被隐藏，不能作为标识）；请用 --map member=列名 指定会员号、手机号或邮箱所在的列"
        );
    } else {
        aside!(
            "warning: {orders} orders and no customer behind any of them ({masked} masked keys are no keys); \
             say which column holds the member number, phone or e-mail with --map member=COLUMN"
        );
    }
}

fn terminal_width() -> usize {
    std::env::var("COLUMNS").ok().and_then(|text| text.parse().ok()).unwrap_or(100)
}
