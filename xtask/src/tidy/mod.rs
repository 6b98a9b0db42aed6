//! Checks what the compiler does not; also a test of this crate, so that it cannot be forgotten.

mod direction;
mod lengths;
mod locks;
mod manifests;
mod pairs;
mod text;
mod tree;
mod truth;

use anyhow::{Result, bail};
use std::path::Path;
use tree::Tree;

/// One thing that is not as it should be: where, what, and what to do.
type Problem = String;

/// Prints every problem.
///
/// # Errors
/// When there is one.
pub(crate) fn run(root: &Path) -> Result<()> {
    let problems = problems(root)?;
    for problem in &problems {
        println!("   {problem}");
    }
    if !problems.is_empty() {
        bail!("{} found", plural(problems.len()));
    }
    Ok(())
}

/// Whether any documentation comment holds an example that would run.
pub(crate) fn has_doc_tests(root: &Path) -> Result<bool> {
    Ok(Tree::of(root)?.texts()?.iter().any(|(name, text)| name.ends_with(".rs") && text::has_doc_test(text)))
}

fn problems(root: &Path) -> Result<Vec<Problem>> {
    let tree = Tree::of(root)?;
    let texts = tree.texts()?;
    let mut problems = Vec::new();
    problems.extend(manifests::check(root)?);
    problems.extend(locks::check(&texts));
    problems.extend(pairs::check(&texts));
    for (name, text) in &texts {
        problems.extend(lengths::check(name, text));
        problems.extend(text::check(name, text));
        problems.extend(truth::check(name, text));
    }
    problems.sort();
    Ok(problems)
}

fn plural(count: usize) -> String {
    if count == 1 { "1 problem".to_owned() } else { format!("{count} problems") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_repository_is_tidy() {
        let problems = problems(&crate::process::root()).unwrap();
        assert!(problems.is_empty(), "{}:\n{}", plural(problems.len()), problems.join("\n"));
    }
}
