//! What of histograms is read: `histogram_count` and its like need no buckets.
//!
//! Prometheus leaves the buckets away then, and since resets could not be told without them, it
//! tells them while it reads. That shows: hints are there that otherwise are not, and bounds that
//! would have to be reconciled are not.

use std::sync::Arc;

use model::{Histogram, HistogramSample, ResetHint, Scheme};

use crate::ast::{Expr, ExprKind};

/// What of histograms is read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Reading {
    /// All: nothing above says that less is enough.
    #[default]
    All,
    /// Counts and sums.
    Totals,
    /// All: something above needs the buckets, whatever is between.
    Buckets,
}

impl Reading {
    /// What an expression needs of what is below it.
    pub(super) fn below(self, expr: &Expr) -> Self {
        let needs_buckets = match &expr.kind {
            ExprKind::Call(call) => match call.function.name {
                "histogram_count" | "histogram_sum" | "histogram_avg" => {
                    return if self == Reading::All { Reading::Totals } else { self };
                }
                "histogram_quantile" | "histogram_quantiles" | "histogram_fraction" => true,
                _ => false,
            },
            ExprKind::Binary(binary) => binary.op.is_trim(),
            _ => false,
        };
        if needs_buckets { Reading::Buckets } else { self }
    }
}

/// Leaves counts and sums of consecutive histograms, and says of each but the first whether its
/// counter began anew.
pub(super) fn leave_totals(samples: &mut [HistogramSample]) {
    let mut previous: Option<Arc<Histogram>> = None;
    for sample in samples {
        if model::is_stale_nan(sample.histogram.sum) {
            continue;
        }
        let whole = Arc::clone(&sample.histogram);
        let hint = match (&previous, whole.hint) {
            (Some(previous), ResetHint::Unknown) if whole.is_reset_after(previous) => {
                ResetHint::Reset
            }
            (Some(_), ResetHint::Unknown) => ResetHint::NotReset,
            (_, hint) => hint,
        };
        let scheme = match &whole.scheme {
            Scheme::Custom(_) => Scheme::Custom([].into()),
            exponential => exponential.clone(),
        };
        let totals =
            Histogram { hint, count: whole.count, sum: whole.sum, ..Histogram::empty(scheme) };
        sample.histogram = Arc::new(totals);
        previous = Some(Arc::new(Histogram { hint, ..(*whole).clone() }));
    }
}

#[cfg(test)]
mod tests {
    use model::Buckets;

    use super::*;

    #[test]
    fn totals_say_whether_there_was_a_reset() {
        let sample = |t_ms: i64, count: f64| {
            let positive: Buckets = [(0, count)].into_iter().collect();
            let histogram =
                Histogram { count, positive, ..Histogram::empty(Scheme::Exponential(0)) };
            HistogramSample { t_ms, start_ms: 0, histogram: Arc::new(histogram) }
        };
        let mut samples = [sample(1, 3.0), sample(2, 4.0), sample(3, 1.0)];
        leave_totals(&mut samples);
        let hints = samples.each_ref().map(|sample| sample.histogram.hint);
        assert_eq!(hints, [ResetHint::Unknown, ResetHint::NotReset, ResetHint::Reset]);
        assert!(samples.iter().all(|sample| sample.histogram.positive.is_empty()));
    }
}
