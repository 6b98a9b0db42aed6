//! The files of a brand directory.

use crate::error::usage;
use anyhow::{Context, Result};
use perennial_definitions::{FILES, MAX_FILE_BYTES, Problem, SourceFile};
use std::fs::{self, File};
use std::io::{ErrorKind, Read};
use std::path::Path;

/// Files of definitions in a directory, at most.
const MAX_FILES: usize = 100;

/// What is in a brand directory, as far as it can be read.
pub(super) struct Folder {
    pub(super) files: Vec<SourceFile>,
    /// Of files that are no text.
    pub(super) problems: Vec<Problem>,
}

/// Reads all files that look like definitions; others, and folders, are left alone.
pub(super) fn read(folder: &Path) -> Result<Folder> {
    let shown = folder.display();
    let cannot = |problem: std::io::Error| usage(format!("cannot read the brand directory {shown}: {problem}"));
    let mut names = Vec::new();
    for entry in fs::read_dir(folder).map_err(cannot)? {
        let entry = entry.map_err(cannot)?;
        let name = entry.file_name().to_string_lossy().into_owned();
        if is_definitions(&name) && fs::metadata(entry.path()).map_err(cannot)?.is_file() {
            names.push(name);
        }
    }
    names.sort();
    if !names.iter().any(|name| FILES.contains(&name.as_str())) {
        let known = FILES.join(", ");
        return Err(usage(format!("{shown} is no brand directory: none of {known} is in it")));
    }
    if names.len() > MAX_FILES {
        return Err(usage(format!("{shown} holds {} files of YAML, more than {MAX_FILES}", names.len())));
    }
    let mut found = Folder { files: Vec::new(), problems: Vec::new() };
    for name in names {
        match text(&folder.join(&name)).with_context(|| format!("cannot read {}", folder.join(&name).display()))? {
            Ok(text) => found.files.push(SourceFile { name, text }),
            Err(line) => {
                let (message, fix) = ("this is no text in UTF-8".to_owned(), "save the file as UTF-8".to_owned());
                found.problems.push(Problem { file: name, line, column: 1, message, fix });
            }
        }
    }
    Ok(found)
}

fn is_definitions(name: &str) -> bool {
    let ending = Path::new(name).extension().and_then(|ending| ending.to_str()).unwrap_or_default();
    !name.starts_with('.') && (ending.eq_ignore_ascii_case("yaml") || ending.eq_ignore_ascii_case("yml"))
}

/// A file's text, or the line that is none. Of a file that is too large just enough to see that.
fn text(path: &Path) -> std::io::Result<Result<String, usize>> {
    let mut bytes = Vec::new();
    File::open(path)?.take(MAX_FILE_BYTES as u64 + 1).read_to_end(&mut bytes)?;
    let cut_off = bytes.len() > MAX_FILE_BYTES;
    Ok(match String::from_utf8(bytes) {
        Ok(text) => Ok(text),
        // The cut may go through a character.
        Err(problem) if cut_off => Ok(String::from_utf8_lossy(problem.as_bytes()).into_owned()),
        Err(problem) => {
            let whole = problem.as_bytes().get(..problem.utf8_error().valid_up_to()).unwrap_or_default();
            Err(whole.iter().filter(|byte| **byte == b'\n').count() + 1)
        }
    })
}

/// The text of a file; none where there is no such file.
pub(super) fn present(path: &Path) -> Result<Option<String>> {
    match fs::read(path) {
        Ok(bytes) => Ok(Some(String::from_utf8_lossy(&bytes).into_owned())),
        Err(problem) if problem.kind() == ErrorKind::NotFound => Ok(None),
        Err(problem) => Err(problem).with_context(|| format!("cannot read {}", path.display())),
    }
}

/// Writes a file whole or not at all.
pub(super) fn write(path: &Path, text: &str) -> Result<()> {
    let part = path.with_extension("part");
    fs::write(&part, text)
        .and_then(|()| fs::rename(&part, path))
        .with_context(|| format!("cannot write {}", path.display()))
}
