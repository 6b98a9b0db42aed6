//! Dictionary codes of a run become words of the process, once for each dictionary.

use crate::{Symbol, Symbols, TimelineError};
use arrow::array::{Array, DictionaryArray, StringArray};
use arrow::datatypes::Int32Type;
use std::sync::Arc;

/// One word column of one cursor.
pub(crate) struct Words {
    symbols: Arc<Symbols>,
    /// The dictionary that `map` is for. Kept, so that its address is nobody else's.
    known: Option<StringArray>,
    map: Vec<Symbol>,
}

impl Words {
    pub(crate) fn new(symbols: Arc<Symbols>) -> Self {
        Self { symbols, known: None, map: Vec::new() }
    }

    /// Writes the words of a column into `out`.
    pub(crate) fn translate(
        &mut self,
        column: &DictionaryArray<Int32Type>,
        out: &mut Vec<Symbol>,
    ) -> Result<(), TimelineError> {
        let values = column
            .values()
            .as_any()
            .downcast_ref::<StringArray>()
            .ok_or_else(|| TimelineError::Codec { action: "decode words", source: "they are no text".into() })?;
        if !self.known.as_ref().is_some_and(|known| same(known, values)) {
            self.map.clear();
            let words = values.iter().map(|word| word.filter(|word| !word.is_empty()));
            self.symbols.intern_all(words, &mut self.map);
            self.known = Some(values.clone());
        }
        out.clear();
        let map = self.map.as_slice();
        out.extend(column.keys().values().iter().map(|code| map.get(*code as usize).copied().unwrap_or(Symbol::NONE)));
        Ok(())
    }
}

impl Words {
    /// Writes the words of a column without a dictionary into `out`.
    pub(crate) fn texts(&self, texts: &StringArray, out: &mut Vec<Symbol>) {
        out.clear();
        self.symbols.intern_all(texts.iter().map(|text| text.filter(|text| !text.is_empty())), out);
    }
}

fn same(one: &StringArray, other: &StringArray) -> bool {
    one.len() == other.len()
        && one.value_data().as_ptr() == other.value_data().as_ptr()
        && one.offsets().as_ptr() == other.offsets().as_ptr()
}
