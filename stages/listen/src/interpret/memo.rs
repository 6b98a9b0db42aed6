//! Meanings of words that come again on every row.

/// Different words remembered; a column with more is no column of statuses or event names.
const MOST_WORDS: usize = 64;

/// What each of a few words means.
#[derive(Debug)]
pub(crate) struct Memo<T> {
    meaning: fn(&str) -> T,
    words: Vec<(String, T)>,
}

impl<T: Copy> Memo<T> {
    pub(crate) const fn new(meaning: fn(&str) -> T) -> Self {
        Self { meaning, words: Vec::new() }
    }

    #[inline]
    pub(crate) fn of(&mut self, word: &str) -> T {
        if let Some((_, meaning)) = self.words.iter().find(|(known, _)| known == word) {
            return *meaning;
        }
        let meaning = (self.meaning)(word);
        if self.words.len() < MOST_WORDS {
            self.words.push((word.to_owned(), meaning));
        }
        meaning
    }
}
