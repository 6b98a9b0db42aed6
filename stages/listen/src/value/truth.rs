//! Yes and no.

/// What a cleaned cell says, if it is one of the words for yes or no.
#[must_use]
pub fn truth(text: &str) -> Option<bool> {
    const YES: [&str; 5] = ["true", "yes", "y", "1", "是"];
    const NO: [&str; 5] = ["false", "no", "n", "0", "否"];
    let is = |word: &&str| text.eq_ignore_ascii_case(word);
    if YES.iter().any(is) { Some(true) } else { NO.iter().any(is).then_some(false) }
}

#[cfg(test)]
mod tests {
    use super::truth;

    #[test]
    fn words_for_yes_and_no() {
        assert_eq!(["TRUE", "y", "是", "1"].map(truth), [Some(true); 4]);
        assert_eq!(["False", "NO", "否", "0"].map(truth), [Some(false); 4]);
        assert_eq!(["maybe", "", "2", "yes!"].map(truth), [None; 4]);
    }
}
