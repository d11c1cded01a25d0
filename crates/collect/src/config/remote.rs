//! `remote_write` and `remote_read`: read and checked, not active.

use http_client::{Auth, HttpClientConfig, RESERVED_HEADERS};
use serde::de::{Deserialize, DeserializeSeed, Deserializer};

use super::ConfigError;
use super::schema::{Fields, Schema, anything, schema};
use super::scrape::check_rules;
use crate::names::NameScheme;

schema!(
    /// Signatures for Amazon's services.
    SIGV4: "sigv4.plain" {
        region: Text, access_key: Text, secret_key: Text, profile: Text, role_arn: Text,
        external_id: Text, use_fips_sts_endpoint: Bool, service_name: Text,
    } sigv4
);

schema!(MANAGED_IDENTITY: "azuread.ManagedIdentityConfig" { client_id: Text } anything);
schema!(WORKLOAD_IDENTITY: "azuread.WorkloadIdentityConfig" {
    client_id: Text, tenant_id: Text, token_file_path: Text,
} anything);
schema!(OAUTH: "azuread.OAuthConfig" {
    client_id: Text, client_secret: Text, tenant_id: Text,
} anything);
schema!(SDK: "azuread.SDKConfig" { tenant_id: Text } anything);
schema!(CERTIFICATE: "azuread.CertificateConfig" {
    client_id: Text, tenant_id: Text, certificate_path: Text, certificate_key_path: Text,
    certificate_password: Text, send_certificate_chain: Bool,
} anything);
schema!(AZUREAD: "azuread.plain" {
    managed_identity: One(&MANAGED_IDENTITY), workload_identity: One(&WORKLOAD_IDENTITY),
    oauth: One(&OAUTH), sdk: One(&SDK), certificate: One(&CERTIFICATE),
    cloud: Text, scope: Text,
} azuread);

schema!(GOOGLE_IAM: "googleiam.Config" { credentials_file: Text } anything);

schema!(QUEUE: "config.QueueConfig" {
    capacity: Int, max_shards: Int, min_shards: Int, max_samples_per_send: Int,
    batch_send_deadline: Duration, min_backoff: Duration, max_backoff: Duration,
    retry_on_http_429: Bool, sample_age_limit: Duration,
} queue);

schema!(METADATA: "config.MetadataConfig" {
    send: Bool, send_interval: Duration, max_samples_per_send: Int,
} anything);

schema!(WRITE: "config.plain" http {
    url: Url, remote_timeout: Duration, headers: TextMap, write_relabel_configs: Relabel,
    name: Text, send_exemplars: Bool, send_native_histograms: Bool, round_robin_dns: Bool,
    protobuf_message: Text, failed_request_logging: Bool, queue_config: One(&QUEUE),
    metadata_config: One(&METADATA), sigv4: One(&SIGV4),
    azuread: One(&AZUREAD), google_iam: One(&GOOGLE_IAM),
} write);

schema!(READ: "config.plain" http {
    url: Url, remote_timeout: Duration, chunked_read_limit: Int, headers: TextMap,
    read_recent: Bool, name: Text, required_matchers: TextMap, filter_external_labels: Bool,
} read);

/// A block of `remote_write`.
pub(super) struct RemoteWrite(Fields);

/// A block of `remote_read`.
pub(super) struct RemoteRead(Fields);

impl<'de> Deserialize<'de> for RemoteWrite {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        (&WRITE as &'static Schema).deserialize(deserializer).map(|(fields, _)| RemoteWrite(fields))
    }
}

impl<'de> Deserialize<'de> for RemoteRead {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        (&READ as &'static Schema).deserialize(deserializer).map(|(fields, _)| RemoteRead(fields))
    }
}

/// Checks the blocks of both lists among each other.
pub(super) fn check(
    writes: &[Option<RemoteWrite>],
    reads: &[Option<RemoteRead>],
    names: NameScheme,
) -> Result<(), yaml::Error> {
    let fields: Vec<_> = writes.iter().map(|w| w.as_ref().map(|w| &w.0)).collect();
    distinct("write", &fields)?;
    for fields in fields.into_iter().flatten() {
        check_rules(fields.rules("write_relabel_configs"), names)?;
    }
    let fields: Vec<_> = reads.iter().map(|r| r.as_ref().map(|r| &r.0)).collect();
    distinct("read", &fields)?;
    Ok(())
}

