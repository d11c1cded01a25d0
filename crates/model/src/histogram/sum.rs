//! Sums of histograms that lose little: each count keeps the error of its roundings beside it.

use super::bounds::coarser;
use super::custom::{add_coarser, common};
use super::{Buckets, Histogram, ResetHint, Scheme};
use crate::KahanSum;

/// Counts by bucket, ascending.
pub(super) type Counts = Vec<(i32, KahanSum)>;

/// Histograms added up; at least one.
#[derive(Clone, Debug)]
pub struct HistogramSum {
    pub(super) scheme: Scheme,
    hint: ResetHint,
    count: KahanSum,
    sum: KahanSum,
    pub(super) zero_threshold: f64,
    pub(super) zero_count: KahanSum,
    pub(super) positive: Counts,
    pub(super) negative: Counts,
}

/// Two histograms of which only one has custom bounds cannot be added.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "cannot apply this operation on histograms with a mix of exponential and custom bucket schemas"
)]
pub struct IncompatibleSchemes;

/// What had to be done to add two histograms.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Combined {
    /// One was known to be a reset and one to be none.
    pub hints_collide: bool,
    /// Custom bounds differed, and only those in common are left.
    pub bounds_reconciled: bool,
}

impl From<&Histogram> for HistogramSum {
    fn from(histogram: &Histogram) -> Self {
        let counts = |buckets: &Buckets| -> Counts {
            buckets.iter().map(|(index, count)| (index, KahanSum::of(count))).collect()
        };
        HistogramSum {
            scheme: histogram.scheme.clone(),
            hint: histogram.hint,
            count: KahanSum::of(histogram.count),
            sum: KahanSum::of(histogram.sum),
            zero_threshold: histogram.zero_threshold,
            zero_count: KahanSum::of(histogram.zero_count),
            positive: counts(&histogram.positive),
            negative: counts(&histogram.negative),
        }
    }
}

impl HistogramSum {
    /// Adds a histogram.
    ///
    /// # Errors
    /// When only one of the two has custom bounds; the sum is as before then.
    pub fn add(&mut self, other: &Histogram) -> Result<Combined, IncompatibleSchemes> {
        self.combine(HistogramSum::from(other), true)
    }

    /// Adds a histogram without the errors that come from making its buckets fit.
    pub(super) fn add_plainly(
        &mut self,
        other: &Histogram,
    ) -> Result<Combined, IncompatibleSchemes> {
        self.combine(HistogramSum::from(other), false)
    }

    /// Multiplies everything.
    #[must_use]
    pub fn times(mut self, factor: f64) -> Self {
        self.change(|value| value * factor);
        self
    }

    /// Divides everything by a number that is not 0.
    #[must_use]
    pub fn divided_by(mut self, divisor: f64) -> Self {
        self.change(|value| value / divisor);
        self
    }

    /// Whether any count or the sum is infinite.
    pub fn overflows(&self) -> bool {
        let of_side = |side: &Counts| side.iter().any(|(_, count)| count.sum.is_infinite());
        [self.zero_count, self.count, self.sum].iter().any(|value| value.sum.is_infinite())
            || of_side(&self.positive)
            || of_side(&self.negative)
    }

    /// The sum with its errors made good.
    pub fn total(self) -> Histogram {
        self.finish(KahanSum::total)
    }

    /// The sum as plain additions give it.
    pub(super) fn plain(self) -> Histogram {
        self.finish(|value| value.sum)
    }

    fn finish(self, value: impl Fn(KahanSum) -> f64) -> Histogram {
        let buckets = |side: Counts| {
            side.into_iter().map(|(index, count)| (index, value(count))).collect::<Buckets>()
        };
        Histogram {
            hint: self.hint,
            count: value(self.count),
            sum: value(self.sum),
            zero_threshold: self.zero_threshold,
            zero_count: value(self.zero_count),
            positive: buckets(self.positive),
            negative: buckets(self.negative),
            scheme: self.scheme,
        }
    }

    fn change(&mut self, change: impl Fn(f64) -> f64 + Copy) {
        let values = [&mut self.zero_count, &mut self.count, &mut self.sum].into_iter();
        let sides = self.positive.iter_mut().chain(&mut self.negative);
        for value in values.chain(sides.map(|(_, count)| count)) {
            *value = value.map(change);
        }
    }

