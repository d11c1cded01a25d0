//! Operators between two vectors: each element finds its partner by labels.

use std::collections::{HashMap, HashSet};

use model::{Labels, LabelsBuilder, METRIC_NAME};

use super::binary::{Remark, of_elements};
use super::matrix::{Element, Matrix, without_metadata};
use super::{EvalError, Evaluator, Steps};
use crate::ast::{Binary, BinaryOp, Cardinality, TextRange, VectorMatching};

/// Which series of two matrices agree in the labels that count: those have equal numbers.
pub(super) struct Signatures {
    /// The number of each series, by side.
    pub(super) sides: [Vec<usize>; 2],
    /// How many numbers there are.
    pub(super) count: usize,
}

impl Signatures {
    pub(super) fn of(matching: &VectorMatching, sides: &[Matrix; 2]) -> Self {
        let mut numbers: HashMap<Labels, usize> = HashMap::new();
        let sides = [0, 1].map(|side: usize| {
            let of_series = sides[side].iter().map(|series| {
                let next = numbers.len();
                *numbers.entry(matching_labels(matching, &series.labels)).or_insert(next)
            });
            of_series.collect()
        });
        Signatures { sides, count: numbers.len() }
    }
}

/// The labels by which a series finds its partner.
pub(crate) fn matching_labels(matching: &VectorMatching, labels: &Labels) -> Labels {
    let is_listed = |name: &str| matching.labels.iter().any(|label| label == name);
    if matching.on {
        labels.without(|name| !is_listed(name))
    } else {
        labels.without(|name| name == METRIC_NAME || is_listed(name))
    }
}

/// How the results of an operator are named.
pub(crate) struct Naming<'b> {
    pub(crate) matching: &'b VectorMatching,
    pub(crate) loses_name: bool,
}

/// The labels of what two series give.
pub(crate) fn result_labels(naming: &Naming<'_>, many: &Labels, one: &Labels) -> Labels {
    let Naming { matching, loses_name } = naming;
    let mut labels = if *loses_name { without_metadata(many) } else { many.clone() };
    if matching.cardinality == Cardinality::OneToOne {
        let is_listed = |name: &str| matching.labels.iter().any(|label| label == name);
        labels = labels.without(|name| is_listed(name) != matching.on);
    }
    if matching.include.is_empty() {
        return labels;
    }
    let mut builder = LabelsBuilder::from(&labels);
    for name in &matching.include {
        builder.set(name, one.get(name).unwrap_or_default());
    }
    builder.build()
}

/// One operation between two vectors. The "many" side is called the left one, whichever it is.
struct Match<'b> {
    op: BinaryOp,
    return_bool: bool,
    matching: &'b VectorMatching,
    /// The sides are exchanged, because the "many" side is the right one.
    is_swapped: bool,
    /// Names are dropped at the end of the query.
    delayed: bool,
    /// The labels of results, by the two series.
    results: HashMap<(usize, usize), Labels>,
    /// What is to be said about the last pair of a step of which anything is.
    remark: Option<Remark>,
}

/// What was matched at one step.
struct Matched<'v> {
    /// The element of the "one" side with each signature.
    ones: Vec<Option<&'v Element>>,
    /// The labels of results for each signature; where each may match once only, one of them.
    results: HashMap<usize, HashSet<Labels>>,
}

/// A series that is not there but filled in.
const FILLED: usize = usize::MAX;

impl Evaluator<'_> {
    pub(super) fn match_vectors(
        &mut self,
        binary: &Binary,
        matching: &VectorMatching,
        range: TextRange,
        sides: &[Matrix; 2],
        steps: Steps,
    ) -> Result<Matrix, EvalError> {
        let signatures = Signatures::of(matching, sides);
        let mut operation = Match {
            op: binary.op,
            return_bool: binary.return_bool,
            matching,
            is_swapped: matching.cardinality == Cardinality::OneToMany,
            delayed: self.options.delayed_name_removal,
            results: HashMap::new(),
            remark: None,
        };
        self.per_step(steps, sides, |notes, _, vectors, out| {
            let (many, one) = if operation.is_swapped { (1, 0) } else { (0, 1) };
            let sides = [
                (&vectors[many], &signatures.sides[many]),
                (&vectors[one], &signatures.sides[one]),
            ];
            operation.at_step(sides, signatures.count, out)?;
            if let Some(remark) = operation.remark.take() {
                remark.note(notes, range, operation.op);
            }
            Ok(())
        })
    }
}

