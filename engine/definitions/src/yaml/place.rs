//! Lines and columns.

/// Line and character of a byte, both from 1. A mark of the byte order counts for nothing.
pub(crate) fn place(source: &str, byte: usize) -> (usize, usize) {
    let end = (0..=byte.min(source.len())).rev().find(|end| source.is_char_boundary(*end)).unwrap_or(0);
    let before = source.get(..end).unwrap_or_default();
    let line = before.matches('\n').count() + 1;
    let start = before.rfind('\n').map_or(0, |at| at + 1);
    let letters = before.get(start..).unwrap_or_default().trim_start_matches('\u{feff}').chars().count();
    (line, letters + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_count_characters() {
        let text = "\u{feff}名: x\r\n  é: y\n";
        assert_eq!(place(text, text.find('x').unwrap()), (1, 4));
        assert_eq!(place(text, text.find('y').unwrap()), (2, 6));
        assert_eq!(place(text, 999), (3, 1));
        assert_eq!(place(text, 4), (1, 1), "within a character");
    }
}
