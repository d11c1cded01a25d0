//! Mechanisms that ask a registry, an inventory or the DNS.

use http_client::{Auth, HttpClientConfig, check_url};

use crate::config::ConfigError;
use crate::config::schema::{Fields, schema};

schema!(CONSUL: "consul.plain" http {
    server: Text, path_prefix: Text, token: Text, datacenter: Text, namespace: Text,
    partition: Text, tag_separator: Text, scheme: Text, username: Text, password: Text,
    allow_stale: Bool, refresh_interval: Duration, services: Texts, tags: Texts,
    node_meta: TextMap, filter: Text, health_filter: Text,
} consul);

schema!(DNS: "dns.plain" {
    names: Texts, refresh_interval: Duration, type: Text, port: Int,
} dns);

schema!(EUREKA: "eureka.plain" http { server: Text, refresh_interval: Duration } eureka);

schema!(HTTP: "http.plain" http { refresh_interval: Duration, url: Text } http_url);

schema!(KUMA: "xds.plainKumaConf" http {
    refresh_interval: Duration, fetch_timeout: Duration, server: Text, client_id: Text,
} kuma);

schema!(NERVE: "zookeeper.plain" {
    servers: Texts, paths: Texts, timeout: Duration,
} nerve);

schema!(SERVERSET: "zookeeper.plain" {
    servers: Texts, paths: Texts, timeout: Duration,
} serverset);

schema!(PUPPETDB: "puppetdb.plain" http {
    refresh_interval: Duration, url: Text, query: Text, include_parameters: Bool, port: Int,
} puppetdb);

schema!(UYUNI: "uyuni.plain" http {
    server: Url, username: Text, password: Text, entitlement: Text, separator: Text,
    refresh_interval: Duration,
} uyuni);

fn consul(fields: &Fields, http: &HttpClientConfig) -> Result<(), ConfigError> {
    if fields.text_or("server", "localhost:8500").trim().is_empty() {
        return Err(ConfigError::new("consul SD configuration requires a server address"));
    }
    let user = fields.has("username") || fields.has("password");
    if user && matches!(http.auth, Auth::Basic { .. }) {
        return Err(ConfigError::new(
            "at most one of consul SD configuration username and password and basic auth can be \
             configured",
        ));
    }
    if fields.has("token") && matches!(http.auth, Auth::Authorization { .. } | Auth::OAuth2(_)) {
        return Err(ConfigError::new(
            "at most one of consul SD token, authorization, or oauth2 can be configured",
        ));
    }
    Ok(())
}

fn dns(fields: &Fields, _: &HttpClientConfig) -> Result<(), ConfigError> {
    if fields.texts("names").is_empty() {
        return Err(ConfigError::new("DNS-SD config must contain at least one SRV record name"));
    }
    let kind = fields.text_or("type", "SRV");
    match kind.to_ascii_uppercase().as_str() {
        "SRV" => Ok(()),
        "A" | "AAAA" | "MX" | "NS" if fields.int_or("port", 0) == 0 => Err(ConfigError::new(
            "a port is required in DNS-SD configs for all record types except SRV",
        )),
        "A" | "AAAA" | "MX" | "NS" => Ok(()),
        _ => Err(ConfigError(format!("invalid DNS-SD records type {kind}"))),
    }
}

fn eureka(fields: &Fields, _: &HttpClientConfig) -> Result<(), ConfigError> {
    if !fields.has("server") {
        return Err(ConfigError::new("eureka_sd: empty or null eureka server"));
    }
    let (scheme, host) = check_url(fields.text("server"))?;
    if scheme.is_empty() || host.is_empty() {
        return Err(ConfigError::new("eureka_sd: invalid eureka server URL"));
    }
    Ok(())
}

fn http_url(fields: &Fields, _: &HttpClientConfig) -> Result<(), ConfigError> {
    if !fields.has("url") {
        return Err(ConfigError::new("URL is missing"));
    }
    let (scheme, host) = check_url(fields.text("url"))?;
    if !["http", "https"].contains(&scheme.as_str()) {
        return Err(ConfigError::new("URL scheme must be 'http' or 'https'"));
    }
    if host.is_empty() {
        return Err(ConfigError::new("host is missing in URL"));
    }
    Ok(())
}

fn kuma(fields: &Fields, _: &HttpClientConfig) -> Result<(), ConfigError> {
    let server = fields.text("server");
    if server.is_empty() {
        return Err(ConfigError(format!("kuma SD server must not be empty: {server}")));
    }
    let (scheme, host) = check_url(server)?;
    if scheme.is_empty() || host.is_empty() {
        return Err(ConfigError(format!(
            "kuma SD server must not be empty and have a scheme: {server}"
        )));
    }
    Ok(())
}

fn nerve(fields: &Fields, _: &HttpClientConfig) -> Result<(), ConfigError> {
    zookeeper("nerve", fields)
}

fn serverset(fields: &Fields, _: &HttpClientConfig) -> Result<(), ConfigError> {
    zookeeper("serverset", fields)
}

fn zookeeper(kind: &str, fields: &Fields) -> Result<(), ConfigError> {
    if fields.texts("servers").is_empty() {
        let message = format!("{kind} SD config must contain at least one Zookeeper server");
        return Err(ConfigError(message));
    }
    if fields.texts("paths").is_empty() {
        return Err(ConfigError(format!("{kind} SD config must contain at least one path")));
    }
    match fields.texts("paths").iter().find(|path| !path.starts_with('/')) {
        Some(path) => {
            Err(ConfigError(format!("{kind} SD config paths must begin with '/': {path}")))
        }
        None => Ok(()),
    }
}

fn puppetdb(fields: &Fields, http: &HttpClientConfig) -> Result<(), ConfigError> {
    http_url(fields, http)?;
    match fields.has("query") {
        true => Ok(()),
        false => Err(ConfigError::new("query missing")),
    }
}

fn uyuni(fields: &Fields, _: &HttpClientConfig) -> Result<(), ConfigError> {
    for (name, said) in
        [("server", "server host"), ("username", "a username"), ("password", "a password")]
    {
        if !fields.has(name) {
            return Err(ConfigError(format!("Uyuni SD configuration requires {said}")));
        }
    }
    Ok(())
}
