//! Figures as metrics, for whoever exposes them.

use model::{Labels, MetricKind};

use crate::alertmanager::Figures;
use crate::rules::GroupView;
use crate::silence::SilenceState;

/// One value of a metric.
#[derive(Clone, Debug, PartialEq)]
pub struct Metric {
    /// The name, as Prometheus and Alertmanager have it.
    pub name: &'static str,
    /// What it counts, in one sentence.
    pub help: &'static str,
    /// Whether it only grows.
    pub kind: MetricKind,
    /// Its labels.
    pub labels: Labels,
    /// The value.
    pub value: f64,
}

/// Gathers values under their names.
struct Gathering(Vec<Metric>);

impl Gathering {
    fn counter(
        &mut self,
        name: &'static str,
        help: &'static str,
        labels: &[(&str, &str)],
        value: u64,
    ) {
        self.add(name, help, MetricKind::Counter, labels, value as f64);
    }

    fn gauge(
        &mut self,
        name: &'static str,
        help: &'static str,
        labels: &[(&str, &str)],
        value: f64,
    ) {
        self.add(name, help, MetricKind::Gauge, labels, value);
    }

    fn add(
        &mut self,
        name: &'static str,
        help: &'static str,
        kind: MetricKind,
        labels: &[(&str, &str)],
        value: f64,
    ) {
        let labels = Labels::from_pairs(labels.iter().copied());
        self.0.push(Metric { name, help, kind, labels, value });
    }

    fn rules(&mut self, group: &GroupView) {
        let name = format!("{};{}", group.file, group.name);
        let labels = [("rule_group", name.as_str())];
        let figures = &group.counters;
        self.counter(
            "prometheus_rule_evaluations_total",
            "The total number of rule evaluations.",
            &labels,
            figures.evaluations,
        );
        self.counter(
            "prometheus_rule_evaluation_failures_total",
            "The total number of rule evaluation failures.",
            &labels,
            figures.failures,
        );
        self.counter(
            "prometheus_rule_group_iterations_total",
            "The total number of scheduled rule group evaluations, whether executed or missed.",
            &labels,
            figures.iterations,
        );
        self.counter(
            "prometheus_rule_group_iterations_missed_total",
            "The total number of rule group evaluations missed due to slow evaluation.",
            &labels,
            figures.iterations_missed,
        );
        self.gauge(
            "prometheus_rule_group_last_duration_seconds",
            "The duration of the last rule group evaluation.",
            &labels,
            group.evaluation_time,
        );
        let last = group.last_evaluation.map_or(0.0, |at| at.timestamp_millis() as f64 / 1000.0);
        self.gauge(
            "prometheus_rule_group_last_evaluation_timestamp_seconds",
            "The timestamp of the last rule group evaluation in seconds.",
            &labels,
            last,
        );
        self.gauge(
            "prometheus_rule_group_last_evaluation_samples",
            "The number of samples the last rule group evaluation gave.",
            &labels,
            figures.samples as f64,
        );
        self.gauge(
            "prometheus_rule_group_interval_seconds",
            "The interval of a rule group.",
            &labels,
            group.interval,
        );
        self.gauge(
            "prometheus_rule_group_rules",
            "The number of rules.",
            &labels,
            group.rules.len() as f64,
        );
    }

    fn notifications(&mut self, figures: &Figures) {
        for (kind, notifier) in &figures.notifiers {
            let labels = [("integration", *kind)];
            self.counter(
                "alertmanager_notifications_total",
                "The total number of attempted notifications.",
                &labels,
                notifier.notifications,
            );
            for (reason, count) in &notifier.failed {
                self.counter(
                    "alertmanager_notifications_failed_total",
                    "The total number of failed notifications.",
                    &[labels[0], ("reason", reason)],
                    *count,
                );
            }
            self.counter(
                "alertmanager_notification_requests_total",
                "The total number of attempted notification requests.",
                &labels,
                notifier.requests,
            );
            self.counter(
                "alertmanager_notification_requests_failed_total",
                "The total number of failed notification requests.",
                &labels,
                notifier.requests_failed,
            );
            self.add(
                "alertmanager_notification_latency_seconds_sum",
                "The seconds that notification requests took.",
                MetricKind::Counter,
                &labels,
                notifier.seconds,
            );
            self.counter(
                "alertmanager_notification_latency_seconds_count",
                "The number of notification requests that were timed.",
                &labels,
                notifier.requests,
            );
        }
        for (reason, count) in &figures.counters.suppressed {
            self.counter(
                "alertmanager_notifications_suppressed_total",
                "The total number of alerts that were not notified of because they were muted.",
                &[("reason", reason)],
                *count,
            );
        }
    }

    fn alerts(&mut self, figures: &Figures) {
        for (state, count) in &figures.alerts {
            self.gauge(
                "alertmanager_alerts",
                "How many alerts by state.",
                &[("state", state)],
                *count as f64,
            );
        }
        let counters = &figures.counters;
        for (status, count) in
            [("firing", counters.received_firing), ("resolved", counters.received_resolved)]
        {
            self.counter(
                "alertmanager_alerts_received_total",
                "The total number of received alerts.",
                &[("status", status), ("version", "v2")],
                count,
            );
        }
        self.counter(
            "alertmanager_alerts_invalid_total",
            "The total number of received alerts that were invalid.",
            &[("version", "v2")],
            counters.invalid,
        );
        self.counter(
            "alertmanager_alerts_limited_total",
            "The total number of alerts that were dropped because there were too many.",
            &[],
            counters.refused,
        );
        for (state, count) in figures.silences {
            let state = match state {
                SilenceState::Active => "active",
                SilenceState::Pending => "pending",
                SilenceState::Expired => "expired",
            };
            self.gauge(
                "alertmanager_silences",
                "How many silences by state.",
                &[("state", state)],
                count as f64,
            );
        }
        self.gauge(
            "alertmanager_dispatcher_aggregation_groups",
            "The number of active aggregation groups.",
            &[],
            figures.groups as f64,
        );
        self.counter(
            "alertmanager_dispatcher_aggregation_group_limit_reached_total",
            "The number of times a group could not be created because there were too many.",
            &[],
            figures.groups_refused,
        );
    }
}

/// All values; those of one name lie together.
pub(crate) fn metrics(groups: &[GroupView], figures: &Figures) -> Vec<Metric> {
    let mut gathering = Gathering(Vec::new());
    groups.iter().for_each(|group| gathering.rules(group));
    gathering.notifications(figures);
    gathering.alerts(figures);
    let mut metrics = gathering.0;
    metrics.sort_by(|a, b| a.name.cmp(b.name).then_with(|| a.labels.cmp(&b.labels)));
    metrics
}
