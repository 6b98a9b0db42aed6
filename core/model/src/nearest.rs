//! The known word that was probably meant.

/// The nearest of some words, if one is near.
#[must_use]
pub fn nearest<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let near = known.into_iter().map(|known| (distance(word, known), known)).min()?;
    (near.0 <= 1 + word.chars().count() / 3).then_some(near.1)
}

/// Letters to change, add or take away (Levenshtein's distance).
fn distance(one: &str, other: &str) -> usize {
    let other: Vec<char> = other.chars().collect();
    let mut row: Vec<usize> = (0..=other.len()).collect();
    for (index, letter) in one.chars().enumerate() {
        let mut before = row[0];
        row[0] = index + 1;
        for (at, each) in other.iter().enumerate() {
            let changed = before + usize::from(*each != letter);
            before = row[at + 1];
            row[at + 1] = changed.min(before + 1).min(row[at] + 1);
        }
    }
    row[other.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_is_near_and_another_word_is_not() {
        let known = ["listen", "store", "sessions"];
        assert_eq!(nearest("lisen", known), Some("listen"));
        assert_eq!(nearest("session", known), Some("sessions"));
        assert_eq!(nearest("certificate", known), None);
        assert_eq!(distance("kitten", "sitting"), 3);
    }
}
