//! Words of a column on their way in, each kept once.

use arrow::array::{ArrayRef, DictionaryArray, Int32Builder, StringArray};
use arrow::datatypes::Int32Type;
use arrow::error::ArrowError;
use rustc_hash::FxHashMap;
use std::sync::Arc;

/// Builds a dictionary column. Most rows say what the row before said: that is looked at before
/// anything is hashed.
#[derive(Default)]
pub(crate) struct WordBuilder {
    keys: Int32Builder,
    words: Vec<Arc<str>>,
    known: FxHashMap<Arc<str>, i32>,
    last: usize,
}

impl WordBuilder {
    #[inline]
    pub(crate) fn push(&mut self, word: Option<&str>) {
        match word {
            None => self.keys.append_null(),
            Some(word) if self.words.get(self.last).is_some_and(|last| **last == *word) => {
                self.keys.append_value(self.last as i32);
            }
            Some(word) => self.other(word),
        }
    }

    fn other(&mut self, word: &str) {
        let key = self.known.get(word).copied().unwrap_or_else(|| {
            let (key, word) = (self.words.len() as i32, Arc::<str>::from(word));
            self.words.push(Arc::clone(&word));
            self.known.insert(word, key);
            key
        });
        self.last = key as usize;
        self.keys.append_value(key);
    }

    /// The column; the builder is empty afterwards.
    pub(crate) fn finish(&mut self) -> Result<ArrayRef, ArrowError> {
        let words = StringArray::from_iter_values(self.words.drain(..));
        self.known.clear();
        Ok(Arc::new(DictionaryArray::<Int32Type>::try_new(self.keys.finish(), Arc::new(words))?))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use arrow::array::{Array, AsArray};

    #[test]
    fn each_word_is_kept_once_and_the_next_column_has_none_of_them() {
        let mut builder = WordBuilder::default();
        for rows in [vec![Some("app"), Some("app"), None, Some("web"), Some("app")], vec![None, Some("shop")], vec![]] {
            rows.iter().for_each(|word| builder.push(*word));
            let column = builder.finish().unwrap();
            let column = column.as_dictionary::<Int32Type>();
            let words: Vec<Option<&str>> = column.downcast_dict::<StringArray>().unwrap().into_iter().collect();
            assert_eq!(words, rows);
            let distinct = rows.iter().flatten().collect::<std::collections::BTreeSet<_>>().len();
            assert_eq!(column.values().len(), distinct);
        }
    }
}
