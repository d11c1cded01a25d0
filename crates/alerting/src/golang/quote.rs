//! Quoted strings and characters: `strconv.Unquote` and `strconv.QuoteRune`.

use model::Quoted;

/// A character in single quotes with Go's escapes.
pub(crate) fn quote_char(c: char) -> String {
    let text = match c {
        '"' => c.to_string(),
        '\'' => r"\'".to_owned(),
        c => Quoted(c.encode_utf8(&mut [0; 4])).to_string().trim_matches('"').to_owned(),
    };
    format!("'{text}'")
}

/// The text that a quoted literal stands for: `"…"` with escapes, `` `…` `` raw, or `'c'`.
///
/// `None` when it is not a literal, or not valid UTF-8.
pub(crate) fn unquote(literal: &str) -> Option<String> {
    let quote = literal.chars().next()?;
    let inner = literal.strip_prefix(quote)?.strip_suffix(quote)?;
    match quote {
        '`' if !inner.contains('`') => Some(inner.replace('\r', "")),
        '"' => unescape(inner, '"'),
        '\'' => unescape(inner, '\'').filter(|text| text.chars().count() == 1),
        _ => None,
    }
}

fn unescape(inner: &str, quote: char) -> Option<String> {
    let mut out = Vec::with_capacity(inner.len());
    let mut rest = inner.chars();
    while let Some(c) = rest.next() {
        if c == '\n' || c == quote {
            return None;
        }
        if c != '\\' {
            out.extend(c.encode_utf8(&mut [0; 4]).bytes());
            continue;
        }
        let plain = match rest.next()? {
            'a' => 7,
            'b' => 8,
            'f' => 12,
            'n' => b'\n',
            'r' => b'\r',
            't' => b'\t',
            'v' => 11,
            '\\' => b'\\',
            'x' => u8::try_from(digits(&mut rest, 2, 16)?).ok()?,
            'u' => {
                push_code(&mut out, digits(&mut rest, 4, 16)?)?;
                continue;
            }
            'U' => {
                push_code(&mut out, digits(&mut rest, 8, 16)?)?;
                continue;
            }
            first @ '0'..='7' => {
                let high = first.to_digit(8)?;
                u8::try_from(high * 64 + digits(&mut rest, 2, 8)?).ok()?
            }
            c if c == quote => u8::try_from(quote).ok()?,
            _ => return None,
        };
        out.push(plain);
    }
    String::from_utf8(out).ok()
}

fn digits(rest: &mut std::str::Chars<'_>, count: usize, radix: u32) -> Option<u32> {
    let mut value: u32 = 0;
    for _ in 0..count {
        value = value.checked_mul(radix)?.checked_add(rest.next()?.to_digit(radix)?)?;
    }
    Some(value)
}

fn push_code(out: &mut Vec<u8>, code: u32) -> Option<()> {
    out.extend(char::from_u32(code)?.encode_utf8(&mut [0; 4]).bytes());
    Some(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_ways() {
        for text in ["plain", "a\"b\\c\n\t\u{7}", "\u{1}\u{7f}", "ä€😀", "\u{a0}\u{e0001}"] {
            assert_eq!(unquote(&Quoted(text).to_string()).as_deref(), Some(text));
        }
        for (c, quoted) in [('a', "'a'"), ('\'', r"'\''"), ('"', "'\"'"), ('\n', r"'\n'")] {
            assert_eq!(quote_char(c), quoted);
        }
    }

    #[test]
    fn literals() {
        assert_eq!(unquote("`a\\n\r`").as_deref(), Some("a\\n"));
        assert_eq!(unquote(r"'\''").as_deref(), Some("'"));
        assert_eq!(unquote(r#""\xc3\xa4\101\U0001F600""#).as_deref(), Some("äA😀"));
        for bad in [r#""\xff""#, r#""\q""#, r#""a"b""#, "'ab'", "\"", "", "\"a\nb\"", r#""\'""#] {
            assert_eq!(unquote(bad), None, "{bad}");
        }
    }
}
