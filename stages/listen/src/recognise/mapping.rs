//! Corrections by the user: `--map field=column`.

use super::field::Field;
use super::names::normalise;
use crate::ListenError;

/// One correction.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Mapping {
    text: String,
    pub(crate) field: Field,
    /// Name or 1-based number; none takes the field away.
    pub(crate) column: Option<String>,
}

impl Mapping {
    /// Reads `field=column`, where the column is a name or a number from 1; `field=` unsets.
    pub(crate) fn parse(text: &str) -> Result<Self, ListenError> {
        let (word, column) = text.split_once('=').ok_or_else(|| ListenError::MapForm { text: text.to_owned() })?;
        let field = Field::parse(word).ok_or_else(|| ListenError::MapField {
            text: text.to_owned(),
            word: word.trim().to_owned(),
            known: Field::ALL.map(Field::word).join(", "),
        })?;
        let column = Some(column.trim().to_owned()).filter(|column| !column.is_empty());
        Ok(Self { text: text.to_owned(), field, column })
    }

    /// The column among these, see [`find_column`].
    pub(crate) fn find(&self, header: &[String]) -> Option<usize> {
        find_column(self.column.as_deref()?, header)
    }

    /// That no file has the column.
    pub(crate) fn not_found(&self, headers: &[&[String]]) -> ListenError {
        let columns = headers.iter().map(|header| listed(header)).collect::<Vec<_>>().join("; ");
        ListenError::MapColumn { text: self.text.clone(), column: self.column.clone().unwrap_or_default(), columns }
    }
}

/// A column, counted from 0: by exact name, by normalised name, then by number from 1.
pub(crate) fn find_column(wanted: &str, header: &[String]) -> Option<usize> {
    let normal = normalise(wanted);
    header
        .iter()
        .position(|name| name == wanted)
        .or_else(|| header.iter().position(|name| !normal.is_empty() && normalise(name) == normal))
        .or_else(|| wanted.parse::<usize>().ok()?.checked_sub(1).filter(|index| *index < header.len()))
}

/// Column names for an error message, with their numbers; at most forty.
pub(crate) fn listed(header: &[String]) -> String {
    const MOST: usize = 40;
    let mut out =
        header.iter().take(MOST).enumerate().map(|(index, name)| format!("{} {name}", index + 1)).collect::<Vec<_>>();
    if header.len() > MOST {
        out.push(format!("and {} more", header.len() - MOST));
    }
    out.join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_column_is_found_by_name_or_number() {
        let header = ["Order ID".to_owned(), "客户编号".to_owned(), "7".to_owned()];
        let find = |text: &str| Mapping::parse(text).unwrap().find(&header);
        assert_eq!(find("order=Order ID"), Some(0));
        assert_eq!(find("order=order_id"), Some(0));
        assert_eq!(find("member=客户编号"), Some(1));
        assert_eq!(find("member=2"), Some(1));
        assert_eq!(find("member=7"), Some(2));
        assert_eq!(find("member=4"), None);
        assert_eq!(Mapping::parse("member=").unwrap().column, None);
    }

    #[test]
    fn a_wrong_field_is_named_with_those_that_exist() {
        let message = Mapping::parse("colour=3").unwrap_err().to_string();
        assert!(message.contains("\"colour\"") && message.contains("order_amount"), "{message}");
        assert!(Mapping::parse("time").unwrap_err().to_string().contains("field=column"));
    }
}
