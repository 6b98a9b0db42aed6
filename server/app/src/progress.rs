//! A progress bar with rate and time left, on the terminal only.

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// A bar over bytes; hidden where nobody looks.
pub(crate) fn bar(total_bytes: u64, label: &str, quiet: bool) -> ProgressBar {
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
