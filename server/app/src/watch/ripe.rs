//! Which files of a folder are complete: those that have stopped changing.

use std::collections::BTreeMap;
use std::ffi::OsString;

/// A file must be the same in so many polls after the one that saw it first.
const QUIET_POLLS: u32 = 2;

/// A file as a poll finds it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Listed {
    pub(super) name: OsString,
    pub(super) bytes: u64,
    /// When it was changed, as the file system says.
    pub(super) changed_ns: u128,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Seen {
    bytes: u64,
    changed_ns: u128,
    quiet_polls: u32,
}

/// What is known of the files of one folder.
#[derive(Debug, Default)]
pub(super) struct Ripening {
    seen: BTreeMap<OsString, Seen>,
}

impl Ripening {
    /// Takes what a poll found; returns what is complete, by name. An empty file is being begun.
    pub(super) fn poll(&mut self, listed: &[Listed]) -> Vec<OsString> {
        let mut seen = BTreeMap::new();
        for file in listed {
            let before = self.seen.get(&file.name);
            let same = before.filter(|before| (before.bytes, before.changed_ns) == (file.bytes, file.changed_ns));
            let quiet_polls = same.map_or(0, |before| before.quiet_polls.saturating_add(1));
            seen.insert(file.name.clone(), Seen { bytes: file.bytes, changed_ns: file.changed_ns, quiet_polls });
        }
        self.seen = seen;
        let ripe = self.seen.iter().filter(|(_, seen)| seen.quiet_polls >= QUIET_POLLS && seen.bytes > 0);
        ripe.map(|(name, _)| name.clone()).collect()
    }

    /// Files that are not complete yet.
    pub(super) fn waiting(&self) -> usize {
        self.seen.values().filter(|seen| seen.quiet_polls < QUIET_POLLS || seen.bytes == 0).count()
    }

    /// It is looked at as if it had just come.
    pub(super) fn again(&mut self, name: &OsString) {
        if let Some(seen) = self.seen.get_mut(name) {
            seen.quiet_polls = 0;
        }
    }
}

/// Whether a name is that of a file to import: not a hidden one, nor one under way, nor our own.
pub(super) fn is_wanted(name: &str) -> bool {
    const UNDER_WAY: [&str; 6] = [".part", ".partial", ".tmp", ".crdownload", ".filepart", ".download"];
    let lower = name.to_lowercase();
    let is_begun = UNDER_WAY.iter().any(|end| lower.ends_with(end));
    !(is_begun || name.starts_with(['.', '~']) || lower.ends_with(".log.txt") || lower.ends_with(".rejects.csv"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(name: &str, bytes: u64, changed_ns: u128) -> Listed {
        Listed { name: name.into(), bytes, changed_ns }
    }

    #[test]
    fn a_file_that_grows_or_is_touched_waits() {
        let mut ripening = Ripening::default();
        assert!(ripening.poll(&[file("a", 5, 1)]).is_empty());
        assert!(ripening.poll(&[file("a", 5, 1)]).is_empty(), "once more");
        assert!(ripening.poll(&[file("a", 9, 2)]).is_empty(), "it grows");
        assert!(ripening.poll(&[file("a", 9, 2)]).is_empty());
        assert!(ripening.poll(&[file("a", 9, 3)]).is_empty(), "written over in place");
        assert!(ripening.poll(&[file("a", 9, 3)]).is_empty());
        assert_eq!((ripening.poll(&[file("a", 9, 3)]), ripening.waiting()), (vec![OsString::from("a")], 0));
        ripening.again(&"a".into());
        assert!(ripening.poll(&[file("a", 9, 3)]).is_empty());
    }

    #[test]
    fn complete_files_come_by_name_and_one_that_left_is_forgotten() {
        let mut ripening = Ripening::default();
        let both = [file("b", 1, 1), file("a", 1, 1), file("empty", 0, 1)];
        ripening.poll(&both);
        ripening.poll(&both);
        assert_eq!(ripening.poll(&both), ["a", "b"]);
        ripening.poll(&[file("b", 1, 1)]);
        assert_eq!(ripening.poll(&both), ["b"], "a came back");
        assert_eq!(ripening.waiting(), 2);
    }

    #[test]
    fn what_is_under_way_is_left_alone() {
        for name in ["orders.csv", "订单 2024.xlsx", "messages.jsonl.gz"] {
            assert!(is_wanted(name), "{name}");
        }
        for name in [".orders.csv.Xk2", "orders.csv.part", "orders.CSV.tmp", "~$orders.xlsx", "orders.csv.log.txt"] {
            assert!(!is_wanted(name), "{name}");
        }
    }
}
