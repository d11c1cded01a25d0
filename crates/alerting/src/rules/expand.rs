//! Templates in labels and annotations.

use std::sync::Arc;

use model::Labels;

use super::TextMap;
use super::functions::{RuleFunctions, names};
use crate::template::{self, Field, Library, Limits, Object, Parsed, Value};

/// What every template of a rule finds declared.
const VARIABLES: [&str; 4] = ["$labels", "$externalLabels", "$externalURL", "$value"];

/// The parsed templates of a rule, by the label or annotation they are of.
#[derive(Clone, Debug)]
pub(crate) struct Templates {
    pub(super) labels: Vec<(String, Text)>,
    pub(super) annotations: Vec<(String, Text)>,
}

/// A text, which most often is no template.
#[derive(Clone, Debug)]
pub(super) enum Text {
    Plain(String),
    Template(Arc<Parsed>),
}

fn parse(what: &str, name: &str, text: &str) -> Result<Text, String> {
    if !text.contains("{{") {
        return Ok(Text::Plain(text.to_owned()));
    }
    template::parse(&format!("{what} {name:?}"), text, &names(), &VARIABLES)
        .map(|parsed| Text::Template(Arc::new(parsed)))
        .map_err(|error| error.to_string())
}

fn parse_all(what: &str, texts: &TextMap) -> Vec<Result<(String, Text), String>> {
    texts
        .iter()
        .map(|(name, text)| parse(what, name, text).map(|parsed| (name.clone(), parsed)))
        .collect()
}

impl Templates {
    /// Everything that is wrong with the templates.
    pub(super) fn errors(labels: &TextMap, annotations: &TextMap) -> Vec<String> {
        let all = parse_all("label", labels).into_iter();
        all.chain(parse_all("annotation", annotations)).filter_map(Result::err).collect()
    }

    /// The templates; what is none, such as a broken label of a group, says so in each alert.
    pub(super) fn new(labels: &TextMap, annotations: &TextMap) -> Self {
        let lenient = |what, texts: &TextMap| {
            let parsed = texts.iter().map(|(name, text)| {
                let parsed = parse(what, name, text);
                (name.clone(), parsed.unwrap_or_else(|error| Text::Plain(failed(&error))))
            });
            parsed.collect()
        };
        Templates {
            labels: lenient("label", labels),
            annotations: lenient("annotation", annotations),
        }
    }
}

/// What stands in the place of a text that could not be made.
fn failed(error: &dyn std::fmt::Display) -> String {
    format!("<error expanding template: {error}>")
}

/// What the templates of one alert see.
pub(super) struct Expansion<'a> {
    functions: &'a RuleFunctions<'a>,
    data: Value,
    variables: [(&'static str, Value); 4],
}

impl<'a> Expansion<'a> {
    pub(super) fn new(functions: &'a RuleFunctions<'a>, labels: &Labels, value: f64) -> Self {
        let settings = &functions.world.settings;
        let values = [
            Value::text_map(labels.iter()),
            Value::text_map(settings.external_labels.iter()),
            Value::text(&settings.external_url),
            Value::Float(value),
        ];
        let data = Value::object(AlertData(values.clone()));
        let [labels, external_labels, external_url, value] = values;
        let variables = [
            (VARIABLES[0], labels),
            (VARIABLES[1], external_labels),
            (VARIABLES[2], external_url),
            (VARIABLES[3], value),
        ];
        Expansion { functions, data, variables }
    }

    /// The text; a template that fails gives the reason, for an alert without a description is
    /// better than none.
    pub(super) fn expand(&self, text: &Text) -> String {
        let parsed = match text {
            Text::Plain(text) => return text.clone(),
            Text::Template(parsed) => parsed,
        };
        let library = Library::default();
        let limits = Limits::default();
        template::execute(parsed, &library, self.functions, &self.variables, &self.data, limits)
            .unwrap_or_else(|error| {
                tracing::warn!(%error, "expanding a template of an alert failed");
                failed(&error)
            })
    }
}

/// The dot of a rule's templates.
#[derive(Debug)]
struct AlertData([Value; 4]);

impl Object for AlertData {
    fn type_name(&self) -> &'static str {
        "struct { Labels map[string]string; ExternalLabels map[string]string; ExternalURL string; Value interface {} }"
    }

    fn fields(&self) -> Vec<Field> {
        let names = ["Labels", "ExternalLabels", "ExternalURL", "Value"];
        let fields = names.into_iter().zip(self.0.iter().cloned());
        fields.map(|(name, value)| Field { name, json: name, value }).collect()
    }
}
