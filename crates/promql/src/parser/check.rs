//! Types: what may stand where.

use model::{METRIC_NAME, Quoted};

use super::ParseError;
use crate::ast::{
    Aggregate, AggregateOp, Binary, Call, Cardinality, Expr, ExprKind, TextRange, ValueType,
    VectorSelector,
};
use crate::function::Variadic;

/// Checks the types of a whole query and settles how its binary operators match.
pub(super) fn check(query: &str, mut expr: Expr) -> Result<Expr, ParseError> {
    Checker { query }.expr(&mut expr)?;
    Ok(expr)
}

struct Checker<'q> {
    query: &'q str,
}

impl Checker<'_> {
    fn expr(&self, expr: &mut Expr) -> Result<ValueType, ParseError> {
        let range = expr.range;
        match &mut expr.kind {
            ExprKind::Number(_) | ExprKind::String(_) => {}
            ExprKind::Vector(selector) => self.selector(selector, range)?,
            ExprKind::Matrix(matrix) => self.selector(&matrix.selector, range)?,
            ExprKind::Subquery(subquery) => {
                let found = self.expr(&mut subquery.expr)?;
                if found != ValueType::Vector {
                    let found = found.name();
                    let message =
                        format!("subquery is only allowed on instant vector, got {found} instead");
                    return self.fail(range, message);
                }
            }
            ExprKind::Call(call) => self.call(call, range)?,
            ExprKind::Aggregate(aggregate) => self.aggregate(aggregate)?,
            ExprKind::Binary(binary) => self.binary(binary, range)?,
            ExprKind::Unary(_, operand) => {
                let found = self.expr(operand)?;
                if !matches!(found, ValueType::Scalar | ValueType::Vector) {
                    let found = Quoted(found.documented_name());
                    let message = format!(
                        "unary expression only allowed on expressions of type scalar or instant \
                         vector, got {found}"
                    );
                    return self.fail(range, message);
                }
            }
            ExprKind::Paren(inner) => {
                self.expr(inner)?;
            }
        }
        Ok(expr.value_type())
    }

    fn selector(&self, selector: &VectorSelector, range: TextRange) -> Result<(), ParseError> {
        if let Some(name) = &selector.name {
            let (_, conditions) = selector
                .matchers
                .split_last()
                .unwrap_or_else(|| unreachable!("a selector with a name has a condition for it"));
            return match conditions.iter().find(|matcher| matcher.name == METRIC_NAME) {
                None => Ok(()),
                Some(other) => {
                    let (name, other) = (Quoted(name), Quoted(&other.value));
                    self.fail(
                        range,
                        format!("metric name must not be set twice: {name} or {other}"),
                    )
                }
            };
        }
        if selector.matchers.iter().all(model::Matcher::matches_empty) {
            let message = "vector selector must contain at least one non-empty matcher".to_owned();
            return self.fail(range, message);
        }
        Ok(())
    }

    fn call(&self, call: &mut Call, range: TextRange) -> Result<(), ParseError> {
        let function = call.function;
        let (name, wanted, count) = (Quoted(function.name), function.args.len(), call.args.len());
        let at_least = wanted.saturating_sub(1);
        match function.variadic {
            Variadic::No if count != wanted => {
                let message =
                    format!("expected {wanted} argument(s) in call to {name}, got {count}");
                return self.fail(range, message);
            }
            Variadic::UpTo(_) | Variadic::Any if count < at_least => {
                let message = format!(
                    "expected at least {at_least} argument(s) in call to {name}, got {count}"
                );
                return self.fail(range, message);
            }
            Variadic::UpTo(more) if count > at_least + more => {
                let most = at_least + more;
                let message =
                    format!("expected at most {most} argument(s) in call to {name}, got {count}");
                return self.fail(range, message);
            }
            _ => {}
        }
        let is_info = function.name == "info";
        for (position, arg) in call.args.iter_mut().enumerate() {
            if is_info && position == 1 {
                self.info_selector(arg, range)?;
                continue;
            }
            let wanted = function.args[position.min(wanted - 1)];
            let found = self.expr(arg)?;
            self.expect(arg.range, wanted, found, &format!("call to function {name}"))?;
        }
        Ok(())
    }

    /// The second argument of `info` is a selector without a name, which may match everything.
    fn info_selector(&self, arg: &Expr, call: TextRange) -> Result<(), ParseError> {
        let found = arg.value_type();
        self.expect(call, ValueType::Vector, found, "call to function \"info\"")?;
        match &arg.kind {
            ExprKind::Vector(selector) if selector.name.is_none() => Ok(()),
            ExprKind::Vector(_) => {
                let message = "expected label selectors only, got vector selector instead";
                self.fail(arg.range, message.to_owned())
            }
            _ => self.fail(arg.range, "expected label selectors only".to_owned()),
        }
    }

    fn aggregate(&self, aggregate: &mut Aggregate) -> Result<(), ParseError> {
        let found = self.expr(&mut aggregate.expr)?;
        let range = aggregate.expr.range;
        self.expect(range, ValueType::Vector, found, "aggregation expression")?;
        if let Some(param) = &mut aggregate.param {
            let is_label = aggregate.op == AggregateOp::CountValues;
            let wanted = if is_label { ValueType::String } else { ValueType::Scalar };
            let found = self.expr(param)?;
            self.expect(param.range, wanted, found, "aggregation parameter")?;
        }
        Ok(())
    }

    fn binary(&self, binary: &mut Binary, range: TextRange) -> Result<(), ParseError> {
        let left = self.expr(&mut binary.lhs)?;
        let right = self.expr(&mut binary.rhs)?;
        let op = binary.op;
        if binary.return_bool && !op.is_comparison() {
            let message = "bool modifier can only be used on comparison operators".to_owned();
            return self.fail(self.between(binary), message);
        }
        let scalars = left == ValueType::Scalar && right == ValueType::Scalar;
        if op.is_comparison() && !binary.return_bool && scalars {
            let message = "comparisons between scalars must use BOOL modifier".to_owned();
            return self.fail(self.between(binary), message);
        }
        if let Some(matching) = &binary.matching {
            let both = matching.labels.iter().find(|label| matching.include.contains(label));
            if let Some(label) = both.filter(|_| matching.on) {
                let label = Quoted(label);
                let message =
                    format!("label {label} must not occur in ON and GROUP clause at once");
                return self.fail(self.between(binary), message);
            }
        }
        for (found, side) in [(left, &binary.lhs), (right, &binary.rhs)] {
            if !matches!(found, ValueType::Scalar | ValueType::Vector) {
                let message = "binary expression must contain only scalar and instant vector types";
                return self.fail(side.range, message.to_owned());
            }
        }
        if left == ValueType::Vector && right == ValueType::Vector {
            self.set_operator(binary, range)
        } else {
            self.scalar_operand(binary, range)
        }
    }

    /// Between vectors; set operators match many to many.
    fn set_operator(&self, binary: &mut Binary, range: TextRange) -> Result<(), ParseError> {
        let Some(matching) = binary.matching.as_mut().filter(|_| binary.op.is_set()) else {
            return Ok(());
        };
        if matching.cardinality != Cardinality::OneToOne {
            let op = Quoted(binary.op.symbol());
            return self.fail(range, format!("no grouping allowed for {op} operation"));
        }
        matching.cardinality = Cardinality::ManyToMany;
        if matching.fill.left.is_some() || matching.fill.right.is_some() {
            let message = "filling in missing series not allowed for set operators".to_owned();
            return self.fail(range, message);
        }
        Ok(())
    }

    /// With a scalar on at least one side there is nothing to match.
    fn scalar_operand(&self, binary: &mut Binary, range: TextRange) -> Result<(), ParseError> {
        let matching = binary.matching.take().unwrap_or_default();
        if !matching.labels.is_empty() {
            let message = "vector matching only allowed between instant vectors".to_owned();
            return self.fail(range, message);
        }
        if matching.fill.left.is_some() || matching.fill.right.is_some() {
            let message = "filling in missing series only allowed between instant vectors";
            return self.fail(range, message.to_owned());
        }
        if binary.op.is_set() {
            let op = Quoted(binary.op.symbol());
            let message = format!("set operator {op} not allowed in binary scalar expression");
            return self.fail(range, message);
        }
        Ok(())
    }

    /// The operator and its modifiers.
    fn between(&self, binary: &Binary) -> TextRange {
        let (start, end) = (binary.lhs.range.end as usize, binary.rhs.range.start as usize);
        let text = &self.query[start..end];
        let leading = text.len() - text.trim_start().len();
        // The last character of the operator does not count, which is as in Prometheus.
        let length = text.trim().len().saturating_sub(1);
        TextRange::new(start + leading, start + leading + length)
    }

    fn expect(
        &self,
        range: TextRange,
        wanted: ValueType,
        found: ValueType,
        context: &str,
    ) -> Result<(), ParseError> {
        if wanted == found {
            return Ok(());
        }
        let (wanted, found) = (wanted.documented_name(), found.documented_name());
        self.fail(range, format!("expected type {wanted} in {context}, got {found}"))
    }

    fn fail<T>(&self, range: TextRange, message: String) -> Result<T, ParseError> {
        Err(ParseError::new(self.query, range, message))
    }
}
