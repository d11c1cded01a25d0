//! From the tree to the plan.

use model::Matcher;

use super::read::Read;
use super::{Aggregation, Input, Node, Source, Subquery, WithScalar};
use crate::ast::{
    Aggregate, AggregateOp, Binary, Expr, ExprKind, TextRange, UnaryOp, ValueType, VectorSelector,
};
use crate::engine::Stop;
use crate::eval::Evaluator;
use crate::eval::invariance::is_step_invariant;
use crate::eval::steps::Steps;

use super::Function;

/// Plans one query.
pub(super) struct Planner<'q> {
    /// Knows the query's times.
    pub(super) evaluator: Evaluator<'q>,
    pub(super) reads: Vec<Read>,
}

impl<'q> Planner<'q> {
    pub(super) fn new(evaluator: Evaluator<'q>) -> Self {
        Planner { evaluator, reads: Vec::new() }
    }

    /// Plans an instant vector.
    pub(super) fn vector<'e>(&mut self, expr: &'e Expr, steps: Steps) -> Result<Node<'e>, Stop> {
        let expr = expr.without_parens();
        if steps.is_empty() {
            return Ok(Node::Empty);
        }
        // Columns are for steps that all have a place in memory.
        if steps.count() > self.evaluator.context.limits.samples {
            return Err(Stop::Naive);
        }
        if steps.count() > 1 && is_step_invariant(expr) {
            return Ok(Node::Once(Box::new(self.node(expr, steps.first())?)));
        }
        self.node(expr, steps)
    }

    fn node<'e>(&mut self, expr: &'e Expr, steps: Steps) -> Result<Node<'e>, Stop> {
        if expr.value_type() == ValueType::Scalar {
            return Ok(Node::Scalar(self.scalar(expr, steps)?));
        }
        match &expr.kind {
            ExprKind::Vector(selector) => {
                let window_ms = self.evaluator.options.lookback_ms;
                let source = self.source(selector, window_ms, steps)?;
                Ok(Node::Latest { source, asks_time: false })
            }
            ExprKind::Call(call) => self.call(call, expr.range, steps),
            ExprKind::Aggregate(aggregate) => self.aggregate(aggregate, expr.range, steps),
            ExprKind::Binary(binary) => self.binary(binary, steps),
            ExprKind::Unary(UnaryOp::Plus, operand) => self.vector(operand, steps),
            ExprKind::Unary(UnaryOp::Minus, operand) => {
                let function = Function::OfNumber(|value| -value);
                Ok(Node::Map(function, Box::new(self.vector(operand, steps)?)))
            }
            ExprKind::Paren(inner) => self.vector(inner, steps),
            ExprKind::Number(_)
            | ExprKind::String(_)
            | ExprKind::Matrix(_)
            | ExprKind::Subquery(_) => Err(Stop::Naive),
        }
    }

    /// What a selector reads to look so far back from each step.
    pub(super) fn source(
        &mut self,
        selector: &VectorSelector,
        window_ms: i64,
        steps: Steps,
    ) -> Result<Source, Stop> {
        if selector.extension.is_some() {
            return Err(Stop::Naive);
        }
        let shift = self.evaluator.shift(&selector.time).map_err(|_| Stop::Naive)?;
        let first_ms = shift.apply(steps.start_ms);
        let start_ms = first_ms.saturating_sub(window_ms).saturating_add(1);
        let end_ms = shift.apply(steps.last_ms());
        let read = self.read(&selector.matchers, start_ms, end_ms);
        Ok(Source { read, shift, window_ms })
    }

    fn read(&mut self, matchers: &[Matcher], start_ms: i64, end_ms: i64) -> usize {
        self.reads.push(Read::new(matchers.to_vec(), start_ms, end_ms));
        self.reads.len() - 1
    }

    /// A range vector, which is a selector or a subquery.
    pub(super) fn input<'e>(&mut self, expr: &'e Expr, steps: Steps) -> Result<Input<'e>, Stop> {
        match &expr.without_parens().kind {
            ExprKind::Matrix(matrix) => {
                let window_ms =
                    self.evaluator.positive_ms(&matrix.window).map_err(|_| Stop::Naive)?;
                Ok(Input::Selector(self.source(&matrix.selector, window_ms, steps)?))
            }
            ExprKind::Subquery(subquery) => {
                let (inner, shift, window_ms) =
                    self.evaluator.subquery_steps(subquery, steps).map_err(|_| Stop::Naive)?;
                let node = self.vector(&subquery.expr, inner)?;
                Ok(Input::Subquery(Subquery { node, steps: inner, shift, window_ms }))
            }
            _ => Err(Stop::Naive),
        }
    }

    fn binary<'e>(&mut self, binary: &'e Binary, steps: Steps) -> Result<Node<'e>, Stop> {
        if binary.op.is_trim() {
            return Err(Stop::Naive);
        }
        let Some(matching) = &binary.matching else {
            let vector_is_left = binary.lhs.value_type() == ValueType::Vector;
            let (vector, scalar) = if vector_is_left {
                (&binary.lhs, &binary.rhs)
            } else {
                (&binary.rhs, &binary.lhs)
            };
            let vector = self.vector(vector, steps)?;
            let scalar = self.scalar(scalar, steps)?;
            let operation = WithScalar { binary, vector, scalar, vector_is_left };
            return Ok(Node::WithScalar(Box::new(operation)));
        };
        if matching.fill.left.is_some() || matching.fill.right.is_some() {
            return Err(Stop::Naive);
        }
        let sides = Box::new([self.vector(&binary.lhs, steps)?, self.vector(&binary.rhs, steps)?]);
        Ok(if binary.op.is_set() { Node::Set(binary, sides) } else { Node::Match(binary, sides) })
    }

    fn aggregate<'e>(
        &mut self,
        aggregate: &'e Aggregate,
        range: TextRange,
        steps: Steps,
    ) -> Result<Node<'e>, Stop> {
        let has_number = aggregate.op != AggregateOp::CountValues;
        let param = match &aggregate.param {
            Some(param) if has_number => Some(self.scalar(param, steps)?),
            _ => None,
        };
        let param_range = aggregate.param.as_deref().map_or(range, |p| p.without_parens().range);
        let input = self.vector(&aggregate.expr, steps)?;
        Ok(Node::Aggregate(Box::new(Aggregation { aggregate, param, param_range, input })))
    }
}
