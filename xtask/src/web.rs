//! The web pages: install, build, check, and the browser that their test needs.

use crate::process::{self, program};
use anyhow::{Context as _, Result, bail};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::SystemTime;

/// Names under which Chromium is found, Debian's first.
const BROWSERS: [&str; 3] = ["chromium", "chromium-browser", "google-chrome"];

/// The oldest Node.js that builds the page: major, minor. web/package.json says the same.
const NODE: (u32, u32) = (20, 19);

/// Whether npm runs here.
pub(crate) fn npm_runs(root: &Path) -> bool {
    process::succeeds(npm(root, &["--version"]).current_dir(root))
}

/// Runs a script of web/package.json.
pub(crate) fn script(root: &Path, name: &str) -> Result<()> {
    process::run(&mut npm(root, &["run", "--silent", name]))
}

/// Installs what web/package-lock.json lists, unless that has been done.
pub(crate) fn install(root: &Path) -> Result<()> {
    let folder = root.join("web");
    if installed(&folder) {
        println!("   web/node_modules is up to date");
        return Ok(());
    }
    process::run(&mut npm(root, &["ci", "--no-audit", "--no-fund"]))
}

/// Builds the pages that the binary embeds: the report's one file and the dashboard's many.
pub(crate) fn build(root: &Path) -> Result<()> {
    script(root, "build")?;
    let page = root.join("web/dist/report.html");
    let bytes = std::fs::metadata(&page).with_context(|| format!("the build made no {}", page.display()))?.len();
    println!("   web/dist/report.html: {} kB", bytes / 1000);
    let dashboard = root.join("web/dist/app/index.html");
    if !dashboard.is_file() {
        bail!("the build made no {}", dashboard.display());
    }
    Ok(())
}

/// Both of the above.
pub(crate) fn install_and_build(root: &Path) -> Result<()> {
    if !npm_runs(root) {
        bail!("npm is missing: install Node.js 20.19 or newer with npm, then run `cargo xtask web` again");
    }
    let version = process::output(program(root, "node").arg("--version"))?;
    if !node_suffices(&version) {
        let (major, minor) = NODE;
        bail!("Node.js is {}, the page needs {major}.{minor} or newer: install one, then run it again", version.trim());
    }
    install(root)?;
    build(root)
}

/// Whether `v20.19.4` is new enough.
fn node_suffices(version: &str) -> bool {
    let mut parts = version.trim().trim_start_matches('v').split('.').map(str::parse::<u32>);
    match (parts.next(), parts.next()) {
        (Some(Ok(major)), Some(Ok(minor))) => (major, minor) >= NODE,
        _ => false,
    }
}

/// The browser test. It opens the page in the system's Chromium, which is installed first where
/// that can be done without asking. Without a page of the binary it opens its own samples.
pub(crate) fn browser_test(root: &Path, page: Option<&Path>) -> Result<()> {
    let mut command = npm(root, &["run", "--silent", "e2e"]);
    command.env("PERENNIAL_CHROMIUM", browser(root)?);
    if let Some(page) = page {
        command.env("PERENNIAL_REPORT_HTML", page);
    }
    process::run(&mut command)
}

/// The browser test of the dashboard that the binary, built before, serves from a directory of its own.
pub(crate) fn dashboard_test(root: &Path) -> Result<()> {
    let mut command = npm(root, &["run", "--silent", "e2e:app"]);
    command.env("PERENNIAL_CHROMIUM", browser(root)?).env("PERENNIAL_BIN", process::binary("debug"));
    process::run(&mut command)
}

/// The system's browser, installed where there is none.
fn browser(root: &Path) -> Result<PathBuf> {
    find_browser().map_or_else(|| install_browser(root), Ok)
}

fn npm(root: &Path, arguments: &[&str]) -> Command {
    npm_in(&root.join("web"), arguments)
}

/// npm, in the folder of a package.
pub(crate) fn npm_in(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = program(folder, "npm");
    // The browser is the system's: Playwright must not fetch one of its own.
    command.args(arguments).env("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1").env("CI", "1");
    command
}

/// Whether what a folder's lock file lists is installed.
pub(crate) fn installed(folder: &Path) -> bool {
    let changed = |path: PathBuf| -> Option<SystemTime> { std::fs::metadata(path).ok()?.modified().ok() };
    // npm writes this file last, so an interrupted installation does not count.
    match (changed(folder.join("node_modules/.package-lock.json")), changed(folder.join("package-lock.json"))) {
        (Some(installed), Some(wanted)) => installed >= wanted,
        _ => false,
    }
}

fn find_browser() -> Option<PathBuf> {
    if let Some(named) = std::env::var_os("PERENNIAL_CHROMIUM") {
        return Some(named.into());
    }
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path)
        .flat_map(|folder| BROWSERS.map(|name| folder.join(name)))
        .find(|candidate| candidate.is_file())
}

fn install_browser(root: &Path) -> Result<PathBuf> {
    const ADVICE: &str =
        "install it (on Debian: apt-get install chromium fonts-wqy-microhei) or set PERENNIAL_CHROMIUM to it";
    // Another installation may be under way on a machine that has just started.
    const LOCK_WAIT: &str = "-oDPkg::Lock::Timeout=300";
    if !may_install(root) {
        bail!("the browser test needs Chromium: {ADVICE}");
    }
    println!("   installing Chromium with apt-get");
    let apt = |arguments: &[&str]| {
        process::run(program(root, "apt-get").args(arguments).env("DEBIAN_FRONTEND", "noninteractive"))
    };
    apt(&["-qq", LOCK_WAIT, "update"])?;
    // The font is for the screenshots: without one Chinese is boxes.
    apt(&["-qq", LOCK_WAIT, "install", "--yes", "--no-install-recommends", "chromium", "fonts-wqy-microhei"])?;
    find_browser().with_context(|| format!("Chromium is still missing: {ADVICE}"))
}

/// Whether packages can be installed without asking.
pub(crate) fn may_install(root: &Path) -> bool {
    let root_user = process::output(program(root, "id").arg("-u")).is_ok_and(|number| number.trim() == "0");
    root_user && process::succeeds(program(root, "apt-get").arg("--version"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_node_that_package_json_asks_for_suffices_and_an_older_one_does_not() {
        let package = std::fs::read_to_string(process::root().join("web/package.json")).unwrap();
        let (major, minor) = NODE;
        assert!(package.contains(&format!("\"node\": \">={major}.{minor}\"")));
        assert!(["v20.19.0\n", "v20.20.2", "v22.0.1", "v24.1.0"].into_iter().all(node_suffices));
        assert!(!["v20.18.9", "v18.20.4", "", "nightly"].into_iter().any(node_suffices));
    }
}
