//! Which values nobody may see who merely looks at the configuration.

/// Whether what stands below a key is a secret.
pub(super) fn is_secret(key: &str) -> bool {
    let ends = ["password", "secret", "token", "api_key", "secret_key", "private_key"];
    let whole = [
        "consumer_key",
        "credentials",
        "key",
        "proxy_connect_header",
        "secrets",
        "service_account_key",
    ];
    ends.iter().any(|end| key.ends_with(end)) || whole.contains(&key)
}
