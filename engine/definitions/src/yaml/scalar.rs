//! What a scalar is by YAML's core schema (yaml.org/spec/1.2.2, 10.3.2).

use granit_parser::ScalarStyle;

/// See the module.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Null,
    Bool(bool),
    Number,
    Text,
}

impl Kind {
    pub(crate) const fn described(self) -> &'static str {
        match self {
            Self::Null => "empty",
            Self::Bool(_) => "true or false",
            Self::Number => "a number",
            Self::Text => "text",
        }
    }
}

/// What a scalar is: in quotes or as a block always text.
pub(crate) fn kind(text: &str, style: ScalarStyle) -> Kind {
    if style != ScalarStyle::Plain {
        return Kind::Text;
    }
    match text {
        "" | "~" | "null" | "Null" | "NULL" => Kind::Null,
        "true" | "True" | "TRUE" => Kind::Bool(true),
        "false" | "False" | "FALSE" => Kind::Bool(false),
        _ if is_number(text) => Kind::Number,
        _ => Kind::Text,
    }
}

fn is_number(text: &str) -> bool {
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    if matches!(unsigned, ".inf" | ".Inf" | ".INF") || matches!(text, ".nan" | ".NaN" | ".NAN") {
        return true;
    }
    let based = |prefix, radix| {
        let digits: Option<&str> = text.strip_prefix(prefix);
        digits.is_some_and(|digits| !digits.is_empty() && digits.chars().all(|digit| digit.is_digit(radix)))
    };
    let decimal = unsigned.starts_with(|first: char| first.is_ascii_digit() || first == '.')
        && unsigned.contains(|letter: char| letter.is_ascii_digit());
    based("0o", 8) || based("0x", 16) || (decimal && unsigned.parse::<f64>().is_ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_words_are_what_the_core_schema_says() {
        let plain = |text| kind(text, ScalarStyle::Plain);
        for number in ["1", "-0.5", "+3", ".5", "5.", "1e9", "0x1F", "0o17", "-.inf", ".nan"] {
            assert_eq!(plain(number), Kind::Number, "{number}");
        }
        for text in ["90d", "1.2.3", "yes", "e9", ".", "+", "0x", "inf", "nan", "1 2", "2024-01-01"] {
            assert_eq!(plain(text), Kind::Text, "{text}");
        }
        assert_eq!((plain("~"), plain("True"), plain("")), (Kind::Null, Kind::Bool(true), Kind::Null));
        assert_eq!(kind("1", ScalarStyle::DoubleQuoted), Kind::Text);
        assert_eq!(kind("", ScalarStyle::SingleQuoted), Kind::Text);
    }
}
