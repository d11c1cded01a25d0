//! Headers that a block adds to requests.

use std::collections::BTreeMap;
use std::path::Path;

use http::{HeaderMap, HeaderName, HeaderValue};
use model::Secret;
use serde::Deserialize;

use super::ConfigError;
use crate::SecretSource;

/// Headers that a block may not set, in lower case: they belong to the connection or to the
/// protocol, or have settings of their own.
pub const RESERVED_HEADERS: [&str; 18] = [
    "accept-encoding",
    "authorization",
    "connection",
    "content-encoding",
    "content-length",
    "content-type",
    "host",
    "keep-alive",
    "proxy-authenticate",
    "proxy-authorization",
    "user-agent",
    "www-authenticate",
    "x-amz-content-sha256",
    "x-amz-date",
    "x-amz-security-token",
    "x-prometheus-remote-read-version",
    "x-prometheus-remote-write-version",
    "x-prometheus-scrape-timeout-seconds",
];

/// A header and its values, each of which is sent on a line of its own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Header {
    /// Its name as written.
    pub name: String,
    /// Its values: `values`, then `secrets`, then `files`.
    pub values: Vec<SecretSource>,
}

impl Header {
    /// Makes relative file names relative to `dir`.
    pub(crate) fn resolve_paths(&mut self, dir: &Path) {
        for value in &mut self.values {
            value.resolve_path(dir);
        }
    }
}

/// `http_headers` as written.
#[derive(Default, Deserialize)]
#[serde(transparent)]
pub(super) struct Headers(BTreeMap<String, Option<PlainHeader>>);

#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields, rename = "config.Header")]
struct PlainHeader {
    values: Vec<String>,
    secrets: Vec<Secret>,
    files: Vec<std::path::PathBuf>,
}

impl Headers {
    pub(super) fn check(self) -> Result<Vec<Header>, ConfigError> {
        let mut headers = Vec::with_capacity(self.0.len());
        for (name, header) in self.0 {
            let lower = name.to_ascii_lowercase();
            if RESERVED_HEADERS.contains(&lower.as_str()) {
                let name = canonical(&lower);
                return Err(ConfigError(format!("setting header {name:?} is not allowed")));
            }
            let header = header.unwrap_or_default();
            let values = header.values.into_iter().map(Secret::new).map(SecretSource::Inline);
            let secrets = header.secrets.into_iter().map(SecretSource::Inline);
            let files = header.files.into_iter().map(SecretSource::File);
            headers.push(Header { name, values: values.chain(secrets).chain(files).collect() });
        }
        Ok(headers)
    }
}

/// The name with each word's first letter in upper case, as upstream prints it.
fn canonical(lower: &str) -> String {
    let mut start = true;
    let letters = lower.chars().map(|letter| {
        let first = std::mem::replace(&mut start, letter == '-');
        if first { letter.to_ascii_uppercase() } else { letter }
    });
    letters.collect()
}

/// `proxy_connect_header`: names with the values each is sent with.
pub(super) type ConnectHeaders = Vec<(String, Secret)>;

/// Reads `proxy_connect_header`.
pub(super) fn connect_headers<'de, D: serde::Deserializer<'de>>(
    deserializer: D,
) -> Result<ConnectHeaders, D::Error> {
    let headers = BTreeMap::<String, Vec<Secret>>::deserialize(deserializer)?;
    let pairs = headers.into_iter();
    let pairs = pairs.flat_map(|(name, values)| values.into_iter().map(move |v| (name.clone(), v)));
    Ok(pairs.collect())
}

/// Headers ready to send; the values are marked as sensitive.
///
/// # Errors
/// When a name or a value holds bytes that a header cannot.
pub(crate) fn header_map<'a>(
    pairs: impl IntoIterator<Item = (&'a str, &'a Secret)>,
) -> Result<HeaderMap, ConfigError> {
    let mut map = HeaderMap::new();
    for (name, value) in pairs {
        let valid = HeaderName::try_from(name)
            .map_err(|_| ConfigError(format!("{name:?} is not the name of a header")))?;
        let mut value = HeaderValue::try_from(value.expose())
            .map_err(|_| ConfigError(format!("a value of header {name:?} cannot be sent")))?;
        value.set_sensitive(true);
        map.append(valid, value);
    }
    Ok(map)
}
