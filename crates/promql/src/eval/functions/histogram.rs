//! Quantiles and fractions of histograms, native ones and classic ones: series that differ in their
//! label `le` only.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use model::{Histogram, Labels, LabelsBuilder, SampleValue};

use super::super::annotations::{Annotations, with_name};
use super::super::buckets::{self, Bucket};
use super::super::histogram::{NanEffect, fraction, quantile};
use super::super::matrix::{Element, Matrix};
use super::super::{EvalError, Evaluator, Steps};
use super::labels::text;
use crate::ast::{Call, TextRange};
use crate::number::format_open_metrics;

/// The label that holds a bucket's upper bound.
const LE: &str = "le";

/// A histogram of a vector.
enum Found {
    Native(Arc<Histogram>),
    Classic(Vec<Bucket>),
}

/// Who reads a vector, for remarks.
struct Reader<'n> {
    notes: &'n mut Annotations,
    range: TextRange,
    /// Names are dropped at the end of the query.
    delayed: bool,
}

impl Reader<'_> {
    /// The name to be shown in remarks that name a metric only while names are kept.
    fn kept_name<'l>(&self, labels: &'l Labels) -> &'l str {
        if self.delayed { labels.metric_name() } else { "" }
    }

    /// The native histograms, then the classic ones, each in the order they are met.
    fn gather(&mut self, vector: &[Element]) -> Vec<(Labels, Found)> {
        let mut classic = self.classic(vector);
        let mut ambiguous: HashSet<Labels> = HashSet::new();
        let mut found = Vec::new();
        for element in vector {
            let SampleValue::Histogram(histogram) = &element.value else { continue };
            if classic.iter().any(|(labels, _)| *labels == element.labels) {
                let name = self.kept_name(&element.labels);
                self.notes.mixed_classic_and_native(self.range, name);
                ambiguous.insert(element.labels.clone());
            } else {
                found.push((element.labels.clone(), Found::Native(Arc::clone(histogram))));
            }
        }
        classic.retain(|(labels, _)| !ambiguous.contains(labels));
        let of = |(labels, buckets)| (labels, Found::Classic(buckets));
        found.extend(classic.into_iter().map(of));
        found
    }

    fn classic(&mut self, vector: &[Element]) -> Vec<(Labels, Vec<Bucket>)> {
        let mut positions: HashMap<Labels, usize> = HashMap::new();
        let mut found: Vec<(Labels, Vec<Bucket>)> = Vec::new();
        for element in vector {
            let SampleValue::Float(count) = element.value else { continue };
            let le = element.labels.get(LE).unwrap_or_default();
            let Ok(upper_bound) = le.parse() else {
                let le = model::Quoted(le);
                let message =
                    format!("bucket label \"le\" is missing or has a malformed value of {le}");
                let name = self.kept_name(&element.labels);
                self.notes.warn(self.range, with_name(&message, name));
                continue;
            };
            let labels = element.labels.without(|name| name == LE);
            let position = *positions.entry(labels).or_insert_with_key(|labels| {
                found.push((labels.clone(), Vec::new()));
                found.len() - 1
            });
            found[position].1.push(Bucket { upper_bound, count });
        }
        found
    }

    fn quantile(&mut self, q: f64, labels: &Labels, histogram: &Found, t_ms: i64) -> f64 {
        match histogram {
            Found::Classic(classic) => {
                let (value, forced) = buckets::quantile(q, classic.clone(), t_ms);
                if let Some(forced) = forced {
                    let name = self.kept_name(labels);
                    self.notes.forced_monotonicity(self.range, name, forced);
                }
                value
            }
            Found::Native(native) => {
                let (value, effect) = quantile(q, native);
                match effect {
                    NanEffect::None => {}
                    NanEffect::Skewed => {
                        self.notes.quantile_is_skewed(self.range, self.kept_name(labels));
                    }
                    NanEffect::IsResult => {
                        self.notes.quantile_is_nan(self.range, self.kept_name(labels));
                    }
                }
                value
            }
        }
    }

    fn fraction(&mut self, lower: f64, upper: f64, labels: &Labels, histogram: Found) -> f64 {
        match histogram {
            Found::Classic(classic) => buckets::fraction(lower, upper, classic),
            Found::Native(native) => {
                let (value, effect) = fraction(lower, upper, &native);
                if effect == NanEffect::Skewed {
                    self.notes.fraction_without_nans(self.range, self.kept_name(labels));
                }
                value
            }
        }
    }
}

/// A quantile of each histogram, with a label for it where there are several.
struct Quantile<'c> {
    q: f64,
    label: Option<(&'c str, String)>,
}

impl Evaluator<'_> {
    /// `histogram_quantile(q, histograms)`
    pub(super) fn histogram_quantile(
        &mut self,
        call: &Call,
        steps: Steps,
    ) -> Result<Matrix, EvalError> {
        let quantiles = [(self.scalar(&call.args[0], steps)?, call.args[0].without_parens().range)];
        self.quantiles(call, 1, None, &quantiles, steps)
    }

    /// `histogram_quantiles(histograms, label, q, …)`
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
                Quantile { q, label: label.map(|label| (label, format_open_metrics(q))) }
            });
            let at_step: Vec<_> = at_step.collect();
            let mut reader = Reader { notes, range, delayed };
            let histograms = reader.gather(&vectors[0]);
            for quantile in &at_step {
                for (labels, histogram) in &histograms {
                    let value = reader.quantile(quantile.q, labels, histogram, t_ms);
                    let mut element = Element::new(labels.clone(), value);
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

    /// `histogram_fraction(lower, upper, histograms)`
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
            let mut reader = Reader { notes, range, delayed };
            for (labels, histogram) in reader.gather(&vectors[0]) {
                let value = reader.fraction(at(&lower), at(&upper), &labels, histogram);
                let mut element = Element::new(labels, value);
                element.drop_name(delayed);
                out.push(element);
            }
            Ok(())
        })
    }
}
