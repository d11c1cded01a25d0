//! The format of rule files
//! (<https://prometheus.io/docs/prometheus/latest/configuration/recording_rules/>).

use std::collections::BTreeSet;

use model::METRIC_NAME;
use promql::Expr;
use serde::Deserialize;
use yaml::{Document, FileError, Located, Position};

use super::TextMap;
use super::expand::Templates;

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

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default, rename = "rulefmt.RuleGroups")]
struct RawFile {
    groups: Vec<Located<RawGroup>>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default, rename = "rulefmt.RuleGroup")]
struct RawGroup {
    name: String,
    interval: Option<Duration>,
    query_offset: Option<Duration>,
    limit: i64,
    rules: Vec<Located<RawRule>>,
    labels: TextMap,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default, rename = "rulefmt.Rule")]
struct RawRule {
    record: Option<Located<String>>,
    alert: Option<Located<String>>,
    expr: Option<Located<String>>,
    r#for: Option<Duration>,
    keep_firing_for: Option<Duration>,
    labels: TextMap,
    annotations: TextMap,
}

#[derive(Clone, Copy, PartialEq)]
struct Duration(i64);

impl<'de> Deserialize<'de> for Duration {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        model::parse_duration_ms(&text).map(Duration).map_err(serde::de::Error::custom)
    }
}

/// Reads a file and checks all its rules.
///
/// # Errors
/// With everything that is wrong.
pub(crate) fn parse(text: &str, file: &str) -> Result<Vec<GroupSpec>, Vec<FileError>> {
    let (raw, ignored) = Document::parse(text)
        .and_then(|document| Ok((document.read::<RawFile>()?, document.ignored())))
        .map_err(|error| vec![FileError::new(file, error)])?;
    if let Some(Position { line, .. }) = ignored {
        tracing::warn!(file, line, "only the first YAML document of a file is read");
    }
    let mut errors = Vec::new();
    let mut names = BTreeSet::new();
    let mut groups = Vec::new();
    for group in &raw.groups {
        let name = &group.value.name;
        if name.is_empty() {
            errors.push(group.error("Groupname must not be empty"));
        } else if !names.insert(name) {
            let message = format!("groupname: {name:?} is repeated in the same file");
            errors.push(group.error(message));
        }
        groups.push(read_group(group, &mut errors));
    }
    if errors.is_empty() {
        return Ok(groups);
    }
    Err(errors.into_iter().map(|error| FileError::new(file, error)).collect())
}

fn read_group(group: &Located<RawGroup>, errors: &mut Vec<yaml::Error>) -> GroupSpec {
    let raw = &group.value;
    errors.extend(bad_label_names(&raw.labels).map(|message| group.error(message)));
    let mut rules = Vec::new();
    for (rule, number) in raw.rules.iter().zip(1..) {
        match RuleReader::new(rule).read(&raw.labels) {
            Ok(rule) => rules.push(rule),
            Err(found) => {
                let name = rule.value.alert.as_ref().or(rule.value.record.as_ref());
                let name = name.map_or("", |name| &name.value);
                let start = format!("group {:?}, rule {number}, {name:?}", raw.name);
                let named = |error: yaml::Error| {
                    let message = format!("{start}: {}", error.message);
                    yaml::Error { message, ..error }
                };
                errors.extend(found.into_iter().map(named));
            }
        }
    }
    let ms = |duration: Option<Duration>| duration.map(|Duration(ms)| ms);
    GroupSpec {
        name: raw.name.clone(),
        interval_ms: ms(raw.interval).filter(|interval| *interval > 0),
        query_offset_ms: ms(raw.query_offset),
        limit: usize::try_from(raw.limit).unwrap_or(0),
        rules,
    }
}

fn bad_label_names(labels: &TextMap) -> impl Iterator<Item = String> {
    let bad = labels.keys().filter(|name| name.is_empty() || *name == METRIC_NAME);
    bad.map(|name| format!("invalid label name: {name}"))
}

/// One rule and what is wrong with it.
struct RuleReader<'a> {
    rule: &'a Located<RawRule>,
    errors: Vec<yaml::Error>,
}

impl<'a> RuleReader<'a> {
    fn new(rule: &'a Located<RawRule>) -> Self {
        RuleReader { rule, errors: Vec::new() }
    }

    fn error(&mut self, message: impl Into<yaml::Error>) {
        self.errors.push(self.rule.error(message));
    }

    fn read(mut self, group_labels: &TextMap) -> Result<RuleSpec, Vec<yaml::Error>> {
        let raw = &self.rule.value;
        let given =
            |text: &'a Option<Located<String>>| text.as_ref().filter(|t| !t.value.is_empty());
        let (record, alert) = (given(&raw.record), given(&raw.alert));
        match (record, alert) {
            (Some(record), Some(_)) => {
                let message = "only one of 'record' and 'alert' must be set";
                self.errors.push(record.error(message));
            }
            (None, None) => self.error("one of 'record' or 'alert' must be set"),
            _ => {}
        }
        let expr = self.expr(given(&raw.expr));
        if let Some(record) = record {
            self.recording(record);
        }
        for message in bad_label_names(&raw.labels) {
            self.error(message);
        }
        let annotations = raw.annotations.clone();
        if annotations.contains_key("") {
            self.error("invalid annotation name: ");
        }
        let mut labels = group_labels.clone();
        labels.extend(raw.labels.clone());
        if alert.is_some() {
            for error in Templates::errors(&raw.labels, &annotations) {
                self.error(error);
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

    fn expr(&mut self, expr: Option<&Located<String>>) -> Option<Expr> {
        let Some(expr) = expr else {
            self.error("field 'expr' must be set in rule");
            return None;
        };
        match promql::parse(&expr.value) {
            Ok(parsed) => Some(parsed),
            Err(error) => {
                self.errors.push(expr.error(format!("could not parse expression: {error}")));
                None
            }
        }
    }

    /// What a rule that records may not have.
    fn recording(&mut self, record: &Located<String>) {
        let raw = &self.rule.value;
        let is_set = |duration: Option<Duration>| duration.is_some_and(|d| d != Duration(0));
        for (field, given) in [
            ("annotations", !raw.annotations.is_empty()),
            ("for", is_set(raw.r#for)),
            ("keep_firing_for", is_set(raw.keep_firing_for)),
        ] {
            if given {
                let message = format!("invalid field '{field}' in recording rule");
                self.errors.push(record.error(message));
            }
        }
        let name = &record.value;
        if name.contains(['{', '}']) {
            let text = "braces present in the recording rule name; should it be in expr?";
            self.errors.push(record.error(format!("{text}: {name}")));
        }
    }
}
