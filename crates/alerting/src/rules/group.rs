//! A group of rules that are evaluated one after the other.

use std::collections::{BTreeSet, HashSet};

use model::{Labels, LabelsBuilder, METRIC_NAME, MetricBatch, SeriesSample, stale_nan};
use store::Commit;

use super::SentAlert;
use super::alerting::{ALERTS_FOR_STATE, AlertingState};
use super::file::{GroupSpec, RuleSpec};
use super::view::{RuleHealth, RuleState};
use super::world::World;
use crate::Timestamp;

/// Takes alerts away to where people are told of them.
pub(super) type Sink<'a> = &'a mut dyn FnMut(Vec<SentAlert>);

/// A rule and how its last evaluation went.
#[derive(Clone, Debug)]
pub(super) struct Rule {
    pub(super) spec: RuleSpec,
    pub(super) state: AlertingState,
    pub(super) health: RuleHealth,
    pub(super) last_error: String,
    pub(super) evaluation_seconds: f64,
    pub(super) last_evaluation: Option<Timestamp>,
    /// What it gave last; what is missing next time is marked as gone.
    series: BTreeSet<Labels>,
}

/// Figures that only grow.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Counters {
    pub(super) iterations: u64,
    pub(super) iterations_missed: u64,
    pub(super) evaluations: u64,
    pub(super) failures: u64,
}

/// A group and the state of its rules.
#[derive(Clone, Debug)]
pub(super) struct Group {
    pub(super) file: String,
    pub(super) name: String,
    pub(super) interval_ms: i64,
    pub(super) query_offset_ms: i64,
    pub(super) limit: usize,
    pub(super) rules: Vec<Rule>,
    pub(super) counters: Counters,
    pub(super) evaluation_seconds: f64,
    pub(super) last_evaluation: Option<Timestamp>,
    pub(super) last_samples: usize,
    /// Series of rules that are no more.
    stale: Vec<Labels>,
}

impl Rule {
    fn new(spec: RuleSpec, restored: bool) -> Self {
        Rule {
            spec,
            state: AlertingState { restored, ..AlertingState::default() },
            health: RuleHealth::Unknown,
            last_error: String::new(),
            evaluation_seconds: 0.0,
            last_evaluation: None,
            series: BTreeSet::new(),
        }
    }

    /// What makes it the same rule after a reload.
    fn identity(&self) -> (&str, &super::TextMap) {
        (&self.spec.name, &self.spec.labels)
    }

    fn failed(&mut self, error: String) {
        self.health = RuleHealth::Bad;
        self.last_error = error;
    }

    pub(super) fn alert_state(&self) -> RuleState {
        if self.last_evaluation.is_none() { RuleState::Unknown } else { self.state.state() }
    }

    /// The series the rule gives at an instant.
    fn evaluate(
        &mut self,
        times: (i64, i64),
        limit: usize,
        world: &World,
    ) -> Result<Vec<SeriesSample>, String> {
        let vector = world.query(&self.spec.expr, times.1)?;
        match &self.spec.alert {
            Some(alert) => self.state.evaluate(&self.spec, alert, &vector, times, limit, world),
            None => record(&self.spec, vector, limit),
        }
    }

    /// The names of metrics it writes.
    fn writes(&self) -> Vec<&str> {
        match self.spec.alert {
            Some(_) => vec!["ALERTS", ALERTS_FOR_STATE],
            None => vec![&self.spec.name],
        }
    }

    /// Whether it may read a metric; a selector without a fixed name may read all.
    fn may_read(&self, metrics: &HashSet<String>) -> bool {
        self.spec.expr.selectors().iter().any(|selector| {
            let name = selector.matchers.iter().find(|m| m.name == METRIC_NAME);
            match name {
                Some(matcher) => metrics.iter().any(|metric| matcher.matches(metric)),
                None => true,
            }
        })
    }
}

