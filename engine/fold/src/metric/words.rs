//! Conditions on words. A word is judged once: what came of it is kept by its number.

use perennial_timeline::{Symbol, Symbols};
use std::fmt;
use std::sync::atomic::{AtomicU8, Ordering};
use std::sync::{Arc, OnceLock};

/// Judges a word; `None` is unknown.
pub type Judge = dyn Fn(&str) -> Option<bool> + Send + Sync;

/// A condition on a word.
pub struct WordTest {
    judge: Arc<Judge>,
    symbols: Option<Arc<Symbols>>,
    /// What came of each word, by its number; the chunk `k` holds 2^k of them.
    judged: [OnceLock<Box<[AtomicU8]>>; 32],
}

const UNKNOWN: u8 = 1;
const FALSE: u8 = 2;
const TRUE: u8 = 3;

impl fmt::Debug for WordTest {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("WordTest").finish_non_exhaustive()
    }
}

impl WordTest {
    /// The word passes where the judge says so.
    #[must_use]
    pub fn new(judge: Arc<Judge>) -> Self {
        Self { judge, symbols: None, judged: Default::default() }
    }

    /// The same over the words of a timeline.
    pub(crate) fn bound(&self, symbols: &Arc<Symbols>) -> Self {
        Self { symbols: Some(Arc::clone(symbols)), ..Self::new(Arc::clone(&self.judge)) }
    }

    /// Whether the word passes; `None` is unknown.
    #[inline]
    pub(crate) fn of(&self, word: Symbol) -> Option<bool> {
        let place = word.0 as usize + 1;
        let chunk = place.ilog2() as usize;
        let judged = self.judged.get(chunk)?.get_or_init(|| (0..1_usize << chunk).map(|_| AtomicU8::new(0)).collect());
        let known = judged.get(place - (1 << chunk))?;
        match known.load(Ordering::Relaxed) {
            TRUE => Some(true),
            FALSE => Some(false),
            UNKNOWN => None,
            _ => {
                let outcome = self.judge(word);
                known.store(outcome.map_or(UNKNOWN, |passes| if passes { TRUE } else { FALSE }), Ordering::Relaxed);
                outcome
            }
        }
    }

    #[cold]
    fn judge(&self, word: Symbol) -> Option<bool> {
        (self.judge)(&self.symbols.as_ref()?.word(word)?)
    }
}
