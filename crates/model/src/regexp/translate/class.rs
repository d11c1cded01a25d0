//! Bracketed classes and the escapes that also stand in them.

use super::Translator;

/// Names POSIX classes may have; `^` before one negates it.
const POSIX: [&str; 14] = [
    "alnum", "alpha", "ascii", "blank", "cntrl", "digit", "graph", "lower", "print", "punct",
    "space", "upper", "word", "xdigit",
];

impl Translator<'_> {
    /// A bracketed class, after its `[`.
    pub(super) fn class(&mut self, start: usize) -> Result<(), String> {
        self.out.push('[');
        if self.input.next_if(|(_, c)| *c == '^').is_some() {
            self.out.push('^');
        }
        let mut is_first = true;
        loop {
            let Some(&(position, c)) = self.input.peek() else {
                return Err(format!("missing closing ]: `{}`", &self.pattern[start..]));
            };
            if c == ']' && !is_first {
                self.input.next();
                self.out.push(']');
                return Ok(());
            }
            is_first = false;
            if self.pattern[position..].starts_with("[:") && self.posix_class(position)? {
                continue;
            }
            self.member(start, position)?;
        }
    }

    /// `[:alpha:]` inside a class; without an end the bracket stands for itself.
    fn posix_class(&mut self, position: usize) -> Result<bool, String> {
        let Some(length) = self.pattern[position + 2..].find(":]") else {
            return Ok(false);
        };
        let text = &self.pattern[position..position + length + 4];
        let name = text[2..text.len() - 2].trim_start_matches('^');
        if !POSIX.contains(&name) || text.len() - name.len() > 5 {
            return Err(format!("invalid character class range: `{text}`"));
        }
        self.out.push_str(text);
        self.input.nth(text.len() - 1);
        Ok(true)
    }

    /// One character, a range of them, or an escape for several.
    fn member(&mut self, start: usize, member: usize) -> Result<(), String> {
        let is_escape = self.input.next_if(|(_, c)| *c == '\\').is_some();
        if is_escape && let Some(members) = self.class_escape(member)? {
            self.out.push_str(&members);
            return Ok(());
        }
        let low = self.class_character(start, member)?;
        let rest = &self.pattern[self.position()..];
        let mut high = low;
        if rest.starts_with('-') && !rest.starts_with("-]") && rest.len() > 1 {
            self.input.next();
            let position = self.position();
            let _backslash = self.input.next_if(|(_, c)| *c == '\\');
            high = self.class_character(start, position)?;
            if high < low {
                let text = &self.pattern[member..self.position()];
                return Err(format!("invalid character class range: `{text}`"));
            }
        }
        self.out.push_str(&format!(r"\x{{{:x}}}", u32::from(low)));
        if high != low {
            self.out.push_str(&format!(r"-\x{{{:x}}}", u32::from(high)));
        }
        Ok(())
    }

    /// A single character of a class that began at `start`; its backslash is behind us already.
    fn class_character(&mut self, start: usize, position: usize) -> Result<char, String> {
        if self.pattern[position..].starts_with('\\') {
            return self.character_escape(position);
        }
        let missing = || format!("missing closing ]: `{}`", &self.pattern[start..]);
        self.input.next().map(|(_, c)| c).ok_or_else(missing)
    }

    /// An escape for several characters, after its backslash, as members of a class: `\d`, `\pL`.
    /// `None` when it stands for one character.
    pub(super) fn class_escape(&mut self, start: usize) -> Result<Option<String>, String> {
        let Some(&(_, c)) = self.input.peek() else { return Ok(None) };
        let members = match c {
            'd' => "0-9".to_owned(),
            's' => r"\t\n\x0c\r\x20".to_owned(),
            'w' => "0-9A-Za-z_".to_owned(),
            'D' => "[^0-9]".to_owned(),
            'S' => r"[^\t\n\x0c\r\x20]".to_owned(),
            'W' => "[^0-9A-Za-z_]".to_owned(),
            'p' | 'P' => return self.unicode_class(start).map(Some),
            _ => return Ok(None),
        };
        self.input.next();
        Ok(Some(members))
    }

    /// `\pL`, `\p{Greek}` and their negations: `\P…`, `\p{^…}`.
    fn unicode_class(&mut self, start: usize) -> Result<String, String> {
        let rest = &self.pattern[start..];
        let length = if rest[2..].starts_with('{') {
            rest.find('}').map(|end| end + 1)
        } else {
            rest[2..].chars().next().map(|c| 2 + c.len_utf8())
        };
        let length = length.unwrap_or(rest.len());
        let text = &rest[..length];
        let body = text[2..].trim_start_matches('{').trim_end_matches('}');
        let name = body.strip_prefix('^').unwrap_or(body);
        let is_name = !name.is_empty() && name.chars().all(|c| c.is_ascii_alphabetic() || c == '_');
        let negated = text.starts_with(r"\P") != body.starts_with('^');
        let members = format!("\\{}{{{name}}}", if negated { 'P' } else { 'p' });
        if !is_name || regex::Regex::new(&members).is_err() {
            return Err(format!("invalid character class range: `{text}`"));
        }
        self.input.nth(text.chars().count() - 2);
        Ok(members)
    }

    /// An escape for one character, after its backslash.
    pub(super) fn character_escape(&mut self, start: usize) -> Result<char, String> {
        let Some((_, c)) = self.input.next() else {
            return Err("trailing backslash at end of expression: ``".to_owned());
        };
        let character = match c {
            '0'..='7' => self.octal(c),
            'x' => self.hexadecimal(),
            'a' => Some('\x07'),
            'f' => Some('\x0c'),
            'n' => Some('\n'),
            'r' => Some('\r'),
            't' => Some('\t'),
            'v' => Some('\x0b'),
            c if c.is_ascii_punctuation() => Some(c),
            c if c.is_ascii() && !c.is_ascii_alphanumeric() => Some(c),
            _ => None,
        };
        let end = self.position();
        character.ok_or_else(|| format!("invalid escape sequence: `{}`", &self.pattern[start..end]))
    }

    /// `\0` to `\777`: a single digit other than 0 would be a back reference, which RE2 refuses.
    fn octal(&mut self, first: char) -> Option<char> {
        let mut code = first.to_digit(8)?;
        let mut digits = 1;
        while digits < 3 {
            let Some((_, digit)) = self.input.next_if(|(_, c)| c.is_digit(8)) else { break };
            code = code * 8 + digit.to_digit(8)?;
            digits += 1;
        }
        char::from_u32(code).filter(|_| first == '0' || digits > 1)
    }

    /// `\xff` or `\x{10ffff}`.
    fn hexadecimal(&mut self) -> Option<char> {
        let mut code = 0;
        if self.input.next_if(|(_, c)| *c == '{').is_none() {
            for _ in 0..2 {
                code = code * 16
                    + self.input.next_if(|(_, c)| c.is_ascii_hexdigit())?.1.to_digit(16)?;
            }
            return char::from_u32(code);
        }
        let mut digits = 0;
        while let Some((_, digit)) = self.input.next_if(|(_, c)| c.is_ascii_hexdigit()) {
            code = code * 16 + digit.to_digit(16)?;
            digits += 1;
            if code > u32::from(char::MAX) {
                return None;
            }
        }
        self.input.next_if(|(_, c)| *c == '}').filter(|_| digits > 0)?;
        char::from_u32(code)
    }
}
