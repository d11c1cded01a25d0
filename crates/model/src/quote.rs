//! Quoted text as Go writes it: the form PromQL, label sets and their errors are printed in.

use std::fmt;

/// Displays a text in double quotes with Go's escapes (`strconv.Quote`), which PromQL reads back.
#[derive(Clone, Copy, Debug)]
pub struct Quoted<'a>(pub &'a str);

impl fmt::Display for Quoted<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("\"")?;
        let mut plain_from = 0;
        for (position, c) in self.0.char_indices() {
            if c != '"' && c != '\\' && is_printable(c) {
                continue;
            }
            f.write_str(&self.0[plain_from..position])?;
            plain_from = position + c.len_utf8();
            match c {
                '"' | '\\' => write!(f, "\\{c}")?,
                '\x07' => f.write_str("\\a")?,
                '\x08' => f.write_str("\\b")?,
                '\x0c' => f.write_str("\\f")?,
                '\n' => f.write_str("\\n")?,
                '\r' => f.write_str("\\r")?,
                '\t' => f.write_str("\\t")?,
                '\x0b' => f.write_str("\\v")?,
                c if c < ' ' || c == '\x7f' => write!(f, "\\x{:02x}", u32::from(c))?,
                c if u32::from(c) <= 0xffff => write!(f, "\\u{:04x}", u32::from(c))?,
                c => write!(f, "\\U{:08x}", u32::from(c))?,
            }
        }
        f.write_str(&self.0[plain_from..])?;
        f.write_str("\"")
    }
}

/// Whether Go shows a character as it is: letters, marks, numbers, punctuation, symbols and the
/// ASCII space.
pub fn is_printable(c: char) -> bool {
    // Rust escapes the same characters for debugging; behind a letter, marks stay as they are.
    matches!(c, ' '..='~')
        || (!c.is_ascii()
            && (c.is_alphanumeric() || {
                let text = String::from_iter(['a', c]);
                text.escape_debug().eq(text.chars())
            }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_are_those_of_go() {
        for (text, quoted) in [
            ("", r#""""#),
            ("a'b ü✓", r#""a'b ü✓""#),
            ("a\"b\\c\n\t\r", r#""a\"b\\c\n\t\r""#),
            ("\0\x07\x08\x0b\x0c\x1b\x7f", r#""\x00\a\b\v\f\x1b\x7f""#),
            ("\u{a0}\u{200b}\u{feff}", r#""\u00a0\u200b\ufeff""#),
            ("e\u{301}", "\"e\u{301}\""),
            ("\u{10ffff}", r#""\U0010ffff""#),
        ] {
            assert_eq!(Quoted(text).to_string(), quoted);
        }
    }
}
