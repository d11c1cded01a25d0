//! The format of rule files
//! (<https://prometheus.io/docs/prometheus/latest/configuration/recording_rules/>).

use std::collections::{BTreeMap, BTreeSet};

use model::METRIC_NAME;
use promql::Expr;
use serde::Deserialize;
use serde_saphyr::Spanned;

use super::TextMap;
use super::expand::Templates;
use crate::config::place;
use crate::yaml::{self, Place};

/// What is wrong with a rule file, and where.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}{message}", place(file, *line, *column))]
pub struct RuleFileError {
    /// The file's name.
    pub file: String,
    /// The line, from 1, or 0 where there is none to blame.
    pub line: u64,
    /// The character within the line, from 1.
    pub column: u64,
    /// What is wrong.
    pub message: String,
}

/// A group as a file has it.
#[derive(Clone, Debug)]
pub(crate) struct GroupSpec {
    pub(crate) name: String,
    pub(crate) interval_ms: Option<i64>,
    pub(crate) query_offset_ms: Option<i64>,
    /// How many alerts or series each rule may give; 0 for no limit.
    pub(crate) limit: usize,
    pub(crate) rules: Vec<RuleSpec>,
}

/// A rule as a file has it, with its group's labels.
#[derive(Clone, Debug)]
pub(crate) struct RuleSpec {
    pub(crate) name: String,
    pub(crate) expr: Expr,
    pub(crate) labels: TextMap,
    /// What only rules that alert have.
    pub(crate) alert: Option<AlertSpec>,
}

/// What makes a rule one that alerts.
#[derive(Clone, Debug)]
pub(crate) struct AlertSpec {
    pub(crate) for_ms: i64,
    pub(crate) keep_firing_for_ms: i64,
    pub(crate) annotations: TextMap,
    pub(crate) templates: Templates,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawFile {
    groups: Option<Vec<Spanned<RawGroup>>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawGroup {
    name: Option<String>,
    interval: Option<Duration>,
    query_offset: Option<Duration>,
    limit: Option<i64>,
    rules: Option<Vec<Spanned<RawRule>>>,
    labels: Option<RawMap>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawRule {
    record: Option<Spanned<String>>,
    alert: Option<Spanned<String>>,
    expr: Option<Spanned<String>>,
    r#for: Option<Duration>,
    keep_firing_for: Option<Duration>,
    labels: Option<RawMap>,
    annotations: Option<RawMap>,
}

type RawMap = BTreeMap<String, Option<String>>;

#[derive(Clone, Copy, PartialEq)]
struct Duration(i64);

impl<'de> Deserialize<'de> for Duration {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        model::parse_duration_ms(&text).map(Duration).map_err(serde::de::Error::custom)
    }
}

fn text_map(raw: &Option<RawMap>) -> TextMap {
    let entries = raw.iter().flatten();
    entries.map(|(name, value)| (name.clone(), value.clone().unwrap_or_default())).collect()
}

/// Reads a file and checks all its rules.
///
/// # Errors
/// With everything that is wrong.
pub(crate) fn parse(text: &str, file: &str) -> Result<Vec<GroupSpec>, Vec<RuleFileError>> {
    let mut reader = Reader { file, errors: Vec::new() };
    let raw: Option<RawFile> = match yaml::parse(text) {
        Ok(raw) => raw,
        Err(error) => {
            reader.error(error.place, error.message);
            return Err(reader.errors);
        }
    };
    let mut names = BTreeSet::new();
    let mut groups = Vec::new();
    for group in raw.iter().flat_map(|raw| raw.groups.iter().flatten()) {
        let at = Place::of(group);
        let name = group.value.name.clone().unwrap_or_default();
        if name.is_empty() {
            reader.error(at, "Groupname must not be empty");
        } else if !names.insert(name.clone()) {
            let message = format!("groupname: {name:?} is repeated in the same file");
            reader.error(at, message);
        }
        groups.extend(reader.group(&group.value, name, at));
    }
    if reader.errors.is_empty() { Ok(groups) } else { Err(reader.errors) }
}

struct Reader<'a> {
    file: &'a str,
    errors: Vec<RuleFileError>,
}

impl Reader<'_> {
    fn error(&mut self, at: Place, message: impl Into<String>) {
        let (line, column) = (at.line, at.column);
        let (file, message) = (self.file.to_owned(), message.into());
        self.errors.push(RuleFileError { file, line, column, message });
    }

