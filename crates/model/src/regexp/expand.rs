//! Replacement texts, read as Go's `regexp.Expand` reads them.

/// Appends `template` to `out` with `$1`, `$name` and `${name}` replaced by what the groups matched
/// and `$$` by a dollar; a group that does not exist is empty, and a dollar before anything else
/// stands for itself.
pub(super) fn expand(template: &str, captures: &regex::Captures<'_>, out: &mut String) {
    let mut rest = template;
    while let Some(position) = rest.find('$') {
        out.push_str(&rest[..position]);
        rest = &rest[position + 1..];
        if let Some(after) = rest.strip_prefix('$') {
            out.push('$');
            rest = after;
            continue;
        }
        let Some((name, after)) = group_name(rest) else {
            out.push('$');
            continue;
        };
        rest = after;
        let is_number = name.bytes().all(|b| b.is_ascii_digit());
        let group = match name.parse::<usize>() {
            Ok(index) if is_number => captures.get(index),
            _ if is_number => None,
            _ => captures.name(name),
        };
        out.push_str(group.map_or("", |group| group.as_str()));
    }
    out.push_str(rest);
}

/// The group named at the start of what follows a dollar, and what comes after it. Without braces
/// the name is as long as possible: `$1x` is the group `1x`.
fn group_name(rest: &str) -> Option<(&str, &str)> {
    let (braced, body) = match rest.strip_prefix('{') {
        Some(body) => (true, body),
        None => (false, rest),
    };
    let end = body.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(body.len());
    let (name, after) = body.split_at(end);
    if name.is_empty() {
        return None;
    }
    if braced { Some((name, after.strip_prefix('}')?)) } else { Some((name, after)) }
}
