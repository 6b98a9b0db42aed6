//! What crates say in their manifests: their direction, their lints, who names DataFusion.

use super::Problem;
use super::direction::Place;
use anyhow::{Context as _, Result};
use cargo_metadata::{DependencyKind, Metadata, MetadataCommand, Package};
use std::collections::HashMap;
use std::path::Path;

/// Checks every crate of the workspace.
pub(super) fn check(root: &Path) -> Result<Vec<Problem>> {
    let metadata = MetadataCommand::new().manifest_path(root.join("Cargo.toml")).no_deps().exec();
    let metadata = metadata.context("cargo metadata failed")?;
    let mut problems = Vec::new();
    let mut places = HashMap::new();
    for package in &metadata.packages {
        let folder = folder(&metadata, package);
        match Place::of(&folder) {
            Some(place) => {
                places.insert(package.name.to_string(), place);
            }
            None => {
                problems.push(format!("{folder}: a new kind of folder: give it a place in xtask/src/tidy/direction.rs"))
            }
        }
    }
    for package in &metadata.packages {
        let manifest = folder(&metadata, package) + "/Cargo.toml";
        problems.extend(direction(package, &manifest, &places));
        let text =
            std::fs::read_to_string(&package.manifest_path).with_context(|| format!("cannot read {manifest}"))?;
        if !inherits_lints(&text) {
            problems.push(format!("{manifest}: add `[lints] workspace = true`, or nothing keeps unwrap and panic out"));
        }
    }
    Ok(problems)
}

fn folder(metadata: &Metadata, package: &Package) -> String {
    let folder = package.manifest_path.parent().map(|folder| folder.strip_prefix(&metadata.workspace_root));
    match folder {
        Some(Ok(folder)) => folder.to_string(),
        _ => package.name.to_string(),
    }
}

fn direction(package: &Package, manifest: &str, places: &HashMap<String, Place>) -> Vec<Problem> {
    let Some(place) = places.get(package.name.as_str()) else { return Vec::new() };
    let mut problems = Vec::new();
    for dependency in &package.dependencies {
        let name = dependency.name.as_str();
        if (name.starts_with("datafusion") || name.starts_with("ballista")) && !place.may_use_datafusion() {
            problems.push(format!("{manifest}: {name} is named in engine/ and adapters/cluster alone"));
        }
        let Some(other) = places.get(name) else { continue };
        let allowed = match dependency.kind {
            DependencyKind::Development => place.tests_may_use(other),
            _ => place.may_use(other),
        };
        if !allowed {
            problems.push(format!("{manifest}: {place:?} must not depend on {other:?} ({name}), see ARCHITECTURE.md"));
        }
    }
    problems
}

fn inherits_lints(manifest: &str) -> bool {
    let mut lines = manifest.lines().map(str::trim);
    lines.any(|line| line == "[lints]") && lines.next().is_some_and(|line| line.replace(' ', "") == "workspace=true")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lints_are_inherited_or_not() {
        assert!(inherits_lints("[package]\nname = \"a\"\n\n[lints]\nworkspace = true\n"));
        assert!(!inherits_lints("[package]\nname = \"a\"\n"));
        assert!(!inherits_lints("[lints.rust]\nworkspace = true\n"));
    }
}
