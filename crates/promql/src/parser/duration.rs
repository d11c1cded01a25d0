//! Lengths of time, and the arithmetic on them.

use super::{Parser, Stop};
use crate::ast::{BinaryOp, Duration, DurationKind, TextRange, UnaryOp};
use crate::lexer::{Keyword, TokenKind};

/// The most seconds whose nanoseconds fit 64 bits.
const SECONDS_MAX: f64 = 9_223_372_036.854_775;

impl Parser<'_> {
    /// What stands in brackets. The caller words the error.
    pub(super) fn positive_duration(&mut self) -> Result<Duration, Stop> {
        let duration = self.quietly(|parser| parser.duration(0))?;
        if let DurationKind::Literal(number) = &duration.kind
            && number.value <= 0.0
        {
            self.note(duration.range, "duration must be greater than 0".to_owned());
        }
        Ok(duration)
    }

    /// What follows `offset`: without parentheses just one number or function with its sign, so
    /// that `a offset 5m + b` adds `b` to `a offset 5m`. The caller words the error.
    pub(super) fn offset_duration(&mut self) -> Result<Duration, Stop> {
        self.quietly(|parser| {
            let is_plain = parser.token.kind == TokenKind::LeftParen;
            let sign = parser.sign();
            if is_plain {
                return parser.duration(0);
            }
            let duration = parser.duration_operand()?;
            Ok(match sign {
                Some((op, start)) => parser.signed(op, start, duration),
                None => duration,
            })
        })
    }

    fn duration(&mut self, precedence: u8) -> Result<Duration, Stop> {
        self.nest(|parser| {
            let mut lhs = match parser.sign() {
                Some((op, start)) => {
                    let operand = parser.duration(BinaryOp::Pow.precedence())?;
                    parser.grow(parser.height)?;
                    parser.signed(op, start, operand)
                }
                None => parser.duration_operand()?,
            };
            while let TokenKind::Op(op) = parser.token.kind {
                if !op.is_arithmetic() || op == BinaryOp::Atan2 || op.precedence() < precedence {
                    break;
                }
                let operator = parser.advance();
                let left = parser.height;
                let right = op.precedence() + u8::from(op != BinaryOp::Pow);
                let rhs = parser.duration(right)?;
                parser.grow(left.max(parser.height))?;
                let is_zero = matches!(&rhs.kind, DurationKind::Literal(n) if n.value == 0.0);
                match op {
                    BinaryOp::Div if is_zero => {
                        parser.note(operator.range, "division by zero".to_owned());
                    }
                    BinaryOp::Mod if is_zero => {
                        parser.note(operator.range, "modulo by zero".to_owned());
                    }
                    _ => {}
                }
                let range = lhs.range.to(rhs.range);
                let kind = DurationKind::Binary(op, Box::new([lhs, rhs]));
                lhs = Duration { range, kind };
            }
            Ok(lhs)
        })
    }

    fn sign(&mut self) -> Option<(UnaryOp, TextRange)> {
        let op = match self.token.kind {
            TokenKind::Op(BinaryOp::Add) => UnaryOp::Plus,
            TokenKind::Op(BinaryOp::Sub) => UnaryOp::Minus,
            _ => return None,
        };
        Some((op, self.advance().range))
    }

    fn signed(&mut self, op: UnaryOp, start: TextRange, operand: Duration) -> Duration {
        let range = start.to(operand.range);
        match (operand.kind, op) {
            (DurationKind::Literal(mut number), op) => {
                if op == UnaryOp::Minus {
                    number.value = -number.value;
                }
                Duration { range, kind: DurationKind::Literal(number) }
            }
            // Before parentheses the sign decides what follows `offset (5m)`, so it stays.
            (kind, UnaryOp::Plus) if !matches!(kind, DurationKind::Paren(_)) => {
                Duration { range: operand.range, kind }
            }
            (kind, op) => {
                let operand = Duration { range: operand.range, kind };
                Duration { range, kind: DurationKind::Unary(op, Box::new(operand)) }
            }
        }
    }

    /// A number, a duration, `step()` and the like, or arithmetic in parentheses.
    fn duration_operand(&mut self) -> Result<Duration, Stop> {
        let token = self.token;
        self.height = 1;
        match token.kind {
            TokenKind::Number | TokenKind::Duration => {
                self.advance();
                let number = self.number(token);
                if number.value.abs() > SECONDS_MAX {
                    self.note(token.range, "duration out of range".to_owned());
                }
                Ok(Duration { range: token.range, kind: DurationKind::Literal(number) })
            }
            TokenKind::LeftParen => {
                self.advance();
                let inner = self.duration(0)?;
                self.grow(self.height)?;
                let close = self.expect(TokenKind::RightParen)?;
                let kind = DurationKind::Paren(Box::new(inner));
                Ok(Duration { range: token.range.to(close.range), kind })
            }
            TokenKind::Keyword(keyword) => {
                self.advance();
                self.expect(TokenKind::LeftParen)?;
                let kind = match keyword {
                    Keyword::Step => DurationKind::Step,
                    Keyword::Range => DurationKind::Range,
                    Keyword::MinOf => DurationKind::Min(self.duration_pair()?),
                    Keyword::MaxOf => DurationKind::Max(self.duration_pair()?),
                    _ => return Err(self.unexpected()),
                };
                let close = self.expect(TokenKind::RightParen)?;
                Ok(Duration { range: token.range.to(close.range), kind })
            }
            _ => Err(self.unexpected()),
        }
    }

    fn duration_pair(&mut self) -> Result<Box<[Duration; 2]>, Stop> {
        let first = self.duration(0)?;
        let height = self.height;
        self.expect(TokenKind::Comma)?;
        let second = self.duration(0)?;
        self.grow(height.max(self.height))?;
        Ok(Box::new([first, second]))
    }
}
