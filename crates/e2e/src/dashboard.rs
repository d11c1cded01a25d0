//! A Grafana dashboard as far as its questions go: panels, their expressions, and variables.

use std::collections::BTreeMap;

use serde_json::Value as Json;

use crate::http::form;
use crate::queries::PrometheusApi;

/// A panel with expressions.
#[derive(Clone, Debug)]
pub struct Panel {
    /// The row it lies in, or nothing.
    pub row: String,
    /// What stands above it.
    pub title: String,
    /// As they are written, variables and all.
    pub expressions: Vec<String>,
}

/// What stands for a variable.
pub type Variables = BTreeMap<String, String>;

/// The panels of a dashboard that ask for anything, in order.
///
/// # Panics
/// When it is no dashboard.
pub fn panels(dashboard: &Json) -> Vec<Panel> {
    let mut panels = Vec::new();
    let mut row = String::new();
    for panel in list(&dashboard["panels"]) {
        if panel["type"] == "row" {
            row = text(&panel["title"]);
            // The panels of a row that is closed lie within it.
            panels.extend(list(&panel["panels"]).iter().map(|inner| read(inner, &row)));
        } else {
            panels.push(read(panel, &row));
        }
    }
    panels.retain(|panel| !panel.expressions.is_empty());
    panels
}

fn read(panel: &Json, row: &str) -> Panel {
    let targets = list(&panel["targets"]).iter().filter(|target| target["hide"] != true);
    let expressions = targets.map(|target| text(&target["expr"])).filter(|expr| !expr.is_empty());
    Panel { row: row.to_owned(), title: text(&panel["title"]), expressions: expressions.collect() }
}

/// Chooses the first value of each variable that has values, after those that are given.
///
/// # Panics
/// When a variable's query is of another kind than `label_values`, or is refused.
pub fn choose(dashboard: &Json, api: &PrometheusApi, given: Variables) -> Variables {
    let mut chosen = given;
    for variable in list(&dashboard["templating"]["list"]) {
        let name = text(&variable["name"]);
        if variable["type"] != "query" || chosen.contains_key(&name) {
            continue;
        }
        let query = &variable["query"];
        let query = text(query.get("query").unwrap_or(query));
        let (selector, label) = label_values(&query);
        let matched = form(&[("match[]", &substitute(selector, &chosen))]);
        let values = api.call(&format!("label/{label}/values?{matched}"));
        let values = values.unwrap_or_else(|error| panic!("{query}: {error}"));
        let first = list(&values).first().unwrap_or_else(|| panic!("{query} has no values"));
        chosen.insert(name, text(first));
    }
    chosen
}

/// `label_values(selector, label)`: the label stands behind the last comma.
fn label_values(query: &str) -> (&str, &str) {
    let inner = query.trim().strip_prefix("label_values(").and_then(|q| q.strip_suffix(')'));
    let pair = inner.and_then(|inner| inner.rsplit_once(','));
    let (selector, label) = pair.unwrap_or_else(|| panic!("{query:?} is not label_values"));
    (selector.trim(), label.trim())
}

/// Puts values in place of `$name` and `${name}`; the longest name counts.
pub fn substitute(text: &str, variables: &Variables) -> String {
    let mut names: Vec<&String> = variables.keys().collect();
    names.sort_by_key(|name| std::cmp::Reverse(name.len()));
    names.iter().fold(text.to_owned(), |text, name| {
        let value = &variables[*name];
        text.replace(&format!("${{{name}}}"), value).replace(&format!("${name}"), value)
    })
}

fn list(value: &Json) -> &[Json] {
    value.as_array().map_or(&[], Vec::as_slice)
}

fn text(value: &Json) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn panels_of_open_and_closed_rows() {
        let panel = |title: &str| json!({"title": title, "targets": [{"expr": "up"}]});
        let dashboard = json!({"panels": [
            {"type": "row", "title": "open", "panels": []},
            panel("a"),
            {"type": "row", "title": "closed", "panels": [panel("b")]},
            {"type": "text", "title": "says something"},
        ]});
        let found = panels(&dashboard);
        let found: Vec<_> = found.iter().map(|p| (p.row.as_str(), p.title.as_str())).collect();
        assert_eq!(found, [("open", "a"), ("closed", "b")]);
    }

    #[test]
    fn variables_within_expressions() {
        let pairs = [("node", "n:1"), ("nodename", "host"), ("__rate_interval", "1m")];
        let variables = pairs.map(|(name, value)| (name.to_owned(), value.to_owned())).into();
        let expression = "rate(x{n=\"$node\",m=\"${nodename}$nodename\"}[$__rate_interval])";
        let expected = "rate(x{n=\"n:1\",m=\"hosthost\"}[1m])";
        assert_eq!(substitute(expression, &variables), expected);
        let query = "label_values(up{job=\"$job\", a=\"b\"}, instance)";
        assert_eq!(label_values(query), ("up{job=\"$job\", a=\"b\"}", "instance"));
    }
}
