//! Binary operators and how they match series.

use super::{Parser, Stop};
use crate::ast::{Binary, BinaryOp, Cardinality, Expr, ExprKind, Fill, VectorMatching};
use crate::lexer::{Keyword, TokenKind};

impl Parser<'_> {
    /// The operator, its modifiers and its right side; the left side was read.
    pub(super) fn binary(&mut self, lhs: Expr, op: BinaryOp) -> Result<Expr, Stop> {
        self.advance();
        let left = self.height;
        let return_bool = self.keyword(Keyword::Bool);
        let mut matching = VectorMatching::default();
        let on = self.token.kind == TokenKind::Keyword(Keyword::On);
        if on || self.token.kind == TokenKind::Keyword(Keyword::Ignoring) {
            self.advance();
            matching.on = on;
            matching.labels = self.label_list()?;
            self.group(&mut matching)?;
        }
        matching.fill = self.fill()?;
        // Only `^` groups to the right: `2 ^ 3 ^ 2` is `2 ^ (3 ^ 2)`.
        let right = if op == BinaryOp::Pow { op.precedence() } else { op.precedence() + 1 };
        let rhs = self.expression(right)?;
        self.grow(left.max(self.height))?;
        let range = lhs.range.to(rhs.range);
        let (lhs, rhs) = (Box::new(lhs), Box::new(rhs));
        let matching = Some(matching);
        Ok(Expr { range, kind: ExprKind::Binary(Binary { op, return_bool, matching, lhs, rhs }) })
    }

    /// `group_left (…)` or `group_right (…)`.
    fn group(&mut self, matching: &mut VectorMatching) -> Result<(), Stop> {
        matching.cardinality = match self.token.kind {
            TokenKind::Keyword(Keyword::GroupLeft) => Cardinality::ManyToOne,
            TokenKind::Keyword(Keyword::GroupRight) => Cardinality::OneToMany,
            _ => return Ok(()),
        };
        self.advance();
        if self.token.kind == TokenKind::LeftParen {
            matching.include = self.label_list()?;
        }
        Ok(())
    }

    /// `fill (…)`, or `fill_left (…)` and `fill_right (…)` in any order.
    fn fill(&mut self) -> Result<Fill, Stop> {
        let mut fill = Fill::default();
        if self.keyword(Keyword::Fill) {
            let value = self.fill_value()?;
            return Ok(Fill { left: Some(value), right: Some(value) });
        }
        loop {
            if fill.left.is_none() && self.keyword(Keyword::FillLeft) {
                fill.left = Some(self.fill_value()?);
            } else if fill.right.is_none() && self.keyword(Keyword::FillRight) {
                fill.right = Some(self.fill_value()?);
            } else {
                return Ok(fill);
            }
        }
    }

    fn fill_value(&mut self) -> Result<f64, Stop> {
        self.expect(TokenKind::LeftParen)?;
        let value = self.signed_number()?;
        self.expect(TokenKind::RightParen)?;
        Ok(value)
    }

    /// A number or a duration with or without a sign.
    pub(super) fn signed_number(&mut self) -> Result<f64, Stop> {
        let sign = match self.token.kind {
            TokenKind::Op(BinaryOp::Add) => Some(1.0),
            TokenKind::Op(BinaryOp::Sub) => Some(-1.0),
            _ => None,
        };
        if sign.is_some() {
            self.advance();
        }
        if !matches!(self.token.kind, TokenKind::Number | TokenKind::Duration) {
            return Err(self.unexpected());
        }
        let token = self.advance();
        Ok(sign.unwrap_or(1.0) * self.number(token).value)
    }

    pub(super) fn keyword(&mut self, keyword: Keyword) -> bool {
        self.take(TokenKind::Keyword(keyword)).is_some()
    }
}
