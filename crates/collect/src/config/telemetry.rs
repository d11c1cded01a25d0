//! The `tracing` block, which is only checked, and the `otlp` block.

use http_client::{HttpClientConfig, RESERVED_HEADERS};
use serde::de::{Deserialize, DeserializeSeed, Deserializer};

use super::ConfigError;
use super::schema::{Fields, Schema, schema};
use crate::names::NameScheme;

schema!(TRACING: "config.plain" {
    client_type: Text, endpoint: Text, sampling_fraction: Float, insecure: Bool, tls_config: Tls,
    headers: TextMap, compression: Text, timeout: Duration,
} tracing);

/// The `tracing` block, of which nothing is kept.
#[derive(Debug)]
pub(super) struct Tracing;

impl<'de> Deserialize<'de> for Tracing {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        (&TRACING as &'static Schema).deserialize(deserializer).map(|_| Tracing)
    }
}

fn tracing(fields: &Fields, _: &HttpClientConfig) -> Result<(), ConfigError> {
    let client = fields.text_or("client_type", "grpc");
    if !["http", "grpc"].contains(&client) {
        return Err(ConfigError(format!(
            "expected tracing client type to be to be http or grpc, but got {client}"
        )));
    }
    for (header, _) in fields.text_map("headers") {
        let lower = header.to_ascii_lowercase();
        if lower == "authorization" {
            return Err(ConfigError::new(
                "custom authorization header configuration is not yet supported",
            ));
        }
        if RESERVED_HEADERS.contains(&lower.as_str()) {
            return Err(ConfigError(format!(
                "{header} is a reserved header. It must not be changed"
            )));
        }
    }
    if !fields.has("endpoint") {
        return Err(ConfigError::new("tracing endpoint must be set"));
    }
    match fields.text("compression") {
        "" | "gzip" => Ok(()),
        other => Err(ConfigError(format!(
            "invalid compression type {other} provided, valid options: gzip"
        ))),
    }
}

/// How metrics received over OTLP get their labels.
#[derive(Clone, Debug, PartialEq, Eq, serde::Deserialize)]
#[serde(try_from = "PlainOtlp")]
pub struct Otlp {
    /// Whether all resource attributes become labels.
    pub promote_all_resource_attributes: bool,
    /// Resource attributes that become labels.
    pub promote_resource_attributes: Vec<String>,
    /// Those that do not, when all others do.
    pub ignore_resource_attributes: Vec<String>,
    /// How names are translated.
    pub translation_strategy: String,
    /// Whether `service.*` stay attributes beside becoming `job` and `instance`.
    pub keep_identifying_resource_attributes: bool,
    /// Whether histograms become native ones.
    pub convert_histograms_to_nhcb: bool,
    /// Whether the scope becomes labels.
    pub promote_scope_metadata: bool,
    /// Whether names that start with an underscore get a prefix.
    pub label_name_underscore_sanitization: bool,
    /// Whether runs of underscores stay.
    pub label_name_preserve_multiple_underscores: bool,
}

impl Default for Otlp {
    fn default() -> Self {
        Otlp {
            promote_all_resource_attributes: false,
            promote_resource_attributes: Vec::new(),
            ignore_resource_attributes: Vec::new(),
            translation_strategy: "UnderscoreEscapingWithSuffixes".to_owned(),
            keep_identifying_resource_attributes: false,
            convert_histograms_to_nhcb: false,
            promote_scope_metadata: false,
            label_name_underscore_sanitization: true,
            label_name_preserve_multiple_underscores: true,
        }
    }
}