/// The answer under the rule's name and with its labels.
fn record(
    rule: &RuleSpec,
    vector: Vec<SeriesSample>,
    limit: usize,
) -> Result<Vec<SeriesSample>, String> {
    let count = vector.len();
    let mut seen = HashSet::with_capacity(count);
    let mut samples = Vec::with_capacity(count);
    for SeriesSample { labels, sample } in vector {
        let mut builder = LabelsBuilder::from(&labels);
        builder.set(METRIC_NAME, &rule.name);
        for (name, value) in &rule.labels {
            builder.set(name, value);
        }
        let labels = builder.build();
        if !seen.insert(labels.clone()) {
            let text = "vector contains metrics with the same labelset after applying rule labels";
            return Err(text.to_owned());
        }
        samples.push(SeriesSample { labels, sample });
    }
    if limit > 0 && count > limit {
        return Err(format!("exceeded limit of {limit} with {count} series"));
    }
    Ok(samples)
}

impl Group {
    /// A group as a file has it. `restored` says that there is nothing to bring back.
    pub(super) fn new(file: &str, spec: GroupSpec, world: &World, restored: bool) -> Self {
        let settings = &world.settings;
        Group {
            file: file.to_owned(),
            name: spec.name,
            interval_ms: spec.interval_ms.unwrap_or(settings.interval_ms),
            query_offset_ms: spec.query_offset_ms.unwrap_or(settings.query_offset_ms),
            limit: spec.limit,
            rules: spec.rules.into_iter().map(|rule| Rule::new(rule, restored)).collect(),
            counters: Counters::default(),
            evaluation_seconds: 0.0,
            last_evaluation: None,
            last_samples: 0,
            stale: Vec::new(),
        }
    }

    /// Takes over the state of an older version of the group: rules of the same name and labels go
    /// on, the first with the first, the second with the second.
    pub(super) fn take_over(&mut self, old: Group) {
        self.counters = old.counters;
        self.evaluation_seconds = old.evaluation_seconds;
        self.last_evaluation = old.last_evaluation;
        self.stale = old.stale;
        let mut old_rules: Vec<Option<Rule>> = old.rules.into_iter().map(Some).collect();
        for rule in &mut self.rules {
            let same = |old: &&mut Option<Rule>| {
                old.as_ref().is_some_and(|old| old.identity() == rule.identity())
            };
            if let Some(old) = old_rules.iter_mut().find(same).and_then(Option::take) {
                rule.series = old.series;
                if rule.spec.alert.is_some() && old.spec.alert.is_some() {
                    rule.state = AlertingState { restored: rule.state.restored, ..old.state };
                }
            }
        }
        self.stale.extend(old_rules.into_iter().flatten().flat_map(|rule| rule.series));
    }

    /// Evaluates all rules at an instant, writes what they give, and sends alerts.
    ///
    /// A rule that may read what an earlier one wrote waits until that is stored.
    pub(super) fn evaluate(&mut self, at_ms: i64, world: &World, sink: Sink<'_>) {
        let start = world.clock.monotonic_ns();
        let started = Timestamp::from_timestamp_nanos(world.clock.now_ns());
        self.counters.iterations += 1;
        self.last_samples = 0;
        let mut pending = Pending::default();
        for index in 0..self.rules.len() {
            if world.cancel.check().is_err() {
                return;
            }
            if self.rules[index].may_read(&pending.metrics) {
                self.settle(&mut pending);
            }
            self.evaluate_rule(index, at_ms, world, sink, &mut pending);
        }
        self.settle(&mut pending);
        self.mark_removed(at_ms - self.query_offset_ms, world);
        self.evaluation_seconds = seconds_since(start, world);
        self.last_evaluation = Some(started);
    }

