//! Lines and curves through the samples of a window.

use model::Sample;

use super::super::sum::Sum;
use super::kernel::Window;

/// The slope per second of the line through the samples.
pub(super) fn deriv(window: &Window<'_>) -> Option<f64> {
    let [first, _, ..] = window.samples else { return None };
    // Counted from a sample's time the numbers stay small and exact.
    Some(line(window.samples, first.t_ms).0)
}

/// The value on the line through the samples so many seconds from now.
pub(super) fn predict_linear(window: &Window<'_>) -> Option<f64> {
    let [_, _, ..] = window.samples else { return None };
    let (slope, intercept) = line(window.samples, window.now_ms);
    Some(slope * window.args.first()? + intercept)
}

/// Slope per second and value at `zero_ms` of the line with the least squares.
fn line(samples: &[Sample], zero_ms: i64) -> (f64, f64) {
    let first = samples[0].value;
    if samples.iter().all(|sample| sample.value == first) {
        return if first.is_infinite() { (f64::NAN, f64::NAN) } else { (0.0, first) };
    }
    let n = samples.len() as f64;
    let [mut x_sum, mut y_sum, mut xy_sum, mut x2_sum] = [Sum::default(); 4];
    for sample in samples {
        let x = sample.t_ms.saturating_sub(zero_ms) as f64 / 1e3;
        x_sum.add(x);
        y_sum.add(sample.value);
        xy_sum.add(x * sample.value);
        x2_sum.add(x * x);
    }
    let [x_sum, y_sum, xy_sum, x2_sum] = [x_sum, y_sum, xy_sum, x2_sum].map(Sum::total);
    let covariance = xy_sum - x_sum * y_sum / n;
    let variance = x2_sum - x_sum * x_sum / n;
    let slope = covariance / variance;
    (slope, y_sum / n - slope * x_sum / n)
}

/// Holt's linear trend: the last of the smoothed values
/// (<https://en.wikipedia.org/wiki/Exponential_smoothing>).
pub(super) fn double_exponential_smoothing(window: &Window<'_>) -> Option<f64> {
    let ([first, second, ..], [smoothing, trend]) = (window.samples, window.args) else {
        return None;
    };
    let (mut before, mut current) = (0.0, first.value);
    let mut slope = second.value - first.value;
    for (position, sample) in window.samples.iter().enumerate().skip(1) {
        if position > 1 {
            slope = trend * (current - before) + (1.0 - trend) * slope;
        }
        let smoothed = smoothing * sample.value + (1.0 - smoothing) * (current + slope);
        (before, current) = (current, smoothed);
    }
    Some(current)
}