/// Blocks must be there, and those that have names different ones.
fn distinct(kind: &str, blocks: &[Option<&Fields>]) -> Result<(), ConfigError> {
    let mut names = Vec::new();
    for block in blocks {
        let Some(fields) = block else {
            return Err(ConfigError(format!("empty or null remote {kind} config section")));
        };
        let name = fields.text("name");
        if !name.is_empty() && names.contains(&name) {
            return Err(ConfigError(format!(
                "found multiple remote {kind} configs with job name {name:?}"
            )));
        }
        names.push(name);
    }
    Ok(())
}

fn check_headers(fields: &Fields) -> Result<(), ConfigError> {
    for (header, _) in fields.text_map("headers") {
        let lower = header.to_ascii_lowercase();
        if lower == "authorization" {
            return Err(ConfigError::new(
                "authorization header must be changed via the basic_auth, authorization, oauth2, \
                 sigv4, azuread or google_iam parameter",
            ));
        }
        if RESERVED_HEADERS.contains(&lower.as_str()) {
            return Err(ConfigError(format!(
                "{header} is a reserved header. It must not be changed"
            )));
        }
    }
    Ok(())
}

fn write(fields: &Fields, http: &HttpClientConfig) -> Result<(), ConfigError> {
    if !fields.has("url") {
        return Err(ConfigError::new("url for remote_write is empty"));
    }
    if fields.rules("write_relabel_configs").iter().any(Option::is_none) {
        return Err(ConfigError::new("empty or null relabeling rule in remote write config"));
    }
    check_headers(fields)?;
    let message = fields.text_or("protobuf_message", "prometheus.WriteRequest");
    if !["prometheus.WriteRequest", "io.prometheus.write.v2.Request"].contains(&message) {
        return Err(ConfigError(format!(
            "invalid protobuf_message value: unknown type for remote write protobuf message \
             {message}, supported: prometheus.WriteRequest, io.prometheus.write.v2.Request"
        )));
    }
    let own = match http.auth {
        Auth::None => None,
        Auth::Basic { .. } => Some("basic_auth"),
        Auth::Authorization { .. } => Some("authorization"),
        Auth::OAuth2(_) => Some("oauth2"),
    };
    let others = ["sigv4", "azuread", "google_iam"];
    let ways: Vec<_> =
        own.into_iter().chain(others.into_iter().filter(|n| fields.has(n))).collect();
    if ways.len() > 1 {
        return Err(ConfigError(format!(
            "at most one of basic_auth, authorization, oauth2, sigv4, azuread or google_iam must \
             be configured. Currently configured: [{}]",
            ways.join(" ")
        )));
    }
    Ok(())
}

fn read(fields: &Fields, _: &HttpClientConfig) -> Result<(), ConfigError> {
    if !fields.has("url") {
        return Err(ConfigError::new("url for remote_read is empty"));
    }
    check_headers(fields)
}

fn queue(fields: &Fields, _: &HttpClientConfig) -> Result<(), ConfigError> {
    let max_shards = fields.int_or("max_shards", 50);
    let min_shards = fields.int_or("min_shards", 1);
    for (name, value) in [
        ("max_shards", max_shards),
        ("min_shards", min_shards),
        ("max_samples_per_send", fields.int_or("max_samples_per_send", 2000)),
        ("capacity", fields.int_or("capacity", 10_000)),
    ] {
        if value <= 0 {
            return Err(ConfigError(format!("remote write queue {name} must be positive")));
        }
    }
    if min_shards > max_shards {
        return Err(ConfigError::new(
            "remote write queue min_shards must not be greater than max_shards",
        ));
    }
    if fields.int_or("max_backoff", 5_000) < fields.int_or("min_backoff", 30) {
        return Err(ConfigError::new(
            "remote write queue max_backoff must not be less than min_backoff",
        ));
    }
    Ok(())
}

fn sigv4(fields: &Fields, _: &HttpClientConfig) -> Result<(), ConfigError> {
    if fields.has("access_key") != fields.has("secret_key") {
        return Err(ConfigError::new(
            "must provide a AWS SigV4 Access key and Secret Key if credentials are specified in \
             the SigV4 config",
        ));
    }
    Ok(())
}

fn azuread(fields: &Fields, _: &HttpClientConfig) -> Result<(), ConfigError> {
    let ways = ["managed_identity", "workload_identity", "oauth", "sdk", "certificate"];
    match ways.into_iter().filter(|way| fields.has(way)).count() {
        0 => Err(ConfigError::new(
            "must provide an Azure Managed Identity, Azure Workload Identity, Azure OAuth, Azure \
             Certificate or Azure SDK in the Azure AD config",
        )),
        1 => Ok(()),
        _ => Err(ConfigError::new(
            "cannot provide multiple authentication methods in the Azure AD config",
        )),
    }
}
