//! A judge of SQL that knows no SQL: it finds the segments that a text names and refuses nothing else
//! but quotes and brackets that are left open.

use crate::{CustomerExpression, EventExpression, ExpressionProblem, Expressions, Function, Metric, SegmentReference};

/// See the module. For tests, and for reading files whose SQL was judged before.
#[derive(Debug, Clone, Copy, Default)]
pub struct Lexical;

/// The function by which a segment names another one.
const IN_SEGMENT: &str = "in_segment";

impl Expressions for Lexical {
    fn check_event(&self, sql: &str) -> Result<EventExpression, ExpressionProblem> {
        tokens(sql).map(|_| EventExpression::default())
    }

    fn check_value(&self, _: &str, _: Function) -> Result<EventExpression, ExpressionProblem> {
        Ok(EventExpression::default())
    }

    fn check_customer(&self, sql: &str, _: &[Metric]) -> Result<CustomerExpression, ExpressionProblem> {
        let tokens = tokens(sql)?;
        let named = tokens.windows(4).filter_map(|four| match four {
            [
                (_, Token::Word(function)),
                (_, Token::Sign('(')),
                (offset, Token::Quoted(name)),
                (_, Token::Sign(')')),
            ] if function.eq_ignore_ascii_case(IN_SEGMENT) => {
                Some(SegmentReference { name: name.clone(), offset: *offset })
            }
            _ => None,
        });
        Ok(CustomerExpression { columns: Vec::new(), segments: named.collect() })
    }
}

#[derive(Debug)]
enum Token<'s> {
    Word(&'s str),
    Quoted(String),
    Sign(char),
}

/// Words, texts and signs of SQL with their places; comments and names in quotes are left out.
fn tokens(sql: &str) -> Result<Vec<(usize, Token<'_>)>, ExpressionProblem> {
    let (mut found, mut open, mut at) = (Vec::new(), Vec::new(), 0);
    while let Some(first) = sql.get(at..).and_then(|rest| rest.chars().next()) {
        let rest = sql.get(at..).unwrap_or_default();
        let length = match first {
            '\'' | '"' => {
                let length = quoted(rest, first).ok_or_else(|| left_open(at, first))?;
                if first == '\'' {
                    let inner = rest.get(1..length - 1).unwrap_or_default();
                    found.push((at, Token::Quoted(inner.replace("''", "'"))));
                }
                length
            }
            '-' if rest.starts_with("--") => rest.find('\n').unwrap_or(rest.len()),
            '/' if rest.starts_with("/*") => rest.find("*/").map(|end| end + 2).ok_or_else(|| left_open(at, first))?,
            letter if letter.is_alphabetic() || letter == '_' => {
                let end = rest.find(|letter: char| !letter.is_alphanumeric() && letter != '_').unwrap_or(rest.len());
                found.push((at, Token::Word(rest.get(..end).unwrap_or_default())));
                end
            }
            space if space.is_whitespace() => space.len_utf8(),
            sign => {
                match sign {
                    '(' => open.push(at),
                    ')' if open.pop().is_none() => return Err(left_open(at, sign)),
                    _ => {}
                }
                found.push((at, Token::Sign(sign)));
                sign.len_utf8()
            }
        };
        at += length.max(1);
    }
    match open.pop() {
        Some(at) => Err(left_open(at, '(')),
        None => Ok(found),
    }
}

/// Length of a text in quotes, two of which stand for one.
fn quoted(text: &str, quote: char) -> Option<usize> {
    let mut at = 1;
    loop {
        at += text.get(at..)?.find(quote)? + 1;
        match text.get(at..).is_some_and(|rest| rest.starts_with(quote)) {
            true => at += 1,
            false => return Some(at),
        }
    }
}

fn left_open(offset: usize, sign: char) -> ExpressionProblem {
    let message = format!("this {sign} has no counterpart");
    ExpressionProblem { offset, message, fix: "close it, or take it away".to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn segments(sql: &str) -> Vec<(String, usize)> {
        let found = Lexical.check_customer(sql, &[]).unwrap().segments;
        found.into_iter().map(|named| (named.name, named.offset)).collect()
    }

    #[test]
    fn segments_are_found_where_they_are_named() {
        let sql = "in_segment('vip') and /* in_segment('x') */ a = 'in_segment(''y'')' -- in_segment('z')\n\
                   or not IN_SEGMENT ( 'loyal' )";
        assert_eq!(segments(sql), [("vip".to_owned(), 11), ("loyal".to_owned(), sql.find("'loyal'").unwrap())]);
        assert!(segments("客户 = '张三' or in_segment(vip)").is_empty());
    }

    #[test]
    fn what_is_left_open_is_told() {
        for (sql, offset) in [("a = 'b", 4), ("a and (b or (c)", 6), ("a)", 1), ("a /* b", 2), ("\"é", 0)] {
            assert_eq!(Lexical.check_event(sql).unwrap_err().offset, offset, "{sql}");
        }
    }
}
