//! What an answer says about itself: warnings and infos, each with its place in the query.

mod histogram;

pub(super) use histogram::Operation;

use crate::ast::TextRange;
use crate::number::{format_general, format_significant};

/// A remark about a query's answer.
#[derive(Clone, Debug, PartialEq)]
pub struct Annotation {
    /// The part of the query it is about.
    pub range: TextRange,
    level: Level,
    message: String,
    details: Details,
}

/// What is gathered from equal remarks.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
enum Details {
    /// Nothing: they are all the same.
    #[default]
    None,
    /// Where buckets were raised.
    Forced(Forced),
    /// How often it was so.
    Occurrences(usize),
}

/// How much a remark matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Level {
    Warning,
    Info,
}

/// Where and how much buckets were raised so that their counts grow.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Forced {
    pub(crate) bounds: (f64, f64),
    pub(crate) max_diff: f64,
    pub(crate) times_ms: (i64, i64),
    pub(crate) count: usize,
}

impl Annotation {
    /// The whole remark with its place, as Prometheus writes it: `PromQL warning: … (1:5)`.
    pub fn text(&self, query: &str) -> String {
        let level = match self.level {
            Level::Warning => "PromQL warning",
            Level::Info => "PromQL info",
        };
        let details = self.details.text();
        let position = self.range.position(query);
        format!("{level}: {}{details} ({position})", self.message)
    }
}

impl Details {
    fn text(&self) -> String {
        match self {
            Details::Forced(forced) => forced.text(),
            Details::Occurrences(count) if *count > 1 => format!(" ({count} occurrences)"),
            Details::None | Details::Occurrences(_) => String::new(),
        }
    }

    fn merge(&mut self, new: &Details) {
        match (self, new) {
            (Details::Forced(old), Details::Forced(new)) => old.merge(new),
            (Details::Occurrences(old), Details::Occurrences(new)) => *old += new,
            _ => {}
        }
    }
}

impl Forced {
    fn text(&self) -> String {
        format!(
            ", from buckets {} to {}, with a max diff of {}, over {} samples from {} to {}",
            format_general(self.bounds.0),
            format_general(self.bounds.1),
            format_significant(self.max_diff, 2),
            self.count,
            rfc3339(self.times_ms.0),
            rfc3339(self.times_ms.1),
        )
    }

    pub(crate) fn merge(&mut self, other: &Forced) {
        self.bounds.0 = self.bounds.0.min(other.bounds.0);
        self.bounds.1 = self.bounds.1.max(other.bounds.1);
        self.max_diff = self.max_diff.max(other.max_diff);
        self.times_ms.0 = self.times_ms.0.min(other.times_ms.0);
        self.times_ms.1 = self.times_ms.1.max(other.times_ms.1);
        self.count += other.count;
    }
}

/// A second in UTC: `1970-01-01T00:50:00Z`.
fn rfc3339(t_ms: i64) -> String {
    let date = super::functions::Date::of_seconds(t_ms / 1000);
    let (hour, minute, second) = date.time_of_day();
    let (year, month, day) = (date.year, date.month, date.day);
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}Z")
}

/// Remarks, each message once; of equal ones the last place counts.
#[derive(Default)]
pub(crate) struct Annotations(Vec<Annotation>);

impl Annotations {
    pub(crate) fn warn(&mut self, range: TextRange, message: impl Into<String>) {
        let (level, message) = (Level::Warning, message.into());
        self.add(Annotation { range, level, message, details: Details::None });
    }

    pub(crate) fn info(&mut self, range: TextRange, message: impl Into<String>) {
        let (level, message) = (Level::Info, message.into());
        self.add(Annotation { range, level, message, details: Details::None });
    }

    pub(crate) fn forced_monotonicity(&mut self, range: TextRange, name: &str, forced: Forced) {
        let message = with_name(
            "input to histogram_quantile needed to be fixed for monotonicity (see \
             https://prometheus.io/docs/prometheus/latest/querying/functions/#histogram_quantile)",
            name,
        );
        self.add(Annotation {
            range,
            level: Level::Info,
            message,
            details: Details::Forced(forced),
        });
    }

    /// A parameter that should lie between 0 and 1.
    pub(crate) fn check_quantile(&mut self, range: TextRange, quantile: f64) {
        if !(0.0..=1.0).contains(&quantile) {
            let found = format_general(quantile);
            let message = format!("quantile value should be between 0 and 1, got {found}");
            self.warn(range, message);
        }
    }

    pub(crate) fn add(&mut self, new: Annotation) {
        let is_same = |old: &&mut Annotation| old.message == new.message && old.level == new.level;
        let Some(old) = self.0.iter_mut().find(is_same) else {
            self.0.push(new);
            return;
        };
        old.range = new.range;
        old.details.merge(&new.details);
    }

    /// Adds those of a part of the query.
    pub(crate) fn merge(&mut self, others: Annotations) {
        others.0.into_iter().for_each(|annotation| self.add(annotation));
    }

    /// Those of a level, and the others.
    pub(crate) fn split(self, level: Level) -> (Vec<Annotation>, Vec<Annotation>) {
        self.0.into_iter().partition(|annotation| annotation.level == level)
    }
}

/// A message with the name of the metric it is about, where that is known.
pub(crate) fn with_name(message: &str, name: &str) -> String {
    if name.is_empty() {
        message.to_owned()
    } else {
        format!("{message} for metric name {}", model::Quoted(name))
    }
}
