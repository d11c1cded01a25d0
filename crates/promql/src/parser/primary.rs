//! Literals, parentheses and function calls.

use model::{Quoted, parse_duration_ms};

use super::{Parser, Stop};
use crate::ast::{Call, Expr, ExprKind, Number, StringLiteral, seconds};
use crate::function::Function;
use crate::lexer::{Token, TokenKind, unquote};
use crate::number::parse_number;

impl Parser<'_> {
    /// An expression without operators or modifiers around it.
    pub(super) fn primary(&mut self) -> Result<Expr, Stop> {
        self.height = 1;
        match self.token.kind {
            TokenKind::Number | TokenKind::Duration => {
                let token = self.advance();
                let kind = ExprKind::Number(self.number(token));
                Ok(Expr { range: token.range, kind })
            }
            TokenKind::String => {
                let token = self.advance();
                let text = StringLiteral::new(unquote(self.text(token)));
                Ok(Expr { range: token.range, kind: ExprKind::String(text) })
            }
            TokenKind::LeftParen => {
                let open = self.advance();
                let inner = self.expression(0)?;
                self.grow(self.height)?;
                let close = self.expect(TokenKind::RightParen)?;
                let kind = ExprKind::Paren(Box::new(inner));
                Ok(Expr { range: open.range.to(close.range), kind })
            }
            TokenKind::LeftBrace => self.selector(None),
            TokenKind::Aggregate(op) => {
                let token = self.advance();
                self.aggregate_or_selector(op, token)
            }
            TokenKind::Identifier => self.call_or_selector(),
            TokenKind::Keyword(keyword) if keyword.is_function() => self.call_or_selector(),
            kind if kind.is_metric_name() => {
                let name = self.advance();
                self.selector(Some(name))
            }
            _ => Err(self.unexpected()),
        }
    }

    fn call_or_selector(&mut self) -> Result<Expr, Stop> {
        let name = self.advance();
        if self.token.kind != TokenKind::LeftParen {
            return self.selector(Some(name));
        }
        let text = self.text(name);
        let function = Function::find(text);
        if function.is_none() {
            let message = format!("unknown function with name {}", Quoted(text));
            self.note(name.range, message);
        }
        let args = self.arguments()?;
        self.grow(self.height)?;
        let range = name.range.to(self.last_range());
        // Without a function there is no expression, but an error that was noted above.
        let function = function.ok_or(Stop)?;
        Ok(Expr { range, kind: ExprKind::Call(Call { function, args }) })
    }

    /// Arguments in parentheses, as high as the highest of them.
    pub(super) fn arguments(&mut self) -> Result<Vec<Expr>, Stop> {
        self.expect(TokenKind::LeftParen)?;
        let mut args = Vec::new();
        if self.take(TokenKind::RightParen).is_some() {
            return Ok(args);
        }
        args.push(self.expression(0)?);
        let mut height = self.height;
        while let Some(comma) = self.take(TokenKind::Comma) {
            if matches!(self.token.kind, TokenKind::RightParen | TokenKind::Comma) {
                let message = "trailing commas not allowed in function call args".to_owned();
                self.note(comma.range, message);
            } else {
                args.push(self.expression(0)?);
                height = height.max(self.height);
            }
        }
        self.height = height;
        self.expect(TokenKind::RightParen)?;
        Ok(args)
    }

    /// The value of a number or a duration.
    pub(super) fn number(&mut self, token: Token) -> Number {
        let text = self.text(token);
        if token.kind == TokenKind::Duration {
            let ms = parse_duration_ms(text).unwrap_or_else(|error| {
                self.note(token.range, error.to_string());
                0
            });
            return Number { value: seconds(ms), is_duration: true };
        }
        let value = parse_number(text).unwrap_or_else(|message| {
            self.note(token.range, format!("error parsing number: {message}"));
            0.0
        });
        Number { value, is_duration: false }
    }

    /// The text a quoted text stands for where it must be one: names and values of labels.
    pub(super) fn unquoted(&mut self, token: Token) -> String {
        let text = self.text(token);
        String::from_utf8(unquote(text)).unwrap_or_else(|_| {
            let text = Quoted(text);
            self.note(token.range, format!("error unquoting string {text}: not valid UTF-8"));
            String::new()
        })
    }
}
