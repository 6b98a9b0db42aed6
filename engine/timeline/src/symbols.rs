//! Words as numbers: names, channels, items, so that a fold compares integers.

use rustc_hash::FxHashMap;
use std::sync::{Arc, PoisonError, RwLock};

/// A word's number within one process.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[repr(transparent)]
pub struct Symbol(pub u32);

impl Symbol {
    /// No word.
    pub const NONE: Self = Self(u32::MAX);
}

#[derive(Debug, Default)]
struct Inner {
    numbers: FxHashMap<Arc<str>, u32>,
    words: Vec<Arc<str>>,
}

/// All words seen by one timeline in this process. Never stored.
#[derive(Debug, Default)]
pub struct Symbols(RwLock<Inner>);

impl Symbols {
    /// The number of a word, a new one if it is new.
    #[must_use]
    pub fn intern(&self, word: &str) -> Symbol {
        if let Some(symbol) = self.find(word) {
            return symbol;
        }
        let mut inner = self.0.write().unwrap_or_else(PoisonError::into_inner);
        if let Some(number) = inner.numbers.get(word) {
            return Symbol(*number);
        }
        let number = u32::try_from(inner.words.len()).unwrap_or(u32::MAX);
        let shared: Arc<str> = word.into();
        inner.words.push(Arc::clone(&shared));
        inner.numbers.insert(shared, number);
        Symbol(number)
    }

    /// The numbers of many words, added to `out`; no word gives [`Symbol::NONE`].
    pub(crate) fn intern_all<'a>(&self, words: impl Iterator<Item = Option<&'a str>>, out: &mut Vec<Symbol>) {
        let mut new = Vec::new();
        let inner = self.0.read().unwrap_or_else(PoisonError::into_inner);
        for word in words {
            let symbol = word.map_or(Some(Symbol::NONE), |word| inner.numbers.get(word).map(|number| Symbol(*number)));
            new.extend(symbol.is_none().then_some(word).flatten().map(|word| (out.len(), word)));
            out.push(symbol.unwrap_or(Symbol::NONE));
        }
        drop(inner);
        for (at, word) in new {
            let symbol = self.intern(word);
            if let Some(place) = out.get_mut(at) {
                *place = symbol;
            }
        }
    }

    /// The number of a word seen before.
    #[must_use]
    pub fn find(&self, word: &str) -> Option<Symbol> {
        let inner = self.0.read().unwrap_or_else(PoisonError::into_inner);
        inner.numbers.get(word).map(|number| Symbol(*number))
    }

    /// The word of a number.
    #[must_use]
    pub fn word(&self, symbol: Symbol) -> Option<Arc<str>> {
        let inner = self.0.read().unwrap_or_else(PoisonError::into_inner);
        inner.words.get(symbol.0 as usize).map(Arc::clone)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_keeps_its_number() {
        let symbols = Symbols::default();
        let visit = symbols.intern("visit");
        assert_eq!(symbols.intern("visit"), visit);
        assert_ne!(symbols.intern("reply"), visit);
        assert_eq!(symbols.word(visit).as_deref(), Some("visit"));
        assert_eq!(symbols.find("never"), None);
        assert_eq!(symbols.word(Symbol::NONE), None);
    }
}