    fn evaluate_rule(
        &mut self,
        index: usize,
        at_ms: i64,
        world: &World,
        sink: Sink<'_>,
        pending: &mut Pending,
    ) {
        let start = world.clock.monotonic_ns();
        let sample_ms = at_ms - self.query_offset_ms;
        let (limit, interval_ms) = (self.limit, self.interval_ms);
        let rule = &mut self.rules[index];
        self.counters.evaluations += 1;
        let result = rule.evaluate((at_ms, sample_ms), limit, world);
        rule.last_evaluation = Some(Timestamp::from_timestamp_nanos(world.clock.now_ns()));
        match result {
            Err(error) => {
                self.counters.failures += 1;
                if world.cancel.check().is_ok() {
                    let (group, rule) = (&self.name, &rule.spec.name);
                    tracing::warn!(group, rule, %error, "evaluating a rule failed");
                }
                rule.failed(error);
            }
            Ok(samples) => {
                (rule.health, rule.last_error) = (RuleHealth::Good, String::new());
                self.last_samples += samples.len();
                let due = rule.state.due(&rule.spec, at_ms, interval_ms, world);
                if !due.is_empty() {
                    sink(due);
                }
                let series = samples.iter().map(|sample| sample.labels.clone()).collect();
                let mut batch = MetricBatch { samples, ..MetricBatch::default() };
                for gone in rule.series.difference(&series) {
                    batch.push(gone.clone(), sample_ms, stale_nan());
                }
                let writes = rule.writes().into_iter().map(str::to_owned).collect();
                pending.append(index, batch, series, writes, world);
            }
        }
        let rule = &mut self.rules[index];
        rule.evaluation_seconds = seconds_since(start, world);
    }

    /// Waits until all that was written is stored. Only then counts what a rule gave.
    fn settle(&mut self, pending: &mut Pending) {
        let Pending { commits, metrics } = std::mem::take(pending);
        drop(metrics);
        for (index, series, commit) in commits {
            let rule = &mut self.rules[index];
            let stored = commit.and_then(Commit::wait);
            match stored {
                Ok(_) => rule.series = series,
                Err(error) => {
                    self.counters.failures += 1;
                    let (group, name) = (&self.name, &rule.spec.name);
                    tracing::warn!(group, rule = name, %error, "storing what a rule gave failed");
                    rule.failed(error.to_string());
                }
            }
        }
    }

    /// Marks the series of rules that are no more as gone.
    fn mark_removed(&mut self, sample_ms: i64, world: &World) {
        if self.stale.is_empty() {
            return;
        }
        let mut batch = MetricBatch::default();
        for labels in &self.stale {
            batch.push(labels.clone(), sample_ms, stale_nan());
        }
        match world.store.append(batch).and_then(Commit::wait) {
            Ok(_) => self.stale.clear(),
            Err(error) => {
                tracing::warn!(group = self.name, %error, "marking series as gone failed");
            }
        }
    }

    /// All series of the group, for the day it is removed.
    pub(super) fn into_series(self) -> Vec<Labels> {
        self.rules.into_iter().flat_map(|rule| rule.series).chain(self.stale).collect()
    }

    /// Moves the times of all alerts, because somebody set the clock.
    pub(super) fn shift_ms(&mut self, by_ms: i64) {
        for rule in &mut self.rules {
            rule.state.shift_ms(by_ms);
        }
    }
}

fn seconds_since(start_ns: u64, world: &World) -> f64 {
    world.clock.monotonic_ns().saturating_sub(start_ns) as f64 / 1e9
}

/// What was written and is not known to be stored.
#[derive(Default)]
struct Pending {
    commits: Vec<(usize, BTreeSet<Labels>, Result<Commit, store::AppendError>)>,
    metrics: HashSet<String>,
}

impl Pending {
    fn append(
        &mut self,
        index: usize,
        batch: MetricBatch,
        series: BTreeSet<Labels>,
        metrics: Vec<String>,
        world: &World,
    ) {
        if !batch.samples.is_empty() {
            self.commits.push((index, series, world.store.append(batch)));
            self.metrics.extend(metrics);
        }
    }
}
