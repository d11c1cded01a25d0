//! Queries as text, in the one form Prometheus prints them in; parsing the text gives the same
//! tree.

use std::fmt::{self, Display, Formatter, Write};

use model::{METRIC_NAME, MatchOp, Quoted, format_duration_ms, is_classic_label_name};

use crate::ast::{
    Aggregate, At, Binary, BinaryOp, Call, Cardinality, Duration, DurationKind, Expr, ExprKind,
    MatrixSelector, Number, RangeExtension, Subquery, TimeModifiers, UnaryOp, VectorMatching,
    VectorSelector, whole_milliseconds,
};
use crate::number::{format_float, format_general};

impl Display for Expr {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match &self.kind {
            ExprKind::Number(number) => number.fmt(f),
            ExprKind::String(text) => text.fmt(f),
            ExprKind::Vector(selector) => selector.fmt(f),
            ExprKind::Matrix(matrix) => matrix.fmt(f),
            ExprKind::Subquery(subquery) => subquery.fmt(f),
            ExprKind::Call(call) => call.fmt(f),
            ExprKind::Aggregate(aggregate) => aggregate.fmt(f),
            ExprKind::Binary(binary) => binary.fmt(f),
            ExprKind::Unary(op, operand) => write!(f, "{}{operand}", op.symbol()),
            ExprKind::Paren(inner) => write!(f, "({inner})"),
        }
    }
}

impl Display for Number {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        if self.is_duration {
            f.write_str(&format_duration_ms(whole_milliseconds(self.value)))
        } else {
            f.write_str(&format_float(self.value))
        }
    }
}

impl VectorSelector {
    /// The name and the conditions, without what is about time.
    fn write_conditions(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let name = self.name.as_deref().unwrap_or_default();
        f.write_str(name)?;
        let is_name = |matcher: &&model::Matcher| {
            matcher.name == METRIC_NAME
                && matcher.op == MatchOp::Equal
                && matcher.value == name
                && !name.is_empty()
        };
        let conditions = self.matchers.iter().filter(|matcher| !is_name(matcher));
        let mut conditions: Vec<_> = conditions.map(ToString::to_string).collect();
        conditions.sort();
        if !conditions.is_empty() {
            write!(f, "{{{}}}", conditions.join(","))?;
        }
        Ok(())
    }
}

impl Display for VectorSelector {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        self.write_conditions(f)?;
        write_at(self.time.at, f)?;
        write_extension(self.extension, f)?;
        write_offset(&self.time, f)
    }
}

impl Display for MatrixSelector {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        self.selector.write_conditions(f)?;
        write!(f, "[{}]", Length(&self.window))?;
        write_extension(self.selector.extension, f)?;
        write_at(self.selector.time.at, f)?;
        write_offset(&self.selector.time, f)
    }
}

impl Display for Subquery {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "{}[{}:", self.expr, Length(&self.window))?;
        if let Some(step) = &self.step {
            Length(step).fmt(f)?;
        }
        f.write_str("]")?;
        write_at(self.time.at, f)?;
        write_offset(&self.time, f)
    }
}

fn write_extension(extension: Option<RangeExtension>, f: &mut Formatter<'_>) -> fmt::Result {
    match extension {
        None => Ok(()),
        Some(RangeExtension::Anchored) => f.write_str(" anchored"),
        Some(RangeExtension::Smoothed) => f.write_str(" smoothed"),
    }
}

fn write_at(at: Option<At>, f: &mut Formatter<'_>) -> fmt::Result {
    match at {
        None => Ok(()),
        Some(At::Time(t_ms)) => write!(f, " @ {:.3}", t_ms as f64 / 1000.0),
        Some(At::Start) => f.write_str(" @ start()"),
        Some(At::End) => f.write_str(" @ end()"),
    }
}

fn write_offset(time: &TimeModifiers, f: &mut Formatter<'_>) -> fmt::Result {
    match &time.offset {
        Some(offset) if offset.literal_ms() != Some(0) => write!(f, " offset {}", Length(offset)),
        _ => Ok(()),
    }
}

/// A length in the place of a window, a step or an offset: a plain number is printed as a duration,
/// unless it is shorter than durations can be.
struct Length<'a>(&'a Duration);

impl Display for Length<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match (self.0.literal_ms(), &self.0.kind) {
            (Some(0), DurationKind::Literal(number)) => f.write_str(&format_float(number.value)),
            (Some(ms), _) => f.write_str(&format_duration_ms(ms)),
            (None, _) => self.0.fmt(f),
        }
    }
}

