//! What is to be done for a query: a tree of nodes, and what is read for them.

mod build;
mod calls;
mod read;
mod scalar;

use model::Labels;
use store::{MetricStore, QueryContext};

use super::Stop;
use crate::ast::{Aggregate, Binary, Call, Expr, TextRange, ValueType};
use crate::eval::functions::kernel::Kernel;
use crate::eval::functions::time::DatePart;
use crate::eval::steps::{Shift, Steps};
use crate::eval::{Evaluator, Options};
use build::Planner;
pub(super) use read::Read;

/// A planned query.
pub(super) struct Plan<'e> {
    pub(super) root: Root<'e>,
    /// What is read; sources name it by position.
    pub(super) reads: Vec<Read>,
}

/// What a query gives.
pub(super) enum Root<'e> {
    Scalar(Scalar<'e>),
    Vector(Node<'e>),
}

impl<'e> Plan<'e> {
    /// Plans a query; whatever cannot be planned is left to the naive evaluator.
    pub(super) fn of(
        expr: &'e Expr,
        steps: Steps,
        store: &dyn MetricStore,
        options: &Options,
        context: &QueryContext,
    ) -> Result<Self, Stop> {
        let mut planner = Planner::new(Evaluator::new(store, options, context, steps));
        let root = match expr.value_type() {
            ValueType::Scalar => Root::Scalar(planner.scalar(expr, steps)?),
            ValueType::Vector => Root::Vector(planner.vector(expr, steps)?),
            ValueType::String | ValueType::Matrix => return Err(Stop::Naive),
        };
        Ok(Plan { root, reads: read::shared(planner.reads) })
    }
}

/// A scalar.
pub(super) enum Scalar<'e> {
    Constant(f64),
    /// The time of the step.
    Time,
    /// The only element of a vector.
    Of(Box<Node<'e>>),
    /// An operator between two.
    Binary(fn(f64, f64) -> f64, Box<[Scalar<'e>; 2]>),
    Negative(Box<Scalar<'e>>),
    /// The same at each step, so evaluated at the first one.
    Once(Box<Scalar<'e>>),
}

impl Scalar<'_> {
    /// Whether it can be worked out at any time: nothing is read for it and nothing remarked on.
    pub(super) fn is_quiet(&self) -> bool {
        match self {
            Scalar::Constant(_) | Scalar::Time => true,
            Scalar::Of(_) => false,
            Scalar::Binary(_, sides) => sides.iter().all(Scalar::is_quiet),
            Scalar::Negative(inner) | Scalar::Once(inner) => inner.is_quiet(),
        }
    }
}

/// A selector: what it reads, and where in time it looks.
pub(super) struct Source {
    /// Which of the plan's reads.
    pub(super) read: usize,
    pub(super) shift: Shift,
    pub(super) window_ms: i64,
}

/// An instant vector.
pub(super) enum Node<'e> {
    /// Nothing is evaluated and nothing comes out.
    Empty,
    /// The same at each step, so evaluated at the first one.
    Once(Box<Node<'e>>),
    /// The latest sample of each series.
    Latest {
        source: Source,
        asks_time: bool,
    },
    /// A function of windows.
    Windows(Box<Windows<'e>>),
    /// A scalar as a vector.
    Scalar(Scalar<'e>),
    /// A part of the date of each step.
    Date(DatePart),
    /// A function of each value, which drops the names.
    Map(Function<'e>, Box<Node<'e>>),
    /// An operator between a vector and a scalar.
    WithScalar(Box<WithScalar<'e>>),
    /// An operator between two vectors.
    Match(&'e Binary, Box<[Node<'e>; 2]>),
    /// `and`, `or`, `unless`.
    Set(&'e Binary, Box<[Node<'e>; 2]>),
    Aggregate(Box<Aggregation<'e>>),
    /// `absent`, with the labels of what is not there.
    Absent(Labels, Box<Node<'e>>),
    /// `absent_over_time`.
    AbsentOverTime(Labels, Box<Input<'e>>),
    /// What numbers give where histograms are asked for.
    Nothing(Box<Node<'e>>),
    /// `label_replace` and `label_join`.
    Relabel(&'e Call, Box<Node<'e>>),
    Sort {
        call: &'e Call,
        range: TextRange,
        vector: Box<Node<'e>>,
    },
    HistogramQuantile {
        quantile: Scalar<'e>,
        range: [TextRange; 2],
        vector: Box<Node<'e>>,
    },
    HistogramFraction {
        ends: [Scalar<'e>; 2],
        range: TextRange,
        vector: Box<Node<'e>>,
    },
}

/// A function of each value.
pub(super) enum Function<'e> {
    OfNumber(fn(f64) -> f64),
    Date(DatePart),
    /// The time of the step.
    Time,
    /// Nearest multiple.
    Round(Scalar<'e>),
    /// Between two ends.
    Clamp([Scalar<'e>; 2]),
}

impl Function<'_> {
    /// Whether its parameters can be worked out at any time.
    pub(super) fn is_quiet(&self) -> bool {
        match self {
            Function::OfNumber(_) | Function::Date(_) | Function::Time => true,
            Function::Round(to) => to.is_quiet(),
            Function::Clamp(ends) => ends.iter().all(Scalar::is_quiet),
        }
    }
}

/// An operator between a vector and a scalar.
pub(super) struct WithScalar<'e> {
    pub(super) binary: &'e Binary,
    pub(super) vector: Node<'e>,
    pub(super) scalar: Scalar<'e>,
    pub(super) vector_is_left: bool,
}

/// What windows move over.
pub(super) enum Input<'e> {
    Selector(Source),
    Subquery(Subquery<'e>),
}

/// A query at steps of its own.
pub(super) struct Subquery<'e> {
    pub(super) node: Node<'e>,
    pub(super) steps: Steps,
    pub(super) shift: Shift,
    pub(super) window_ms: i64,
}

/// A call of a function of windows.
pub(super) struct Windows<'e> {
    pub(super) name: &'static str,
    /// The naive one.
    pub(super) kernel: Kernel,
    pub(super) input: Input<'e>,
    pub(super) args: Vec<Scalar<'e>>,
    /// Where remarks on the range vector, on the first argument's windows and on the first argument
    /// point to.
    pub(super) ranges: [TextRange; 3],
}

/// An aggregation.
pub(super) struct Aggregation<'e> {
    pub(super) aggregate: &'e Aggregate,
    pub(super) param: Option<Scalar<'e>>,
    pub(super) param_range: TextRange,
    pub(super) input: Node<'e>,
}
