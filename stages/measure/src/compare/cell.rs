//! A cell of an outcome as a number.

/// What a cell says.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Cell {
    /// Nothing.
    Empty,
    /// Yes or no, in words.
    Word(bool),
    /// A number.
    Number(f64),
    /// Something else.
    Other,
}

impl Cell {
    /// Reads a cell. Numbers are written plainly, without separators of thousands or a currency: what
    /// 1.234 means elsewhere is not guessed.
    pub(super) fn read(text: &str) -> Self {
        let text = text.trim();
        if text.is_empty() {
            return Self::Empty;
        }
        if text.eq_ignore_ascii_case("true") {
            return Self::Word(true);
        }
        if text.eq_ignore_ascii_case("false") {
            return Self::Word(false);
        }
        // `inf` and `nan` parse, and are no outcomes.
        let plain = text.bytes().all(|byte| byte.is_ascii_digit() || b"+-.eE".contains(&byte));
        match text.parse::<f64>() {
            Ok(number) if plain && number.is_finite() => Self::Number(number),
            _ => Self::Other,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_words() {
        for (text, number) in [("0", 0.0), (" 12.5 ", 12.5), ("-3", -3.0), ("1e3", 1000.0), ("+.5", 0.5)] {
            assert_eq!(Cell::read(text), Cell::Number(number), "{text}");
        }
        assert_eq!((Cell::read("TRUE"), Cell::read("false")), (Cell::Word(true), Cell::Word(false)));
        assert_eq!(Cell::read(" "), Cell::Empty);
        for text in ["£12", "1,234", "inf", "NaN", "yes", "1e999", "-", "."] {
            assert_eq!(Cell::read(text), Cell::Other, "{text}");
        }
    }
}
