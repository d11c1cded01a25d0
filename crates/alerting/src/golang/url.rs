//! Query escaping: `url.QueryEscape` and `url.QueryUnescape`.

/// The text as it may stand in a query: spaces become `+`.
pub(crate) fn query_escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => {
                out.push(char::from(byte));
            }
            b' ' => out.push('+'),
            byte => out.push_str(&format!("%{byte:02X}")),
        }
    }
    out
}

/// The text that was escaped.
///
/// # Errors
/// When a `%` is not followed by two hexadecimal digits; the error quotes the place.
pub(crate) fn query_unescape(text: &str) -> Result<String, String> {
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut position = 0;
    while let Some(byte) = bytes.get(position) {
        position += 1;
        match byte {
            b'+' => out.push(b' '),
            b'%' => {
                let digit = |at: usize| char::from(*bytes.get(at)?).to_digit(16);
                let (Some(high), Some(low)) = (digit(position), digit(position + 1)) else {
                    let shown: String = text[position - 1..].chars().take(3).collect();
                    return Err(format!("invalid URL escape {shown:?}"));
                };
                out.push((high * 16 + low) as u8);
                position += 2;
            }
            byte => out.push(*byte),
        }
    }
    String::from_utf8(out).map_err(|_| "the unescaped text is not UTF-8".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_ways() {
        assert_eq!(query_escape("a b&c=ä/~"), "a+b%26c%3D%C3%A4%2F~");
        assert_eq!(query_unescape("a+b%26c%3d%C3%A4").as_deref(), Ok("a b&c=ä"));
        assert_eq!(query_unescape("x%2"), Err("invalid URL escape \"%2\"".to_owned()));
        assert!(query_unescape("%ff").is_err());
    }
}
