//! Gives a Lucene query string its shape.
//!
//! ```text
//! clauses = clause { [ "AND" | "OR" ] clause }
//! clause  = [ "+" | "-" | "NOT" ] operand
//! operand = name ":" value | value
//! value   = term | phrase | regex | range | "(" clauses ")"
//! ```

use super::lexer::{Token, tokens};
use crate::ast::{Condition, Field, Node};
use crate::error::{Place, SyntaxError};
use crate::term::Term;
use crate::tokens::Tokens;

/// Reads a query.
pub(crate) fn parse(text: &str) -> Result<Node, SyntaxError> {
    let mut parser = Parser { text, tokens: Tokens::new(tokens(text)?) };
    if parser.tokens.peek().is_none() {
        return Ok(Node::All);
    }
    let query = parser.clauses(&Field::Any)?;
    match parser.tokens.peek() {
        None => Ok(query),
        Some(_) => {
            let message = "nothing was opened before this `)`";
            Err(SyntaxError::new(parser.tokens.place(), message))
        }
    }
}

struct Parser<'a> {
    text: &'a str,
    tokens: Tokens<Token>,
}

/// How a clause takes part, in Lucene's words.
#[derive(Clone, Copy, PartialEq)]
enum Occur {
    Should,
    Must,
    MustNot,
}

impl Parser<'_> {
    fn clauses(&mut self, field: &Field) -> Result<Node, SyntaxError> {
        self.tokens.enter()?;
        let mut clauses: Vec<(Occur, Node)> = Vec::new();
        loop {
            let conjunction = match self.tokens.peek() {
                Some(Token::And | Token::Or) if clauses.is_empty() => {
                    return Err(self.expected_before());
                }
                Some(Token::And | Token::Or) => self.tokens.next().map(|(token, _)| token),
                None | Some(Token::Close) if !clauses.is_empty() => break,
                _ => None,
            };
            let required = conjunction == Some(Token::And);
            if required && let Some((occur @ Occur::Should, _)) = clauses.last_mut() {
                *occur = Occur::Must;
            }
            let occur = match self.tokens.peek() {
                Some(Token::Plus) => Some(Occur::Must),
                Some(Token::Minus | Token::Not) => Some(Occur::MustNot),
                _ => None,
            };
            if occur.is_some() {
                self.tokens.next();
            }
            let otherwise = if required { Occur::Must } else { Occur::Should };
            clauses.push((occur.unwrap_or(otherwise), self.operand(field)?));
        }
        self.tokens.leave();
        Ok(combine(clauses))
    }

    fn operand(&mut self, field: &Field) -> Result<Node, SyntaxError> {
        let named = matches!(self.tokens.peek(), Some(Token::Term(_)))
            && self.tokens.peek_at(1) == Some(&Token::Colon);
        if !named {
            return self.value(field);
        }
        let Some((Token::Term(name), place)) = self.tokens.next() else {
            return Err(self.expected_before());
        };
        self.tokens.next();
        let behind_colon = place.start..self.tokens.last().end;
        if !matches!(
            self.tokens.peek(),
            Some(
                Token::Term(_)
                    | Token::Phrase(_)
                    | Token::Regex(_)
                    | Token::Between(_)
                    | Token::Open
            )
        ) {
            let written = &self.text[behind_colon.clone()];
            let message = format!("expected a value after `{written}`");
            let hint = "`*` stands for any value; quote a value that begins with a sign";
            return Err(SyntaxError::new(behind_colon, message).with_hint(hint));
        }
        if name.text() == "_exists_" {
            return self.exists(behind_colon);
        }
        self.value(&name.with_stars().into_field())
    }

    /// What follows `_exists_:`.
    fn exists(&mut self, behind_colon: Place) -> Result<Node, SyntaxError> {
        let name = match self.tokens.next() {
            Some((Token::Term(name), _)) => name,
            Some((Token::Phrase(text), _)) => Term::literal(&text),
            _ => {
                return Err(SyntaxError::new(behind_colon, "expected a field after `_exists_:`"));
            }
        };
        let place = behind_colon.start..self.tokens.last().end;
        Ok(Node::leaf(name.with_stars().into_field(), Condition::Exists, place))
    }

    fn value(&mut self, field: &Field) -> Result<Node, SyntaxError> {
        let error = self.expected_before();
        let Some((token, place)) = self.tokens.next() else { return Err(error) };
        let condition = match token {
            Token::Term(term) => term.into_condition(),
            Token::Phrase(text) => Condition::Text(text),
            Token::Regex(pattern) => Condition::Regex(pattern),
            Token::Between(range) => Condition::Between(range),
            Token::Open => {
                let inner = self.clauses(field)?;
                return match self.tokens.eat(&Token::Close) {
                    Some(_) => Ok(inner),
                    None => Err(SyntaxError::new(place, "this parenthesis is never closed")),
                };
            }
            _ => return Err(error),
        };
        if self.tokens.peek() == Some(&Token::Colon) {
            let error = SyntaxError::new(self.tokens.place(), "this `:` follows no field name");
            return Err(error.with_hint(r"escape it in a value, `10\:30`, or quote the value"));
        }
        Ok(Node::leaf(field.clone(), condition, place))
    }

    /// The error of a place where a condition should be.
    fn expected_before(&self) -> SyntaxError {
        match self.tokens.peek() {
            None => {
                let last = self.tokens.last();
                let message = format!("expected a condition after `{}`", &self.text[last.clone()]);
                SyntaxError::new(last, message)
            }
            Some(token) => {
                let place = self.tokens.place();
                let written = &self.text[place.clone()];
                let error =
                    SyntaxError::new(place, format!("expected a condition before `{written}`"));
                match token {
                    Token::And | Token::Or => error.with_hint("quote it to look for the word"),
                    _ => error,
                }
            }
        }
    }
}

/// What the clauses ask together: where one is required, the optional ones no longer matter.
fn combine(clauses: Vec<(Occur, Node)>) -> Node {
    let (mut all, mut any) = (Vec::new(), Vec::new());
    let required = clauses.iter().any(|(occur, _)| *occur == Occur::Must);
    for (occur, node) in clauses {
        match occur {
            Occur::Must => all.push(node),
            Occur::MustNot => all.push(Node::not(node)),
            Occur::Should => any.push(node),
        }
    }
    if !required && !any.is_empty() {
        all.insert(0, Node::or(any));
    }
    Node::and(all)
}
