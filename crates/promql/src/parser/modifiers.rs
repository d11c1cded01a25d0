//! What may follow an operand: a window in brackets, `@`, `offset`, `anchored`, `smoothed`.

use super::{Parser, Stop};
use crate::ast::{
    At, Duration, Expr, ExprKind, MatrixSelector, RangeExtension, Subquery, TimeModifiers,
};
use crate::lexer::{Keyword, Token, TokenKind};
use crate::number::format_fixed;

const AFTER_BRACKET: &str = "number, duration, step(), or range()";

impl Parser<'_> {
    /// The operand with all modifiers that follow it.
    pub(super) fn modifiers(&mut self, mut expr: Expr) -> Result<Expr, Stop> {
        loop {
            expr = match self.token.kind {
                TokenKind::LeftBracket => self.brackets(expr)?,
                TokenKind::At => self.at(expr)?,
                TokenKind::Keyword(Keyword::Offset) => self.offset(expr)?,
                TokenKind::Keyword(Keyword::Anchored) => {
                    self.advance();
                    self.extension(expr, RangeExtension::Anchored)
                }
                TokenKind::Keyword(Keyword::Smoothed) => {
                    self.advance();
                    self.extension(expr, RangeExtension::Smoothed)
                }
                _ => return Ok(expr),
            };
        }
    }

    /// `[5m]` makes a window of a selector, `[5m:]` and `[5m:1m]` one of any instant vector.
    fn brackets(&mut self, expr: Expr) -> Result<Expr, Stop> {
        let open = self.advance();
        let inner = self.height;
        let Ok(window) = self.positive_duration() else {
            return Err(self.unexpected_in("subquery or range selector", AFTER_BRACKET));
        };
        let inner = inner.max(self.height);
        if let Some(close) = self.take(TokenKind::RightBracket) {
            self.grow(inner)?;
            return Ok(self.matrix(expr, window, open, close));
        }
        if self.take(TokenKind::Colon).is_none() {
            return Err(self.unexpected_in("subquery or range", "\":\" or \"]\""));
        }
        let mut step = None;
        if self.token.kind != TokenKind::RightBracket {
            let expected = format!("{}, or \"]\"", AFTER_BRACKET.replace(", or", ","));
            let Ok(duration) = self.positive_duration() else {
                return Err(self.unexpected_in("subquery selector", &expected));
            };
            step = Some(duration);
        }
        let Some(close) = self.take(TokenKind::RightBracket) else {
            return Err(self.unexpected_in("subquery selector", "\"]\""));
        };
        self.grow(inner.max(self.height))?;
        let range = expr.range.to(close.range);
        let time = TimeModifiers::default();
        let subquery = Subquery { expr: Box::new(expr), window, step, time };
        Ok(Expr { range, kind: ExprKind::Subquery(subquery) })
    }

    fn matrix(&mut self, expr: Expr, window: Duration, open: Token, close: Token) -> Expr {
        let range = expr.range.to(close.range);
        let brackets = open.range.to(close.range);
        match expr.kind {
            ExprKind::Vector(selector) => {
                if selector.time.offset.is_some() {
                    self.note(brackets, "no offset modifiers allowed before range".to_owned());
                } else if selector.time.at.is_some() {
                    self.note(brackets, "no @ modifiers allowed before range".to_owned());
                }
                Expr { range, kind: ExprKind::Matrix(MatrixSelector { selector, window }) }
            }
            kind => {
                self.note(brackets, "ranges only allowed for vector selectors".to_owned());
                Expr { range, kind }
            }
        }
    }

    fn offset(&mut self, mut expr: Expr) -> Result<Expr, Stop> {
        self.advance();
        let inner = self.height;
        let Ok(offset) = self.offset_duration() else {
            return Err(self.unexpected_in("offset", AFTER_BRACKET));
        };
        self.height = inner.max(self.height);
        let range = expr.range;
        let Some(time) = time_modifiers(&mut expr) else {
            let message = "offset modifier must be preceded by an instant vector selector or range \
                           vector selector or a subquery";
            self.note(range, message.to_owned());
            return Ok(expr);
        };
        // An offset of nothing is as good as none, and may be written again.
        let is_set = |offset: &Duration| offset.literal_ms() != Some(0);
        if time.offset.as_ref().is_some_and(is_set) {
            self.note(range, "offset may not be set multiple times".to_owned());
        } else {
            time.offset = Some(offset);
        }
        expr.range.end = self.last_end;
        Ok(expr)
    }

    fn at(&mut self, mut expr: Expr) -> Result<Expr, Stop> {
        self.advance();
        let range = expr.range;
        let at = match self.token.kind {
            TokenKind::Keyword(keyword @ (Keyword::Start | Keyword::End)) => {
                self.advance();
                let called =
                    self.take(TokenKind::LeftParen).and_then(|_| self.take(TokenKind::RightParen));
                if called.is_none() {
                    return Err(self.unexpected_in("@", "timestamp"));
                }
                if keyword == Keyword::Start { At::Start } else { At::End }
            }
            _ => {
                let Ok(seconds) = self.quietly(Self::signed_number) else {
                    return Err(self.unexpected_in("@", "timestamp"));
                };
                if !seconds.is_finite() || seconds.abs() >= i64::MAX as f64 {
                    let seconds = format_fixed(seconds, 6);
                    let message = format!("timestamp out of bounds for @ modifier: {seconds}");
                    self.note(range, message);
                }
                At::Time((seconds * 1000.0).round() as i64)
            }
        };
        match time_modifiers(&mut expr) {
            None => {
                let message = "@ modifier must be preceded by an instant vector selector or range \
                               vector selector or a subquery";
                self.note(range, message.to_owned());
            }
            Some(time) if time.at.is_some() => {
                self.note(range, "@ <timestamp> may not be set multiple times".to_owned());
            }
            Some(time) => time.at = Some(at),
        }
        expr.range.end = self.last_end;
        Ok(expr)
    }

    fn extension(&mut self, mut expr: Expr, extension: RangeExtension) -> Expr {
        let name = match extension {
            RangeExtension::Anchored => "anchored",
            RangeExtension::Smoothed => "smoothed",
        };
        let message = match &mut expr.kind {
            ExprKind::Vector(selector) | ExprKind::Matrix(MatrixSelector { selector, .. }) => {
                let before = selector.extension.replace(extension);
                (before.is_some_and(|before| before != extension))
                    .then(|| "anchored and smoothed modifiers cannot be used together".to_owned())
            }
            ExprKind::Subquery(_) => {
                Some(format!("{name} modifier is not supported for subqueries"))
            }
            _ => Some(format!("{name} modifier not implemented")),
        };
        if let Some(message) = message {
            self.note(expr.range, message);
        }
        expr
    }

    /// Parses something whose unexpected words the caller complains about itself.
    pub(super) fn quietly<T>(
        &mut self,
        parse: impl FnOnce(&mut Self) -> Result<T, Stop>,
    ) -> Result<T, Stop> {
        let was_quiet = std::mem::replace(&mut self.is_quiet, true);
        let parsed = parse(self);
        self.is_quiet = was_quiet;
        parsed
    }
}

fn time_modifiers(expr: &mut Expr) -> Option<&mut TimeModifiers> {
    match &mut expr.kind {
        ExprKind::Vector(selector) => Some(&mut selector.time),
        ExprKind::Matrix(matrix) => Some(&mut matrix.selector.time),
        ExprKind::Subquery(subquery) => Some(&mut subquery.time),
        _ => None,
    }
}
