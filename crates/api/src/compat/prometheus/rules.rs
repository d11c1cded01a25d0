//! Rules and their alerts.

use alerting::{GroupView, RuleView};
use axum::extract::State;
use axum::response::Response;
use serde_json::json;

use super::answer::{self, Failure};
use super::params::Params;
use crate::app::Shared;

pub(super) async fn rules(State(app): State<Shared>, params: Params) -> Result<Response, Failure> {
    let is_wanted = wanted_type(params.get("type"))?;
    let named = |name: &str, value: &str| {
        let mut wanted = params.all(name).peekable();
        wanted.peek().is_none() || wanted.any(|w| w == value)
    };
    let without_alerts = matches!(params.get("exclude_alerts"), "true" | "1");
    let mut groups: Vec<GroupView> = app.alerting.rule_groups();
    groups.retain(|group| named("rule_group[]", &group.name) && named("file[]", &group.file));
    for group in &mut groups {
        group.rules.retain(|rule| is_wanted(rule) && named("rule_name[]", name(rule)));
        for rule in &mut group.rules {
            if let RuleView::Alerting(rule) = rule
                && without_alerts
            {
                rule.alerts.clear();
            }
        }
    }
    groups.retain(|group| !group.rules.is_empty());
    Ok(answer::data(&json!({"groups": groups})))
}

fn name(rule: &RuleView) -> &str {
    match rule {
        RuleView::Alerting(rule) => &rule.name,
        RuleView::Recording(rule) => &rule.name,
    }
}

fn wanted_type(text: &str) -> Result<fn(&RuleView) -> bool, Failure> {
    match text.to_ascii_lowercase().as_str() {
        "" => Ok(|_| true),
        "alert" => Ok(|rule| matches!(rule, RuleView::Alerting(_))),
        "record" => Ok(|rule| matches!(rule, RuleView::Recording(_))),
        other => {
            let message = format!("not supported value {other:?}");
            Err(Failure::parameter("type", &message))
        }
    }
}

pub(super) async fn alerts(State(app): State<Shared>) -> Response {
    answer::data(&json!({"alerts": app.alerting.active_alerts()}))
}
