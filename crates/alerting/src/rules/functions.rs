//! The functions templates of rules may call
//! (<https://prometheus.io/docs/prometheus/latest/configuration/template_reference/>).

use std::collections::BTreeMap;
use std::net::IpAddr;

use model::Labels;

use super::world::World;
use crate::golang::url::query_escape;
use crate::humanize;
use crate::template::arguments::Count::{self, AtLeast, Exactly};
use crate::template::arguments::{argument, list, text};
use crate::template::{Field, Functions, Object, Value};
use crate::words::{lower, regexp, replace_all, title, upper};

/// The functions at one evaluation.
pub(super) struct RuleFunctions<'a> {
    pub(super) world: &'a World,
    pub(super) at_ms: i64,
}

type Function = fn(&RuleFunctions<'_>, &[Value]) -> Result<Value, String>;

/// All functions, sorted by name.
const FUNCTIONS: [(&str, Count, Function); 29] = [
    ("args", AtLeast(0), |_, all| args(all)),
    ("externalURL", Exactly(0), |f, _| Ok(Value::text(&f.world.settings.external_url))),
    ("first", Exactly(1), |_, all| first(all)),
    ("graphLink", Exactly(1), |_, all| Ok(Value::text(graph_link(text(all, 0)?)))),
    ("humanize", Exactly(1), |_, all| Ok(Value::text(humanize::decimal(number(all)?)))),
    ("humanize1024", Exactly(1), |_, all| Ok(Value::text(humanize::binary(number(all)?)))),
    ("humanizeDuration", Exactly(1), |_, all| Ok(Value::text(humanize::duration(number(all)?)))),
    ("humanizePercentage", Exactly(1), |_, all| {
        Ok(Value::text(humanize::percentage(number(all)?)))
    }),
    ("humanizeTimestamp", Exactly(1), |_, all| humanize::timestamp(number(all)?).map(Value::text)),
    ("label", Exactly(2), |_, all| field_of(all, 1, |sample| label(sample, text(all, 0)?))),
    ("match", Exactly(2), |_, all| Ok(Value::Bool(regexp(all, 0)?.is_match(text(all, 1)?)))),
    ("now", Exactly(0), |f, _| Ok(Value::Float(f.at_ms as f64 / 1000.0))),
    ("parseDuration", Exactly(1), |_, all| parse_duration(text(all, 0)?)),
    ("pathPrefix", Exactly(0), |f, _| Ok(Value::text(path_of(&f.world.settings.external_url)))),
    ("query", Exactly(1), |f, all| query(f, text(all, 0)?)),
    ("reReplaceAll", Exactly(3), |_, all| replace_all(all)),
    ("safeHtml", Exactly(1), |_, all| text(all, 0).map(Value::text)),
    ("sortByLabel", Exactly(2), |_, all| sort_by_label(all)),
    ("stripDomain", Exactly(1), |_, all| text(all, 0).map(|host| Value::text(strip_domain(host)))),
    ("stripPort", Exactly(1), |_, all| text(all, 0).map(|host| Value::text(strip_port(host)))),
    ("strvalue", Exactly(1), |_, all| field_of(all, 0, |sample| label(sample, "__value__"))),
    ("tableLink", Exactly(1), |_, all| Ok(Value::text(table_link(text(all, 0)?)))),
    ("title", Exactly(1), |_, all| text(all, 0).map(|text| Value::text(title(text, false)))),
    ("toDuration", Exactly(1), |_, all| Ok(Value::Duration((number(all)? * 1e9) as i64))),
    ("toLower", Exactly(1), |_, all| text(all, 0).map(|text| Value::text(lower(text)))),
    ("toTime", Exactly(1), |_, all| to_time(all)),
    ("toUpper", Exactly(1), |_, all| text(all, 0).map(|text| Value::text(upper(text)))),
    ("urlQueryEscape", Exactly(1), |_, all| {
        text(all, 0).map(|text| Value::text(query_escape(text)))
    }),
    ("value", Exactly(1), |_, all| field_of(all, 0, |sample| Ok(sample.value.clone()))),
];

/// What parsing needs to know of the functions.
pub(super) struct Names;

/// The names alone.
pub(super) fn names() -> Names {
    Names
}

fn find(name: &str) -> Option<(Count, Function)> {
    let found = FUNCTIONS.binary_search_by_key(&name, |(name, ..)| name).ok()?;
    Some((FUNCTIONS[found].1, FUNCTIONS[found].2))
}

impl Functions for Names {
    fn knows(&self, name: &str) -> bool {
        find(name).is_some()
    }

    fn call(&self, name: &str, _arguments: &[Value]) -> Result<Value, String> {
        Err(format!("{name} cannot be called here"))
    }
}

impl Functions for RuleFunctions<'_> {
    fn knows(&self, name: &str) -> bool {
        find(name).is_some()
    }

    fn call(&self, name: &str, arguments: &[Value]) -> Result<Value, String> {
        let found = find(name).ok_or_else(|| format!("function {name:?} not defined"))?;
        let (count, function) = found;
        count.check(name, arguments.len())?;
        function(self, arguments)
    }
}

