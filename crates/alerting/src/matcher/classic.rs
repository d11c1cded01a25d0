//! The classic grammar: forgiving about blanks, quotes and backslashes.

use model::{MatchOp, Matcher};

/// Matchers separated by commas outside of quotes, between optional braces.
pub(super) fn parse_all(input: &str) -> Result<Vec<Matcher>, String> {
    let inner = input.strip_prefix('{').unwrap_or(input);
    let inner = inner.strip_suffix('}').unwrap_or(inner);
    let (mut quoted, mut escaped) = (false, false);
    let mut parts = vec![String::new()];
    for c in inner.chars() {
        match c {
            ',' if !quoted => {
                parts.push(String::new());
                continue;
            }
            '"' if escaped => escaped = false,
            '"' => quoted = !quoted,
            '\\' => escaped = !escaped,
            _ => escaped = false,
        }
        if let Some(part) = parts.last_mut() {
            part.push(c);
        }
    }
    if parts.last().is_some_and(|last| last.trim().is_empty()) {
        parts.pop();
    }
    parts.iter().map(|part| parse_one(part)).collect()
}

/// One matcher: a classic name, an operator and a value with or without quotes.
pub(super) fn parse_one(input: &str) -> Result<Matcher, String> {
    let bad = || "expected a name, an operator and a value".to_owned();
    let text = input.trim();
    let is_name = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == ':';
    let name_len = text.find(|c| !is_name(c)).ok_or_else(bad)?;
    let (name, rest) = text.split_at(name_len);
    if name.is_empty() || name.starts_with(|c: char| c.is_ascii_digit()) {
        return Err(bad());
    }
    let rest = rest.trim_start();
    let operators = [
        ("=~", MatchOp::Regex),
        ("!~", MatchOp::NotRegex),
        ("!=", MatchOp::NotEqual),
        ("=", MatchOp::Equal),
    ];
    let (op, raw) = operators
        .iter()
        .find_map(|(sign, op)| Some((*op, rest.strip_prefix(sign)?.trim_start())))
        .ok_or_else(bad)?;
    Matcher::new(name, op, &unescape(raw)?).map_err(|error| error.to_string())
}

fn unescape(raw: &str) -> Result<String, String> {
    let unescaped_quote = || format!("matcher value contains unescaped double quote: {raw}");
    let (mut open, body) = match raw.strip_prefix('"') {
        Some(body) => (true, body),
        None => (false, raw),
    };
    let mut value = String::with_capacity(body.len());
    let mut rest = body.chars();
    while let Some(c) = rest.next() {
        match c {
            '\\' => match rest.next() {
                Some('n') => value.push('\n'),
                Some(c @ ('"' | '\\')) => value.push(c),
                // A backslash that escapes nothing stands for itself.
                Some(c) => value.extend(['\\', c]),
                None => value.push('\\'),
            },
            '"' if open && rest.as_str().is_empty() => open = false,
            '"' => return Err(unescaped_quote()),
            c => value.push(c),
        }
    }
    if open { Err(unescaped_quote()) } else { Ok(value) }
}
