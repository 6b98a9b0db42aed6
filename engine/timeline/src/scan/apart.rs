//! Which runs need no comparison of mids: those of which a scan of this process found, from the
//! first row to the last, that no message comes twice among them and that rows of one customer at
//! one time stand in the order of the runs. Runs never change, so the next scan of the same runs,
//! or of some of them, reads neither `mid` nor `received`: 125 MB instead of 293 MB for time and kind
//! of 21,000,000 events in 64 runs. Only runs whose rows all stand under their own customer take part, and a
//! proof is made only without aliases: it then speaks of every row that can ever become visible.

use super::cursor::Cursor;
use crate::run::RunHandle;
use std::sync::Arc;

/// Whether the cursors, none of which has begun, are over runs proven apart.
pub(super) fn known(cursors: &[Cursor]) -> bool {
    let Some((first, _)) = cursors.first().and_then(Cursor::unread) else { return false };
    let apart = first.apart();
    cursors.iter().all(|cursor| cursor.unread().is_some_and(|(run, _)| apart.contains(&run.record.run_id)))
}

/// The runs that a scan with these cursors can prove apart; none when it cannot.
pub(super) fn provable(cursors: &[Cursor]) -> Vec<Arc<RunHandle>> {
    let whole = cursors.iter().map(|cursor| cursor.unread().filter(|(_, whole)| *whole));
    whole.map(|found| found.map(|(run, _)| Arc::clone(run))).collect::<Option<_>>().unwrap_or_default()
}

/// Keeps what a scan found, as long as the process.
pub(super) fn remember(runs: &[Arc<RunHandle>]) {
    let numbers: Arc<[u64]> = runs.iter().map(|run| run.record.run_id).collect();
    runs.iter().for_each(|run| run.set_apart(Arc::clone(&numbers)));
}

/// Whether rows (time, mid, index in the order of the runs) at one time have ascending mids.
#[cold]
pub(super) fn ties_follow(keys: &mut [(i64, u64, u32)]) -> bool {
    keys.sort_unstable();
    keys.is_sorted_by(|one, next| one.0 != next.0 || one.2 < next.2)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_at_one_time_must_stand_in_the_order_of_the_runs() {
        assert!(ties_follow(&mut [(5, 1, 0), (5, 2, 1), (4, 9, 2)]));
        assert!(!ties_follow(&mut [(5, 2, 0), (5, 1, 1), (4, 9, 2)]));
        assert!(!ties_follow(&mut [(5, 1, 0), (5, 3, 1), (5, 2, 2)]));
        assert!(ties_follow(&mut []));
    }
}
