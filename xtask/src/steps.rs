//! Named steps, timed; one that fails does not keep the others from running.

use anyhow::{Result, bail};
use std::time::{Duration, Instant};

enum Outcome {
    Passed,
    Failed(String),
    Skipped(String),
}

/// What has run so far.
#[derive(Default)]
pub(crate) struct Steps {
    done: Vec<(&'static str, Duration, Outcome)>,
}

impl Steps {
    /// Runs a step and says how it went.
    pub(crate) fn run(&mut self, name: &'static str, step: impl FnOnce() -> Result<()>) {
        println!("── {name}");
        let start = Instant::now();
        let outcome = step().map_or_else(|error| Outcome::Failed(format!("{error:#}")), |()| Outcome::Passed);
        self.note(name, start.elapsed(), outcome);
    }

    /// Notes a step that does not run, and why.
    pub(crate) fn skip(&mut self, name: &'static str, reason: &str) {
        println!("── {name}");
        self.note(name, Duration::ZERO, Outcome::Skipped(reason.to_owned()));
    }

    fn note(&mut self, name: &'static str, took: Duration, outcome: Outcome) {
        println!("   {}", describe(took, &outcome));
        self.done.push((name, took, outcome));
    }

    /// Prints all steps with their times.
    ///
    /// # Errors
    /// Lists the steps that failed.
    pub(crate) fn finish(self) -> Result<()> {
        println!("\n── all steps");
        for (name, took, outcome) in &self.done {
            println!("   {name:<22} {}", describe(*took, outcome));
        }
        let failed: Vec<_> =
            self.done.iter().filter(|step| matches!(step.2, Outcome::Failed(_))).map(|step| step.0).collect();
        let skipped = self.done.iter().filter(|step| matches!(step.2, Outcome::Skipped(_))).count();
        println!("{} passed, {} failed, {skipped} skipped", self.done.len() - failed.len() - skipped, failed.len());
        if !failed.is_empty() {
            bail!("{} of {} steps failed: {}", failed.len(), self.done.len(), failed.join(", "));
        }
        Ok(())
    }
}

fn describe(took: Duration, outcome: &Outcome) -> String {
    match outcome {
        Outcome::Passed => format!("ok       {:>7.1} s", took.as_secs_f64()),
        Outcome::Failed(reason) => format!("FAILED   {:>7.1} s  {reason}", took.as_secs_f64()),
        Outcome::Skipped(reason) => format!("skipped            {reason}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failure_lets_the_rest_run_and_is_named_at_the_end() {
        let mut steps = Steps::default();
        let mut later_ran = false;
        steps.run("one", || bail!("broken"));
        steps.run("two", || {
            later_ran = true;
            Ok(())
        });
        steps.skip("three", "nothing to do");
        let error = steps.finish().unwrap_err().to_string();
        assert!(later_ran);
        assert_eq!(error, "1 of 3 steps failed: one");
    }

    #[test]
    fn a_skipped_step_is_no_failure() {
        let mut steps = Steps::default();
        steps.skip("one", "nothing to do");
        assert!(steps.finish().is_ok());
    }
}
