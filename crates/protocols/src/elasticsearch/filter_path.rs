//! The parameter `filter_path`, which leaves parts of an answer out.

use serde_json::{Map, Value};

/// Patterns that are looked at; nobody sends as many.
const PATTERNS_MAX: usize = 32;

/// Keeps what the comma-separated paths name, or, of paths behind a minus sign, the rest.
///
/// A path is names joined with dots; `*` stands for any part of a name, `**` for any number of names.
/// Arrays are passed through, and what is left empty is left out.
pub fn filter_path(json: Value, paths: &str) -> Value {
    let split = |path: &'_ str| path.split('.').map(str::to_owned).collect::<Vec<_>>();
    let paths: Vec<&str> = paths
        .split(',')
        .map(str::trim)
        .filter(|path| !path.is_empty())
        .take(PATTERNS_MAX)
        .collect();
    let included: Vec<_> =
        paths.iter().filter(|path| !path.starts_with('-')).map(|path| split(path)).collect();
    let excluded: Vec<_> =
        paths.iter().filter_map(|path| path.strip_prefix('-')).map(split).collect();
    let views = |patterns: &[Vec<String>]| -> Vec<Vec<String>> { patterns.to_vec() };
    let mut json = json;
    if !included.is_empty() {
        json = keep(json, &views(&included)).unwrap_or_else(|| Value::Object(Map::new()));
    }
    if !excluded.is_empty() {
        json = remove(json, &views(&excluded)).unwrap_or_else(|| Value::Object(Map::new()));
    }
    json
}

/// The patterns that are left behind a name; an empty one has matched.
fn behind(patterns: &[Vec<String>], name: &str) -> Vec<Vec<String>> {
    let mut left = Vec::new();
    for pattern in patterns {
        match pattern.split_first() {
            Some((first, rest)) if first == "**" => {
                left.push(pattern.clone());
                left.extend(behind(&[rest.to_vec()], name));
            }
            Some((first, rest)) if matches(first, name) => left.push(rest.to_vec()),
            _ => {}
        }
    }
    left.sort_unstable();
    left.dedup();
    left
}

/// Whether a pattern with stars matches a whole name.
fn matches(pattern: &str, name: &str) -> bool {
    let mut parts = pattern.split('*');
    let Some(mut rest) = name.strip_prefix(parts.next().unwrap_or_default()) else { return false };
    let mut parts = parts.peekable();
    if parts.peek().is_none() {
        return rest.is_empty();
    }
    while let Some(part) = parts.next() {
        if parts.peek().is_none() {
            return rest.ends_with(part);
        }
        match rest.find(part) {
            Some(at) => rest = &rest[at + part.len()..],
            None => return false,
        }
    }
    true
}

/// Whether one of the patterns needs no further name.
fn matched(patterns: &[Vec<String>]) -> bool {
    patterns.iter().any(|pattern| pattern.iter().all(|part| part == "**"))
}

fn keep(json: Value, patterns: &[Vec<String>]) -> Option<Value> {
    if matched(patterns) {
        return Some(json);
    }
    match json {
        Value::Object(members) => {
            let kept: Map<_, _> = members
                .into_iter()
                .filter_map(|(name, value)| {
                    let value = keep(value, &behind(patterns, &name))?;
                    Some((name, value))
                })
                .collect();
            (!kept.is_empty()).then_some(Value::Object(kept))
        }
        Value::Array(elements) => {
            let kept: Vec<_> = elements.into_iter().filter_map(|v| keep(v, patterns)).collect();
            (!kept.is_empty()).then_some(Value::Array(kept))
        }
        _ => None,
    }
}

fn remove(json: Value, patterns: &[Vec<String>]) -> Option<Value> {
    if patterns.is_empty() {
        return Some(json);
    }
    if matched(patterns) {
        return None;
    }
    Some(match json {
        Value::Object(members) => Value::Object(
            members
                .into_iter()
                .filter_map(|(name, value)| {
                    let value = remove(value, &behind(patterns, &name))?;
                    Some((name, value))
                })
                .collect(),
        ),
        Value::Array(elements) => {
            Value::Array(elements.into_iter().filter_map(|v| remove(v, patterns)).collect())
        }
        scalar => scalar,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(paths: &str, expected: &str) {
        let json = r#"{"took":1,"errors":true,"items":[{"index":{"_id":"1","status":201}},
            {"index":{"_id":"2","status":400,"error":{"type":"t","reason":"r"}}}]}"#;
        let json = serde_json::from_str(json).unwrap();
        assert_eq!(filter_path(json, paths).to_string(), expected, "{paths}");
    }

    #[test]
    fn paths_name_what_is_kept() {
        check("errors", r#"{"errors":true}"#);
        check(
            "errors,items.*.error,items.*.status",
            concat!(
                r#"{"errors":true,"items":[{"index":{"status":201}},"#,
                r#"{"index":{"error":{"reason":"r","type":"t"},"status":400}}]}"#,
            ),
        );
        check("items.*.error.type", r#"{"items":[{"index":{"error":{"type":"t"}}}]}"#);
        check("**.reason", r#"{"items":[{"index":{"error":{"reason":"r"}}}]}"#);
        check("t*k", r#"{"took":1}"#);
        check("nothing", "{}");
        check("took,-took", "{}");
        check(
            "-items.**.error,-took,-items.index._id",
            r#"{"errors":true,"items":[{"index":{"status":201}},{"index":{"status":400}}]}"#,
        );
    }

    #[test]
    fn stars_match_parts_of_names() {
        for (pattern, name, expected) in [
            ("*", "any", true),
            ("a*", "abc", true),
            ("*c", "abc", true),
            ("a*b*c", "axxbyyc", true),
            ("a*b*c", "axxc", false),
            ("abc", "abcd", false),
            ("a*a", "a", false),
        ] {
            assert_eq!(matches(pattern, name), expected, "{pattern} {name}");
        }
    }
}
