//! How large a statement may be: what is nested in it is walked by recursion, on a stack that ends.

use crate::QueryError;
use datafusion::sql::sqlparser::dialect::PostgreSqlDialect;
use datafusion::sql::sqlparser::keywords::Keyword;
use datafusion::sql::sqlparser::tokenizer::{Token, Tokenizer};

/// A statement may have so many bytes.
pub const MAX_STATEMENT_BYTES: usize = 100_000;
/// And so many operators, for `1 + 1 + …` is as deep as it is long. A list of values has none.
pub const MAX_OPERATORS: usize = 1_000;

/// Words that put one part of a statement into another.
const OPERATORS: [Keyword; 13] = [
    Keyword::AND,
    Keyword::OR,
    Keyword::NOT,
    Keyword::IS,
    Keyword::IN,
    Keyword::LIKE,
    Keyword::ILIKE,
    Keyword::BETWEEN,
    Keyword::UNION,
    Keyword::EXCEPT,
    Keyword::INTERSECT,
    Keyword::JOIN,
    Keyword::AT,
];

/// Refuses what is too large to be read.
///
/// # Errors
/// [`QueryError::TooLarge`], and [`QueryError::Syntax`] where a quote is not closed.
pub fn check_size(sql: &str) -> Result<(), QueryError> {
    let too_large = |found: usize, what: &'static str, most: usize| QueryError::TooLarge { found, what, most };
    if sql.len() > MAX_STATEMENT_BYTES {
        return Err(too_large(sql.len(), "bytes", MAX_STATEMENT_BYTES));
    }
    let tokens = Tokenizer::new(&PostgreSqlDialect {}, sql).tokenize();
    let tokens = tokens.map_err(|problem| QueryError::Syntax { reason: problem.to_string().to_lowercase() })?;
    let operators = tokens.iter().filter(|token| is_operator(token)).count();
    if operators > MAX_OPERATORS {
        return Err(too_large(operators, "operators", MAX_OPERATORS));
    }
    Ok(())
}

fn is_operator(token: &Token) -> bool {
    match token {
        Token::Word(word) => OPERATORS.contains(&word.keyword),
        Token::Comma
        | Token::Period
        | Token::SemiColon
        | Token::LParen
        | Token::RParen
        | Token::RBracket
        | Token::Whitespace(_)
        | Token::Number(..)
        | Token::Placeholder(_)
        | Token::Char(_)
        | Token::EOF => false,
        Token::SingleQuotedString(_)
        | Token::EscapedStringLiteral(_)
        | Token::NationalStringLiteral(_)
        | Token::DollarQuotedString(_)
        | Token::UnicodeStringLiteral(_)
        | Token::HexStringLiteral(_) => false,
        _ => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_lists_are_fine_and_deep_chains_are_not() {
        let list = |count: usize| format!("SELECT * FROM events WHERE name IN ({}1)", "'x', ".repeat(count));
        assert!(check_size(&list(10_000)).is_ok());
        assert!(matches!(check_size(&list(30_000)), Err(QueryError::TooLarge { what: "bytes", .. })));
        for link in ["1+", "1 or ", "1::int-", "not ", "1 union select ", "x->", "x[1] ||"] {
            let chain = format!("SELECT {}1", link.repeat(MAX_OPERATORS + 1));
            assert!(matches!(check_size(&chain), Err(QueryError::TooLarge { what: "operators", .. })), "{link}");
        }
        assert!(matches!(check_size("SELECT 'never closed"), Err(QueryError::Syntax { .. })));
    }
}
