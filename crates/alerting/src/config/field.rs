//! Types of single values.

use std::collections::BTreeMap;

use model::{MatchOp, Matcher, Secret, is_classic_label_name};
use serde::{Deserialize, Deserializer, de::Error as _};

use crate::golang::duration;
use crate::template::{self, Functions, Value};

/// A text that may be absent or null.
pub(crate) type Text = Option<String>;

/// Whether a text says anything: upstream takes an empty one as absent.
pub(super) fn given(text: &Text) -> bool {
    text.as_ref().is_some_and(|text| !text.is_empty())
}

/// Whether a secret says anything.
pub(super) fn secret_given(secret: &Option<Secret>) -> bool {
    secret.as_ref().is_some_and(|secret| !secret.is_empty())
}

/// An error when both of two settings are there.
pub(super) fn at_most_one(a: (&str, bool), b: (&str, bool)) -> Result<(), String> {
    if a.1 && b.1 {
        return Err(format!("at most one of {} & {} must be configured", a.0, b.0));
    }
    Ok(())
}

/// An absolute address of a web server.
fn check_http_url(text: &str) -> Result<(), String> {
    let (scheme, host) = http_client::check_url(text).map_err(|error| error.to_string())?;
    if scheme != "http" && scheme != "https" {
        return Err(format!("unsupported scheme {scheme:?} for URL"));
    }
    if host.is_empty() {
        return Err("missing host for URL".to_owned());
    }
    Ok(())
}

/// An address that is no secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct HttpUrl(pub(crate) String);

impl<'de> Deserialize<'de> for HttpUrl {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        check_http_url(&text).map_err(D::Error::custom)?;
        Ok(HttpUrl(text))
    }
}

/// An address that lets whoever knows it in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct SecretUrl(pub(crate) Secret);

impl<'de> Deserialize<'de> for SecretUrl {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        // What the API shows instead of a secret must load again.
        if text != "<secret>" {
            check_http_url(&text).map_err(D::Error::custom)?;
        }
        Ok(SecretUrl(Secret::new(text)))
    }
}

/// Whether a text contains template actions, all of which must parse with built-in functions only.
pub(super) fn is_template(text: &str) -> Result<bool, String> {
    if !text.contains("{{") {
        return Ok(false);
    }
    template::parse("url", text, &BuiltInOnly, &[])
        .map(|_| true)
        .map_err(|error| format!("{}:{}: {}", error.line, error.column, error.message))
}

struct BuiltInOnly;

impl Functions for BuiltInOnly {
    fn knows(&self, _name: &str) -> bool {
        false
    }

    fn call(&self, name: &str, _arguments: &[Value]) -> Result<Value, String> {
        Err(format!("function {name:?} not defined"))
    }
}

/// A secret address that may be a template.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct TemplateUrl(pub(crate) Secret);

impl<'de> Deserialize<'de> for TemplateUrl {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let is_template = is_template(&text)
            .map_err(|e| D::Error::custom(format!("invalid template syntax: {e}")))?;
        if !is_template && !text.is_empty() && text != "<secret>" {
            check_http_url(&text).map_err(|e| D::Error::custom(format!("invalid URL: {e}")))?;
        }
        Ok(TemplateUrl(Secret::new(text)))
    }
}

/// Milliseconds, written as Prometheus does: `5m`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Duration(pub(crate) i64);

impl<'de> Deserialize<'de> for Duration {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        model::parse_duration_ms(&text).map(Duration).map_err(D::Error::custom)
    }
}

/// Nanoseconds, written as Go does: `1.5s`, or a bare number of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct GoDuration(pub(crate) i64);

impl<'de> Deserialize<'de> for GoDuration {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let nanos = text.parse().ok().or_else(|| duration::parse(&text));
        nanos.map(GoDuration).ok_or_else(|| D::Error::custom(format!("invalid duration {text:?}")))
    }
}

/// `host:port`; an empty text is none.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct HostPort(pub(crate) Option<(String, String)>);

impl<'de> Deserialize<'de> for HostPort {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        if text.is_empty() {
            return Ok(HostPort(None));
        }
        let address = |reason: &str| D::Error::custom(format!("address {text}: {reason}"));
        let (host, port) =
            text.rsplit_once(':').ok_or_else(|| address("missing port in address"))?;
        let bracketed = host.starts_with('[') && host.ends_with(']');
        if host.contains(':') && !bracketed {
            return Err(address("too many colons in address"));
        }
        if port.is_empty() {
            return Err(D::Error::custom(format!("address {text:?}: port cannot be empty")));
        }
        Ok(HostPort(Some((host.trim_matches(['[', ']']).to_owned(), port.to_owned()))))
    }
}

/// The older way to write matchers: a map from classic names to texts or patterns.
pub(super) fn old_matchers(
    texts: &Option<BTreeMap<String, Text>>,
    patterns: &Option<BTreeMap<String, Text>>,
) -> Result<Vec<Matcher>, String> {
    let mut matchers = Vec::new();
    for (entries, op) in [(texts, MatchOp::Equal), (patterns, MatchOp::Regex)] {
        for (name, value) in entries.iter().flatten() {
            if !is_classic_label_name(name) {
                return Err(format!("invalid label name {name:?}"));
            }
            let value = match (value, op) {
                (Some(value), _) => value.as_str(),
                (None, MatchOp::Regex) => {
                    return Err(format!("invalid regexp value for {name:?}"));
                }
                (None, _) => "",
            };
            matchers.push(Matcher::new(name, op, value).map_err(|error| error.to_string())?);
        }
    }
    Ok(matchers)
}