/// One element of a query's answer.
#[derive(Clone, Debug)]
struct SampleObject {
    labels: Value,
    value: Value,
}

impl Object for SampleObject {
    fn type_name(&self) -> &'static str {
        "*template.sample"
    }

    fn fields(&self) -> Vec<Field> {
        vec![
            Field { name: "Labels", json: "Labels", value: self.labels.clone() },
            Field { name: "Value", json: "Value", value: self.value.clone() },
        ]
    }
}

fn query(functions: &RuleFunctions<'_>, query: &str) -> Result<Value, String> {
    let expr = promql::parse(query).map_err(|error| error.to_string())?;
    let vector = functions.world.query(&expr, functions.at_ms)?;
    let sample = |labels: &Labels, value: f64| {
        let labels = Value::text_map(labels.iter());
        Value::object(SampleObject { labels, value: Value::Float(value) })
    };
    Ok(Value::list(vector.iter().map(|found| sample(&found.labels, found.sample.value))))
}

fn number(all: &[Value]) -> Result<f64, String> {
    humanize::to_float(argument(all, 0)?)
}

/// Reads something off an element of a query's answer.
fn field_of(
    all: &[Value],
    at: usize,
    read: impl FnOnce(&SampleObject) -> Result<Value, String>,
) -> Result<Value, String> {
    let not_sample =
        |value: &Value| format!("expected an element of a query; got {}", value.type_name());
    let value = argument(all, at)?;
    let Value::Object(object) = value else { return Err(not_sample(value)) };
    match object.fields().as_slice() {
        [labels, sample] if labels.name == "Labels" && sample.name == "Value" => {
            read(&SampleObject { labels: labels.value.clone(), value: sample.value.clone() })
        }
        _ => Err(not_sample(value)),
    }
}

fn label(sample: &SampleObject, name: &str) -> Result<Value, String> {
    match &sample.labels {
        Value::Map(labels) => Ok(labels.get(name)),
        _ => Ok(Value::text("")),
    }
}

fn first(all: &[Value]) -> Result<Value, String> {
    let first = list(all, 0)?.into_iter().next();
    first.ok_or_else(|| "first() called on vector with no elements".to_owned())
}

fn sort_by_label(all: &[Value]) -> Result<Value, String> {
    let name = text(all, 0)?;
    let mut keyed = Vec::new();
    for element in list(all, 1)? {
        let key = field_of(std::slice::from_ref(&element), 0, |sample| label(sample, name))?;
        let Value::Text(key) = key else { continue };
        keyed.push((key, element));
    }
    keyed.sort_by(|(a, _), (b, _)| a.cmp(b));
    Ok(Value::list(keyed.into_iter().map(|(_, element)| element)))
}

/// `arg0`, `arg1` and so on, to give several values to a template.
fn args(all: &[Value]) -> Result<Value, String> {
    let named = all.iter().enumerate().map(|(at, value)| (format!("arg{at}"), value.clone()));
    Ok(Value::map(named.collect::<BTreeMap<_, _>>()))
}

fn parse_duration(text: &str) -> Result<Value, String> {
    let (sign, magnitude) = match text.strip_prefix('-') {
        Some(magnitude) => (-1.0, magnitude),
        None => (1.0, text),
    };
    let ms = model::parse_duration_ms(magnitude).map_err(|error| error.to_string())?;
    Ok(Value::Float(sign * ms as f64 / 1000.0))
}

fn to_time(all: &[Value]) -> Result<Value, String> {
    let time = humanize::instant(number(all)?)?;
    time.map(Value::time).ok_or_else(|| "value is NaN or Inf".to_owned())
}

/// The path at which an expression is shown as a table.
pub(super) fn table_link(expr: &str) -> String {
    format!("/graph?g0.expr={}&g0.tab=1", query_escape(expr))
}

fn graph_link(expr: &str) -> String {
    format!("/graph?g0.expr={}&g0.tab=0", query_escape(expr))
}

/// The path of an address: what comes behind its host.
fn path_of(url: &str) -> &str {
    let behind_scheme = url.split_once("://").map_or(url, |(_, rest)| rest);
    let path = behind_scheme.find('/').map_or("", |at| &behind_scheme[at..]);
    path.split(['?', '#']).next().unwrap_or_default()
}

/// The parts of `host:port` or `[host]:port`.
fn split_host_port(text: &str) -> Option<(&str, &str)> {
    if let Some(inner) = text.strip_prefix('[') {
        return inner.split_once("]:");
    }
    let (host, port) = text.rsplit_once(':')?;
    (!host.contains(':')).then_some((host, port))
}

fn strip_port(text: &str) -> &str {
    split_host_port(text).map_or(text, |(host, _)| host)
}

/// The host without its domain; addresses stay whole.
fn strip_domain(text: &str) -> String {
    let (host, port) = split_host_port(text).unwrap_or((text, ""));
    if host.parse::<IpAddr>().is_ok() {
        return text.to_owned();
    }
    let name = host.split('.').next().unwrap_or_default();
    if port.is_empty() { name.to_owned() } else { format!("{name}:{port}") }
}

#[cfg(test)]
mod tests;
