//! A Pratt parser: each operator says how tightly it binds, and everything else is a function per
//! construct.
//!
//! Errors have the text and the place they have in Prometheus. What is merely wrong is noted and
//! read over; what cannot be read on stops. The first error counts.

mod aggregate;
mod binary;
mod check;
mod duration;
mod error;
mod modifiers;
mod primary;
mod selector;
#[cfg(test)]
mod tests;

use model::{Labels, Matcher};

pub use error::ParseError;

use crate::ast::{BinaryOp, Expr, ExprKind, TextRange, UnaryOp};
use crate::lexer::{Lexer, Token, TokenKind, describe};

/// How many constructs may be open at once, so that no query can exhaust the parser's stack.
const NESTING_MAX: usize = 100;

/// How many levels a tree may have, so that none can exhaust the stack of whoever walks it. Chains
/// of operators are what makes trees high without nesting.
const HEIGHT_MAX: usize = 256;

/// Longer queries are refused.
const QUERY_BYTES_MAX: usize = 1 << 20;

/// Parses and type-checks a query.
///
/// # Errors
/// The first error, with its place.
pub fn parse(query: &str) -> Result<Expr, ParseError> {
    let mut parser = Parser::new(query)?;
    let parsed = parser.whole_expression();
    let expr = parser.finish(parsed)?;
    check::check(query, expr)
}

/// Parses a selector such as the API's `match[]` holds: `up{job="api"}`.
///
/// # Errors
/// The first error, with its place.
pub fn parse_selector(query: &str) -> Result<Vec<Matcher>, ParseError> {
    let mut parser = Parser::new(query)?;
    let parsed = parser.whole_selector();
    parser.finish(parsed)
}

/// Parses the labels of one series, `up{job="api"}`, at the start of a text; gives the rest too.
///
/// # Errors
/// The first error, with its place.
pub(crate) fn parse_series_labels(text: &str) -> Result<(Labels, &str), ParseError> {
    let mut parser = Parser::new(text)?;
    let parsed = parser.series_labels();
    let (labels, end) = parser.finish(parsed)?;
    Ok((labels, &text[end..]))
}

/// The parser cannot go on; the error is noted.
#[derive(Debug)]
struct Stop;

struct Parser<'q> {
    query: &'q str,
    lexer: Lexer<'q>,
    /// The next word.
    token: Token,
    /// Where the last word ended.
    last_end: u32,
    error: Option<ParseError>,
    /// How many constructs are open.
    depth: usize,
    /// How many levels the expression that was read last has.
    height: usize,
    /// Whoever asked words the error itself.
    is_quiet: bool,
    /// How many aggregations are open; errors within them say so.
    aggregations: usize,
}

impl<'q> Parser<'q> {
    fn new(query: &'q str) -> Result<Self, ParseError> {
        if query.len() > QUERY_BYTES_MAX {
            let message = format!("the query is longer than {QUERY_BYTES_MAX} bytes");
            return Err(ParseError::new(query, TextRange::default(), message));
        }
        let end = Token { kind: TokenKind::Eof, range: TextRange::default() };
        let lexer = Lexer::new(query);
        let mut parser = Parser {
            query,
            lexer,
            token: end,
            last_end: 0,
            error: None,
            depth: 0,
            height: 0,
            is_quiet: false,
            aggregations: 0,
        };
        parser.advance();
        Ok(parser)
    }

    fn finish<T>(self, parsed: Result<T, Stop>) -> Result<T, ParseError> {
        match (self.error, parsed) {
            (None, Ok(parsed)) => Ok(parsed),
            (Some(error), _) => Err(error),
            (None, Err(Stop)) => {
                Err(ParseError::new(self.query, self.token.range, "unexpected error".to_owned()))
            }
        }
    }

    fn whole_expression(&mut self) -> Result<Expr, Stop> {
        if self.token.kind == TokenKind::Eof {
            let message = "no expression found in input".to_owned();
            return Err(self.stop(TextRange::default(), message));
        }
        let expr = self.expression(0)?;
        self.end_of_input()?;
        Ok(expr)
    }

    fn end_of_input(&mut self) -> Result<(), Stop> {
        if self.token.kind == TokenKind::Eof { Ok(()) } else { Err(self.unexpected()) }
    }

