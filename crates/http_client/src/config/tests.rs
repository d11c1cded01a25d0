//! What blocks are accepted, and what they become.

use super::*;

fn parse(json: &str) -> Result<HttpClientConfig, String> {
    serde_json::from_str(json).map_err(|error| {
        let text = error.to_string();
        text.split(" at line").next().unwrap_or_default().to_owned()
    })
}

/// Blocks, and upstream's words for what is wrong with them.
const REFUSED: [(&str, &str); 19] = [
    (
        r#"{"bearer_token":"a","bearer_token_file":"b"}"#,
        "at most one of bearer_token & bearer_token_file must be configured",
    ),
    (
        r#"{"bearer_token":"a","basic_auth":{"username":"u"}}"#,
        "at most one of basic_auth, oauth2, bearer_token & bearer_token_file must be configured",
    ),
    (
        r#"{"basic_auth":{"username":"u","username_file":"f"}}"#,
        "at most one of basic_auth username, username_file & username_ref must be configured",
    ),
    (
        r#"{"basic_auth":{"password":"u","password_ref":"f"}}"#,
        "at most one of basic_auth password, password_file & password_ref must be configured",
    ),
    (
        r#"{"authorization":{"credentials":"a"},"bearer_token":"b"}"#,
        "authorization is not compatible with bearer_token & bearer_token_file",
    ),
    (
        r#"{"authorization":{"credentials":"a","credentials_file":"b"}}"#,
        "at most one of authorization credentials & credentials_file must be configured",
    ),
    (
        r#"{"authorization":{"type":" Basic "}}"#,
        r#"authorization type cannot be set to "basic", use "basic_auth" instead"#,
    ),
    (
        r#"{"authorization":{"credentials":"a"},"basic_auth":{}}"#,
        "at most one of basic_auth, oauth2 & authorization must be configured",
    ),
    (r#"{"oauth2":{"token_url":"x"}}"#, "oauth2 client_id must be configured"),
    (r#"{"oauth2":{"client_id":"x"}}"#, "oauth2 token_url must be configured"),
    (
        r#"{"oauth2":{"client_id":"x","token_url":"y","client_secret":"a","client_secret_file":"b"}}"#,
        "at most one of oauth2 client_secret, client_secret_file & client_secret_ref must be \
         configured using grant-type=client_credentials",
    ),
    (r#"{"tls_config":{"min_version":"TLS9"}}"#, "unknown TLS version: TLS9"),
    (
        r#"{"tls_config":{"ca":"a","ca_file":"b"}}"#,
        "at most one of ca, ca_file & ca_ref must be configured",
    ),
    (
        r#"{"tls_config":{"cert_file":"b"}}"#,
        "exactly one of key or key_file must be configured when a client certificate is \
         configured",
    ),
    (
        r#"{"tls_config":{"key":"b"}}"#,
        "exactly one of cert or cert_file must be configured when a client key is configured",
    ),
    (r#"{"no_proxy":"a"}"#, "if no_proxy is configured, proxy_url must also be configured"),
    (
        r#"{"proxy_url":"http://p","proxy_from_environment":true}"#,
        "if proxy_from_environment is configured, proxy_url must not be configured",
    ),
    (
        r#"{"proxy_connect_header":{"a":["b"]}}"#,
        "if proxy_connect_header is configured, proxy_url or proxy_from_environment must also \
         be configured",
    ),
    (
        r#"{"http_headers":{"www-authenticate":{}}}"#,
        r#"setting header "Www-Authenticate" is not allowed"#,
    ),
];

#[test]
fn what_is_refused_in_upstreams_words() {
    for (json, expected) in REFUSED {
        assert_eq!(parse(json).err().as_deref(), Some(expected), "{json}");
    }
    let unknown = parse(r#"{"basic_auth":{"user":"x"}}"#).unwrap_err();
    assert!(unknown.starts_with("unknown field `user`"), "{unknown}");
}

#[test]
fn a_bearer_token_is_an_authorization() {
    let config = parse(r#"{"bearer_token_file":"token"}"#).unwrap();
    let Auth::Authorization { scheme, credentials } = &config.auth else {
        panic!("{config:?}");
    };
    assert_eq!(scheme, "Bearer");
    assert_eq!(*credentials, Some(SecretSource::File("token".into())));
}

#[test]
fn relative_paths_start_at_the_file() {
    let mut config = parse(
        r#"{"basic_auth":{"username":"u","password_file":"secrets/p"},
            "tls_config":{"ca_file":"/etc/ca.pem","cert_file":"c","key_file":"k"},
            "http_headers":{"x-a":{"values":["v"],"files":["h"]}}}"#,
    )
    .unwrap();
    config.resolve_paths(Path::new("/conf"));
    let shown = format!("{config:?}");
    for path in ["/conf/secrets/p", "\"/etc/ca.pem\"", "/conf/c", "/conf/k", "/conf/h"] {
        assert!(shown.contains(path), "{path}: {shown}");
    }
    assert!(!shown.contains("\"u\""), "even user names are kept to themselves");
}

#[test]
fn nothing_written_is_the_default() {
    assert!(parse("{}").unwrap().is_default());
    assert!(!parse(r#"{"follow_redirects":false}"#).unwrap().is_default());
}
