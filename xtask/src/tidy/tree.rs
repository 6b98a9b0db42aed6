//! Which files belong to the project.

use crate::process::{self, program};
use anyhow::{Context as _, Result};
use std::path::{Path, PathBuf};

/// Folders that are made, not written; for checkouts that git cannot list.
const MADE: [&str; 7] = [".git", "target", "node_modules", "dist", "corpus", "artifacts", "test-results"];

/// The project's files.
pub(super) struct Tree {
    root: PathBuf,
    names: Vec<String>,
}

impl Tree {
    /// Files that git tracks or would track; without git, everything outside the folders that are made.
    pub(super) fn of(root: &Path) -> Result<Self> {
        let mut git = program(root, "git");
        git.args(["ls-files", "-z", "--cached", "--others", "--exclude-standard"]);
        let mut names: Vec<String> = if process::succeeds(program(root, "git").args(["rev-parse", "--git-dir"])) {
            process::output(&mut git)?.split_terminator('\0').map(str::to_owned).collect()
        } else {
            let mut found = Vec::new();
            walk(root, root, &mut found)?;
            found
        };
        names.sort();
        names.dedup();
        Ok(Self { root: root.to_path_buf(), names })
    }

    /// Name (with `/`) and content of every file that is UTF-8 text.
    pub(super) fn texts(&self) -> Result<Vec<(String, String)>> {
        let mut texts = Vec::new();
        for name in &self.names {
            let path = self.root.join(name);
            // A file deleted but not yet committed as such is still listed.
            if !path.is_file() {
                continue;
            }
            let bytes = std::fs::read(&path).with_context(|| format!("cannot read {name}"))?;
            if let Ok(text) = String::from_utf8(bytes) {
                texts.push((name.clone(), text));
            }
        }
        Ok(texts)
    }
}

fn walk(root: &Path, folder: &Path, found: &mut Vec<String>) -> Result<()> {
    for entry in std::fs::read_dir(folder).with_context(|| format!("cannot list {}", folder.display()))? {
        let entry = entry?;
        let path = entry.path();
        if MADE.iter().any(|made| entry.file_name() == *made) {
            continue;
        }
        if entry.file_type()?.is_dir() {
            walk(root, &path, found)?;
        } else if let Ok(name) = path.strip_prefix(root) {
            found.push(name.to_string_lossy().replace('\\', "/"));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn git_and_the_walk_both_find_this_file() {
        let root = crate::process::root();
        let mut walked = Vec::new();
        walk(&root, &root, &mut walked).unwrap();
        let listed = Tree::of(&root).unwrap().names;
        for names in [&walked, &listed] {
            assert!(names.iter().any(|name| name == "xtask/src/tidy/tree.rs"));
            assert!(!names.iter().any(|name| name.contains("node_modules/")));
        }
    }
}
