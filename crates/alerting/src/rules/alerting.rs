//! The state of one rule that alerts: which of its alerts are pending and which fire.
//!
//! The states and the times between them are those of Prometheus (rules/alerting.go).

use std::collections::BTreeMap;

use model::{Labels, LabelsBuilder, METRIC_NAME, SeriesSample};

use super::SentAlert;
use super::expand::Expansion;
use super::file::{AlertSpec, RuleSpec};
use super::functions::{RuleFunctions, table_link};
use super::view::RuleState;
use super::world::World;
use crate::Timestamp;
use crate::alert::Annotations;

const ALERT_NAME: &str = "alertname";
const ALERTS: &str = "ALERTS";
pub(super) const ALERTS_FOR_STATE: &str = "ALERTS_FOR_STATE";
const ALERT_STATE: &str = "alertstate";

/// How long a resolved alert is kept and its end sent again, in case it got lost.
const RESOLVED_RETENTION_MS: i64 = 15 * 60_000;

/// One alert of a rule. Times are those of evaluations, in milliseconds since the epoch.
#[derive(Clone, Debug)]
pub(super) struct ActiveAlert {
    pub(super) state: RuleState,
    pub(super) annotations: Annotations,
    pub(super) value: f64,
    pub(super) active_at_ms: i64,
    pub(super) fired_at_ms: Option<i64>,
    pub(super) resolved_at_ms: Option<i64>,
    pub(super) keep_firing_since_ms: Option<i64>,
    last_sent_ms: Option<i64>,
    valid_until_ms: i64,
}

/// The alerts of a rule by their labels.
#[derive(Clone, Debug, Default)]
pub(super) struct AlertingState {
    pub(super) active: BTreeMap<Labels, ActiveAlert>,
    /// Whether what was before the last start is known again; before, no series are written that
    /// would overwrite it.
    pub(super) restored: bool,
}

impl ActiveAlert {
    fn new(annotations: Annotations, value: f64, at_ms: i64) -> Self {
        ActiveAlert {
            state: RuleState::Pending,
            annotations,
            value,
            active_at_ms: at_ms,
            fired_at_ms: None,
            resolved_at_ms: None,
            keep_firing_since_ms: None,
            last_sent_ms: None,
            valid_until_ms: at_ms,
        }
    }

    /// Whether the alert holds although its condition does not any more.
    fn keeps_firing(&mut self, spec: &AlertSpec, at_ms: i64) -> bool {
        if self.state != RuleState::Firing || spec.keep_firing_for_ms == 0 {
            return false;
        }
        let since = *self.keep_firing_since_ms.get_or_insert(at_ms);
        at_ms - since < spec.keep_firing_for_ms
    }

    /// Fires when it was pending for long enough. A rule whose patience grew by a reload makes it
    /// pending again.
    fn advance(&mut self, for_ms: i64, at_ms: i64) {
        let old_enough = at_ms - self.active_at_ms >= for_ms;
        if self.state == RuleState::Pending && old_enough {
            self.state = RuleState::Firing;
            self.fired_at_ms = Some(at_ms);
        }
        if self.state == RuleState::Firing && !old_enough {
            self.state = RuleState::Pending;
            self.fired_at_ms = None;
            self.last_sent_ms = None;
            self.keep_firing_since_ms = None;
        }
    }

    fn needs_sending(&self, at_ms: i64, resend_delay_ms: i64) -> bool {
        if self.state == RuleState::Pending {
            return false;
        }
        match self.last_sent_ms {
            None => true,
            Some(sent) => {
                self.resolved_at_ms.is_some_and(|resolved| resolved > sent)
                    || sent + resend_delay_ms < at_ms
            }
        }
    }
}

impl AlertingState {
    /// Takes the rule's answer at an instant and returns the series that tell of the alerts.
    ///
    /// # Errors
    /// When two alerts have the same labels, or there are more than `limit`.
    pub(super) fn evaluate(
        &mut self,
        rule: &RuleSpec,
        spec: &AlertSpec,
        vector: &[SeriesSample],
        (at_ms, sample_ms): (i64, i64),
        limit: usize,
        world: &World,
    ) -> Result<Vec<SeriesSample>, String> {
        let mut found = new_alerts(rule, spec, vector, at_ms, world)?;
        for (labels, new) in &mut found {
            if let Some(old) = self.active.get_mut(labels)
                && old.state != RuleState::Inactive
            {
                old.value = new.value;
                old.annotations = std::mem::take(&mut new.annotations);
            } else {
                self.active.insert(labels.clone(), new.clone());
            }
        }

        let mut samples = Vec::new();
        let mut count = 0;
        self.active.retain(|labels, alert| {
            if found.contains_key(labels) {
                alert.keep_firing_since_ms = None;
            } else if !alert.keeps_firing(spec, at_ms) {
                let forgotten = alert.state == RuleState::Pending
                    || alert.resolved_at_ms.is_some_and(|at| at_ms - at > RESOLVED_RETENTION_MS);
                if alert.state != RuleState::Inactive {
                    alert.state = RuleState::Inactive;
                    alert.resolved_at_ms = Some(at_ms);
                }
                return !forgotten;
            }
            count += 1;
            alert.advance(spec.for_ms, at_ms);
            if self.restored {
                samples.extend(series(rule, labels, alert, sample_ms));
            }
            true
        });
        if limit > 0 && count > limit {
            self.active.clear();
            return Err(format!("exceeded limit of {limit} with {count} alerts"));
        }
        Ok(samples)
    }

