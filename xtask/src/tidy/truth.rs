//! The simulated brand's truth is for tests: a product that read it would only seem to be right.

use super::Problem;

/// Who may name it: the simulation makes it, `generate` writes it, tests read it.
const MAY: [&str; 5] =
    ["sim/", "tests/", "server/app/src/commands/generate.rs", "server/app/src/cli/simulation.rs", "xtask/src/tidy/"];
/// The words that give it away: the type, the option, and the methods around them.
const WORDS: [&str; 4] = ["Truth", "--truth", "truth.json", ".truth("];

/// Source files that name the truth and may not.
pub(super) fn check(name: &str, text: &str) -> Option<Problem> {
    let is_source = [".rs", ".ts", ".tsx"].iter().any(|ending| name.ends_with(ending));
    if !is_source || MAY.iter().any(|may| name.starts_with(may)) {
        return None;
    }
    let word = WORDS.iter().find(|word| text.contains(*word))?;
    Some(format!("{name} names {word:?}: what is true of the simulated brand is for tests only"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_tests_may_know() {
        let reads = "let truth = std::fs::read(folder.join(\"truth.json\"));";
        assert!(check("stages/learn/src/analyse.rs", reads).is_some());
        assert!(check("xtask/src/demo.rs", "command.arg(\"--truth\")").is_some());
        assert!(check("server/api/src/endpoints/today.rs", "perennial_sim::Truth").is_some());
        assert!(check("tests/e2e/simulated_brand.rs", reads).is_none());
        assert!(check("stages/learn/src/analyse.rs", "// the truth is elsewhere").is_none());
    }
}