    /// An expression whose operators all bind at least as tightly as `precedence`.
    fn expression(&mut self, precedence: u8) -> Result<Expr, Stop> {
        self.nest(|parser| {
            let mut lhs = parser.operand()?;
            while let TokenKind::Op(op) = parser.token.kind {
                if op.precedence() < precedence {
                    break;
                }
                lhs = parser.binary(lhs, op)?;
            }
            Ok(lhs)
        })
    }

    /// An operand with its sign and its modifiers.
    fn operand(&mut self) -> Result<Expr, Stop> {
        let op = match self.token.kind {
            TokenKind::Op(BinaryOp::Add) => UnaryOp::Plus,
            TokenKind::Op(BinaryOp::Sub) => UnaryOp::Minus,
            _ => {
                let primary = self.primary()?;
                return self.modifiers(primary);
            }
        };
        let start = self.advance().range;
        // A sign binds like a product: what binds more tightly belongs to its operand.
        let operand = self.expression(BinaryOp::Pow.precedence())?;
        let range = start.to(operand.range);
        self.grow(self.height)?;
        Ok(match operand.kind {
            ExprKind::Number(mut number) => {
                if op == UnaryOp::Minus {
                    number.value = -number.value;
                }
                Expr { range, kind: ExprKind::Number(number) }
            }
            kind => {
                let operand = Expr { range: operand.range, kind };
                Expr { range, kind: ExprKind::Unary(op, Box::new(operand)) }
            }
        })
    }

    /// Runs `parse` one level deeper.
    fn nest<T>(&mut self, parse: impl FnOnce(&mut Self) -> Result<T, Stop>) -> Result<T, Stop> {
        if self.depth >= NESTING_MAX {
            let message = format!("expressions nest more than {NESTING_MAX} levels deep");
            return Err(self.stop(self.token.range, message));
        }
        self.depth += 1;
        let parsed = parse(self);
        self.depth -= 1;
        parsed
    }

    /// What was read last has parts of `height` levels; a chain of operators makes the tree as deep
    /// as parentheses do.
    fn grow(&mut self, height: usize) -> Result<(), Stop> {
        self.height = height + 1;
        if self.height <= HEIGHT_MAX {
            return Ok(());
        }
        let message = format!("more than {HEIGHT_MAX} operators depend on each other");
        Err(self.stop(self.token.range, message))
    }

    /// Takes the next word and looks at the one after it.
    fn advance(&mut self) -> Token {
        let taken = self.token;
        self.last_end = taken.range.end;
        self.token = self.lexer.next();
        if self.token.kind == TokenKind::Error {
            let message = self.lexer.take_message();
            let range = TextRange::new(self.token.range.start as usize, self.query.len());
            self.note(range, message);
        }
        taken
    }

    /// Takes the next word if it is of this kind.
    fn take(&mut self, kind: TokenKind) -> Option<Token> {
        (self.token.kind == kind).then(|| self.advance())
    }

    /// Takes the next word, which must be of this kind.
    fn expect(&mut self, kind: TokenKind) -> Result<Token, Stop> {
        self.take(kind).ok_or_else(|| self.unexpected())
    }

    fn text(&self, token: Token) -> &'q str {
        &self.query[token.range.start as usize..token.range.end as usize]
    }

    /// Notes an error that does not keep the parser from going on.
    fn note(&mut self, range: TextRange, message: String) {
        if self.error.is_none() {
            self.error = Some(ParseError::new(self.query, range, message));
        }
    }

    fn stop(&mut self, range: TextRange, message: String) -> Stop {
        self.note(range, message);
        Stop
    }

    /// Complains about the next word where nothing more is known than that it does not fit.
    fn unexpected(&mut self) -> Stop {
        if self.is_quiet {
            return Stop;
        }
        let context = if self.aggregations > 0 { " in aggregation" } else { "" };
        let found = describe(self.token.kind, self.text(self.token));
        self.stop(self.token.range, format!("unexpected {found}{context}"))
    }

    /// Complains about the next word within a construct that says what it expects.
    fn unexpected_in(&mut self, context: &str, expected: &str) -> Stop {
        let found = describe(self.token.kind, self.text(self.token));
        self.stop(self.token.range, format!("unexpected {found} in {context}, expected {expected}"))
    }
}
