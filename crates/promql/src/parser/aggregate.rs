//! Aggregations, and the lists of labels they share with binary operators.

use model::Quoted;

use super::{Parser, Stop};
use crate::ast::{Aggregate, AggregateOp, Expr, ExprKind, TextRange};
use crate::lexer::{Keyword, Token, TokenKind};

impl Parser<'_> {
    /// An aggregation whose name was read; without arguments the name is that of a metric.
    pub(super) fn aggregate_or_selector(
        &mut self,
        op: AggregateOp,
        name: Token,
    ) -> Result<Expr, Stop> {
        let is_aggregate = matches!(
            self.token.kind,
            TokenKind::LeftParen | TokenKind::Keyword(Keyword::By | Keyword::Without)
        );
        if !is_aggregate {
            return self.selector(Some(name));
        }
        self.aggregations += 1;
        let parsed = self.aggregate(op, name);
        self.aggregations -= 1;
        parsed
    }

    fn aggregate(&mut self, op: AggregateOp, name: Token) -> Result<Expr, Stop> {
        let before = self.grouping()?;
        let mut args = self.arguments()?;
        self.grow(self.height)?;
        let (grouping, without) = match before {
            Some(grouping) => grouping,
            None => self.grouping()?.unwrap_or_default(),
        };
        let range = name.range.to(self.last_range());
        let param = (op.has_param() && args.len() == 2).then(|| Box::new(args.remove(0)));
        let wanted = if op.has_param() { 2 } else { 1 };
        let count = args.len() + usize::from(param.is_some());
        if count == 0 {
            let message = "no arguments for aggregate expression provided".to_owned();
            self.note(range, message);
        } else if count != wanted {
            let message = format!(
                "wrong number of arguments for aggregate expression provided, \
                 expected {wanted}, got {count}"
            );
            self.note(range, message);
        }
        // Without the argument there is no expression, but an error that was noted above.
        let expr = Box::new(args.pop().ok_or(Stop)?);
        Ok(Expr {
            range,
            kind: ExprKind::Aggregate(Aggregate { op, param, expr, grouping, without }),
        })
    }

    /// `by (…)` or `without (…)`, and whether it was the latter.
    fn grouping(&mut self) -> Result<Option<(Vec<String>, bool)>, Stop> {
        let without = match self.token.kind {
            TokenKind::Keyword(Keyword::By) => false,
            TokenKind::Keyword(Keyword::Without) => true,
            _ => return Ok(None),
        };
        self.advance();
        Ok(Some((self.label_list()?, without)))
    }

    /// Labels in parentheses; a comma may follow the last.
    pub(super) fn label_list(&mut self) -> Result<Vec<String>, Stop> {
        if self.take(TokenKind::LeftParen).is_none() {
            return Err(self.unexpected_in("grouping opts", "\"(\""));
        }
        let mut labels = Vec::new();
        while self.take(TokenKind::RightParen).is_none() {
            labels.push(self.grouping_label()?);
            match self.token.kind {
                TokenKind::Comma => {
                    self.advance();
                }
                TokenKind::RightParen => {}
                _ => return Err(self.unexpected_in("grouping opts", "\",\" or \")\"")),
            }
        }
        Ok(labels)
    }

    fn grouping_label(&mut self) -> Result<String, Stop> {
        if !self.token.kind.is_label_name() && self.token.kind != TokenKind::String {
            return Err(self.unexpected_in("grouping opts", "label"));
        }
        let token = self.advance();
        let label = match token.kind {
            TokenKind::String => self.unquoted(token),
            _ => self.text(token).to_owned(),
        };
        if label.is_empty() {
            let message = format!("invalid label name for grouping: {}", Quoted(&label));
            self.note(token.range, message);
        }
        Ok(label)
    }

    /// The place of the last word.
    pub(super) fn last_range(&self) -> TextRange {
        TextRange { start: self.last_end, end: self.last_end }
    }
}
