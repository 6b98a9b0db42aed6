//! What a text is like: its delimiter, and where its header stands.

use super::split::{Parts, Scan, Splitter, split_whitespace};

/// Delimiters that are tried; the first wins a tie.
const DELIMITERS: [u8; 4] = [b',', b'\t', b';', b'|'];
/// Rows looked at for the delimiter.
const ROWS: usize = 500;

/// How the cells of a text are separated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Separator {
    Byte(u8),
    Whitespace,
}

impl Separator {
    pub(super) fn label(self) -> &'static str {
        match self {
            Separator::Byte(b',') => "comma",
            Separator::Byte(b'\t') => "tab",
            Separator::Byte(b';') => "semicolon",
            Separator::Byte(b'|') => "pipe",
            Separator::Byte(_) => "another delimiter",
            Separator::Whitespace => "white space",
        }
    }
}

/// Finds the delimiter of the beginning of a text; `complete` when nothing follows it. A text of one column is
/// comma separated.
pub(super) fn separator(head: &str, complete: bool) -> Separator {
    if let Some(named) = named_delimiter(head) {
        return Separator::Byte(named);
    }
    let mut best = (Separator::Byte(b','), 0.0);
    for delimiter in DELIMITERS {
        let score = regularity(&delimited_widths(head, complete, delimiter));
        if score > best.1 {
            best = (Separator::Byte(delimiter), score);
        }
    }
    // Words have blanks between them in any text: columns of white space must be next to perfect.
    if best.1 < 0.25 {
        let widths = whitespace_widths(head, complete);
        let score = regularity(&widths);
        let same = widths.iter().filter(|width| **width == widths[widths.len() / 2]).count();
        if score > best.1 && same * 100 >= widths.len() * 98 {
            return Separator::Whitespace;
        }
    }
    best.0
}

/// Excel's own first line, `sep=;`.
pub(super) fn named_delimiter(head: &str) -> Option<u8> {
    let line = head.lines().next()?;
    match line.trim().strip_prefix("sep=")?.as_bytes() {
        [delimiter] if delimiter.is_ascii() => Some(*delimiter),
        [] if line.starts_with("sep=\t") => Some(b'\t'),
        _ => None,
    }
}

/// The share of rows that have the commonest width, less for few columns; 0 for one column.
fn regularity(widths: &[usize]) -> f64 {
    let (width, rows) = commonest(widths);
    if width < 2 {
        return 0.0;
    }
    rows as f64 / widths.len() as f64 * (1.0 - 1.0 / width as f64)
}

/// The commonest width and its rows, wide rows weighing more: a preamble of narrow lines may be longer than the
/// table.
pub(super) fn commonest(widths: &[usize]) -> (usize, usize) {
    let mut counts = std::collections::BTreeMap::new();
    for width in widths {
        *counts.entry(*width).or_insert(0_usize) += 1;
    }
    counts.into_iter().max_by_key(|(width, rows)| width * width * rows).unwrap_or((0, 0))
}

fn delimited_widths(head: &str, complete: bool, delimiter: u8) -> Vec<usize> {
    let splitter = Splitter::new(delimiter);
    let mut parts = Parts::default();
    let (mut at, mut widths) = (0, Vec::new());
    while at < head.len() && widths.len() < ROWS {
        let Scan::Row(record) = splitter.scan(head, at, complete, &mut parts) else { break };
        if record.end > at {
            widths.push(record.columns);
        }
        at = record.next;
    }
    if widths.is_empty() {
        // Not even one row ends in the sample: count in what there is of it.
        widths.push(head.bytes().filter(|byte| *byte == delimiter).count() + 1);
    }
    widths
}

fn whitespace_widths(head: &str, complete: bool) -> Vec<usize> {
    let mut parts = Parts::default();
    let mut lines: Vec<&str> = head.lines().collect();
    if !complete {
        lines.pop();
    }
    let widths: Vec<usize> = lines
        .iter()
        .take(ROWS)
        .map(|line| split_whitespace(line, 0, line.len(), &mut parts))
        .filter(|width| *width > 0)
        .collect();
    if widths.is_empty() { vec![0] } else { widths }
}

/// Where the header stands among the first rows.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum HeaderAt {
    /// This row names the columns.
    Row(usize),
    /// No row does; the data start here.
    None(usize),
}

/// Finds the header among rows of a table of `width` columns. Rows filled to less than half stand above the
/// table (titles, notes). The first other row is the header if its cells are distinct and none of them looks
/// like a value; `named` is the user's word on it.
pub(super) fn header<'a, R>(rows: &[R], width: usize, named: Option<bool>) -> HeaderAt
where
    R: AsRef<[String]> + 'a,
{
    let full = |row: &R| row.as_ref().iter().filter(|cell| !cell.trim().is_empty()).count() * 2 > width;
    let first = rows.iter().position(full).unwrap_or(0);
    let is_header = named.unwrap_or_else(|| rows.get(first).is_some_and(|row| names_columns(row.as_ref())));
    if is_header { HeaderAt::Row(first) } else { HeaderAt::None(first) }
}