impl Otlp {
    /// Compares the translation with the names that are valid.
    pub(super) fn check(&self, names: NameScheme) -> Result<(), ConfigError> {
        let strategy = self.translation_strategy.as_str();
        match strategy {
            "" | "UnderscoreEscapingWithSuffixes" | "UnderscoreEscapingWithoutSuffixes" => Ok(()),
            "NoTranslation" | "NoUTF8EscapingWithSuffixes" if names == NameScheme::Legacy => {
                Err(ConfigError(format!(
                    "OTLP translation strategy {strategy:?} is not allowed when UTF8 is disabled"
                )))
            }
            "NoTranslation" | "NoUTF8EscapingWithSuffixes" => Ok(()),
            _ => Err(ConfigError(format!("unsupported OTLP translation strategy {strategy:?}"))),
        }
    }
}

#[derive(serde::Deserialize)]
#[serde(default, deny_unknown_fields, rename = "config.plain")]
struct PlainOtlp {
    promote_all_resource_attributes: bool,
    promote_resource_attributes: Vec<String>,
    ignore_resource_attributes: Vec<String>,
    translation_strategy: String,
    keep_identifying_resource_attributes: bool,
    convert_histograms_to_nhcb: bool,
    promote_scope_metadata: bool,
    label_name_underscore_sanitization: bool,
    label_name_preserve_multiple_underscores: bool,
}

impl Default for PlainOtlp {
    fn default() -> Self {
        let Otlp { translation_strategy, .. } = Otlp::default();
        PlainOtlp {
            promote_all_resource_attributes: false,
            promote_resource_attributes: Vec::new(),
            ignore_resource_attributes: Vec::new(),
            translation_strategy,
            keep_identifying_resource_attributes: false,
            convert_histograms_to_nhcb: false,
            promote_scope_metadata: false,
            label_name_underscore_sanitization: true,
            label_name_preserve_multiple_underscores: true,
        }
    }
}

impl TryFrom<PlainOtlp> for Otlp {
    type Error = ConfigError;

    fn try_from(plain: PlainOtlp) -> Result<Self, ConfigError> {
        let (promote, ignore) =
            (&plain.promote_resource_attributes, &plain.ignore_resource_attributes);
        if plain.promote_all_resource_attributes && !promote.is_empty() {
            return Err(ConfigError::new(
                "'promote_all_resource_attributes' and 'promote_resource_attributes' cannot be \
                 configured simultaneously",
            ));
        }
        if !plain.promote_all_resource_attributes && !ignore.is_empty() {
            return Err(ConfigError::new(
                "'ignore_resource_attributes' cannot be configured unless \
                 'promote_all_resource_attributes' is true",
            ));
        }
        let promote_resource_attributes =
            attributes(promote, "promote_resource_attributes", "promoted")?;
        let ignore_resource_attributes =
            attributes(ignore, "ignore_resource_attributes", "ignored")?;
        Ok(Otlp {
            promote_all_resource_attributes: plain.promote_all_resource_attributes,
            promote_resource_attributes,
            ignore_resource_attributes,
            translation_strategy: plain.translation_strategy,
            keep_identifying_resource_attributes: plain.keep_identifying_resource_attributes,
            convert_histograms_to_nhcb: plain.convert_histograms_to_nhcb,
            promote_scope_metadata: plain.promote_scope_metadata,
            label_name_underscore_sanitization: plain.label_name_underscore_sanitization,
            label_name_preserve_multiple_underscores: plain
                .label_name_preserve_multiple_underscores,
        })
    }
}

/// Attributes without the white space around them, none empty, none twice.
fn attributes(list: &[String], field: &str, adjective: &str) -> Result<Vec<String>, ConfigError> {
    let mut all: Vec<String> = Vec::with_capacity(list.len());
    for attribute in list.iter().map(|attribute| attribute.trim()) {
        let wrong = if attribute.is_empty() {
            format!("empty {adjective} OTel resource attribute")
        } else if all.iter().any(|known| known == attribute) {
            format!("duplicated {adjective} OTel resource attribute {attribute:?}")
        } else {
            all.push(attribute.to_owned());
            continue;
        };
        return Err(ConfigError(format!("invalid '{field}': {wrong}")));
    }
    Ok(all)
}