    fn combine(
        &mut self,
        mut other: HistogramSum,
        with_errors: bool,
    ) -> Result<Combined, IncompatibleSchemes> {
        let is_custom = |sum: &HistogramSum| matches!(sum.scheme, Scheme::Custom(_));
        if is_custom(self) != is_custom(&other) {
            return Err(IncompatibleSchemes);
        }
        let hints_collide = self.combine_hints(other.hint);
        self.count.add(other.count.sum);
        self.sum.add(other.sum.sum);
        if let (Scheme::Custom(bounds), Scheme::Custom(other_bounds)) =
            (&self.scheme, &other.scheme)
        {
            let bounds_reconciled = bounds != other_bounds;
            if bounds_reconciled {
                let shared = common(bounds, other_bounds);
                let mut counts = vec![KahanSum::default(); shared.len() + 1];
                add_coarser(&self.positive, bounds, &shared, &mut counts);
                add_coarser(&other.positive, other_bounds, &shared, &mut counts);
                self.positive = (0..).zip(counts).filter(|(_, count)| !is_zero(count)).collect();
                self.scheme = Scheme::Custom(shared);
            } else {
                add_counts(&mut self.positive, &other.positive);
            }
            return Ok(Combined { hints_collide, bounds_reconciled });
        }
        let zero_count = self.reconcile_zero_buckets(&other);
        self.zero_count.add(zero_count.sum);
        other.drop_covered_by(self.zero_threshold);
        self.reduce_to(other.scheme.clone());
        other.reduce_to(self.scheme.clone());
        if with_errors {
            self.zero_count.add(zero_count.error);
        } else {
            other.change_errors_to_zero();
        }
        add_counts(&mut self.positive, &other.positive);
        add_counts(&mut self.negative, &other.negative);
        Ok(Combined { hints_collide, bounds_reconciled: false })
    }

    /// What is known of the sum; says whether the hints contradict each other.
    fn combine_hints(&mut self, other: ResetHint) -> bool {
        use ResetHint::{Gauge, NotReset, Reset, Unknown};
        let mine = self.hint;
        self.hint = match (mine, other) {
            (Gauge, _) | (_, Gauge) => Gauge,
            (mine, other) if mine == other => mine,
            _ => Unknown,
        };
        matches!((mine, other), (Reset, NotReset) | (NotReset, Reset))
    }

    /// Merges buckets until the resolution is no higher than that of this scheme.
    pub(super) fn reduce_to(&mut self, target: Scheme) {
        let (Scheme::Exponential(from), Scheme::Exponential(to)) = (&self.scheme, &target) else {
            return;
        };
        if from <= to {
            return;
        }
        for side in [&mut self.positive, &mut self.negative] {
            *side = reduced(side, *from, *to);
        }
        self.scheme = target;
    }

    /// Drops the buckets within a zero bucket that has counted them. That comes before merging
    /// buckets, so that none is counted twice as a part of a wider one.
    fn drop_covered_by(&mut self, zero_threshold: f64) {
        let scheme = &self.scheme;
        for side in [&mut self.positive, &mut self.negative] {
            side.retain(|(index, _)| scheme.bound(*index) > zero_threshold);
        }
    }

    fn change_errors_to_zero(&mut self) {
        for (_, count) in self.positive.iter_mut().chain(&mut self.negative) {
            count.error = 0.0;
        }
    }
}

/// The counts by buckets of a lower resolution.
pub(super) fn reduced(counts: &Counts, from: i8, to: i8) -> Counts {
    let mut out: Counts = Vec::with_capacity(counts.len());
    for (index, count) in counts {
        let index = coarser(*index, from, to);
        match out.last_mut() {
            Some((last, merged)) if *last == index => {
                merged.add(count.sum);
                merged.add(count.error);
            }
            _ => out.push((index, *count)),
        }
    }
    out
}

fn is_zero(count: &KahanSum) -> bool {
    count.sum == 0.0 && count.error == 0.0
}

/// Adds counts by bucket.
fn add_counts(counts: &mut Counts, others: &Counts) {
    if counts.iter().map(|(index, _)| index).eq(others.iter().map(|(index, _)| index)) {
        for ((_, count), (_, other)) in counts.iter_mut().zip(others) {
            count.merge(*other);
        }
        return;
    }
    let mut merged = Vec::with_capacity(counts.len() + others.len());
    let mut mine = counts.iter().copied().peekable();
    for (index, other) in others {
        while let Some(before) = mine.next_if(|(mine, _)| mine < index) {
            merged.push(before);
        }
        match mine.next_if(|(mine, _)| mine == index) {
            Some((_, mut count)) => {
                count.merge(*other);
                merged.push((*index, count));
            }
            None => merged.push((*index, *other)),
        }
    }
    merged.extend(mine);
    *counts = merged;
}
