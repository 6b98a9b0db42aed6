//! Lock files: one version of the columnar crates, and no address that only one machine knows.

use super::Problem;
use serde_json::Value;
use std::collections::{BTreeSet, HashSet};

/// Two versions of these would mean two kinds of array that do not fit together (docs/adr/0002).
const SINGLE: [&str; 5] = ["arrow", "arrow-array", "parquet", "datafusion", "object_store"];
/// Where a package may come from; anything else is a mirror of somebody's.
const CARGO_SOURCE: &str = concat!("registry+https://github.com/rust-lang/crates", ".io-index");
const NPM_SOURCE: &str = concat!("https://registry.npm", "js.org/");

/// Checks Cargo.lock and web/package-lock.json.
pub(super) fn check(texts: &[(String, String)]) -> Vec<Problem> {
    let mut problems = Vec::new();
    for (name, text) in texts {
        if name == "Cargo.lock" {
            problems.extend(single_versions(text));
            problems.extend(foreign(name, text, "source = \"", CARGO_SOURCE));
        } else if name.ends_with("package-lock.json") {
            problems.extend(foreign(name, text, "\"resolved\": \"", NPM_SOURCE));
            problems.extend(incomplete(name, text));
        }
    }
    problems
}

fn single_versions(lock: &str) -> Vec<Problem> {
    let mut problems = Vec::new();
    for name in SINGLE {
        let heading = format!("name = \"{name}\"");
        let count = lock.lines().filter(|line| **line == heading).count();
        if count > 1 {
            problems.push(format!("Cargo.lock: {count} versions of {name}: use the one DataFusion re-exports"));
        }
    }
    problems
}

fn foreign(name: &str, lock: &str, key: &str, expected: &str) -> Vec<Problem> {
    let found = lock.lines().enumerate().filter_map(|(index, line)| {
        let address = line.trim_start().strip_prefix(key)?;
        (!address.starts_with(expected))
            .then(|| format!("{name}:{}: not from the public registry: {address}", index + 1))
    });
    found.collect()
}

/// What a package needs but the lock file does not list. npm leaves out packages for other platforms
/// when it cannot reach them while it writes the file, and then refuses to install from it anywhere.
fn incomplete(name: &str, lock: &str) -> Option<Problem> {
    let lock: Value = serde_json::from_str(lock).ok()?;
    let packages = lock["packages"].as_object()?;
    let listed: HashSet<&str> =
        packages.keys().filter_map(|path| path.rsplit_once("node_modules/")).map(|path| path.1).collect();
    let needed =
        packages.values().flat_map(|package| ["dependencies", "optionalDependencies"].map(|kind| &package[kind]));
    let needed = needed.filter_map(Value::as_object).flat_map(|dependencies| dependencies.keys());
    let missing: BTreeSet<&str> = needed.map(String::as_str).filter(|needed| !listed.contains(needed)).collect();
    let names = missing.iter().copied().collect::<Vec<_>>().join(", ");
    (!missing.is_empty()).then(|| format!("{name}: `npm ci` refuses it, because it does not list {names}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_second_arrow_is_found() {
        let lock = "[[package]]\nname = \"arrow\"\nversion = \"59.1.0\"\n\n[[package]]\nname = \"arrow\"\nversion = \"58.0.0\"\n";
        assert_eq!(single_versions(lock).len(), 1);
        assert!(single_versions("name = \"arrow\"\nname = \"arrow-buffer\"\n").is_empty());
    }

    #[test]
    fn a_mirror_in_a_lock_file_is_found() {
        let good = format!("      \"resolved\": \"{NPM_SOURCE}react/-/react-19.0.0.tgz\",");
        assert!(foreign("l", &good, "\"resolved\": \"", NPM_SOURCE).is_empty());
        let bad = "      \"resolved\": \"https://mirror.example/react-19.0.0.tgz\",";
        assert_eq!(foreign("l", bad, "\"resolved\": \"", NPM_SOURCE).len(), 1);
    }

    #[test]
    fn a_lock_file_without_another_platforms_package_is_found() {
        let lock = |listed: &str| {
            format!(r#"{{"packages":{{"node_modules/a":{{"optionalDependencies":{{"@a/mac":"1"}}}}{listed}}}}}"#)
        };
        assert!(incomplete("l", &lock("")).unwrap().ends_with("does not list @a/mac"));
        assert_eq!(incomplete("l", &lock(r#","node_modules/@a/mac":{}"#)), None);
    }
}
