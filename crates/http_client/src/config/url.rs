//! Addresses, checked the way Go's `net/url` reads them.

use super::ConfigError;

/// The scheme and the host of an address, either of which may be missing.
///
/// This is what upstream's configuration accepts, which is more than can be requested: `localhost`
/// is a path without scheme and host.
///
/// # Errors
/// When the text is not an address at all; the message does not contain it, for it may hold a
/// password.
pub fn check_url(text: &str) -> Result<(String, String), ConfigError> {
    let refuse = |reason: &str| Err(ConfigError(format!("invalid URL: {reason}")));
    if text.bytes().any(|b| b < 0x20 || b == 0x7f) {
        return refuse("invalid control character in URL");
    }
    let (before_fragment, _) = text.split_once('#').unwrap_or((text, ""));
    let Some((scheme, rest)) = split_scheme(before_fragment) else {
        return refuse("missing protocol scheme");
    };
    let (rest, _) = rest.split_once('?').unwrap_or((rest, ""));
    if !percent_encoding_is_valid(rest) {
        return refuse("invalid URL escape");
    }
    let Some(after_slashes) = rest.strip_prefix("//") else {
        let first_segment = rest.split('/').next().unwrap_or_default();
        if scheme.is_empty() && first_segment.contains(':') {
            return refuse("first path segment in URL cannot contain colon");
        }
        return Ok((scheme.to_ascii_lowercase(), String::new()));
    };
    let authority = after_slashes.split('/').next().unwrap_or_default();
    let host = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
    let port = match host.strip_prefix('[') {
        Some(v6) => match v6.split_once(']') {
            Some((_, rest)) => rest,
            None => return refuse("missing ']' in host"),
        },
        None => host.find(':').map_or("", |position| &host[position..]),
    };
    let digits = port.strip_prefix(':').unwrap_or(port);
    if !digits.bytes().all(|b| b.is_ascii_digit()) || (!port.is_empty() && !port.starts_with(':')) {
        return refuse("invalid port after host");
    }
    if host.contains([' ', '"', '<', '>', '\\', '^', '`', '{', '|', '}']) {
        return refuse("invalid character in host name");
    }
    Ok((scheme.to_ascii_lowercase(), host.to_owned()))
}

/// The scheme, empty when there is none, and what follows it; `None` for an empty scheme.
fn split_scheme(text: &str) -> Option<(&str, &str)> {
    let end = text.find(|c: char| !c.is_ascii_alphanumeric() && !"+-.".contains(c));
    match end {
        Some(0) if text.starts_with(':') => None,
        Some(end) if text[end..].starts_with(':') && text.starts_with(char::is_alphabetic) => {
            Some((&text[..end], &text[end + 1..]))
        }
        _ => Some(("", text)),
    }
}

fn percent_encoding_is_valid(text: &str) -> bool {
    text.split('%').skip(1).all(|after| {
        let digits = after.as_bytes();
        digits.len() >= 2 && digits[..2].iter().all(u8::is_ascii_hexdigit)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_go_reads() {
        let parts = |text| check_url(text).map(|(scheme, host)| format!("{scheme}|{host}"));
        for (text, expected) in [
            ("http://db:9090/metrics?a=b", "http|db:9090"),
            ("HTTPS://user:pass@[::1]:443", "https|[::1]:443"),
            ("unix:///var/run/docker.sock", "unix|"),
            ("localhost", "|"),
            ("localhost:9090", "localhost|"),
            ("/path", "|"),
            ("http://", "http|"),
        ] {
            assert_eq!(parts(text).as_deref(), Ok(expected), "{text}");
        }
        for text in [":foo", "http://a b/", "http://a:port/", "%zz", "http://[::1", "a\nb", "1:2"] {
            assert!(parts(text).is_err(), "{text}");
        }
    }
}