    fn group(&mut self, raw: &RawGroup, name: String, at: Place) -> Option<GroupSpec> {
        let labels = text_map(&raw.labels);
        for message in bad_label_names(&labels) {
            self.error(at, message);
        }
        let mut rules = Vec::new();
        for (index, rule) in raw.rules.iter().flatten().enumerate() {
            match RuleReader::new(&rule.value, Place::of(rule)).read(&labels) {
                Ok(rule) => rules.push(rule),
                Err(errors) => {
                    let raw = &rule.value;
                    let rule_name = raw.alert.as_ref().or(raw.record.as_ref());
                    let rule_name = rule_name.map_or("", |name| &name.value);
                    for (at, message) in errors {
                        let number = index + 1;
                        let start = format!("group {name:?}, rule {number}, {rule_name:?}");
                        self.error(at, format!("{start}: {message}"));
                    }
                }
            }
        }
        let ms = |duration: Option<Duration>| duration.map(|Duration(ms)| ms);
        Some(GroupSpec {
            name,
            interval_ms: ms(raw.interval).filter(|interval| *interval > 0),
            query_offset_ms: ms(raw.query_offset),
            limit: raw.limit.and_then(|limit| usize::try_from(limit).ok()).unwrap_or(0),
            rules,
        })
    }
}

fn bad_label_names(labels: &TextMap) -> Vec<String> {
    let bad = labels.keys().filter(|name| name.is_empty() || *name == METRIC_NAME);
    bad.map(|name| format!("invalid label name: {name}")).collect()
}

/// One rule and what is wrong with it.
struct RuleReader<'a> {
    raw: &'a RawRule,
    at: Place,
    errors: Vec<(Place, String)>,
}

impl<'a> RuleReader<'a> {
    fn new(raw: &'a RawRule, at: Place) -> Self {
        RuleReader { raw, at, errors: Vec::new() }
    }

    fn error(&mut self, at: Place, message: impl Into<String>) {
        self.errors.push((at, message.into()));
    }

    fn read(mut self, group_labels: &TextMap) -> Result<RuleSpec, Vec<(Place, String)>> {
        let raw = self.raw;
        let given =
            |text: &'a Option<Spanned<String>>| text.as_ref().filter(|t| !t.value.is_empty());
        let (record, alert) = (given(&raw.record), given(&raw.alert));
        match (record, alert) {
            (Some(record), Some(_)) => {
                self.error(Place::of(record), "only one of 'record' and 'alert' must be set");
            }
            (None, None) => self.error(self.at, "one of 'record' or 'alert' must be set"),
            _ => {}
        }
        let expr = self.expr(given(&raw.expr));
        if let Some(record) = record {
            self.recording(record);
        }
        let own_labels = text_map(&raw.labels);
        for message in bad_label_names(&own_labels) {
            self.error(self.at, message);
        }
        let annotations = text_map(&raw.annotations);
        if annotations.contains_key("") {
            self.error(self.at, "invalid annotation name: ");
        }
        let mut labels = group_labels.clone();
        labels.extend(own_labels.clone());
        if alert.is_some() {
            for error in Templates::errors(&own_labels, &annotations) {
                self.error(self.at, error);
            }
        }
        let (Some(expr), Some(name), true) = (expr, record.or(alert), self.errors.is_empty())
        else {
            return Err(self.errors);
        };
        let ms = |duration: Option<Duration>| duration.map_or(0, |Duration(ms)| ms);
        let alert = alert.map(|_| AlertSpec {
            for_ms: ms(raw.r#for),
            keep_firing_for_ms: ms(raw.keep_firing_for),
            templates: Templates::new(&labels, &annotations),
            annotations,
        });
        Ok(RuleSpec { name: name.value.clone(), expr, labels, alert })
    }

    fn expr(&mut self, expr: Option<&Spanned<String>>) -> Option<Expr> {
        let Some(expr) = expr else {
            self.error(self.at, "field 'expr' must be set in rule");
            return None;
        };
        match promql::parse(&expr.value) {
            Ok(parsed) => Some(parsed),
            Err(error) => {
                self.error(Place::of(expr), format!("could not parse expression: {error}"));
                None
            }
        }
    }

    /// What a rule that records may not have.
    fn recording(&mut self, record: &Spanned<String>) {
        let at = Place::of(record);
        let is_set = |duration: Option<Duration>| duration.is_some_and(|d| d != Duration(0));
        for (field, given) in [
            ("annotations", self.raw.annotations.as_ref().is_some_and(|map| !map.is_empty())),
            ("for", is_set(self.raw.r#for)),
            ("keep_firing_for", is_set(self.raw.keep_firing_for)),
        ] {
            if given {
                self.error(at, format!("invalid field '{field}' in recording rule"));
            }
        }
        let name = &record.value;
        if name.contains(['{', '}']) {
            let text = "braces present in the recording rule name; should it be in expr?";
            self.error(at, format!("{text}: {name}"));
        }
    }
}
