//! The formats in which targets expose metrics: Prometheus' text format and OpenMetrics text 1.0.
//!
//! [`Parser`] accepts what Prometheus 3 accepts. It hands out one entry after the other, borrowing
//! from the body, so that a scrape loop that knows a series by its raw text copies nothing.
//! [`strict::check`] is for people who write exporters: it holds a body against the whole of the
//! OpenMetrics specification (<https://prometheus.io/docs/specs/om/open_metrics_spec/>).

mod decode;
mod fuzz;
mod labels;
mod lexer;
mod metadata;
mod negotiate;
mod number;
pub mod strict;

use std::borrow::Cow;

use model::{Labels, MetricKind};

pub use decode::Parser;
pub(crate) use fuzz::{fuzz, seeds};
pub use negotiate::{ScrapeProtocol, accept_header};

/// One of the two formats.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// Prometheus' own, of any version.
    Text,
    /// OpenMetrics.
    OpenMetrics,
}

/// A label's name and value, unescaped.
pub type Label<'p> = (Cow<'p, str>, Cow<'p, str>);

/// One line that means something.
#[derive(Clone, Debug, PartialEq)]
pub enum Entry<'p> {
    /// What a family is for.
    Help {
        /// The family's name.
        family: Cow<'p, str>,
        /// A sentence for people, unescaped.
        text: Cow<'p, str>,
    },
    /// What kind of metric a family is.
    Type {
        /// The family's name.
        family: Cow<'p, str>,
        /// Its kind.
        kind: MetricKind,
    },
    /// The unit of a family; OpenMetrics only.
    Unit {
        /// The family's name.
        family: Cow<'p, str>,
        /// The unit, which is also the end of the name.
        unit: Cow<'p, str>,
    },
    /// A value of a series.
    Sample(Sample<'p>),
}

/// A value of a series.
#[derive(Clone, Debug, PartialEq)]
pub struct Sample<'p> {
    /// The series as it is written, name and braces: the same text under the same `# TYPE` is the
    /// same series.
    pub series: &'p str,
    /// The labels in order of their names, `__name__` among them, each name once. The values of `le`
    /// and `quantile` are numbers in OpenMetrics' canonical form, as in Prometheus 3.
    pub labels: &'p [Label<'p>],
    /// The value.
    pub value: f64,
    /// When it was, if the target said so.
    pub t_ms: Option<i64>,
    /// An example of what was counted; OpenMetrics only.
    pub exemplar: Option<Exemplar<'p>>,
}

impl Sample<'_> {
    /// The labels as a set.
    pub fn label_set(&self) -> Labels {
        Labels::from_pairs(self.labels.iter().map(|(name, value)| (name, value)))
    }
}

/// An example of what was counted.
#[derive(Clone, Debug, PartialEq)]
pub struct Exemplar<'p> {
    /// The exemplar's own labels in order of their names.
    pub labels: &'p [Label<'p>],
    /// Its value.
    pub value: f64,
    /// When it was, if the target said so.
    pub t_ms: Option<i64>,
}

impl Exemplar<'_> {
    /// The labels as a set.
    pub fn label_set(&self) -> Labels {
        Labels::from_pairs(self.labels.iter().map(|(name, value)| (name, value)))
    }
}

#[cfg(test)]
mod tests;
