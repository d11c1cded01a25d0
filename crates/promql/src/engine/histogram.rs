//! `histogram_quantile` and `histogram_fraction` of classic histograms: which series are the
//! buckets of which histogram is worked out once.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use model::Labels;

use super::frame::{Column, Frame, Key};
use super::run::Run;
use super::{Stop, bits};
use crate::ast::TextRange;
use crate::eval::annotations::{Annotations, Forced, with_name};
use crate::eval::buckets::{self, Bucket};
use crate::eval::steps::Steps;

/// The label that holds a bucket's upper bound.
const LE: &str = "le";

/// A histogram: what its buckets have in common, and their bounds and rows.
struct Histogram {
    labels: Labels,
    buckets: Vec<(f64, usize)>,
}

/// The histograms of a vector, and the rows that are no buckets.
struct Histograms {
    found: Vec<Histogram>,
    malformed: Vec<usize>,
}

impl Histograms {
    fn of(frame: &Frame) -> Self {
        let mut positions: HashMap<Labels, usize> = HashMap::new();
        let (mut found, mut malformed) = (Vec::new(), Vec::new());
        for (row, key) in frame.keys.iter().enumerate() {
            let Ok(bound) = key.labels.get(LE).unwrap_or_default().parse() else {
                malformed.push(row);
                continue;
            };
            let labels = key.labels.without(|name| name == LE);
            let position = *positions.entry(labels).or_insert_with_key(|labels| {
                found.push(Histogram { labels: labels.clone(), buckets: Vec::new() });
                found.len() - 1
            });
            found[position].buckets.push((bound, row));
        }
        Histograms { found, malformed }
    }
}

/// A remark, and the step and the place within it that decide about the order of remarks.
type Remark<'r> = ((usize, usize, usize), Box<dyn FnOnce(&mut Annotations) + 'r>);

impl Run<'_> {
    pub(super) fn histogram_quantile(
        &mut self,
        quantile: &Column,
        [quantile_range, range]: [TextRange; 2],
        frame: &Frame,
        steps: Steps,
    ) -> Result<Frame, Stop> {
        let histograms = Histograms::of(frame);
        let mut remarks = self.malformed(&histograms, range, frame);
        for step in 0..steps.count() {
            let quantile = quantile.at(step);
            if !(0.0..=1.0).contains(&quantile) {
                let remark = move |notes: &mut Annotations| {
                    notes.check_quantile(quantile_range, quantile);
                };
                remarks.push(((step, 0, 0), Box::new(remark)));
            }
        }
        // By the name that is shown, what was raised; and where that was remarked on first.
        let is_named = self.options.delayed_name_removal;
        let mut raised: HashMap<&str, ((usize, usize, usize), Forced)> = HashMap::new();
        let output = self.of_each(&histograms, frame, |buckets, step, labels, first_row| {
            let (value, forced) = buckets::quantile(quantile.at(step), buckets, steps.time(step));
            if let Some(forced) = forced {
                let name = if is_named { labels.metric_name() } else { "" };
                let place = (step, 2, first_row);
                match raised.entry(name) {
                    Entry::Vacant(free) => {
                        free.insert((place, forced));
                    }
                    Entry::Occupied(mut found) => {
                        let (first, all) = found.get_mut();
                        *first = place.min(*first);
                        all.merge(&forced);
                    }
                }
            }
            value
        })?;
        for (name, (place, forced)) in raised {
            let remark =
                move |notes: &mut Annotations| notes.forced_monotonicity(range, name, forced);
            remarks.push((place, Box::new(remark)));
        }
        remarks.sort_by_key(|(place, _)| *place);
        for (_, remark) in remarks {
            remark(&mut self.notes);
        }
        Ok(output)
    }

    pub(super) fn histogram_fraction(
        &mut self,
        [lower, upper]: &[Column; 2],
        range: TextRange,
        frame: &Frame,
    ) -> Result<Frame, Stop> {
        let histograms = Histograms::of(frame);
        let mut remarks = self.malformed(&histograms, range, frame);
        remarks.sort_by_key(|(place, _)| *place);
        for (_, remark) in remarks {
            remark(&mut self.notes);
        }
        self.of_each(&histograms, frame, |buckets, step, _, _| {
            buckets::fraction(lower.at(step), upper.at(step), buckets)
        })
    }

    /// Remarks on rows that are no buckets. Equal ones count once, so only the first step of each
    /// row matters.
    fn malformed<'r>(
        &self,
        histograms: &Histograms,
        range: TextRange,
        frame: &'r Frame,
    ) -> Vec<Remark<'r>> {
        let is_named = self.options.delayed_name_removal;
        let remark = |row: &usize| -> Option<Remark<'r>> {
            let (row, first) = (*row, bits::first(frame.bits(*row))?);
            let labels = &frame.keys[row].labels;
            let remark = move |notes: &mut Annotations| {
                let le = model::Quoted(labels.get(LE).unwrap_or_default());
                let message =
                    format!("bucket label \"le\" is missing or has a malformed value of {le}");
                let name = if is_named { labels.metric_name() } else { "" };
                notes.warn(range, with_name(&message, name));
            };
            Some(((first, 1, row), Box::new(remark)))
        };
        histograms.malformed.iter().filter_map(remark).collect()
    }

    /// One row for each histogram: what `value` makes of its buckets at a step, given also its
    /// labels and the first of its rows that has a value then.
    fn of_each<'h>(
        &self,
        histograms: &'h Histograms,
        frame: &Frame,
        mut value: impl FnMut(Vec<Bucket>, usize, &'h Labels, usize) -> f64,
    ) -> Result<Frame, Stop> {
        let mut output = Frame::new(frame.steps);
        // When and where in its vector each histogram appears first.
        let mut appearances = Vec::with_capacity(histograms.found.len());
        for histogram in &histograms.found {
            self.context.cancel.check()?;
            let mut key = Key { labels: histogram.labels.clone(), drops_name: false };
            key.drop_name(self.options);
            let mut cells = output.push_empty(key);
            for (_, row) in &histogram.buckets {
                bits::combine(cells.present, frame.bits(*row), |a, b| a | b);
            }
            let present = cells.present.to_vec();
            let mut appearance = None;
            bits::each(&present, |step| {
                let (mut at_step, mut first_row) =
                    (Vec::with_capacity(histogram.buckets.len()), None);
                for (upper_bound, row) in &histogram.buckets {
                    let Some(count) = frame.value(*row, step) else { continue };
                    first_row = first_row.or(Some(*row));
                    at_step.push(Bucket { upper_bound: *upper_bound, count });
                }
                let first_row = first_row.unwrap_or_default();
                appearance = appearance.or(Some((step, first_row)));
                cells.put(step, value(at_step, step, &histogram.labels, first_row));
            });
            appearances.push(appearance);
        }
        output.reject_equal_labels()?;
        let mut order: Vec<usize> = (0..output.len()).collect();
        order.sort_by_key(|row| appearances[*row]);
        Ok(output.picked(order))
    }
}
