//! Names of indices, and the streams they stand for.

/// The stream an index belongs to: its name without the dates and numbers that shippers append.
///
/// `logstash-2026.08.22` is `logstash`, `.ds-logs-nginx-default-2026.08.22-000001` is
/// `logs-nginx-default`, and of the date math `<logs-{now/d}-000001>` the constant part counts.
pub fn stream_name(index: &str) -> &str {
    let mut name = index;
    if let Some(math) = name.strip_prefix('<') {
        name = math.split(['{', '>']).next().unwrap_or(math);
        name = name.trim_end_matches(['-', '_', '.']);
    }
    name = name.strip_prefix(".ds-").unwrap_or(name);
    while let Some(shorter) = without_suffix(name) {
        name = shorter;
    }
    if name.is_empty() { index } else { name }
}

/// The name before a date or a rollover number at its end.
fn without_suffix(name: &str) -> Option<&str> {
    let is_suffix = |c: char| c.is_ascii_digit() || matches!(c, '-' | '_' | '.' | 'w');
    let start = name.trim_end_matches(is_suffix).len();
    // The suffix may begin within what only looks like one: "v2-2026.08.22" loses its date.
    let separators = name[start..].char_indices().filter(|(_, c)| matches!(c, '-' | '_' | '.'));
    for (offset, _) in separators {
        let (stem, suffix) = name.split_at(start + offset);
        if !stem.is_empty() && is_date_or_number(&suffix[1..]) {
            return Some(stem);
        }
    }
    None
}

/// `2026`, `2026.08`, `2026.08.22`, `2026-08-22-10`, `2026.w34`, `20260822` or `000001`.
fn is_date_or_number(text: &str) -> bool {
    let mut parts = text.split(['.', '-', '_']);
    let digits = |part: &str, len| part.len() == len && part.bytes().all(|b| b.is_ascii_digit());
    let first = parts.next().unwrap_or_default();
    let rest: Vec<&str> = parts.collect();
    match first {
        number if digits(number, 6) || digits(number, 8) => rest.is_empty(),
        year if digits(year, 4) && (year.starts_with("19") || year.starts_with("20")) => {
            let week = |part: &str| part.strip_prefix('w').is_some_and(|week| digits(week, 2));
            rest.len() <= 3 && rest.iter().all(|part| digits(part, 2) || week(part))
        }
        _ => false,
    }
}

/// Checks a name by Elasticsearch's rules.
///
/// # Errors
/// With the reason, as Elasticsearch words it.
pub fn check_index_name(name: &str) -> Result<(), String> {
    let invalid = |rule: &str| Err(format!("Invalid index name [{name}], {rule}"));
    if name.starts_with('<') && name.ends_with('>') {
        // Date math is resolved where an index is looked for; only what is stored has to be safe.
        return check_index_name(stream_name(name));
    }
    if name.chars().any(|c| matches!(c, '\\' | '/' | '*' | '?' | '"' | '<' | '>' | '|' | ' ' | ','))
    {
        let characters = r#"[' ','"','*',',','/','<','>','?','\','|']"#;
        return invalid(&format!("must not contain the following characters {characters}"));
    }
    if name.contains(['#', ':']) || name.chars().any(char::is_control) {
        return invalid("must not contain '#', ':' or control characters");
    }
    if name.starts_with(['_', '-', '+']) {
        return invalid("must not start with '_', '-', or '+'");
    }
    if name == "." || name == ".." {
        return invalid("must not be '.' or '..'");
    }
    if name.len() > 255 {
        return invalid("index name is too long");
    }
    if name.chars().any(char::is_uppercase) {
        return invalid("must be lowercase");
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn streams_have_neither_date_nor_number() {
        for (index, stream) in [
            ("logstash-2026.08.22", "logstash"),
            ("logstash-2026.08", "logstash"),
            ("logstash-2026-08-22-10", "logstash"),
            ("logstash-2026.w34", "logstash"),
            ("logs_20260822", "logs"),
            ("app.2026.08.22", "app"),
            ("filebeat-8.15.0-2026.08.22-000001", "filebeat-8.15.0"),
            (".ds-logs-nginx.access-default-2026.08.22-000001", "logs-nginx.access-default"),
            ("logs-nginx.access-default", "logs-nginx.access-default"),
            ("<logstash-{now/d}-000001>", "logstash"),
            ("api-v2-2026.08.22", "api-v2"),
            ("errors-500", "errors-500"),
            ("window", "window"),
            ("2026.08.22", "2026.08.22"),
            ("-000001", "-000001"),
            ("grüße-2026.08.22", "grüße"),
            ("", ""),
        ] {
            assert_eq!(stream_name(index), stream, "{index}");
        }
    }

    #[test]
    fn names_follow_elasticsearchs_rules() {
        for name in ["logs", ".kibana", "a+b", "<logs-{now/d}>", "grüße"] {
            assert_eq!(check_index_name(name), Ok(()), "{name}");
        }
        for name in
            ["Logs", "a/b", "a b", "_x", "..", "a:b", "<../{now}>", "a\0b", &"x".repeat(256)]
        {
            let reason = check_index_name(name).unwrap_err();
            assert!(reason.starts_with("Invalid index name ["), "{reason}");
        }
    }
}
