//! Definitions as files, changing no more of the files that are there than the definitions do.

mod blocks;
mod edit;
mod items;
#[cfg(test)]
mod tests;

use crate::{Definitions, FILES, SourceFile};
use items::{Item, items, items_of_text};

/// First line of a file whose own words could not be kept.
const REMARK: &str = "# Written anew: this file changed in a way that its comments could not follow.\n";

/// The files that say these definitions. `kept` are the files as they were applied last: one that says
/// the same comes back byte for byte; of one that does not, only the entries that differ are written anew,
/// with the comments above them; one whose form does not allow that is written whole, and says so in its
/// first line. A file that defines nothing is left out unless it was there.
#[must_use]
pub fn write(definitions: &Definitions, kept: &[SourceFile]) -> Vec<SourceFile> {
    let mut files = Vec::new();
    for name in FILES {
        let wanted = items(definitions, name);
        let text = match kept.iter().find(|file| file.name == name) {
            None if wanted.is_empty() => continue,
            None => anew(name, &wanted),
            Some(kept) => again(name, &wanted, &kept.text),
        };
        files.push(SourceFile { name: name.to_owned(), text });
    }
    files
}

/// A file's text, with what it says now.
fn again(file: &str, wanted: &[Item], kept: &str) -> String {
    let Some(before) = items_of_text(kept, file) else { return format!("{REMARK}{}", anew(file, wanted)) };
    if before == wanted {
        return kept.to_owned();
    }
    // Whatever the edit came to, it counts only when it reads as it should.
    match edit::edit(kept, file, &before, wanted) {
        Some(edited) if items_of_text(&edited, file).as_deref() == Some(wanted) => edited,
        _ => format!("{REMARK}{}", anew(file, wanted)),
    }
}

/// A file from nothing.
fn anew(file: &str, wanted: &[Item]) -> String {
    let mut text = String::new();
    let Some(key) = items::list_key(file) else {
        wanted.iter().for_each(|item| item.emit(0, &mut text));
        return text;
    };
    text.push_str(key);
    text.push_str(if wanted.is_empty() { ": []\n" } else { ":\n" });
    for (place, item) in wanted.iter().enumerate() {
        if place > 0 {
            text.push('\n');
        }
        item.emit(2, &mut text);
    }
    text
}
