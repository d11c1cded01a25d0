//! What functions and operators make of native histograms.

mod fraction;
mod mean;
mod quantile;
mod spread;
mod text;
mod trim;

pub(super) use fraction::fraction;
pub(super) use mean::HistogramMean;
pub(super) use quantile::quantile;
pub(super) use spread::variance;
pub(super) use text::text;
pub(super) use trim::{End, trimmed};

use model::{Bucket, Histogram};

/// What NaNs among the observations, which lie in no bucket, do to a result.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum NanEffect {
    None,
    /// They counted as above all others, or were left out.
    Skewed,
    /// They are the result.
    IsResult,
}

/// A bucket around zero ends at zero where the histogram has buckets on the other side only.
fn without_empty_side(mut zero: Bucket, histogram: &Histogram) -> Bucket {
    match (histogram.negative.is_empty(), histogram.positive.is_empty()) {
        (true, false) => zero.lower = 0.0,
        (false, true) => zero.upper = 0.0,
        _ => {}
    }
    zero
}
