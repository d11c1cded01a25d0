//! Gives KQL its shape.
//!
//! ```text
//! or         = and { "or" and }
//! and        = not { "and" not }
//! not        = "not" not | "(" or ")" | expression
//! expression = field ":" values | field ":" "{" or "}" | field comparison value | value
//! values     = "(" the same over values ")" | value
//! value      = quoted | word { word }
//! ```

use store::Range;

use super::lexer::{Comparison, Token, tokens};
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
    let query = parser.or(&Scope::Conditions(None))?;
    match parser.tokens.peek() {
        None => Ok(query),
        Some(_) => Err(parser.expected_operator()),
    }
}

struct Parser<'a> {
    text: &'a str,
    tokens: Tokens<Token>,
}

/// What the operands of `and`, `or` and `not` are.
enum Scope {
    /// Conditions on the fields of this object, or of the record.
    Conditions(Option<Term>),
    /// Values of one field.
    Values(Field),
}

/// A literal: what was quoted, or words side by side.
type Literal = Vec<(Term, Place)>;

impl Parser<'_> {
    fn or(&mut self, scope: &Scope) -> Result<Node, SyntaxError> {
        let mut any = vec![self.and(scope)?];
        while self.tokens.eat(&Token::Or).is_some() {
            any.push(self.and(scope)?);
        }
        Ok(Node::or(any))
    }

    fn and(&mut self, scope: &Scope) -> Result<Node, SyntaxError> {
        let mut all = vec![self.not(scope)?];
        while self.tokens.eat(&Token::And).is_some() {
            all.push(self.not(scope)?);
        }
        Ok(Node::and(all))
    }

    fn not(&mut self, scope: &Scope) -> Result<Node, SyntaxError> {
        self.tokens.enter()?;
        let node = if self.tokens.eat(&Token::Not).is_some() {
            Node::not(self.not(scope)?)
        } else if let Some(open) = self.tokens.eat(&Token::Open) {
            let inner = self.or(scope)?;
            self.close(&Token::Close, open, "this parenthesis is never closed")?;
            inner
        } else {
            match scope {
                Scope::Conditions(object) => self.expression(object.as_ref())?,
                Scope::Values(field) => {
                    let values = self.literal()?;
                    self.any_of(field, values)?
                }
            }
        };
        self.tokens.leave();
        Ok(node)
    }

    fn close(&mut self, sign: &Token, open: Place, never: &str) -> Result<(), SyntaxError> {
        match self.tokens.peek() {
            Some(next) if next == sign => {
                self.tokens.next();
                Ok(())
            }
            None => Err(SyntaxError::new(open, never)),
            Some(_) => Err(self.expected_operator()),
        }
    }

    fn expression(&mut self, object: Option<&Term>) -> Result<Node, SyntaxError> {
        let start = self.tokens.place().start;
        let mut literal = self.literal()?;
        let operator = self.tokens.peek().cloned();
        if !matches!(operator, Some(Token::Colon | Token::Compare(_))) {
            let field = object.map_or(Field::Any, |object| {
                let mut everything = Term::default();
                everything.push_wildcard('*');
                object.member(&everything).into_field()
            });
            return self.any_of(&field, literal);
        }
        if let [(_, first), .., (_, last)] = literal.as_slice() {
            let message = format!(
                "expected `and` or `or` between `{}` and `{}`",
                &self.text[first.start..first.end],
                &self.text[last.clone()]
            );
            let error = SyntaxError::new(last.clone(), message);
            return Err(error.with_hint("quote a field name that has spaces"));
        }
        let Some((name, _)) = literal.pop() else { return Err(self.expected_operand()) };
        let name = object.map_or(name.clone(), |object| object.member(&name));
        self.tokens.next();
        match operator {
            Some(Token::Compare(comparison)) => self.comparison(name, comparison, start),
            _ => self.field(name, start),
        }
    }

    /// What follows `field:`.
    fn field(&mut self, name: Term, start: usize) -> Result<Node, SyntaxError> {
        if name.text() == "_exists_" {
            let error = SyntaxError::new(start..self.tokens.last().end, "`_exists_` is Lucene");
            return Err(error.with_hint("in KQL a field exists when `field: *`"));
        }
        match self.tokens.peek() {
            Some(Token::OpenBrace) => {
                self.tokens.enter()?;
                let (_, open) = self.tokens.next().unwrap_or((Token::OpenBrace, 0..0));
                let inner = self.or(&Scope::Conditions(Some(name)))?;
                self.close(&Token::CloseBrace, open, "this brace is never closed")?;
                self.tokens.leave();
                Ok(inner)
            }
            Some(Token::Open | Token::Not) => self.not(&Scope::Values(name.into_field())),
            Some(Token::Compare(_)) => {
                let error = SyntaxError::new(self.tokens.place(), "expected a value after `:`");
                Err(error.with_hint("a comparison has no colon: `field > 5`"))
            }
            Some(Token::Word(_) | Token::Quoted(_)) => {
                let values = self.literal()?;
                self.any_of(&name.into_field(), values)
            }
            _ => {
                let field = start..self.tokens.last().end;
                let message = format!("expected a value after `{}`", &self.text[field.clone()]);
                let error = SyntaxError::new(field, message);
                Err(error.with_hint("`*` stands for any value"))
            }
        }
    }

    /// What follows `field >`.
    fn comparison(
        &mut self,
        name: Term,
        comparison: Comparison,
        start: usize,
    ) -> Result<Node, SyntaxError> {
        let (bound, place) = match self.tokens.next() {
            Some((Token::Word(term), place)) if !term.has_wildcard() => {
                (term.text().to_owned(), place)
            }
            Some((Token::Quoted(text), place)) => (text, place),
            Some((Token::Word(_), place)) => {
                return Err(SyntaxError::new(place, "a pattern cannot be compared with"));
            }
            _ => {
                let field = start..self.tokens.last().end;
                let message = format!("expected a value after `{}`", &self.text[field.clone()]);
                return Err(SyntaxError::new(field, message));
            }
        };
        let range = match comparison {
            Comparison::Less => Range { upper: Some((bound, false)), lower: None },
            Comparison::LessOrEqual => Range { upper: Some((bound, true)), lower: None },
            Comparison::Greater => Range { lower: Some((bound, false)), upper: None },
            Comparison::GreaterOrEqual => Range { lower: Some((bound, true)), upper: None },
        };
        Ok(Node::leaf(name.into_field(), Condition::Between(range), start..place.end))
    }

    /// One quoted text, or all the words up to a sign or a keyword.
    fn literal(&mut self) -> Result<Literal, SyntaxError> {
        if let Some(Token::Quoted(text)) = self.tokens.peek() {
            let term = Term::literal(text);
            self.tokens.next();
            return Ok(vec![(term, self.tokens.last())]);
        }
        let mut words = Literal::new();
        while let Some(Token::Word(term)) = self.tokens.peek() {
            let term = term.clone();
            self.tokens.next();
            words.push((term, self.tokens.last()));
        }
        if words.is_empty() {
            return Err(self.expected_operand());
        }
        Ok(words)
    }

    /// Holds when the field has one of the values.
    fn any_of(&mut self, field: &Field, values: Literal) -> Result<Node, SyntaxError> {
        self.refuse_lucene(&values)?;
        if matches!(self.tokens.peek(), Some(Token::Colon | Token::Compare(_))) {
            return Err(self.value_before_sign(&values));
        }
        let leaf =
            |(term, place): (Term, Place)| Node::leaf(field.clone(), term.into_condition(), place);
        Ok(Node::or(values.into_iter().map(leaf).collect()))
    }

    /// The error of a value with a sign behind it: `time: 10:30` needs quotes, and
    /// `level: error service: shop` has swallowed the name that comes next.
    fn value_before_sign(&self, values: &Literal) -> SyntaxError {
        let sign = self.tokens.place();
        let error = match values.as_slice() {
            [_, .., (_, name)] => {
                let name = name.clone();
                let message =
                    format!("expected `and` or `or` before `{}`", &self.text[name.clone()]);
                SyntaxError::new(name, message)
            }
            _ => {
                let message = format!("this `{}` follows no field name", &self.text[sign.clone()]);
                SyntaxError::new(sign, message)
            }
        };
        error.with_hint("quote a value that has a `:`, `<` or `>` in it")
    }

    /// Lucene's signs would be words in KQL, and nobody looks for those.
    fn refuse_lucene(&self, values: &Literal) -> Result<(), SyntaxError> {
        for (index, (_, place)) in values.iter().enumerate() {
            let written = &self.text[place.clone()];
            let hint = match written {
                "&&" => "in KQL that is `and`",
                "||" => "in KQL that is `or`",
                _ if written.starts_with('[') && index + 1 < values.len() => {
                    let next = &self.text[values[index + 1].1.clone()];
                    if next != "TO" {
                        continue;
                    }
                    "in KQL a range is `field >= 1 and field <= 5`"
                }
                _ => continue,
            };
            let error = SyntaxError::new(place.clone(), format!("`{written}` is Lucene"));
            return Err(error.with_hint(format!("{hint}; quote it to look for the text")));
        }
        Ok(())
    }

    /// The error of a place where a condition or a value should be.
    fn expected_operand(&self) -> SyntaxError {
        let place = self.tokens.place();
        let written = &self.text[place.clone()];
        match self.tokens.peek() {
            None => {
                let last = self.tokens.last();
                let message = format!("expected a condition after `{}`", &self.text[last.clone()]);
                SyntaxError::new(last, message)
            }
            Some(Token::Colon | Token::Compare(_)) => {
                SyntaxError::new(place, format!("expected a field name before `{written}`"))
            }
            Some(Token::And | Token::Or) => {
                let message = format!("expected a condition before `{written}`");
                SyntaxError::new(place, message).with_hint("quote it to look for the word")
            }
            Some(_) => SyntaxError::new(place, format!("expected a condition before `{written}`")),
        }
    }

    /// The error of a token behind a condition that is complete.
    fn expected_operator(&self) -> SyntaxError {
        let place = self.tokens.place();
        let written = &self.text[place.clone()];
        let message = match self.tokens.peek() {
            Some(Token::Close | Token::CloseBrace) => {
                format!("nothing was opened before this `{written}`")
            }
            Some(Token::Colon | Token::Compare(_)) => {
                format!("expected a field name before `{written}`")
            }
            _ => format!("expected `and` or `or` before `{written}`"),
        };
        SyntaxError::new(place, message)
    }
}
