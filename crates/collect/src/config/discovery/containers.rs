//! Mechanisms of container platforms other than Kubernetes.

use http_client::{Auth, HttpClientConfig};

use crate::config::ConfigError;
use crate::config::schema::{Fields, anything, schema};

schema!(FILTER: "moby.Filter" { name: Text, values: Texts } anything);

schema!(DOCKER: "moby.plain" http {
    host: Url, port: Int, filters: Many(&FILTER), host_networking_host: Text,
    refresh_interval: Duration, match_first_network: Bool,
} docker);

schema!(DOCKERSWARM: "moby.plain" http {
    host: Url, role: Text, port: Int, filters: Many(&FILTER), refresh_interval: Duration,
} dockerswarm);

schema!(MARATHON: "marathon.plain" http {
    servers: Texts, refresh_interval: Duration, auth_token: Text, auth_token_file: Text,
} marathon);

schema!(NOMAD: "nomad.plain" http {
    allow_stale: Bool, namespace: Text, refresh_interval: Duration, region: Text, server: Text,
    tag_separator: Text,
} nomad);

schema!(TRITON: "triton.plain" {
    account: Text, role: Text, dns_suffix: Text, endpoint: Text, groups: Texts, port: Int,
    refresh_interval: Duration, tls_config: Tls, version: Int,
} triton);

fn docker(fields: &Fields, _: &HttpClientConfig) -> Result<(), ConfigError> {
    match fields.has("host") {
        true => Ok(()),
        false => Err(ConfigError::new("host missing")),
    }
}

fn dockerswarm(fields: &Fields, http: &HttpClientConfig) -> Result<(), ConfigError> {
    docker(fields, http)?;
    match fields.text("role") {
        "services" | "nodes" | "tasks" => Ok(()),
        "" => Err(ConfigError::new("role missing (one of: tasks, services, nodes)")),
        role => {
            Err(ConfigError(format!("invalid role {role}, expected tasks, services, or nodes")))
        }
    }
}

fn marathon(fields: &Fields, http: &HttpClientConfig) -> Result<(), ConfigError> {
    let refuse = |what: &str| Err(ConfigError(format!("marathon_sd: {what}")));
    if fields.texts("servers").is_empty() {
        return refuse("must contain at least one Marathon server");
    }
    let (token, file) = (fields.has("auth_token"), fields.has("auth_token_file"));
    if token && file {
        return refuse("at most one of auth_token & auth_token_file must be configured");
    }
    match &http.auth {
        Auth::Basic { .. } if token || file => {
            refuse("at most one of basic_auth, auth_token & auth_token_file must be configured")
        }
        Auth::Authorization { .. } if token || file => {
            refuse("at most one of auth_token, auth_token_file & authorization must be configured")
        }
        _ => Ok(()),
    }
}

fn nomad(fields: &Fields, _: &HttpClientConfig) -> Result<(), ConfigError> {
    match fields.text_or("server", "http://localhost:4646").trim() {
        "" => Err(ConfigError::new("nomad SD configuration requires a server address")),
        _ => Ok(()),
    }
}

fn triton(fields: &Fields, _: &HttpClientConfig) -> Result<(), ConfigError> {
    if !["container", "cn"].contains(&fields.text_or("role", "container")) {
        return Err(ConfigError::new(
            "triton SD configuration requires role to be 'container' or 'cn'",
        ));
    }
    for (name, article) in [("account", "an"), ("dns_suffix", "a"), ("endpoint", "an")] {
        if !fields.has(name) {
            return Err(ConfigError(format!("triton SD configuration requires {article} {name}")));
        }
    }
    if fields.int_or("refresh_interval", 1) <= 0 {
        return Err(ConfigError::new(
            "triton SD configuration requires RefreshInterval to be a positive integer",
        ));
    }
    Ok(())
}
