//! The syntax tree: every node knows the bytes of the query it came from.

mod aggregate;
mod binary;
mod duration;
mod string;
mod text_range;
mod walk;

use model::Matcher;

pub use aggregate::{Aggregate, AggregateOp};
pub use binary::{Binary, BinaryOp, Cardinality, Fill, UnaryOp, VectorMatching};
pub use duration::{Duration, DurationKind};
pub(crate) use duration::{seconds, whole_milliseconds};
pub use string::StringLiteral;
pub use text_range::TextRange;
pub(crate) use walk::children;

use crate::function::Function;

/// An expression.
#[derive(Clone, Debug, PartialEq)]
pub struct Expr {
    /// Where it stands in the query.
    pub range: TextRange,
    /// What it is.
    pub kind: ExprKind,
}

/// The kinds of expressions.
#[derive(Clone, Debug, PartialEq)]
pub enum ExprKind {
    /// `1`, `0x1f`, `Inf`, `5m`.
    Number(Number),
    /// `"text"`, without its quotes.
    String(StringLiteral),
    /// `up{job="api"} offset 5m`.
    Vector(VectorSelector),
    /// `up[5m]`.
    Matrix(MatrixSelector),
    /// `rate(up[5m])[1h:1m]`.
    Subquery(Subquery),
    /// `rate(up[5m])`.
    Call(Call),
    /// `sum by (job) (up)`.
    Aggregate(Aggregate),
    /// `a + b`.
    Binary(Binary),
    /// `-a`.
    Unary(UnaryOp, Box<Expr>),
    /// `(a)`.
    Paren(Box<Expr>),
}

/// A number as it was written.
#[derive(Clone, Copy, Debug)]
pub struct Number {
    /// Its value; for a duration, seconds.
    pub value: f64,
    /// Whether it was written as a duration, and so is printed as one.
    pub is_duration: bool,
}

impl PartialEq for Number {
    /// Bit for bit, so that NaN equals itself.
    fn eq(&self, other: &Self) -> bool {
        (self.value.to_bits(), self.is_duration) == (other.value.to_bits(), other.is_duration)
    }
}

/// Which series to read, and when.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct VectorSelector {
    /// The metric name before the braces.
    pub name: Option<String>,
    /// All conditions; that of the name is the last.
    pub matchers: Vec<Matcher>,
    /// Where in time it looks.
    pub time: TimeModifiers,
    /// How it treats the ends of its range.
    pub extension: Option<RangeExtension>,
}

/// A selector with the length of its window.
#[derive(Clone, Debug, PartialEq)]
pub struct MatrixSelector {
    /// Which series.
    pub selector: VectorSelector,
    /// How far the window reaches back.
    pub window: Duration,
}

/// An instant query evaluated over a range.
#[derive(Clone, Debug, PartialEq)]
pub struct Subquery {
    /// The query.
    pub expr: Box<Expr>,
    /// How far the window reaches back.
    pub window: Duration,
    /// The time between two evaluations; the default where absent.
    pub step: Option<Duration>,
    /// Where in time it looks.
    pub time: TimeModifiers,
}

/// `@` and `offset`.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TimeModifiers {
    /// A fixed time instead of that of the evaluation.
    pub at: Option<At>,
    /// How much earlier to look; negative for later.
    pub offset: Option<Duration>,
}

/// What `@` names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum At {
    /// Milliseconds since the epoch.
    Time(i64),
    /// The start of the query.
    Start,
    /// The end of the query.
    End,
}

/// How a selector treats the ends of its range.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RangeExtension {
    /// The samples around the ends stand at the ends.
    Anchored,
    /// Values at the ends are interpolated.
    Smoothed,
}

/// A function and its arguments.
#[derive(Clone, Debug, PartialEq)]
pub struct Call {
    /// The function.
    pub function: &'static Function,
    /// What it is called with.
    pub args: Vec<Expr>,
}

/// What an expression evaluates to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ValueType {
    /// One number.
    Scalar,
    /// One text.
    String,
    /// One sample for each of several series.
    Vector,
    /// A range of samples for each of several series.
    Matrix,
}

impl ValueType {
    /// The name in the API: `vector`.
    pub fn name(self) -> &'static str {
        match self {
            ValueType::Scalar => "scalar",
            ValueType::String => "string",
            ValueType::Vector => "vector",
            ValueType::Matrix => "matrix",
        }
    }

    /// The name in the documentation: `instant vector`.
    pub fn documented_name(self) -> &'static str {
        match self {
            ValueType::Vector => "instant vector",
            ValueType::Matrix => "range vector",
            other => other.name(),
        }
    }
}

impl Expr {
    /// What it evaluates to.
    pub fn value_type(&self) -> ValueType {
        match &self.kind {
            ExprKind::Number(_) => ValueType::Scalar,
            ExprKind::String(_) => ValueType::String,
            ExprKind::Vector(_) | ExprKind::Aggregate(_) => ValueType::Vector,
            ExprKind::Matrix(_) | ExprKind::Subquery(_) => ValueType::Matrix,
            ExprKind::Call(call) => call.function.returns,
            ExprKind::Unary(_, inner) | ExprKind::Paren(inner) => inner.value_type(),
            ExprKind::Binary(binary) => {
                let both = [binary.lhs.value_type(), binary.rhs.value_type()];
                if both == [ValueType::Scalar; 2] { ValueType::Scalar } else { ValueType::Vector }
            }
        }
    }

    /// The expression without the parentheses around it.
    pub fn without_parens(&self) -> &Expr {
        let mut expr = self;
        while let ExprKind::Paren(inner) = &expr.kind {
            expr = inner;
        }
        expr
    }

    /// Every selector in it, in the order they are written.
    pub fn selectors(&self) -> Vec<&VectorSelector> {
        let mut found = Vec::new();
        self.visit(&mut |expr| match &expr.kind {
            ExprKind::Vector(selector) => found.push(selector),
            ExprKind::Matrix(matrix) => found.push(&matrix.selector),
            _ => {}
        });
        found
    }

    /// Calls `visit` with this expression and then with all below it.
    pub fn visit<'e>(&'e self, visit: &mut impl FnMut(&'e Expr)) {
        visit(self);
        for child in children(self) {
            child.visit(visit);
        }
    }
}
