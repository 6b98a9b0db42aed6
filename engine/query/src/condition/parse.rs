//! The parts of a condition, each with its place in the text.
//!
//! Groups, `and`, `or` and `not` are taken apart here, with the precedence that the parser gives them; what
//! lies between is read by the parser itself. Its own tree knows only roughly where a part stands.

use crate::problem::{problem, said_by_parser};
use crate::size::check_size;
use datafusion::sql::sqlparser::ast::Expr;
use datafusion::sql::sqlparser::dialect::{Dialect, GenericDialect, Precedence};
use datafusion::sql::sqlparser::keywords::Keyword;
use datafusion::sql::sqlparser::parser::{Parser, ParserError};
use datafusion::sql::sqlparser::tokenizer::{Token, TokenWithSpan, Tokenizer, Whitespace};
use perennial_definitions::ExpressionProblem;
use std::ops::Range;

/// Groups and negations within one another; the engine reads no deeper.
const MAX_DEPTH: usize = 50;
/// The dialect of the engine when nobody says another.
const DIALECT: GenericDialect = GenericDialect {};

type Result<T> = std::result::Result<T, ExpressionProblem>;

/// A condition taken apart.
pub(super) struct Parsed {
    pub(super) root: Node,
    pub(super) has_comments: bool,
}

/// A part with its bytes in the text, brackets around it left out.
#[derive(Debug)]
pub(super) struct Node {
    pub(super) range: Range<usize>,
    pub(super) part: Part,
}

#[derive(Debug)]
pub(super) enum Part {
    All(Vec<Node>),
    Any(Vec<Node>),
    Not { part: Box<Node>, unknown_too: bool },
    Leaf(Box<Expr>),
}

impl Parsed {
    pub(super) fn of(sql: &str) -> Result<Self> {
        let tokens = Tokenizer::new(&DIALECT, sql).tokenize_with_location();
        let tokens = tokens.map_err(|error| misread(sql, &ParserError::from(error)))?;
        check_size(sql).map_err(|error| problem(0, error.to_string(), "make segments of parts, and name those"))?;
        let is_comment = |token: &TokenWithSpan| {
            use Whitespace::{MultiLineComment, SingleLineComment};
            matches!(token.token, Token::Whitespace(SingleLineComment { .. } | MultiLineComment(_)))
        };
        let has_comments = tokens.iter().any(is_comment);
        let mut parser = Parser::new(&DIALECT).with_tokens_with_locations(tokens.clone());
        let mut reader =
            Descent { sql, starts: starts(sql, &tokens), closing: closing(&tokens), tokens, parser: &mut parser };
        let root = reader.any(MAX_DEPTH)?;
        reader.end_of(&Token::EOF, "the end")?;
        Ok(Self { root, has_comments })
    }
}

/// What the parser says, with its place.
fn misread(sql: &str, error: &ParserError) -> ExpressionProblem {
    let reason = match error {
        ParserError::TokenizerError(reason) | ParserError::ParserError(reason) => reason.as_str(),
        ParserError::RecursionLimitExceeded => return too_deep(0),
    };
    said_by_parser(sql, reason)
}

fn too_deep(offset: usize) -> ExpressionProblem {
    problem(offset, "conditions lie too deep within one another", "make a segment of a part, and name that")
}

/// Where each token begins, in bytes.
fn starts(sql: &str, tokens: &[TokenWithSpan]) -> Vec<usize> {
    let (mut line, mut column) = (1, 1);
    let mut tokens = tokens.iter().peekable();
    let mut starts = Vec::with_capacity(tokens.len());
    for (byte, letter) in sql.char_indices() {
        while tokens.next_if(|token| (token.span.start.line, token.span.start.column) <= (line, column)).is_some() {
            starts.push(byte);
        }
        (line, column) = if letter == '\n' { (line + 1, 1) } else { (line, column + 1) };
    }
    starts.extend(tokens.map(|_| sql.len()));
    starts
}

/// For each bracket that opens, the token that closes it.
fn closing(tokens: &[TokenWithSpan]) -> Vec<Option<usize>> {
    let (mut closing, mut open) = (vec![None; tokens.len()], Vec::new());
    for (place, token) in tokens.iter().enumerate() {
        match token.token {
            Token::LParen => open.push(place),
            Token::RParen => {
                if let Some(closed) = open.pop().and_then(|opened: usize| closing.get_mut(opened)) {
                    *closed = Some(place);
                }
            }
            _ => {}
        }
    }
    closing
}

/// What is said of a group behind its bracket.
enum Behind {
    Nothing,
    IsNotTrue,
}