impl Match<'_> {
    fn at_step(
        &mut self,
        [(many, many_signatures), (one, one_signatures)]: [(&Vec<Element>, &Vec<usize>); 2],
        signature_count: usize,
        out: &mut Vec<Element>,
    ) -> Result<(), EvalError> {
        let fill = self.matching.fill;
        let fills = fill.left.is_some() || fill.right.is_some();
        if many.is_empty() && one.is_empty() || !fills && (many.is_empty() || one.is_empty()) {
            return Ok(());
        }
        let mut matched = Matched { ones: vec![None; signature_count], results: HashMap::new() };
        for element in one {
            let free = &mut matched.ones[one_signatures[element.series]];
            if let Some(other) = free {
                return Err(self.duplicate(element, other));
            }
            *free = Some(element);
        }
        // Whatever their order in the query, "left" and "right" name the sides of the operator as
        // they are exchanged.
        for element in many {
            let signature = many_signatures[element.series];
            if let Some(partner) = matched.ones[signature] {
                self.pair(element, partner, signature, &mut matched, out)?;
            } else if let Some(value) = fill.right {
                let partner = self.filled(element, value);
                self.pair(element, &partner, signature, &mut matched, out)?;
            }
        }
        let Some(value) = fill.left else { return Ok(()) };
        for element in one {
            let signature = one_signatures[element.series];
            if !matched.results.contains_key(&signature) {
                let partner = self.filled(element, value);
                self.pair(&partner, element, signature, &mut matched, out)?;
            }
        }
        Ok(())
    }

    /// What stands in for a partner that is not there.
    fn filled(&self, partner: &Element, value: f64) -> Element {
        let labels = matching_labels(self.matching, &partner.labels);
        Element { labels, value: value.into(), drops_name: false, series: FILLED }
    }

    fn pair(
        &mut self,
        many: &Element,
        one: &Element,
        signature: usize,
        matched: &mut Matched<'_>,
        out: &mut Vec<Element>,
    ) -> Result<(), EvalError> {
        let (a, b) =
            if self.is_swapped { (&one.value, &many.value) } else { (&many.value, &one.value) };
        let outcome = match of_elements(self.op, a, b) {
            Ok(outcome) => outcome,
            Err(remark) => {
                self.remark = Some(remark);
                return Ok(());
            }
        };
        self.remark = outcome.remark.or(self.remark);
        let value = if self.return_bool {
            Some(f64::from(outcome.value.is_some()).into())
        } else {
            outcome.value
        };
        let labels = self.result_labels(many, one);
        let results = matched.results.entry(signature).or_default();
        let is_one_to_one = self.matching.cardinality == Cardinality::OneToOne;
        if is_one_to_one && !results.is_empty() {
            let message = "multiple matches for labels: many-to-one matching must be explicit \
                           (group_left/group_right)";
            return Err(EvalError::Execution(message.to_owned()));
        }
        if !results.insert(labels.clone()) {
            let message = "multiple matches for labels: grouping labels must ensure unique matches";
            return Err(EvalError::Execution(message.to_owned()));
        }
        if let Some(value) = value {
            out.push(Element { labels, value, drops_name: self.return_bool, series: 0 });
        }
        Ok(())
    }

    fn result_labels(&mut self, many: &Element, one: &Element) -> Labels {
        let series = (many.series, one.series);
        if series.0 == FILLED || series.1 == FILLED {
            return self.make_result_labels(&many.labels, &one.labels);
        }
        if let Some(labels) = self.results.get(&series) {
            return labels.clone();
        }
        let labels = self.make_result_labels(&many.labels, &one.labels);
        self.results.insert(series, labels.clone());
        labels
    }

    fn make_result_labels(&self, many: &Labels, one: &Labels) -> Labels {
        let loses_name = self.op.is_arithmetic() || self.return_bool && !self.delayed;
        result_labels(&Naming { matching: self.matching, loses_name }, many, one)
    }

    /// Two elements of the "one" side match the same elements.
    fn duplicate(&self, element: &Element, other: &Element) -> EvalError {
        let side = if self.is_swapped { "left" } else { "right" };
        let is_listed = |name: &str| self.matching.labels.iter().any(|label| label == name);
        let group = element.labels.without(|name| is_listed(name) != self.matching.on);
        let group = if self.matching.on { group } else { group.without(|n| n == METRIC_NAME) };
        let mut both = [element.labels.to_string(), other.labels.to_string()];
        both.sort();
        let [first, second] = both;
        EvalError::Execution(format!(
            "found duplicate series for the match group {group} on the {side} hand-side of the \
             operation: [{first}, {second}];many-to-many matching not allowed: matching labels \
             must be unique on one side"
        ))
    }
}
