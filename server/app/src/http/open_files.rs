//! How many files the process may have open: each connection is one.

/// Files that are not connections: runs, databases, sockets.
const RESERVED: u64 = 512;

/// How many connections there may be, and a remark where that is fewer than wanted.
pub(super) fn connections(wanted: u32) -> (u32, Option<String>) {
    let limits = std::fs::read_to_string("/proc/self/limits").unwrap_or_default();
    fitting(wanted, soft_limit(&limits))
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
         raise the limit (ulimit -n {needed}; LimitNOFILE={needed} with systemd), or lower http.connections",
        needed = u64::from(wanted) + RESERVED
    );
    (u32::try_from(most).unwrap_or(wanted), Some(remark))
}

/// As Linux tells it; elsewhere nobody does, and none is known.
fn soft_limit(limits: &str) -> Option<u64> {
    let line = limits.lines().find_map(|line| line.strip_prefix("Max open files"))?;
    line.split_whitespace().next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_low_limit_lowers_the_connections_and_says_so() {
        let limits = "Limit                     Soft Limit           Hard Limit           Units\n\
                      Max processes             5                    5                    processes\n\
                      Max open files            1024                 524288               files\n";
        assert_eq!(soft_limit(limits), Some(1024));
        let (most, remark) = fitting(10_000, Some(1024));
        assert_eq!(most, 512);
        assert!(remark.unwrap().contains("LimitNOFILE=10512"));
        assert_eq!(fitting(10_000, Some(20_000)), (10_000, None));
        assert_eq!(fitting(10_000, soft_limit("Max open files unlimited unlimited files")), (10_000, None));
    }
}
