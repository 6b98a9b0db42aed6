//! A progress bar with rate and time left, on the terminal of whoever asked.

use crate::output;
use crate::socket::Reply;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use perennial_listen::Progress;
use std::sync::Mutex;
use std::time::{Duration, Instant};

/// A bar over bytes; hidden where nobody looks.
pub(crate) fn terminal_bar(total_bytes: u64, label: &str, quiet: bool) -> ProgressBar {
    let target = if quiet { ProgressDrawTarget::hidden() } else { ProgressDrawTarget::stderr() };
    let bar = ProgressBar::with_draw_target(Some(total_bytes), target);
    let template =
        "{msg:24!} {wide_bar:.green} {bytes:>10} / {total_bytes:<10} {binary_bytes_per_sec:>12}  {eta:>4} left";
    if let Ok(style) = ProgressStyle::with_template(template) {
        bar.set_style(style);
    }
    bar.set_message(label.to_owned());
    bar
}

/// Shown at most so often to another process.
const EVERY: Duration = Duration::from_millis(200);

/// Progress in bytes, shown here or to the process that asked.
pub(crate) struct Bar {
    bar: ProgressBar,
    asking: Option<(Reply, Mutex<Instant>)>,
    total_bytes: u64,
}

impl Bar {
    /// At its beginning.
    pub(crate) fn new(total_bytes: u64, label: &str, quiet: bool) -> Self {
        let asking = output::asking().map(|reply| (reply, Mutex::new(Instant::now())));
        let bar = terminal_bar(total_bytes, label, quiet || asking.is_some());
        Self { bar, asking, total_bytes }
    }

    /// At its end.
    pub(crate) fn finish(&self) {
        self.bar.finish_and_clear();
        if let Some((reply, _)) = &self.asking {
            // Whoever asked may have gone away.
            let _ = reply.progress(self.total_bytes, self.total_bytes, "");
        }
    }
}

impl Progress for Bar {
    fn update(&self, bytes_read: u64, _bytes_total: u64, rows: u64) {
        let label = format!("{rows} rows");
        let Some((reply, last)) = &self.asking else {
            self.bar.set_position(bytes_read);
            self.bar.set_message(label);
            return;
        };
        if let Ok(mut last) = last.try_lock()
            && last.elapsed() >= EVERY
        {
            *last = Instant::now();
            let _ = reply.progress(bytes_read.min(self.total_bytes.saturating_sub(1)), self.total_bytes, &label);
        }
    }
}
