//! `info`: labels of info metrics, such as `target_info`, for the series of the same instance and
//! job.

use std::collections::{BTreeMap, HashMap, HashSet};

use model::{Labels, LabelsBuilder, METRIC_NAME, MatchOp, Matcher, SampleValue};

use super::matrix::{Element, Matrix};
use super::steps::Shift;
use super::{EvalError, Evaluator, Steps};
use crate::ast::{Call, Expr, ExprKind, TimeModifiers, children};

/// The labels that say which info metric belongs to a series.
const IDENTIFYING: [&str; 2] = ["instance", "job"];

/// The info metric where none is asked for.
const TARGET_INFO: &str = "target_info";

/// The second argument: which info metrics count, and which of their labels are wanted.
struct Wanted<'c> {
    names: Vec<Matcher>,
    /// Conditions by the label they are about; with any, no other labels are taken over.
    labels: BTreeMap<&'c str, Vec<&'c Matcher>>,
}

impl<'c> Wanted<'c> {
    fn of(call: &'c Call) -> Self {
        let matchers = match call.args.get(1).map(|arg| &arg.without_parens().kind) {
            Some(ExprKind::Vector(selector)) => &selector.matchers[..],
            _ => &[],
        };
        let mut names = Vec::new();
        let mut labels: BTreeMap<&str, Vec<&Matcher>> = BTreeMap::new();
        for matcher in matchers {
            if matcher.name == METRIC_NAME {
                names.push(matcher.clone());
            } else {
                labels.entry(&matcher.name).or_default().push(matcher);
            }
        }
        if names.is_empty() {
            names.push(Matcher::equal(METRIC_NAME, TARGET_INFO));
        } else if !names.iter().any(|m| matches!(m.op, MatchOp::Equal | MatchOp::Regex)) {
            let any_info = Matcher::new(METRIC_NAME, MatchOp::Regex, ".+_info");
            names.insert(0, any_info.expect("the pattern is a regular expression"));
        }
        Wanted { names, labels }
    }

    fn takes_name(&self, labels: &Labels) -> bool {
        self.names.iter().all(|matcher| matcher.matches(labels.metric_name()))
    }

    fn takes_label(&self, name: &str) -> bool {
        self.labels.is_empty() || self.labels.contains_key(name)
    }

    /// Whether a series without info metric fulfils all conditions.
    fn takes_nothing(&self) -> bool {
        self.labels.values().flatten().all(|matcher| matcher.matches(""))
    }
}

/// What identifies the target of a series.
fn identity(labels: &Labels) -> Labels {
    labels.without(|name| !IDENTIFYING.contains(&name))
}

impl Evaluator<'_> {
    pub(super) fn info(&mut self, call: &Call, steps: Steps) -> Result<Matrix, EvalError> {
        let wanted = Wanted::of(call);
        let shift = self.first_shift(&call.args[0])?;
        let base = self.eval(&call.args[0], steps)?;
        // Series that are info metrics themselves stay as they are.
        let is_info: Vec<bool> =
            base.iter().map(|series| wanted.takes_name(&series.labels)).collect();
        let others = base.iter().zip(&is_info).filter(|(_, is_info)| !**is_info);
        let identities: HashSet<Labels> =
            others.map(|(series, _)| identity(&series.labels)).filter(|l| !l.is_empty()).collect();
        let infos = self.info_series(&wanted, &identities, shift, steps)?;
        let identities_of_infos: Vec<Labels> =
            infos.iter().map(|series| identity(&series.labels)).collect();
        self.per_step(steps, &[base, infos], |_, _, vectors, out| {
            let infos = latest_infos(&vectors[1], &identities_of_infos)?;
            for element in &vectors[0] {
                if is_info[element.series] {
                    out.push(element.clone());
                } else if let Some(labels) = with_info(&element.labels, &infos, &wanted)? {
                    out.push(Element { labels, ..element.clone() });
                }
            }
            Ok(())
        })
    }

    /// The info metrics of these targets, at each step with the time of their sample as value.
    fn info_series(
        &mut self,
        wanted: &Wanted<'_>,
        identities: &HashSet<Labels>,
        shift: Shift,
        steps: Steps,
    ) -> Result<Matrix, EvalError> {
        if identities.is_empty() {
            return Ok(Matrix::new());
        }
        let conditions = wanted.labels.values().flatten().map(|matcher| (*matcher).clone());
        let matchers: Vec<_> = wanted.names.iter().cloned().chain(conditions).collect();
        let mut has_histogram = false;
        let mut infos = self.latest(&matchers, shift, steps, |latest| match latest.value {
            SampleValue::Float(_) => SampleValue::Float(latest.t_ms as f64),
            histogram => histogram,
        })?;
        infos.retain(|series| identities.contains(&identity(&series.labels)));
        infos.iter().for_each(|series| has_histogram |= !series.histograms.is_empty());
        if has_histogram {
            return Err(EvalError::Execution("info sample should be float".to_owned()));
        }
        Ok(infos)
    }

    /// Where in time the first selector of an expression looks, which is where info metrics are
    /// looked for.
    fn first_shift(&self, expr: &Expr) -> Result<Shift, EvalError> {
        let mut path = Vec::new();
        let mut shift = Shift { at_ms: None, offset_ms: 0 };
        if !find_first_selector(expr, &mut path) {
            return Ok(shift);
        }
        for time in path.iter().rev() {
            let outer = self.shift(time)?;
            shift.offset_ms += outer.offset_ms;
            shift.at_ms = outer.at_ms;
            if shift.at_ms.is_some() {
                break;
            }
        }
        Ok(shift)
    }
}

