//! Runs the binary and keeps what it said.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// What a run left behind.
pub(crate) struct Ran {
    pub(crate) code: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

/// The binary with these arguments, not yet started.
pub(crate) fn command(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_perennial"));
    command.current_dir(folder).args(arguments).env("NO_COLOR", "1").env("LANG", "C.UTF-8");
    // Once it is made, the directory itself knows.
    if arguments.contains(&"brand") && !folder.join("brand/store.toml").exists() {
        command.env("PERENNIAL_STORE", store(folder));
    }
    command
}

/// Where the data directory `brand` of a folder keeps its store.
pub(crate) fn store(folder: &Path) -> String {
    database(folder).unwrap_or_else(|| "sqlite".to_owned())
}

/// The database of the directory `brand`, where a run of the tests asks for PostgreSQL.
pub(crate) fn database(folder: &Path) -> Option<String> {
    on_postgres().then(|| perennial_testkit::postgres_database(folder).expect("PostgreSQL is there"))
}

/// Whether `brand` is on PostgreSQL.
pub(crate) fn on_postgres() -> bool {
    std::env::var("PERENNIAL_TEST_STORE").as_deref() == Ok("postgres")
}

/// Runs the binary in a folder until it ends.
pub(crate) fn perennial(folder: &Path, arguments: &[&str]) -> Ran {
    let Output { status, stdout, stderr } = command(folder, arguments).output().expect("the binary starts");
    Ran {
        code: status.code().unwrap_or(-1),
        stdout: String::from_utf8_lossy(&stdout).into_owned(),
        stderr: String::from_utf8_lossy(&stderr).into_owned(),
    }
}

/// What it prints where all is well.
pub(crate) fn fine(folder: &Path, arguments: &[&str]) -> String {
    ended(folder, arguments, 0).stdout
}

/// What it says where it ends with this code.
pub(crate) fn ended(folder: &Path, arguments: &[&str], code: i32) -> Ran {
    let ran = perennial(folder, arguments);
    assert_eq!(ran.code, code, "{arguments:?}: {} {}", ran.stdout, ran.stderr);
    ran
}

/// A file of the brand directory `shop`.
pub(crate) fn put(folder: &Path, name: &str, text: &str) {
    let shop = folder.join("shop");
    std::fs::create_dir_all(&shop).expect("the folder can be made");
    std::fs::write(shop.join(name), text).expect("the file can be written");
}

/// Runs a report and returns its JSON; fails with what the binary said.
pub(crate) fn report(folder: &Path, arguments: &[&str]) -> serde_json::Value {
    let mut all = vec!["report", "--quiet", "--json", "report.json", "--out", "report.html"];
    all.extend_from_slice(arguments);
    let ran = perennial(folder, &all);
    assert_eq!(ran.code, 0, "{all:?}\n{}\n{}", ran.stdout, ran.stderr);
    read_json(&folder.join("report.json"))
}

/// A JSON file.
pub(crate) fn read_json(path: &Path) -> serde_json::Value {
    serde_json::from_str(&std::fs::read_to_string(path).expect("the file is there")).expect("it is JSON")
}

/// A file below the shared data folder; `None`, with a message, where the folder is absent.
pub(crate) fn shared(relative: &str) -> Option<PathBuf> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared").join(relative);
    if path.exists() {
        return Some(path);
    }
    eprintln!("skipped: {} is not here", path.display());
    None
}

/// A file of figures computed independently (tests/independent).
pub(crate) fn expected(name: &str) -> serde_json::Value {
    read_json(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/expected").join(name))
}
