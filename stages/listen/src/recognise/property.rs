//! Columns kept under a name and a type of the user's own: `--property name=column:type`.

use super::mapping::{find_column, listed};
use super::{Field, RecogniseOptions, Recognition, Why};
use crate::ListenError;
use crate::read::Source;
use crate::value::{Decimal, NumberStyle, clean, is_none, parse_decimal, truth};
use perennial_model::{PropertySpec, PropertyType};

/// What import itself keeps among the properties of an event: under the same name a row would have
/// it twice, or with a type that figures cannot be cut by.
const TAKEN: [Field; 4] = [Field::Store, Field::Staff, Field::Category, Field::ItemName];
/// Bytes of a property's name.
const MAX_NAME_BYTES: usize = 63;
/// Words of the types, on the command line and in what is shown: the type, English, Chinese.
const TYPES: [(PropertyType, &str, &str); 4] = [
    (PropertyType::Text, "text", "文本"),
    (PropertyType::Integer, "integer", "整数"),
    (PropertyType::Number, "number", "数字"),
    (PropertyType::Boolean, "boolean", "布尔值"),
];

/// The word of a type: English, Chinese.
#[must_use]
pub fn type_word(property_type: PropertyType) -> (&'static str, &'static str) {
    let found = TYPES.iter().find(|(known, ..)| *known == property_type);
    found.map_or(("", ""), |(_, english, chinese)| (english, chinese))
}

/// A column of a file that is kept as a property.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PropertyColumn {
    /// Name and type.
    pub spec: PropertySpec,
    /// The column, counted from 0.
    pub column: usize,
    /// Its name in the file.
    pub name: String,
    /// Why it has this type.
    pub why: Why,
    /// How its numbers are written.
    pub number_style: NumberStyle,
}

/// One `--property`.
struct Wanted {
    text: String,
    name: String,
    column: String,
    property_type: Option<PropertyType>,
}

impl Wanted {
    fn parse(text: &str) -> Result<Self, ListenError> {
        let wrong = |reason: String| ListenError::Property { text: text.to_owned(), reason };
        let (name, rest) = text.split_once('=').ok_or_else(|| {
            wrong("write it as name=column or name=column:type, for example size=\"Shoe size\":number".to_owned())
        })?;
        let (name, rest) = (name.trim(), rest.trim());
        let fits =
            |letter: char| letter == '_' || letter.is_numeric() || letter.is_alphabetic() && !letter.is_uppercase();
        let starts = name.starts_with(|letter: char| !letter.is_numeric());
        if !starts || name.len() > MAX_NAME_BYTES || !name.chars().all(fits) {
            return Err(wrong(format!(
                "{name:?} is no name: use lower-case letters, digits and _, the first no digit"
            )));
        }
        if TAKEN.iter().any(|field| field.word() == name) {
            return Err(wrong(format!(
                "{name} is kept anyway: say which column it is with --map {name}=COLUMN, or choose another name"
            )));
        }
        let typed = rest.rsplit_once(':').and_then(|(column, word)| {
            let (property_type, ..) = TYPES.iter().find(|(_, known, _)| *known == word.trim())?;
            Some((column.trim(), *property_type))
        });
        let column = typed.map_or(rest, |(column, _)| column);
        if column.is_empty() {
            return Err(wrong("it names no column".to_owned()));
        }
        let property_type = typed.map(|(_, property_type)| property_type);
        Ok(Self { text: text.to_owned(), name: name.to_owned(), column: column.to_owned(), property_type })
    }

    /// The type and why: as said, as declared before, else as all cells are.
    fn decide(
        &self,
        known: &[PropertySpec],
        cells: &[&str],
        style: NumberStyle,
    ) -> Result<(PropertyType, Why), ListenError> {
        let known = known.iter().find(|spec| spec.name == self.name).map(|spec| spec.property_type);
        match (self.property_type, known) {
            (Some(said), Some(known)) if said != known => Err(ListenError::Property {
                text: self.text.clone(),
                reason: format!(
                    "{} is declared as {} in this data directory: leave the type away or choose another name",
                    self.name,
                    type_word(known).0
                ),
            }),
            (Some(said), _) => Ok((said, Why::Mapped)),
            (None, Some(known)) => Ok((known, Why::Declared)),
            (None, None) => Ok((guess(cells, style), Why::Content)),
        }
    }
}

/// The narrowest type that every cell fits; text where there is none.
fn guess(cells: &[&str], style: NumberStyle) -> PropertyType {
    let all = |fits: &dyn Fn(&str) -> bool| !cells.is_empty() && cells.iter().all(|cell| fits(cell));
    // 00123 is an id: as a number it would lose its zeros.
    let is_padded =
        |cell: &str| cell.len() > 1 && cell.starts_with('0') && cell.bytes().all(|byte| byte.is_ascii_digit());
    if all(&|cell| truth(cell).is_some() && parse_decimal(cell, style).is_err()) {
        PropertyType::Boolean
    } else if cells.iter().any(|cell| is_padded(cell)) {
        PropertyType::Text
    } else if all(&|cell| parse_decimal(cell, style).ok().and_then(whole).is_some()) {
        PropertyType::Integer
    } else if all(&|cell| parse_decimal(cell, style).is_ok_and(is_exact)) {
        PropertyType::Number
    } else {
        PropertyType::Text
    }
}