/// The time modifiers of the first selector and of the subqueries around it, outermost first.
fn find_first_selector<'e>(expr: &'e Expr, path: &mut Vec<&'e TimeModifiers>) -> bool {
    let depth = path.len();
    match &expr.kind {
        ExprKind::Vector(selector) => {
            path.push(&selector.time);
            return true;
        }
        ExprKind::Matrix(matrix) => {
            path.push(&matrix.selector.time);
            return true;
        }
        ExprKind::Subquery(subquery) => path.push(&subquery.time),
        _ => {}
    }
    if children(expr).any(|child| find_first_selector(child, path)) {
        return true;
    }
    path.truncate(depth);
    false
}

/// By target, each info metric's series with the latest sample.
type Infos<'v> = HashMap<&'v Labels, BTreeMap<&'v str, &'v Element>>;

fn latest_infos<'v>(
    vector: &'v [Element],
    identities: &'v [Labels],
) -> Result<Infos<'v>, EvalError> {
    let time = |element: &Element| element.value.as_float().unwrap_or_default() as i64;
    let mut infos = Infos::new();
    for element in vector {
        let of_target = infos.entry(&identities[element.series]).or_default();
        let Some(other) = of_target.get_mut(element.labels.metric_name()) else {
            of_target.insert(element.labels.metric_name(), element);
            continue;
        };
        let (before, now) = (time(other), time(element));
        if before == now {
            let (other, new) = (&other.labels, &element.labels);
            return Err(EvalError::Execution(format!(
                "found duplicate series for info metric: existing {other} @ {before}, new {new} @ {now}"
            )));
        }
        if before < now {
            *other = element;
        }
    }
    Ok(infos)
}

/// The labels of a series with those of its info metrics, or nothing where a condition asks for
/// labels that there are not.
fn with_info(
    labels: &Labels,
    infos: &Infos<'_>,
    wanted: &Wanted<'_>,
) -> Result<Option<Labels>, EvalError> {
    let identity = identity(labels);
    let Some(found) = infos.get(&identity).filter(|_| !identity.is_empty()) else {
        return Ok(wanted.takes_nothing().then(|| labels.clone()));
    };
    let mut added = LabelsBuilder::default();
    for info in found.values() {
        for (name, value) in info.labels.iter() {
            if name == METRIC_NAME || !wanted.takes_label(name) {
                continue;
            }
            if added.get(name).is_some_and(|other| other != value) {
                return Err(EvalError::Execution(format!("conflicting label: {name}")));
            }
            if labels.get(name).is_none() {
                added.set(name, value);
            }
        }
    }
    let mut builder = LabelsBuilder::from(labels);
    for (name, value) in added.iter() {
        builder.set(name, value);
    }
    Ok(Some(builder.build()))
}
