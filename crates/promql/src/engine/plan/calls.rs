//! Calls of functions that give vectors.

use super::build::Planner;
use super::{Function, Node, Scalar, Windows};
use crate::ast::{Call, Expr, ExprKind, TextRange, ValueType};
use crate::engine::Stop;
use crate::engine::labels::Relabelling;
use crate::eval::functions::kernel::{Kernel, kernel};
use crate::eval::functions::math::of_one_number;
use crate::eval::functions::of_one_histogram;
use crate::eval::functions::time::date_part;
use crate::eval::functions::window::{absent_labels, argument_range};
use crate::eval::steps::Steps;

impl Planner<'_> {
    pub(super) fn call<'e>(
        &mut self,
        call: &'e Call,
        range: TextRange,
        steps: Steps,
    ) -> Result<Node<'e>, Stop> {
        let name = call.function.name;
        if let Some(function) = of_one_number(name) {
            return self.map(Function::OfNumber(function), &call.args[0], steps);
        }
        if of_one_histogram(name).is_some() {
            return Ok(Node::Nothing(Box::new(self.vector(&call.args[0], steps)?)));
        }
        if let Some(kernel) = kernel(name) {
            return self.windows(call, kernel, steps);
        }
        if let Some(part) = date_part(name) {
            return match call.args.first() {
                Some(arg) => self.map(Function::Date(part), arg, steps),
                None => Ok(Node::Date(part)),
            };
        }
        match name {
            "absent" => {
                let labels = absent_labels(&call.args[0]);
                Ok(Node::Absent(labels, Box::new(self.vector(&call.args[0], steps)?)))
            }
            "absent_over_time" => {
                let labels = absent_labels(&call.args[0]);
                Ok(Node::AbsentOverTime(labels, Box::new(self.input(&call.args[0], steps)?)))
            }
            "clamp" | "clamp_max" | "clamp_min" | "round" => self.with_scalars(call, steps),
            "histogram_quantile" | "histogram_fraction" => self.histogram(call, steps),
            "label_replace" | "label_join" => {
                // What is wrong with the arguments is said before the vector is evaluated.
                Relabelling::of(call).ok_or(Stop::Naive)?;
                Ok(Node::Relabel(call, Box::new(self.vector(&call.args[0], steps)?)))
            }
            "sort" | "sort_desc" => {
                let vector = Box::new(self.vector(&call.args[0], steps)?);
                Ok(Node::Sort { call, range, vector })
            }
            "vector" => Ok(Node::Scalar(self.scalar(&call.args[0], steps)?)),
            "timestamp" => self.timestamp(call, steps),
            _ => Err(Stop::Naive),
        }
    }

    fn map<'e>(
        &mut self,
        function: Function<'e>,
        arg: &'e Expr,
        steps: Steps,
    ) -> Result<Node<'e>, Stop> {
        Ok(Node::Map(function, Box::new(self.vector(arg, steps)?)))
    }

    fn windows<'e>(
        &mut self,
        call: &'e Call,
        kernel: Kernel,
        steps: Steps,
    ) -> Result<Node<'e>, Stop> {
        let is_range = |arg: &&Expr| arg.value_type() == ValueType::Matrix;
        let arg = call.args.iter().find(is_range).ok_or(Stop::Naive)?;
        let input = self.input(arg, steps)?;
        let mut args = Vec::new();
        for arg in call.args.iter().filter(|arg| !is_range(arg)) {
            args.push(self.scalar(arg, steps)?);
        }
        let name = call.function.name;
        if name == "double_exponential_smoothing" {
            let is_factor =
                |arg: &Scalar| matches!(arg, Scalar::Constant(f) if *f > 0.0 && *f < 1.0);
            if !args.iter().all(is_factor) {
                return Err(Stop::Naive);
            }
        }
        let first = &call.args[0];
        let ranges = [argument_range(arg), argument_range(first), first.without_parens().range];
        Ok(Node::Windows(Box::new(Windows { name, kernel, input, args, ranges })))
    }

    fn with_scalars<'e>(&mut self, call: &'e Call, steps: Steps) -> Result<Node<'e>, Stop> {
        let mut scalar = |position: usize, default: f64| match call.args.get(position) {
            Some(arg) => self.scalar(arg, steps),
            None => Ok(Scalar::Constant(default)),
        };
        let function = match call.function.name {
            "round" => Function::Round(scalar(1, 1.0)?),
            "clamp_min" => Function::Clamp([scalar(1, 0.0)?, Scalar::Constant(f64::INFINITY)]),
            "clamp_max" => Function::Clamp([Scalar::Constant(f64::NEG_INFINITY), scalar(1, 0.0)?]),
            _ => Function::Clamp([scalar(1, 0.0)?, scalar(2, 0.0)?]),
        };
        self.map(function, &call.args[0], steps)
    }

    fn histogram<'e>(&mut self, call: &'e Call, steps: Steps) -> Result<Node<'e>, Stop> {
        let range = |arg: &Expr| arg.without_parens().range;
        if let [lower, upper, vector] = call.args.as_slice() {
            let ends = [self.scalar(lower, steps)?, self.scalar(upper, steps)?];
            let node = Box::new(self.vector(vector, steps)?);
            return Ok(Node::HistogramFraction { ends, range: range(vector), vector: node });
        }
        let quantile = self.scalar(&call.args[0], steps)?;
        let vector = Box::new(self.vector(&call.args[1], steps)?);
        let range = [range(&call.args[0]), range(&call.args[1])];
        Ok(Node::HistogramQuantile { quantile, range, vector })
    }

    fn timestamp<'e>(&mut self, call: &'e Call, steps: Steps) -> Result<Node<'e>, Stop> {
        if let ExprKind::Vector(selector) = &call.args[0].without_parens().kind {
            let window_ms = self.evaluator.options.lookback_ms;
            let source = self.source(selector, window_ms, steps)?;
            return Ok(Node::Latest { source, asks_time: true });
        }
        self.map(Function::Time, &call.args[0], steps)
    }
}
