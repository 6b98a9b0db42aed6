//! Words that have no place in the repository: paths of one machine, addresses of package
//! registries, notes to oneself.

use super::Problem;
use std::path::Path;

const CODE: [&str; 10] = ["rs", "ts", "tsx", "js", "mjs", "css", "html", "py", "sh", "sql"];
const WRITTEN: [&str; 6] = ["md", "toml", "yml", "yaml", "json", "txt"];
/// Folders in which only one machine keeps this project.
const MACHINE_FOLDERS: [&str; 4] =
    [concat!("/wo", "rk/"), concat!("/ro", "ot/"), concat!("/ho", "me/"), concat!("/Us", "ers/")];
/// Which registry is used is the machine's business.
const REGISTRIES: [&str; 6] = [
    concat!("registry.npm", "js"),
    concat!("registry.yarn", "pkg"),
    concat!("npm", "mirror"),
    concat!("crates", ".io/"),
    concat!("crates", ".io-index"),
    concat!("rs", "proxy"),
];
/// What is left to do belongs into an issue.
const NOTES: [&str; 2] = [concat!("TO", "DO"), concat!("FIX", "ME")];

/// Whether a file is program text, by its name.
pub(super) fn is_code(name: &str) -> bool {
    extension(name).is_some_and(|extension| CODE.contains(&extension))
}

fn is_written(name: &str) -> bool {
    let lock = name.ends_with("Cargo.lock") || name.ends_with("package-lock.json");
    let ours = is_code(name) || extension(name).is_none_or(|extension| WRITTEN.contains(&extension));
    ours && !lock
}

fn extension(name: &str) -> Option<&str> {
    Path::new(name).extension().and_then(|extension| extension.to_str())
}

/// Checks one file; lock files are checked apart, data not at all.
pub(super) fn check(name: &str, text: &str) -> Vec<Problem> {
    if !is_written(name) {
        return Vec::new();
    }
    let mut problems = Vec::new();
    for (index, line) in text.lines().enumerate() {
        if let Some(reason) = objection(line) {
            problems.push(format!("{name}:{}: {reason}", index + 1));
        }
    }
    problems
}

fn objection(line: &str) -> Option<String> {
    if let Some(folder) = MACHINE_FOLDERS.iter().find(|folder| names_folder(line, folder)) {
        return Some(format!("a path of one machine ({folder}…): make it relative or an argument"));
    }
    if let Some(registry) = REGISTRIES.iter().find(|registry| line.contains(*registry)) {
        return Some(format!("names a package registry ({registry}): that is for the machine's own settings"));
    }
    let note = NOTES.iter().find(|note| has_word(line, note))?;
    Some(format!("{note}: do it now, or write an issue"))
}

/// Whether an absolute path into `folder` occurs: not preceded by a letter, a dot or the like,
/// which would make it part of a longer path, and followed by a name.
fn names_folder(line: &str, folder: &str) -> bool {
    line.match_indices(folder).any(|(at, _)| {
        let before = line[..at].chars().next_back();
        let after = line[at + folder.len()..].chars().next();
        !before.is_some_and(|letter| letter.is_alphanumeric() || "._-})*]".contains(letter))
            && after.is_some_and(|letter| letter.is_alphanumeric() || letter == '.')
    })
}

fn has_word(line: &str, word: &str) -> bool {
    let part_of_word = |letter: Option<char>| letter.is_some_and(|letter| letter.is_alphanumeric() || letter == '_');
    line.match_indices(word).any(|(at, _)| {
        !part_of_word(line[..at].chars().next_back()) && !part_of_word(line[at + word.len()..].chars().next())
    })
}

/// Whether a documentation comment opens a code block that rustdoc would run.
pub(super) fn has_doc_test(text: &str) -> bool {
    let mut inside = false;
    for line in text.lines().map(str::trim_start) {
        let Some(comment) = line.strip_prefix("///").or_else(|| line.strip_prefix("//!")) else {
            inside = false;
            continue;
        };
        let Some(info) = comment.trim_start().strip_prefix("```") else { continue };
        let runs = !["text", "ignore", "json", "sql", "csv", "sh"].iter().any(|language| info.starts_with(language));
        if !inside && runs {
            return true;
        }
        inside = !inside;
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn absolute_paths_of_a_machine_are_found() {
        for folder in MACHINE_FOLDERS {
            assert_eq!(check("a.md", &format!("see `{folder}someone/file`")).len(), 1, "{folder}");
            assert!(check("a.md", &format!("see engine{folder}file")).is_empty(), "{folder}");
            assert!(check("a.md", &format!("under ${{HOME}}{folder}x")).is_empty(), "{folder}");
        }
    }

    #[test]
    fn registries_and_notes_are_found() {
        for word in REGISTRIES.iter().chain(&NOTES) {
            assert_eq!(check("a.rs", &format!("// {word} later")).len(), 1, "{word}");
        }
        assert!(check("a.rs", &format!("let s{}_s = 1;", NOTES[0])).is_empty());
        assert!(check("a.csv", NOTES[0]).is_empty());
    }

    #[test]
    fn doc_tests_are_told_from_plain_blocks() {
        assert!(has_doc_test("/// ```\n/// assert!(true);\n/// ```\nfn a() {}\n"));
        assert!(!has_doc_test("/// ```text\n/// a -> b\n/// ```\nfn a() {}\n"));
        assert!(!has_doc_test("// ```\nfn a() {}\n"));
    }
}
