//! Functions of classic histograms: series that differ in their label `le` only.

use std::collections::HashMap;

use model::{Labels, LabelsBuilder};

use super::super::annotations::{Annotations, with_name};
use super::super::buckets::{self, Bucket};
use super::super::matrix::{Element, Matrix};
use super::super::{EvalError, Evaluator, Steps};
use super::labels::text;
use crate::ast::{Call, TextRange};
use crate::number::format_float;

/// The label that holds a bucket's upper bound.
const LE: &str = "le";

/// A histogram at one instant.
struct Histogram {
    /// What its buckets have in common.
    labels: Labels,
    buckets: Vec<Bucket>,
}

/// Gathers the buckets of each histogram, in the order they are met.
fn gather(
    vector: &[Element],
    delayed: bool,
    range: TextRange,
    notes: &mut Annotations,
) -> Vec<Histogram> {
    let mut positions: HashMap<Labels, usize> = HashMap::new();
    let mut histograms: Vec<Histogram> = Vec::new();
    for element in vector {
        let le = element.labels.get(LE).unwrap_or_default();
        let Ok(upper_bound) = le.parse() else {
            let name = if delayed { element.labels.metric_name() } else { "" };
            let le = model::Quoted(le);
            let message =
                format!("bucket label \"le\" is missing or has a malformed value of {le}");
            notes.warn(range, with_name(&message, name));
            continue;
        };
        let labels = element.labels.without(|name| name == LE);
        let position = *positions.entry(labels).or_insert_with_key(|labels| {
            histograms.push(Histogram { labels: labels.clone(), buckets: Vec::new() });
            histograms.len() - 1
        });
        histograms[position].buckets.push(Bucket { upper_bound, count: element.value });
    }
    histograms
}

/// A quantile of each histogram, with a label for it where there are several.
struct Quantile<'c> {
    q: f64,
    label: Option<(&'c str, String)>,
}

impl Evaluator<'_> {
    /// `histogram_quantile(q, buckets)`
    pub(super) fn histogram_quantile(
        &mut self,
        call: &Call,
        steps: Steps,
    ) -> Result<Matrix, EvalError> {
        let quantiles = [(self.scalar(&call.args[0], steps)?, call.args[0].without_parens().range)];
        self.quantiles(call, 1, None, &quantiles, steps)
    }

    /// `histogram_quantiles(buckets, label, q, …)`
    pub(super) fn histogram_quantiles(
        &mut self,
        call: &Call,
        steps: Steps,
    ) -> Result<Matrix, EvalError> {
        let mut quantiles = Vec::new();
        for arg in &call.args[2..] {
            quantiles.push((self.scalar(arg, steps)?, arg.without_parens().range));
        }
        let label = text(&call.args[1]).to_str_lossy();
        self.quantiles(call, 0, Some(&label), &quantiles, steps)
    }

    fn quantiles(
        &mut self,
        call: &Call,
        vector: usize,
        label: Option<&str>,
        quantiles: &[(Vec<f64>, TextRange)],
        steps: Steps,
    ) -> Result<Matrix, EvalError> {
        let delayed = self.options.delayed_name_removal;
        let range = call.args[vector].without_parens().range;
        let vector = self.eval(&call.args[vector], steps)?;
        self.per_step(steps, &[vector], |notes, t_ms, vectors, out| {
            let at_step = quantiles.iter().map(|(values, range)| {
                let q = values.get(steps.index(t_ms)).copied().unwrap_or(f64::NAN);
                notes.check_quantile(*range, q);
                Quantile { q, label: label.map(|label| (label, open_metrics_float(q))) }
            });
            let at_step: Vec<_> = at_step.collect();
            let histograms = gather(&vectors[0], delayed, range, notes);
            for quantile in &at_step {
                for histogram in &histograms {
                    let buckets = histogram.buckets.clone();
                    let (value, forced) = buckets::quantile(quantile.q, buckets, t_ms);
                    if let Some(forced) = forced {
                        let name = if delayed { histogram.labels.metric_name() } else { "" };
                        notes.forced_monotonicity(range, name, forced);
                    }
                    let mut element = Element::new(histogram.labels.clone(), value);
                    element.drop_name(delayed);
                    if let Some((label, text)) = &quantile.label {
                        let mut builder = LabelsBuilder::from(&element.labels);
                        element.labels = builder.set(label, text).build();
                    }
                    out.push(element);
                }
            }
            Ok(())
        })
    }

    /// `histogram_fraction(lower, upper, buckets)`
    pub(super) fn histogram_fraction(
        &mut self,
        call: &Call,
        steps: Steps,
    ) -> Result<Matrix, EvalError> {
        let delayed = self.options.delayed_name_removal;
        let lower = self.scalar(&call.args[0], steps)?;
        let upper = self.scalar(&call.args[1], steps)?;
        let range = call.args[2].without_parens().range;
        let vector = self.eval(&call.args[2], steps)?;
        self.per_step(steps, &[vector], |notes, t_ms, vectors, out| {
            let step = steps.index(t_ms);
            let at = |values: &[f64]| values.get(step).copied().unwrap_or(f64::NAN);
            for histogram in gather(&vectors[0], delayed, range, notes) {
                let value = buckets::fraction(at(&lower), at(&upper), histogram.buckets);
                let mut element = Element::new(histogram.labels, value);
                element.drop_name(delayed);
                out.push(element);
            }
            Ok(())
        })
    }
}

/// A number as OpenMetrics writes it in labels: whole numbers with a point.
fn open_metrics_float(value: f64) -> String {
    let text = crate::number::format_general(value);
    if value.is_finite() && !text.contains(['e', '.']) {
        format!("{}.0", format_float(value))
    } else {
        text
    }
}
