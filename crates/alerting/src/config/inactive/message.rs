//! Blocks of notifiers that send messages to people.

use std::collections::{BTreeMap, BTreeSet};

use http_client::{HttpClientConfig, TlsConfig};
use model::Secret;
use serde::Deserialize;

use super::{Global, Inactive};
use crate::config::field::{GoDuration, HostPort, Text, at_most_one, given, secret_given};

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename = "config.plain")]
pub(in crate::config) struct Email {
    send_resolved: Option<bool>,
    to: Text,
    from: Text,
    hello: Text,
    smarthost: Option<HostPort>,
    auth_username: Text,
    auth_password: Option<Secret>,
    auth_password_file: Text,
    auth_secret: Option<Secret>,
    auth_secret_file: Text,
    auth_identity: Text,
    headers: Option<BTreeMap<String, Text>>,
    html: Text,
    text: Text,
    require_tls: Option<bool>,
    tls_config: Option<TlsConfig>,
    force_implicit_tls: Option<bool>,
    threading: Option<Threading>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename = "config.ThreadingConfig")]
struct Threading {
    enabled: Option<bool>,
    thread_by_date: Text,
}

/// `in-reply-to` as `In-Reply-To`.
fn canonical_header(name: &str) -> String {
    let parts = name.split('-').map(|part| {
        let (first, rest) = part.split_at_checked(1).unwrap_or((part, ""));
        first.to_ascii_uppercase() + &rest.to_ascii_lowercase()
    });
    parts.collect::<Vec<_>>().join("-")
}

impl Inactive for Email {
    const NULL: Option<&'static str> = Some("missing email config");

    fn check(&self, global: &Global) -> Result<(), String> {
        if !given(&self.to) {
            return Err("missing to address in email config".to_owned());
        }
        let mut headers = BTreeSet::new();
        for (name, _) in self.headers.iter().flatten() {
            let name = canonical_header(name);
            if headers.contains(&name) {
                return Err(format!("duplicate header {name:?} in email config"));
            }
            headers.insert(name);
        }
        if let Some(threading) = self.threading.as_ref().filter(|t| t.enabled == Some(true)) {
            for name in ["References", "In-Reply-To"] {
                if headers.contains(name) {
                    return Err(format!(
                        "conflicting configuration: threading.enabled conflicts with custom {name} header"
                    ));
                }
            }
            if !matches!(threading.thread_by_date.as_deref(), Some("none" | "daily")) {
                let text = "threading.thread_by_date must be either 'none' or 'daily'";
                return Err(text.to_owned());
            }
        }
        let set = |host: &Option<HostPort>| host.as_ref().is_some_and(|host| host.0.is_some());
        if !set(&self.smarthost) && !set(&global.smtp_smarthost) {
            return Err("no global SMTP smarthost set".to_owned());
        }
        if !given(&self.from) && !given(&global.smtp_from) {
            return Err("no global SMTP from set".to_owned());
        }
        Ok(())
    }
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename = "config.plain")]
pub(in crate::config) struct Pushover {
    send_resolved: Option<bool>,
    http_config: Option<HttpClientConfig>,
    user_key: Option<Secret>,
    user_key_file: Text,
    token: Option<Secret>,
    token_file: Text,
    title: Text,
    message: Text,
    url: Text,
    url_title: Text,
    device: Text,
    sound: Text,
    priority: Text,
    retry: Option<GoDuration>,
    expire: Option<GoDuration>,
    ttl: Option<GoDuration>,
    html: Option<bool>,
    monospace: Option<bool>,
}

impl Inactive for Pushover {
    const NULL: Option<&'static str> = Some("missing pushover config");

    fn check(&self, _global: &Global) -> Result<(), String> {
        for (name, inline, file) in [
            ("user_key", secret_given(&self.user_key), given(&self.user_key_file)),
            ("token", secret_given(&self.token), given(&self.token_file)),
        ] {
            if !inline && !file {
                return Err(format!("one of {name} or {name}_file must be configured"));
            }
            at_most_one((name, inline), (&format!("{name}_file"), file))?;
        }
        let yes = Some(true);
        at_most_one(("monospace", self.monospace == yes), ("html", self.html == yes))
    }
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename = "config.plain")]
pub(in crate::config) struct Sns {
    send_resolved: Option<bool>,
    http_config: Option<HttpClientConfig>,
    api_url: Text,
    sigv4: Option<SigV4>,
    topic_arn: Text,
    phone_number: Text,
    target_arn: Text,
    subject: Text,
    message: Text,
    attributes: Option<BTreeMap<String, Text>>,
    use_aws_http_client: Option<bool>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename = "sigv4.plain")]
struct SigV4 {
    region: Text,
    access_key: Text,
    secret_key: Option<Secret>,
    profile: Text,
    role_arn: Text,
    external_id: Text,
    use_fips_sts_endpoint: Option<bool>,
}

impl Inactive for Sns {
    const NULL: Option<&'static str> = Some("missing sns config");

    fn check(&self, _global: &Global) -> Result<(), String> {
        if let Some(sigv4) = &self.sigv4
            && given(&sigv4.access_key) != secret_given(&sigv4.secret_key)
        {
            let text = "must provide a AWS SigV4 Access key and Secret Key if credentials are specified in the SigV4 config";
            return Err(text.to_owned());
        }
        // Upstream chains two comparisons, which lets one or all three of them pass.
        let absent =
            [&self.target_arn, &self.topic_arn, &self.phone_number].map(|text| !given(text));
        if (absent[0] != absent[1]) != absent[2] {
            let text =
                "must provide either a Target ARN, Topic ARN, or Phone Number for SNS config";
            return Err(text.to_owned());
        }
        Ok(())
    }
}
