//! Sums and means of the histograms of one series over time.

use model::{Combined, HistogramSample, HistogramSum, IncompatibleSchemes, ResetHint, SampleValue};

use super::super::super::annotations::{Annotations, Operation};
use super::super::super::histogram::HistogramMean;
use super::super::kernel::Window;

pub(super) fn sum(window: &Window<'_>, notes: &mut Annotations) -> Option<SampleValue> {
    let (first, rest) = window.part.histograms.split_first()?;
    let mut sum = HistogramSum::from(&*first.histogram);
    add_all(window, rest, notes, |sample| sum.add(&sample.histogram))?;
    Some(sum.total().into())
}

pub(super) fn avg(window: &Window<'_>, notes: &mut Annotations) -> Option<SampleValue> {
    let (first, rest) = window.part.histograms.split_first()?;
    let mut mean = HistogramMean::starting_with(&first.histogram);
    add_all(window, rest, notes, |sample| mean.add(&sample.histogram))?;
    Some(mean.value().into())
}

/// Adds all histograms but the first; nothing if they cannot be added.
fn add_all(
    window: &Window<'_>,
    rest: &[HistogramSample],
    notes: &mut Annotations,
    mut add: impl FnMut(&HistogramSample) -> Result<Combined, IncompatibleSchemes>,
) -> Option<()> {
    let mut are_bounds_reconciled = false;
    for sample in rest {
        match add(sample) {
            Ok(combined) => are_bounds_reconciled |= combined.bounds_reconciled,
            Err(IncompatibleSchemes) => {
                notes.mixed_schemes(window.range, window.name);
                return None;
            }
        }
    }
    let has = |hint: ResetHint| window.part.histograms.iter().any(|s| s.histogram.hint == hint);
    notes.combined(
        window.range,
        Operation::Aggregation,
        Combined {
            hints_collide: has(ResetHint::Reset) && has(ResetHint::NotReset),
            bounds_reconciled: are_bounds_reconciled,
        },
    );
    Some(())
}