impl Display for Duration {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match &self.kind {
            DurationKind::Literal(number) => number.fmt(f),
            DurationKind::Step => f.write_str("step()"),
            DurationKind::Range => f.write_str("range()"),
            DurationKind::Min(both) => write!(f, "min_of({}, {})", both[0], both[1]),
            DurationKind::Max(both) => write!(f, "max_of({}, {})", both[0], both[1]),
            DurationKind::Unary(UnaryOp::Plus, operand) => operand.fmt(f),
            DurationKind::Unary(UnaryOp::Minus, operand) => write!(f, "-{operand}"),
            DurationKind::Binary(op, both) => {
                write!(f, "{} {} {}", both[0], op.symbol(), both[1])
            }
            DurationKind::Paren(inner) => write!(f, "({inner})"),
        }
    }
}

impl Display for Call {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "{}(", self.function.name)?;
        for (position, arg) in self.args.iter().enumerate() {
            let separator = if position == 0 { "" } else { ", " };
            write!(f, "{separator}{arg}")?;
        }
        f.write_str(")")
    }
}

impl Display for Aggregate {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(self.op.name())?;
        if self.without || !self.grouping.is_empty() {
            f.write_str(if self.without { " without " } else { " by " })?;
            write_labels(&self.grouping, f)?;
            f.write_str(" ")?;
        }
        match &self.param {
            Some(param) => write!(f, "({param}, {})", self.expr),
            None => write!(f, "({})", self.expr),
        }
    }
}

/// The offset an expression ends with if it is in parentheses with a plus before, which is not
/// printed unless something follows.
fn plain_offset(expr: &Expr) -> Option<String> {
    let time = match &expr.kind {
        ExprKind::Vector(selector) => &selector.time,
        ExprKind::Matrix(matrix) => &matrix.selector.time,
        ExprKind::Subquery(subquery) => &subquery.time,
        ExprKind::Unary(_, operand) => return plain_offset(operand),
        ExprKind::Binary(binary) => return plain_offset(&binary.rhs),
        _ => return None,
    };
    match time.offset.as_ref().map(|offset| &offset.kind) {
        Some(DurationKind::Unary(UnaryOp::Plus, inner)) => Some(inner.to_string()),
        _ => None,
    }
}

impl Display for Binary {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let lhs = self.lhs.to_string();
        let (head, tail) = match plain_offset(&self.lhs) {
            // Without its sign the offset would take in this operator.
            Some(offset) if self.op.is_arithmetic() => lhs.split_at(lhs.len() - offset.len()),
            _ => (lhs.as_str(), ""),
        };
        let sign = if tail.is_empty() { "" } else { "+" };
        // A sign before a power would be read as the sign of the whole.
        let is_power = self.op == BinaryOp::Pow;
        let head = head.strip_prefix('+').filter(|_| is_power).unwrap_or(head);
        write!(f, "{head}{sign}{tail} {}", self.op.symbol())?;
        if self.return_bool {
            f.write_str(" bool")?;
        }
        if let Some(matching) = &self.matching {
            write_matching(matching, f)?;
        }
        write!(f, " {}", self.rhs)
    }
}

fn write_matching(matching: &VectorMatching, f: &mut Formatter<'_>) -> fmt::Result {
    let group = match matching.cardinality {
        Cardinality::ManyToOne => Some(" group_left "),
        Cardinality::OneToMany => Some(" group_right "),
        Cardinality::OneToOne | Cardinality::ManyToMany => None,
    };
    if matching.on || !matching.labels.is_empty() || group.is_some() {
        f.write_str(if matching.on { " on " } else { " ignoring " })?;
        write_labels(&matching.labels, f)?;
    }
    if let Some(group) = group {
        f.write_str(group)?;
        write_labels(&matching.include, f)?;
    }
    match (matching.fill.left, matching.fill.right) {
        (Some(left), Some(right)) if left == right => write!(f, " fill ({})", format_general(left)),
        (left, right) => {
            if let Some(left) = left {
                write!(f, " fill_left ({})", format_general(left))?;
            }
            if let Some(right) = right {
                write!(f, " fill_right ({})", format_general(right))?;
            }
            Ok(())
        }
    }
}

fn write_labels(labels: &[String], f: &mut Formatter<'_>) -> fmt::Result {
    f.write_str("(")?;
    for (position, label) in labels.iter().enumerate() {
        if position > 0 {
            f.write_str(", ")?;
        }
        if is_classic_label_name(label) {
            f.write_str(label)?;
        } else {
            Quoted(label).fmt(f)?;
        }
    }
    f.write_char(')')
}
