//! How many files the process may have open: each connection is one.

/// Files that are not connections: runs, databases, sockets.
const RESERVED: u64 = 512;

/// How many connections there may be, and a remark where that is fewer than wanted. Raises the limit
/// of the process as far as the system lets it.
pub(super) fn connections(wanted: u32) -> (u32, Option<String>) {
    // Where the limit is not known, what is wanted is tried.
    fitting(wanted, rlimit::increase_nofile_limit(u64::from(wanted) + RESERVED).ok())
}

fn fitting(wanted: u32, limit: Option<u64>) -> (u32, Option<String>) {
    let Some(limit) = limit else { return (wanted, None) };
    // A small limit is shared out by half.
    let most = limit.saturating_sub(RESERVED).max(limit / 2);
    if most >= u64::from(wanted) {
        return (wanted, None);
    }
    let remark = format!(
        "this process may open {limit} files, so {most} connections are held at once instead of {wanted}: \
         raise the limit (ulimit -Hn {needed}; LimitNOFILE={needed} with systemd), or lower http.connections",
        needed = u64::from(wanted) + RESERVED
    );
    (u32::try_from(most).unwrap_or(wanted), Some(remark))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_low_limit_lowers_the_connections_and_says_so() {
        let (most, remark) = fitting(10_000, Some(1024));
        assert_eq!(most, 512);
        assert!(remark.unwrap().contains("LimitNOFILE=10512"));
        assert_eq!(fitting(10_000, Some(20_000)), (10_000, None));
        assert_eq!(fitting(10_000, None), (10_000, None));
    }

    #[test]
    fn the_limit_is_raised_where_it_may_be() {
        let (_, hard) = rlimit::getrlimit(rlimit::Resource::NOFILE).unwrap();
        // As most systems begin.
        rlimit::setrlimit(rlimit::Resource::NOFILE, hard.min(1024), hard).unwrap();
        let wanted = u32::try_from(hard.saturating_sub(RESERVED).min(2000)).unwrap();
        assert_eq!(connections(wanted), (wanted, None), "at most {hard}");
    }
}
