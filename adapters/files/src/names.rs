//! Which names a file may have.

use std::path::{Path, PathBuf};

/// Ends the name of a file that is still being written.
pub(crate) const TEMPORARY: &str = ".tmp";

/// Whether this is a name: parts of letters, digits, `-`, `_` and `.`, with `/` between them. It can
/// never lead out of the root, and never be taken for a temporary file.
pub(crate) fn is_valid(name: &str) -> bool {
    let letter = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.');
    let part = |part: &str| !part.is_empty() && !part.starts_with('.') && part.bytes().all(letter);
    name.split('/').all(part) && !name.ends_with(TEMPORARY)
}

/// The directory a path is in.
pub(crate) fn parent(path: &Path) -> PathBuf {
    match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent.to_owned(),
        // A relative path of one part lies in the current directory; the root in itself.
        _ if path.has_root() => path.to_owned(),
        _ => PathBuf::from("."),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_never_leads_out_of_the_root() {
        for name in ["", "/etc/passwd", "../x", "a/../b", "a//b", "a/", ".", ".hidden", "a\\b", "a b", "a.tmp", "a\0"] {
            assert!(!is_valid(name), "{name:?}");
        }
        for name in ["run.parquet", "shard-03/0000_7.parquet", "a/b/c"] {
            assert!(is_valid(name), "{name:?}");
        }
    }
}