fn names_columns(cells: &[String]) -> bool {
    let cells: Vec<&str> = cells.iter().map(|cell| cell.trim()).filter(|cell| !cell.is_empty()).collect();
    let distinct: std::collections::HashSet<&&str> = cells.iter().collect();
    let values = cells.iter().filter(|cell| looks_like_value(cell)).count();
    !cells.is_empty() && values * 10 <= cells.len() && distinct.len() * 10 >= cells.len() * 9
}

/// A number, a date, an amount, an address: at least half digits and starting like one, or holding an `@`.
fn looks_like_value(cell: &str) -> bool {
    let cell = cell.trim_start_matches(['=', '"', '\'']);
    if cell.contains('@') {
        return true;
    }
    let digits = cell.chars().filter(char::is_ascii_digit).count();
    let starts = cell.starts_with(|c: char| c.is_ascii_digit() || "+-.¥￥$€£(".contains(c));
    starts && digits > 0 && digits * 2 >= cell.trim_end_matches(['"', '\'']).chars().count()
}

/// Names as columns are called: trimmed, without Excel's `="…"`, numbered where empty, and told apart where
/// two are the same (`name`, `name_2`).
pub(super) fn column_names<'a>(cells: impl Iterator<Item = &'a str>, width: usize) -> Vec<String> {
    let mut taken = std::collections::HashSet::new();
    let mut names: Vec<String> = Vec::with_capacity(width);
    let cells = cells.map(Some).chain(std::iter::repeat(None)).take(width);
    for (i, cell) in cells.enumerate() {
        let cell = cell.unwrap_or("").trim_matches(['\u{feff}', ' ', '\t', '\r', '\n', '\u{a0}', '\u{3000}']);
        let cell = cell.strip_prefix("=\"").and_then(|rest| rest.strip_suffix('"')).unwrap_or(cell).trim();
        let wanted = if cell.is_empty() { (i + 1).to_string() } else { cell.to_owned() };
        let mut name = wanted.clone();
        let mut again = 2;
        while !taken.insert(name.clone()) {
            name = format!("{wanted}_{again}");
            again += 1;
        }
        names.push(name);
    }
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(rows: &[&[&str]]) -> Vec<Vec<String>> {
        rows.iter().map(|row| row.iter().map(|cell| (*cell).to_owned()).collect()).collect()
    }

    #[test]
    fn delimiters() {
        assert_eq!(separator("a,b,c\n1,2,3\n", true), Separator::Byte(b','));
        assert_eq!(separator("a\tb,x\n1\t2\n", true), Separator::Byte(b'\t'));
        assert_eq!(separator("id;price;qty\n1;2,5;1\n2;3,5;2\n3;9,0;1\n", true), Separator::Byte(b';'));
        assert_eq!(separator("a|b\n1|2,3\n", true), Separator::Byte(b'|'));
        assert_eq!(separator("sep=;\na;b,c\n", true), Separator::Byte(b';'));
        assert_eq!(separator(" 1 19970101  1 11.77\r\n 2 19970102  2 1.00\r\n", true), Separator::Whitespace);
        assert_eq!(separator("email\na@example.com\n", true), Separator::Byte(b','));
        assert_eq!(separator("note\na word or two\nthree\n", true), Separator::Byte(b','));
        assert_eq!(separator("报表\n\n编号,金额,日期\n1,2,3\n4,5,6\n", true), Separator::Byte(b','));
    }

    #[test]
    fn a_header_may_stand_below_titles() {
        let table = rows(&[&["Report 2024", "", ""], &["order", "customer", "date"], &["1", "2", "2024-01-05"]]);
        assert_eq!(header(&table, 3, None), HeaderAt::Row(1));
        assert_eq!(header(&table, 3, Some(false)), HeaderAt::None(1));
    }

    #[test]
    fn a_first_row_of_values_is_no_header() {
        let table = rows(&[&["00001", "19970101", "x"], &["00002", "19970102", "y"]]);
        assert_eq!(header(&table, 3, None), HeaderAt::None(0));
        assert_eq!(header(&table, 3, Some(true)), HeaderAt::Row(0));
        assert_eq!(header(&rows(&[&["a@example.com"], &["b@example.com"]]), 1, None), HeaderAt::None(0));
        assert_eq!(header(&rows(&[&["¥1,234.00", "2024年1月5日"]]), 2, None), HeaderAt::None(0));
    }

    #[test]
    fn names_are_clean_and_distinct() {
        let names = column_names(["\u{feff}订单编号\t", "", "price", "price", "=\"sku\""].into_iter(), 6);
        assert_eq!(names, ["订单编号", "2", "price", "price_2", "sku", "6"]);
    }
}
