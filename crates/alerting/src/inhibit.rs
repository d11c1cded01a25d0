//! Inhibition: an alert that fires keeps others from being notified of.

use std::collections::{BTreeSet, HashMap};

use model::Labels;

use crate::Timestamp;
use crate::alert::{Alert, AlertStore};
use crate::fingerprint::Fingerprint;
use crate::matcher::Matchers;

/// Sources inhibit targets that have the same values in `equal`; a missing label is an empty one.
#[derive(Clone, Debug, Default)]
pub(crate) struct InhibitRule {
    pub(crate) source: Matchers,
    pub(crate) target: Matchers,
    pub(crate) equal: Vec<String>,
}

impl InhibitRule {
    fn equal_values(&self, labels: &Labels) -> Vec<String> {
        let value = |name: &String| labels.get(name).unwrap_or_default().to_owned();
        self.equal.iter().map(value).collect()
    }
}

/// Alerts that match the source side, by the values that targets must have in common with them.
type Sources = HashMap<Vec<String>, BTreeSet<Fingerprint>>;

/// All rules and which alerts are their sources.
#[derive(Debug, Default)]
pub(crate) struct Inhibitor {
    rules: Vec<(InhibitRule, Sources)>,
}

impl Inhibitor {
    /// Rules over the alerts there are.
    pub(crate) fn new(rules: Vec<InhibitRule>, alerts: &AlertStore) -> Self {
        let rules = rules.into_iter().map(|rule| (rule, HashMap::new())).collect();
        let mut inhibitor = Inhibitor { rules };
        for (_, alert) in alerts.iter() {
            inhibitor.put(alert);
        }
        inhibitor
    }

    /// Takes note of an alert.
    pub(crate) fn put(&mut self, alert: &Alert) {
        for (rule, sources) in &mut self.rules {
            if rule.source.matches(&alert.labels) {
                let values = rule.equal_values(&alert.labels);
                sources.entry(values).or_default().insert(alert.fingerprint());
            }
        }
    }

    /// Forgets an alert.
    pub(crate) fn remove(&mut self, alert: &Alert) {
        for (rule, sources) in &mut self.rules {
            let values = rule.equal_values(&alert.labels);
            if let Some(fingerprints) = sources.get_mut(&values) {
                fingerprints.remove(&alert.fingerprint());
                if fingerprints.is_empty() {
                    sources.remove(&values);
                }
            }
        }
    }

    /// An alert that inhibits one with these labels, if there is any.
    ///
    /// Where the target matches the source side too, alerts that match both sides do not count:
    /// alerts of one kind do not inhibit each other, nor themselves.
    pub(crate) fn inhibiting(
        &self,
        labels: &Labels,
        alerts: &AlertStore,
        now: Timestamp,
    ) -> Option<Fingerprint> {
        self.rules.iter().find_map(|(rule, sources)| {
            if !rule.target.matches(labels) {
                return None;
            }
            let two_sided = rule.source.matches(labels);
            let candidates = sources.get(&rule.equal_values(labels))?;
            candidates.iter().copied().find(|fingerprint| {
                let Some(source) = alerts.get(*fingerprint) else { return false };
                let same_kind = two_sided && rule.target.matches(&source.labels);
                !source.is_resolved_at(now) && !same_kind
            })
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_timestamp(seconds, 0).unwrap()
    }

    /// Whether an alert fires that inhibits a target.
    fn check(
        rule: (&str, &str, &[&str]),
        source: &[(&str, &str)],
        target: &[(&str, &str)],
    ) -> bool {
        let (source_matchers, target_matchers, equal) = rule;
        let rule = InhibitRule {
            source: Matchers::parse(source_matchers).unwrap(),
            target: Matchers::parse(target_matchers).unwrap(),
            equal: equal.iter().map(|name| (*name).to_owned()).collect(),
        };
        let alert = Alert {
            labels: Labels::from_pairs(source.iter().copied()),
            annotations: Default::default(),
            starts_at: at(0),
            ends_at: Some(at(100)),
            updated_at: at(0),
            generator_url: String::new(),
            timeout: false,
        };
        let mut alerts = AlertStore::default();
        let alert = alerts.put(alert, at(0));
        let mut inhibitor = Inhibitor::new(vec![InhibitRule::default(), rule], &alerts);
        inhibitor.rules.remove(0);
        let labels = Labels::from_pairs(target.iter().copied());
        let inhibiting = |inhibitor: &Inhibitor, now| inhibitor.inhibiting(&labels, &alerts, now);
        let inhibits = inhibiting(&inhibitor, at(99)) == Some(alert.fingerprint());
        assert_eq!(inhibiting(&inhibitor, at(100)), None, "a resolved source inhibits nothing");
        inhibitor.remove(&alert);
        assert_eq!(inhibiting(&inhibitor, at(99)), None);
        inhibits
    }

    #[test]
    fn sources_and_targets() {
        let rule: (&str, &str, &[&str]) = ("severity=critical", "severity=warning", &["cluster"]);
        let critical = [("severity", "critical"), ("cluster", "a")];
        assert!(check(rule, &critical, &[("severity", "warning"), ("cluster", "a")]));
        assert!(!check(rule, &critical, &[("severity", "warning"), ("cluster", "b")]));
        assert!(!check(rule, &critical, &[("severity", "info"), ("cluster", "a")]));
        assert!(!check(rule, &[("severity", "info")], &[("severity", "warning")]));
        assert!(
            check(rule, &[("severity", "critical")], &[("severity", "warning")]),
            "both lack it"
        );
    }

    #[test]
    fn alerts_of_one_kind_do_not_inhibit_each_other() {
        let rule: (&str, &str, &[&str]) = ("a=1", "b=1", &[]);
        assert!(check(rule, &[("a", "1")], &[("b", "1")]));
        assert!(check(rule, &[("a", "1"), ("b", "1")], &[("b", "1")]));
        assert!(check(rule, &[("a", "1")], &[("a", "1"), ("b", "1")]));
        assert!(!check(rule, &[("a", "1"), ("b", "1")], &[("a", "1"), ("b", "1")]));
    }
}