    /// The alerts whose turn it is to be sent.
    pub(super) fn due(
        &mut self,
        rule: &RuleSpec,
        at_ms: i64,
        interval_ms: i64,
        world: &World,
    ) -> Vec<SentAlert> {
        let settings = &world.settings;
        let resend_delay_ms = settings.resend_delay_ms;
        let generator_url =
            format!("{}{}", settings.external_url, table_link(&rule.expr.to_string()));
        let mut due = Vec::new();
        for (labels, alert) in &mut self.active {
            if !alert.needs_sending(at_ms, resend_delay_ms) {
                continue;
            }
            alert.last_sent_ms = Some(at_ms);
            // Two evaluations or two deliveries may fail before the alert is taken for resolved.
            alert.valid_until_ms = at_ms + 4 * interval_ms.max(resend_delay_ms);
            let mut all_labels = LabelsBuilder::from(labels);
            for (name, value) in settings.external_labels.iter() {
                if labels.get(name).is_none() {
                    all_labels.set(name, value);
                }
            }
            due.push(SentAlert {
                labels: all_labels.build(),
                annotations: alert.annotations.clone(),
                starts_at: instant(alert.fired_at_ms.unwrap_or(alert.active_at_ms)),
                ends_at: instant(alert.resolved_at_ms.unwrap_or(alert.valid_until_ms)),
                generator_url: generator_url.clone(),
            });
        }
        due
    }

    /// The most pressing state of all alerts.
    pub(super) fn state(&self) -> RuleState {
        self.active.values().map(|alert| alert.state).max().unwrap_or(RuleState::Inactive)
    }

    /// Moves all times, because somebody set the clock.
    pub(super) fn shift_ms(&mut self, by_ms: i64) {
        for alert in self.active.values_mut() {
            alert.active_at_ms += by_ms;
            alert.valid_until_ms += by_ms;
            for time in [
                &mut alert.fired_at_ms,
                &mut alert.resolved_at_ms,
                &mut alert.keep_firing_since_ms,
                &mut alert.last_sent_ms,
            ] {
                *time = time.map(|time| time + by_ms);
            }
        }
    }
}

/// An instant of the evaluations; what no calendar holds is the epoch.
pub(super) fn instant(ms: i64) -> Timestamp {
    Timestamp::from_timestamp_millis(ms).unwrap_or_default()
}

/// The alerts that the answer stands for, all pending as if they were new.
fn new_alerts(
    rule: &RuleSpec,
    spec: &AlertSpec,
    vector: &[SeriesSample],
    at_ms: i64,
    world: &World,
) -> Result<BTreeMap<Labels, ActiveAlert>, String> {
    let functions = RuleFunctions { world, at_ms };
    let mut alerts = BTreeMap::new();
    for element in vector {
        let value = element.sample.value;
        let expansion = Expansion::new(&functions, &element.labels, value);
        let mut labels = LabelsBuilder::from(&element.labels);
        labels.remove(METRIC_NAME);
        for (name, text) in &spec.templates.labels {
            labels.set(name, &expansion.expand(text));
        }
        labels.set(ALERT_NAME, &rule.name);
        let annotations = spec.templates.annotations.iter();
        let annotations =
            annotations.map(|(name, text)| (name.clone(), expansion.expand(text))).collect();
        let alert = ActiveAlert::new(annotations, value, at_ms);
        if alerts.insert(labels.build(), alert).is_some() {
            let text = "vector contains metrics with the same labelset after applying alert labels";
            return Err(text.to_owned());
        }
    }
    Ok(alerts)
}

/// `ALERTS`, which says that there is an alert, and `ALERTS_FOR_STATE`, since when.
fn series(rule: &RuleSpec, labels: &Labels, alert: &ActiveAlert, t_ms: i64) -> [SeriesSample; 2] {
    let mut builder = LabelsBuilder::from(labels);
    builder.set(ALERT_NAME, &rule.name).set(METRIC_NAME, ALERTS_FOR_STATE);
    let since = SeriesSample {
        labels: builder.build(),
        sample: model::Sample { t_ms, value: alert.active_at_ms.div_euclid(1000) as f64 },
    };
    builder.set(METRIC_NAME, ALERTS).set(ALERT_STATE, alert.state.name());
    let is = SeriesSample { labels: builder.build(), sample: model::Sample { t_ms, value: 1.0 } };
    [is, since]
}
