//! Selectors: a metric's name and conditions in braces.

use model::{Labels, LabelsBuilder, METRIC_NAME, MatchOp, Matcher};

use super::{Parser, Stop};
use crate::ast::{BinaryOp, Expr, ExprKind, TimeModifiers, VectorSelector};
use crate::lexer::{Token, TokenKind};

impl TokenKind {
    /// Whether a metric may have this name.
    pub(super) fn is_metric_name(self) -> bool {
        match self {
            TokenKind::Identifier | TokenKind::MetricIdentifier | TokenKind::Aggregate(_) => true,
            TokenKind::Op(op) => op.is_set(),
            TokenKind::Keyword(keyword) => keyword.is_metric_name(),
            _ => false,
        }
    }

    /// Whether a label may have this name without quotes.
    pub(super) fn is_label_name(self) -> bool {
        self.is_metric_name()
            || matches!(self, TokenKind::Keyword(_) | TokenKind::Op(BinaryOp::Atan2))
    }

    fn match_op(self) -> Option<MatchOp> {
        Some(match self {
            TokenKind::Assign => MatchOp::Equal,
            TokenKind::Op(BinaryOp::NotEqual) => MatchOp::NotEqual,
            TokenKind::EqualRegex => MatchOp::Regex,
            TokenKind::NotEqualRegex => MatchOp::NotRegex,
            _ => return None,
        })
    }
}

impl Parser<'_> {
    /// A selector whose name was read, if it has one before its braces.
    pub(super) fn selector(&mut self, name: Option<Token>) -> Result<Expr, Stop> {
        let start = name.unwrap_or(self.token).range;
        let mut matchers = Vec::new();
        if name.is_none() || self.token.kind == TokenKind::LeftBrace {
            self.matchers(&mut matchers)?;
        }
        let name = name.map(|token| self.text(token).to_owned());
        if let Some(name) = &name {
            matchers.push(Matcher::equal(METRIC_NAME, name));
        }
        let time = TimeModifiers::default();
        let kind = ExprKind::Vector(VectorSelector { name, matchers, time, extension: None });
        Ok(Expr { range: start.to(self.last_range()), kind })
    }

    /// A selector and nothing after it, as its conditions.
    pub(super) fn whole_selector(&mut self) -> Result<Vec<Matcher>, Stop> {
        let name = self.token.kind.is_metric_name().then(|| self.advance());
        if name.is_none() && self.token.kind != TokenKind::LeftBrace {
            return Err(self.unexpected());
        }
        let selector = self.selector(name)?;
        self.end_of_input()?;
        match selector.kind {
            ExprKind::Vector(selector) => Ok(selector.matchers),
            _ => Err(Stop),
        }
    }

    /// Conditions in braces; a comma may follow the last.
    fn matchers(&mut self, matchers: &mut Vec<Matcher>) -> Result<(), Stop> {
        self.expect(TokenKind::LeftBrace)?;
        if self.take(TokenKind::RightBrace).is_some() {
            return Ok(());
        }
        loop {
            self.matcher(matchers)?;
            match self.token.kind {
                TokenKind::Comma => {
                    self.advance();
                }
                TokenKind::RightBrace => {}
                _ => return Err(self.unexpected_in("label matching", "\",\" or \"}\"")),
            }
            if self.take(TokenKind::RightBrace).is_some() {
                return Ok(());
            }
        }
    }

    /// One condition, or the name of the metric in quotes.
    fn matcher(&mut self, matchers: &mut Vec<Matcher>) -> Result<(), Stop> {
        if !matches!(self.token.kind, TokenKind::Identifier | TokenKind::String) {
            return Err(self.unexpected_in("label matching", "identifier or \"}\""));
        }
        let label = self.advance();
        let is_quoted = label.kind == TokenKind::String;
        let name = if is_quoted { self.unquoted(label) } else { self.text(label).to_owned() };
        let Some(op) = self.token.kind.match_op() else {
            if is_quoted {
                matchers.push(Matcher::equal(METRIC_NAME, &name));
                return Ok(());
            }
            return Err(self.unexpected_in("label matching", "label matching operator"));
        };
        self.advance();
        if self.token.kind != TokenKind::String {
            return Err(self.unexpected_in("label matching", "string"));
        }
        let value = self.advance();
        let text = self.unquoted(value);
        match Matcher::new(&name, op, &text) {
            Ok(matcher) => matchers.push(matcher),
            Err(error) => self.note(label.range.to(value.range), error.to_string()),
        }
        Ok(())
    }

    /// The labels of one series, and the byte after them.
    pub(super) fn series_labels(&mut self) -> Result<(Labels, usize), Stop> {
        let name = Some(self.token).filter(|token| token.kind.is_metric_name());
        let mut builder = LabelsBuilder::default();
        let mut end = 0;
        if let Some(name) = name {
            builder.set(METRIC_NAME, self.text(name));
            end = name.range.end as usize;
            // What follows the name may be samples, which are no words of the language.
            if !self.query[end..].starts_with('{') {
                return Ok((builder.build(), end));
            }
            self.advance();
        }
        if self.token.kind == TokenKind::LeftBrace {
            let start = self.token.range.start as usize;
            end = start + self.label_set(&mut builder)?;
        } else if name.is_none() {
            return Err(self.unexpected_in("label set", "metric name or \"{\""));
        }
        Ok((builder.build(), end))
    }

    /// Labels in braces; gives their length in bytes.
    fn label_set(&mut self, builder: &mut LabelsBuilder) -> Result<usize, Stop> {
        let start = self.advance().range;
        loop {
            if self.token.kind == TokenKind::RightBrace {
                return Ok((self.token.range.end - start.start) as usize);
            }
            if !matches!(self.token.kind, TokenKind::Identifier | TokenKind::String) {
                return Err(self.unexpected_in("label set", "identifier or \"}\""));
            }
            let label = self.advance();
            let is_quoted = label.kind == TokenKind::String;
            let name = if is_quoted { self.unquoted(label) } else { self.text(label).to_owned() };
            if self.take(TokenKind::Assign).is_some() {
                if self.token.kind != TokenKind::String {
                    return Err(self.unexpected_in("label set", "string"));
                }
                let value = self.advance();
                builder.set(&name, &self.unquoted(value));
            } else if is_quoted {
                builder.set(METRIC_NAME, &name);
            } else {
                return Err(self.unexpected_in("label set", "\"=\""));
            }
            match self.token.kind {
                TokenKind::Comma => {
                    self.advance();
                }
                TokenKind::RightBrace => {}
                _ => return Err(self.unexpected_in("label set", "\",\" or \"}\"")),
            }
        }
    }
}
