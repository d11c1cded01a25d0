//! The formats that a scrape may ask for.

use protocols::exposition::ScrapeProtocol;
use serde::Deserialize;

use super::ConfigError;

/// The names of all formats, in the order of the alphabet.
const NAMES: &str = "OpenMetricsText0.0.1 OpenMetricsText1.0.0 PrometheusProto PrometheusText0.0.4 \
                     PrometheusText1.0.0";

/// The format of a name.
pub(super) fn parse(name: &str) -> Result<ScrapeProtocol, ConfigError> {
    ScrapeProtocol::from_name(name)
        .ok_or_else(|| ConfigError(format!("unknown scrape protocol {name}, supported: [{NAMES}]")))
}

/// The protocols of a list as it is written.
pub(super) fn parse_all(names: &[String]) -> Result<Vec<ScrapeProtocol>, ConfigError> {
    if names.is_empty() {
        return Err(ConfigError::new("scrape_protocols cannot be empty"));
    }
    let mut all = Vec::new();
    for (index, name) in names.iter().enumerate() {
        if names[..index].iter().any(|other| other.eq_ignore_ascii_case(name)) {
            let names = names.join(" ");
            return Err(ConfigError(format!(
                "duplicated protocol in scrape_protocols, got [{names}]"
            )));
        }
        let protocol =
            parse(name).map_err(|error| ConfigError(format!("scrape_protocols: {error}")))?;
        all.push(protocol);
    }
    Ok(all)
}

/// How names outside the classic characters are asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub enum Escaping {
    /// As they are.
    AllowUtf8,
    /// Other characters as underscores.
    Underscores,
    /// Dots as `_dot_`.
    Dots,
    /// Characters by their numbers.
    Values,
}

impl Escaping {
    const NAMES: [(&'static str, Escaping); 4] = [
        ("allow-utf-8", Escaping::AllowUtf8),
        ("underscores", Escaping::Underscores),
        ("dots", Escaping::Dots),
        ("values", Escaping::Values),
    ];

    /// The name, as in `escaping=` of `Accept`.
    pub fn name(self) -> &'static str {
        let known = Self::NAMES.iter().find(|(_, escaping)| *escaping == self);
        known.map_or("", |(name, _)| name)
    }
}

impl TryFrom<String> for Escaping {
    type Error = ConfigError;

    fn try_from(name: String) -> Result<Self, ConfigError> {
        let known = Self::NAMES.iter().find(|(known, _)| *known == name);
        known.map(|(_, escaping)| *escaping).ok_or_else(|| {
            ConfigError(format!(
                "unknown name escaping method specified, must be one of 'allow-utf-8', \
                 'underscores', 'dots', or 'values', got {name:?}"
            ))
        })
    }
}
