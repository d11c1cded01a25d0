//! Which values nobody may see who merely looks at the configuration.

/// Whether what stands under a key is a secret. Addresses are, wherever they may let somebody in.
pub(super) fn is_secret(key: &str) -> bool {
    let ends = [
        "password",
        "secret",
        "token",
        "token_id",
        "api_key",
        "secret_key",
        "service_key",
        "user_key",
        "credentials",
    ];
    let whole = [
        "api_url",
        "slack_api_url",
        "url",
        "webhook_url",
        "mattermost_webhook_url",
        "proxy_url",
        "key",
        "routing_key",
        "http_headers",
        "proxy_connect_header",
    ];
    ends.iter().any(|end| key.ends_with(end)) || whole.contains(&key)
}