struct Descent<'a, 'p> {
    sql: &'a str,
    tokens: Vec<TokenWithSpan>,
    starts: Vec<usize>,
    closing: Vec<Option<usize>>,
    parser: &'a mut Parser<'p>,
}

impl Descent<'_, '_> {
    fn any(&mut self, left: usize) -> Result<Node> {
        self.joined(Keyword::OR, left, Self::all, Part::Any)
    }

    fn all(&mut self, left: usize) -> Result<Node> {
        self.joined(Keyword::AND, left, Self::negated, Part::All)
    }

    fn joined(
        &mut self,
        word: Keyword,
        left: usize,
        operand: fn(&mut Self, usize) -> Result<Node>,
        group: fn(Vec<Node>) -> Part,
    ) -> Result<Node> {
        let from = self.next();
        let first = operand(self, left)?;
        let mut parts = vec![first];
        while self.parser.parse_keyword(word) {
            parts.push(operand(self, left)?);
        }
        match parts.pop() {
            Some(only) if parts.is_empty() => Ok(only),
            last => {
                parts.extend(last);
                Ok(Node { range: self.range(from), part: group(parts) })
            }
        }
    }

    fn negated(&mut self, left: usize) -> Result<Node> {
        let from = self.next();
        let deeper = left.checked_sub(1).ok_or_else(|| too_deep(self.start(from)))?;
        if self.parser.parse_keyword(Keyword::NOT) {
            let part = Box::new(self.negated(deeper)?);
            return Ok(Node { range: self.range(from), part: Part::Not { part, unknown_too: false } });
        }
        match self.group(from) {
            Some(behind) => {
                self.parser.next_token();
                let inner = self.any(deeper)?;
                self.end_of(&Token::RParen, ")")?;
                if matches!(behind, Behind::Nothing) {
                    return Ok(inner);
                }
                let is_said = self.parser.parse_keywords(&[Keyword::IS, Keyword::NOT, Keyword::TRUE]);
                debug_assert!(is_said, "it was seen behind the bracket");
                let part = Part::Not { part: Box::new(inner), unknown_too: true };
                Ok(Node { range: self.range(from), part })
            }
            None => {
                let tightness = DIALECT.prec_value(Precedence::UnaryNot);
                let expression = self.parser.parse_subexpr(tightness).map_err(|error| misread(self.sql, &error))?;
                Ok(Node { range: self.range(from), part: Part::Leaf(Box::new(expression)) })
            }
        }
    }

    /// Whether the bracket here encloses a whole operand, and is no part of a comparison.
    fn group(&self, from: usize) -> Option<Behind> {
        let close = self.closing.get(from).copied().flatten()?;
        let mut behind = (close + 1..self.tokens.len()).filter_map(|place| {
            let token = &self.tokens.get(place)?.token;
            (!matches!(token, Token::Whitespace(_))).then_some(token)
        });
        let mut next = || match behind.next() {
            Some(Token::Word(word)) => Some(Some(word.keyword)),
            Some(Token::RParen) | None => None,
            Some(_) => Some(None),
        };
        match next() {
            None | Some(Some(Keyword::AND | Keyword::OR)) => Some(Behind::Nothing),
            Some(Some(Keyword::IS)) => {
                let is_so = next() == Some(Some(Keyword::NOT)) && next() == Some(Some(Keyword::TRUE));
                (is_so && matches!(next(), None | Some(Some(Keyword::AND | Keyword::OR)))).then_some(Behind::IsNotTrue)
            }
            _ => None,
        }
    }

    fn end_of(&mut self, token: &Token, what: &str) -> Result<()> {
        let from = self.next();
        if self.parser.next_token().token == *token {
            return Ok(());
        }
        let found = self.tokens.get(from).map_or_else(|| "the end".to_owned(), |found| found.token.to_string());
        let message = format!("the condition is not understood (expected {what}, found {found})");
        Err(problem(self.start(from), message, "write it as in SQL's where"))
    }

    /// The next token that says something.
    fn next(&self) -> usize {
        let is_space = |token: &TokenWithSpan| matches!(token.token, Token::Whitespace(_));
        let place = self.parser.index();
        place + self.tokens.iter().skip(place).take_while(|token| is_space(token)).count()
    }

    fn start(&self, token: usize) -> usize {
        self.starts.get(token).copied().unwrap_or(self.sql.len())
    }

    /// From a token to the last that was read.
    fn range(&self, from: usize) -> Range<usize> {
        let read = self.tokens.get(..self.parser.index()).unwrap_or(&self.tokens);
        let last = read.iter().rposition(|token| !matches!(token.token, Token::Whitespace(_)));
        self.start(from)..self.start(last.map_or(from, |last| last + 1))
    }
}
