//! What the evaluation of rules works on.

use std::sync::Arc;

use env::Clock;
use model::{Labels, Sample, SampleValue, SeriesSample};
use promql::{Expr, Value, VectorElement};
use store::{Cancel, MetricStore, QueryContext, QueryLimits};

/// What the configuration says about all rules.
#[derive(Clone, Debug)]
pub(crate) struct Settings {
    /// How often groups are evaluated that say nothing.
    pub(crate) interval_ms: i64,
    /// How far in the past groups look that say nothing.
    pub(crate) query_offset_ms: i64,
    pub(crate) external_labels: Labels,
    /// Where people reach this server.
    pub(crate) external_url: String,
    pub(crate) promql: promql::Options,
    pub(crate) query_limits: QueryLimits,
    /// A longer silence of the server does not bring back how long alerts were pending.
    pub(crate) outage_tolerance_ms: i64,
    /// An alert whose time came back has at least this long to be pending again.
    pub(crate) for_grace_period_ms: i64,
    /// How often alerts that fire are sent again.
    pub(crate) resend_delay_ms: i64,
}

impl Default for Settings {
    fn default() -> Self {
        let minute_ms = 60_000;
        Settings {
            interval_ms: minute_ms,
            query_offset_ms: 0,
            external_labels: Labels::empty(),
            external_url: String::new(),
            promql: promql::Options::default(),
            query_limits: QueryLimits::default(),
            outage_tolerance_ms: 60 * minute_ms,
            for_grace_period_ms: 10 * minute_ms,
            resend_delay_ms: minute_ms,
        }
    }
}

/// Store, clock and settings.
pub(crate) struct World {
    pub(crate) store: Arc<dyn MetricStore>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) settings: Settings,
    /// Stops evaluations that are under way.
    pub(crate) cancel: Cancel,
}

impl World {
    pub(super) fn context(&self) -> QueryContext {
        QueryContext { cancel: self.cancel.clone(), limits: self.settings.query_limits }
    }

    /// The answer to a query as a vector.
    pub(super) fn query(&self, expr: &Expr, at_ms: i64) -> Result<Vec<SeriesSample>, String> {
        let options = &self.settings.promql;
        let answer = promql::instant(expr, &*self.store, at_ms, options, &self.context())
            .map_err(|error| error.to_string())?;
        match answer.value {
            Value::Vector(vector) => vector.into_iter().map(number).collect(),
            Value::Scalar(sample) => Ok(vec![SeriesSample { labels: Labels::empty(), sample }]),
            _ => Err("rule result is not a vector or scalar".to_owned()),
        }
    }
}

/// An element of a vector as a sample; rules are about numbers.
fn number(element: VectorElement) -> Result<SeriesSample, String> {
    let VectorElement { labels, t_ms, value } = element;
    match value {
        SampleValue::Float(value) => Ok(SeriesSample { labels, sample: Sample { t_ms, value } }),
        SampleValue::Histogram(_) => {
            Err(format!("rule result has a native histogram instead of a number: {labels}"))
        }
    }
}