/// Whether a float keeps all digits.
const fn is_exact(number: Decimal) -> bool {
    number.mantissa.unsigned_abs() < 1_000_000_000_000_000
}

/// A whole number of 64 bits.
pub(crate) fn whole(number: Decimal) -> Option<i64> {
    let unit = 10_i128.checked_pow(number.scale)?;
    (number.mantissa % unit == 0).then(|| i64::try_from(number.mantissa / unit).ok()).flatten()
}

/// Finds the columns of all `--property` in all files, and gives each its type.
pub(super) fn find(
    recognitions: &mut [Recognition],
    sources: &[Source],
    samples: &[Vec<Vec<String>>],
    options: &RecogniseOptions,
) -> Result<(), ListenError> {
    let wanted: Vec<Wanted> = options.properties.iter().map(|text| Wanted::parse(text)).collect::<Result<_, _>>()?;
    for (index, property) in wanted.iter().enumerate() {
        if wanted.iter().take(index).any(|other| other.name == property.name) {
            let reason = format!("{} is named twice", property.name);
            return Err(ListenError::Property { text: property.text.clone(), reason });
        }
        let columns: Vec<Option<usize>> =
            sources.iter().map(|source| find_column(&property.column, source.header())).collect();
        if columns.iter().all(Option::is_none) {
            return Err(not_found(property, sources));
        }
        let cells: Vec<&str> = columns
            .iter()
            .zip(samples)
            .filter_map(|(column, sample)| Some((column.as_ref()?, sample)))
            .flat_map(|(column, sample)| sample.iter().filter_map(|row| row.get(*column)).map(|cell| clean(cell)))
            .filter(|cell| !is_none(cell))
            .collect();
        let number_style = NumberStyle::guess(cells.iter().copied());
        let (property_type, why) = property.decide(&options.declared, &cells, number_style)?;
        let spec = PropertySpec { name: property.name.clone(), property_type };
        for ((recognition, column), source) in recognitions.iter_mut().zip(columns).zip(sources) {
            if let Some((column, name)) = column.and_then(|column| Some((column, source.header().get(column)?.clone())))
            {
                recognition.left.retain(|(left, _)| *left != column);
                recognition.properties.push(PropertyColumn { spec: spec.clone(), column, name, why, number_style });
            }
        }
    }
    Ok(())
}

fn not_found(property: &Wanted, sources: &[Source]) -> ListenError {
    let columns = sources.iter().map(|source| listed(source.header())).collect::<Vec<_>>().join("; ");
    let types = TYPES.map(|(_, word, _)| word).join(", ");
    let reason = format!("no file has a column {:?} (columns: {columns}; types: {types})", property.column);
    ListenError::Property { text: property.text.clone(), reason }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn guessed(cells: &[&str]) -> PropertyType {
        guess(cells, NumberStyle::guess(cells.iter().copied()))
    }

    #[test]
    fn a_type_holds_for_every_cell_or_it_is_text() {
        assert_eq!(guessed(&["1", "42", "-7", "1,234", "5.0"]), PropertyType::Integer);
        assert_eq!(guessed(&["1", "2.5"]), PropertyType::Number);
        assert_eq!(guessed(&["1,5", "2,25"]), PropertyType::Number);
        assert_eq!(guessed(&["yes", "No"]), PropertyType::Boolean);
        assert_eq!(guessed(&["是", "否"]), PropertyType::Boolean);
        // Zero and one may count something.
        assert_eq!(guessed(&["0", "1"]), PropertyType::Integer);
        for cells in [&["1", "red"][..], &["00123", "00456"], &["yes", "2"], &["99999999999999999999"], &["1E+18"], &[]]
        {
            assert_eq!(guessed(cells), PropertyType::Text, "{cells:?}");
        }
    }

    #[test]
    fn a_column_may_hold_a_colon_and_a_name_is_plain() {
        let wanted = Wanted::parse("delay = Time: promised:integer").unwrap();
        assert_eq!((wanted.name.as_str(), wanted.column.as_str()), ("delay", "Time: promised"));
        assert_eq!(wanted.property_type, Some(PropertyType::Integer));
        let untyped = Wanted::parse("颜色=color:way").unwrap();
        assert_eq!((untyped.column.as_str(), untyped.property_type), ("color:way", None));
        for text in ["color", "Color=c", "1st=c", "a b=c", "=c", "a=", "a=:text", "a\"b=c"] {
            assert!(Wanted::parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn what_figures_are_cut_by_is_mapped_and_no_property_of_another_kind() {
        for name in ["store", "staff", "category", "item_name"] {
            let Err(refused) = Wanted::parse(&format!("{name}=Till:integer")) else { panic!("{name}") };
            assert!(refused.to_string().contains(&format!("--map {name}=COLUMN")), "{refused}");
        }
    }
}
