//! After a start: for how long alerts were pending before it, read back from `ALERTS_FOR_STATE`.

use std::collections::BTreeMap;

use model::{Labels, METRIC_NAME, Matcher, Sample, is_stale_nan};
use store::Select;

use super::alerting::ALERTS_FOR_STATE;
use super::group::{Group, Rule};
use super::world::World;

impl Group {
    /// Brings back since when alerts are active, of rules that are patient enough for it to matter.
    pub(super) fn restore(&mut self, now_ms: i64, world: &World) {
        for rule in &mut self.rules {
            if rule.spec.alert.is_none() || rule.state.restored {
                continue;
            }
            if let Err(error) = restore_rule(rule, now_ms, world) {
                // There is no second try: the alerts are pending from the start on.
                tracing::error!(rule = rule.spec.name, %error, "restoring the state of alerts failed");
            }
            rule.state.restored = true;
        }
    }
}

fn restore_rule(rule: &mut Rule, now_ms: i64, world: &World) -> Result<(), store::QueryError> {
    let settings = &world.settings;
    let for_ms = rule.spec.alert.as_ref().map_or(0, |alert| alert.for_ms);
    if for_ms < settings.for_grace_period_ms {
        return Ok(());
    }
    let known = last_samples(rule, now_ms, world)?;
    for (labels, alert) in &mut rule.state.active {
        let Some(last) = known.get(labels).filter(|sample| !is_stale_nan(sample.value)) else {
            continue;
        };
        let (down_ms, active_ms) = (last.t_ms.div_euclid(1000) * 1000, last.value as i64 * 1000);
        let remaining_ms = for_ms - (down_ms - active_ms);
        alert.active_at_ms = if remaining_ms <= 0 {
            // It fired; the next evaluation makes it fire again.
            active_ms
        } else if remaining_ms < settings.for_grace_period_ms {
            now_ms + settings.for_grace_period_ms - for_ms
        } else {
            // The time without a server does not count as pending.
            active_ms + now_ms - down_ms
        };
    }
    Ok(())
}

/// The last sample of each alert of the rule, by the alert's labels.
fn last_samples(
    rule: &Rule,
    now_ms: i64,
    world: &World,
) -> Result<BTreeMap<Labels, Sample>, store::QueryError> {
    let mut matchers = vec![
        Matcher::equal(METRIC_NAME, ALERTS_FOR_STATE),
        Matcher::equal("alertname", &rule.spec.name),
    ];
    // What a template makes of a label differs from alert to alert.
    let fixed = rule.spec.labels.iter().filter(|(_, value)| !value.contains("{{"));
    matchers.extend(fixed.map(|(name, value)| Matcher::equal(name, value)));
    let start_ms = now_ms - world.settings.outage_tolerance_ms;
    let select = Select { matchers, start_ms, end_ms: now_ms };
    let found = world.store.select(&select, &world.context())?;
    let last = found.into_iter().filter_map(|series| {
        let last = *series.samples.last()?;
        Some((series.labels.without(|name| name == METRIC_NAME), last))
    });
    Ok(last.collect())
}
