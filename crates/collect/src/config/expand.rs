//! `$NAME` and `${NAME}` in texts, as Go's `os.Expand` reads them.

/// Replaces each variable by what `value` says of it; `$$` is a dollar sign.
pub(super) fn expand(text: &str, mut value: impl FnMut(&str) -> String) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(dollar) = rest.find('$') {
        out.push_str(&rest[..dollar]);
        rest = &rest[dollar + 1..];
        let (name, consumed) = name(rest);
        match name {
            Some("$") => out.push('$'),
            Some(name) => out.push_str(&value(name)),
            // A sign that begins no name stays; `${}` and an open brace vanish.
            None if consumed == 0 => out.push('$'),
            None => {}
        }
        rest = &rest[consumed..];
    }
    out.push_str(rest);
    out
}

/// The name at the beginning of a text, and how many bytes it takes with its braces.
fn name(text: &str) -> (Option<&str>, usize) {
    let is_special = |c: char| "*#$@!?-".contains(c) || c.is_ascii_digit();
    if let Some(inner) = text.strip_prefix('{') {
        return match inner.find('}') {
            None => (None, 1),
            Some(0) => (None, 2),
            Some(end) => (Some(&inner[..end]), end + 2),
        };
    }
    if text.starts_with(is_special) {
        return (Some(&text[..1]), 1);
    }
    let end = text.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(text.len());
    (Some(&text[..end]).filter(|name| !name.is_empty()), end)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn as_go_expands() {
        let value = |name: &str| format!("<{name}>");
        for (text, expected) in [
            ("bar", "bar"),
            ("foo$TEST", "foo<TEST>"),
            ("foo${TEST}bar", "foo<TEST>bar"),
            ("a$$b", "a$b"),
            ("$1a", "<1>a"),
            ("100$", "100$"),
            ("$ x", "$ x"),
            ("a${}b", "ab"),
            ("a${b", "ab"),
            ("ä$Ä", "ä$Ä"),
        ] {
            assert_eq!(expand(text, value), expected, "{text}");
        }
    }
}
