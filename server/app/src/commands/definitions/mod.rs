//! The brand directory: `perennial check`, `plan`, `apply` and `export`.

mod apply;
mod check;
mod edit;
mod export;
mod folder;
mod known;
mod plan;
mod reckoning;

pub(crate) use apply::apply;
pub(crate) use check::check;
pub(crate) use edit::Editor;
pub(crate) use export::export;
pub(crate) use plan::plan;

use perennial_definitions::{Change, ChangeKind, Problem};
use std::path::Path;

/// All problems, each with its place and what to do about it.
fn problem_lines(folder: &Path, problems: &[Problem]) -> Vec<String> {
    let mut lines = Vec::new();
    for Problem { file, line, column, message, fix } in problems {
        lines.push(format!("{}:{line}:{column}: {message}", folder.join(file).display()));
        lines.push(format!("    {fix}"));
    }
    lines.push(counted(problems.len(), "problem"));
    lines
}

/// `1 change`, `2 changes`.
fn counted(count: usize, what: &str) -> String {
    format!("{count} {what}{}", if count == 1 { "" } else { "s" })
}

/// How much differs, as words of ours.
fn summary(changes: &[Change]) -> String {
    let of = |kind: fn(&ChangeKind) -> bool| changes.iter().filter(|change| kind(&change.kind)).count();
    let counts = [
        (of(|kind| matches!(kind, ChangeKind::Added)), "added"),
        (of(|kind| matches!(kind, ChangeKind::Changed { .. })), "changed"),
        (of(|kind| matches!(kind, ChangeKind::Removed)), "removed"),
    ];
    let said = counts.iter().filter(|(count, _)| *count > 0).map(|(count, word)| format!("{count} {word}"));
    match said.collect::<Vec<_>>().join(", ") {
        said if said.is_empty() => "comments and layout only".to_owned(),
        said => said,
    }
}
