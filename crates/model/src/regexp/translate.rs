//! From RE2's syntax (<https://github.com/google/re2/wiki/Syntax>) to that of the `regex` crate.
//!
//! Both read nearly the same language. They differ in classes (RE2's are ASCII), in what stands
//! for itself (`{` that starts no repetition, `&&` and `[` inside a class), in `\Q…\E`, octal
//! escapes, the flags that exist, and in that RE2 refuses a repetition of a repetition.

mod class;

use std::iter::Peekable;
use std::str::CharIndices;

/// RE2 refuses larger repetitions, also when they arise from nested ones.
const REPEAT_MAX: u64 = 1000;

/// The same pattern for the `regex` crate, or why it is not RE2 syntax, in Go's words.
pub(super) fn to_rust(pattern: &str) -> Result<String, String> {
    let mut translator = Translator {
        pattern,
        input: pattern.char_indices().peekable(),
        out: String::with_capacity(pattern.len() + 8),
        groups: Vec::new(),
        last: Last::Nothing,
        repeats: 1,
    };
    translator.run()?;
    Ok(translator.out)
}

/// What a repetition operator would apply to.
#[derive(Clone, Copy)]
enum Last {
    /// The start of the pattern, a group or an alternative.
    Nothing,
    /// Something that itself repeats up to so many times.
    Atom(u64),
    /// A repetition, which began at this byte.
    Repetition(usize, u64),
}

struct Translator<'a> {
    pattern: &'a str,
    input: Peekable<CharIndices<'a>>,
    out: String,
    /// The state outside each open group: what its repetitions had reached.
    groups: Vec<u64>,
    last: Last,
    /// How often anything in this group repeats at most.
    repeats: u64,
}

impl Translator<'_> {
    fn run(&mut self) -> Result<(), String> {
        while let Some((start, c)) = self.input.next() {
            match c {
                '\\' => self.escape(start)?,
                '[' => {
                    self.class(start)?;
                    self.atom(1);
                }
                '*' | '+' | '?' => {
                    self.repeat(start, c.encode_utf8(&mut [0; 4]), u64::from(c == '?'))?;
                }
                '{' => self.counted(start)?,
                '}' | ']' => {
                    self.out.push('\\');
                    self.push_atom(c);
                }
                '(' => self.open(start)?,
                ')' => self.close()?,
                '|' => {
                    self.finish_atom();
                    self.last = Last::Nothing;
                    self.out.push(c);
                }
                other => self.push_atom(other),
            }
        }
        if self.groups.is_empty() {
            Ok(())
        } else {
            Err(format!("missing closing ): `{}`", self.pattern))
        }
    }

    fn push_atom(&mut self, c: char) {
        self.out.push(c);
        self.atom(1);
    }

    fn atom(&mut self, repeats: u64) {
        self.finish_atom();
        self.last = Last::Atom(repeats);
    }

    fn finish_atom(&mut self) {
        if let Last::Repetition(_, repeats) | Last::Atom(repeats) = self.last {
            self.repeats = self.repeats.max(repeats);
        }
    }

    /// A repetition operator, written as in the output; `max` is how often it repeats, 0 for
    /// without end, which like once does not count towards the limit.
    fn repeat(&mut self, start: usize, operator: &str, max: u64) -> Result<(), String> {
        let end = self.position();
        let inner = match self.last {
            Last::Nothing => {
                let text = &self.pattern[start..end];
                return Err(format!("missing argument to repetition operator: `{text}`"));
            }
            Last::Repetition(first, _) => {
                let text = &self.pattern[first..end];
                return Err(format!("invalid nested repetition operator: `{text}`"));
            }
            Last::Atom(inner) => inner,
        };
        let repeats = max.max(1) * inner;
        if max > 1 && repeats > REPEAT_MAX {
            return Err(format!("invalid repeat count: `{}`", &self.pattern[start..end]));
        }
        self.out.push_str(operator);
        if self.input.next_if(|(_, c)| *c == '?').is_some() {
            self.out.push('?');
        }
        self.last = Last::Repetition(start, repeats);
        Ok(())
    }

    /// `{n}`, `{n,}` or `{n,m}` after its `{`; anything else stands for itself.
    fn counted(&mut self, start: usize) -> Result<(), String> {
        let body = &self.pattern[start + 1..];
        let counts = body.split_once('}').map(|(counts, _)| counts);
        let is_number = |text: &str| {
            text.bytes().all(|b| b.is_ascii_digit())
                && (text == "0" || !text.is_empty() && !text.starts_with('0'))
        };
        let (low, high) = match counts.map(|counts| (counts, counts.split_once(','))) {
            Some((low, None)) if is_number(low) => (low, low),
            Some((_, Some((low, "")))) if is_number(low) => (low, ""),
            Some((_, Some((low, high)))) if is_number(low) && is_number(high) => (low, high),
            _ => {
                self.out.push('\\');
                self.push_atom('{');
                return Ok(());
            }
        };
        let length = counts.map_or(0, str::len) + 1;
        self.input.nth(length - 1);
        let text = &self.pattern[start..start + 1 + length];
        let count = |text: &str| text.parse::<u64>().ok().filter(|n| *n <= REPEAT_MAX);
        let max = if high.is_empty() { count(low) } else { count(high) };
        let (Some(min), Some(max)) = (count(low), max) else {
            return Err(format!("invalid repeat count: `{text}`"));
        };
        if !high.is_empty() && min > max {
            return Err(format!("invalid repeat count: `{text}`"));
        }
        self.repeat(start, text, max)
    }

    /// `(` and what may follow it: a name or the flags RE2 has.
    fn open(&mut self, start: usize) -> Result<(), String> {
        self.finish_atom();
        self.out.push('(');
        if self.input.next_if(|(_, c)| *c == '?').is_some() {
            self.out.push('?');
            if matches!(self.input.peek(), Some((_, 'P' | '<'))) {
                self.name(start)?;
            } else if !self.flags(start)? {
                // `(?i)` changes flags and opens nothing.
                self.last = Last::Nothing;
                return Ok(());
            }
        }
        self.groups.push(self.repeats);
        self.repeats = 1;
        self.last = Last::Nothing;
        Ok(())
    }

    /// `?P<name>` or `?<name>` after the question mark.
    fn name(&mut self, start: usize) -> Result<(), String> {
        let rest = &self.pattern[start..];
        let end = rest.find('>').map_or(rest.len(), |end| end + 1);
        let name =
            rest.find('<').filter(|open| open + 1 < end).map(|open| &rest[open + 1..end - 1]);
        let valid = |name: &&str| {
            !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
        };
        let opening = rest.starts_with("(?P<") || rest.starts_with("(?<");
        if !opening || !rest[..end].ends_with('>') || name.filter(valid).is_none() {
            return Err(format!("invalid named capture: `{}`", &rest[..end]));
        }
        self.out.push_str(&rest["(?".len()..end]);
        self.input.nth(end - "(?".len() - 1);
        Ok(())
    }

    /// Flags after `(?`; says whether a group opens, which it does after a colon.
    fn flags(&mut self, start: usize) -> Result<bool, String> {
        for (_, c) in self.input.by_ref() {
            match c {
                'i' | 'm' | 's' | 'U' | '-' => self.out.push(c),
                ':' | ')' => {
                    self.out.push(c);
                    return Ok(c == ':');
                }
                _ => break,
            }
        }
        let text = &self.pattern[start..self.position()];
        Err(format!("invalid or unsupported Perl syntax: `{text}`"))
    }

    fn close(&mut self) -> Result<(), String> {
        self.finish_atom();
        let Some(outside) = self.groups.pop() else {
            return Err(format!("unexpected ): `{}`", self.pattern));
        };
        self.out.push(')');
        self.last = Last::Atom(self.repeats);
        self.repeats = outside;
        Ok(())
    }

    /// What follows a backslash outside a class.
    fn escape(&mut self, start: usize) -> Result<(), String> {
        match self.input.peek().map(|(_, c)| *c) {
            Some('Q') => {
                self.input.next();
                self.literal();
                return Ok(());
            }
            Some(c @ ('b' | 'B')) => {
                self.input.next();
                self.out.push_str(&format!(r"(?-u:\{c})"));
            }
            Some(c @ ('A' | 'z')) => {
                self.input.next();
                self.out.push('\\');
                self.out.push(c);
            }
            _ => {
                if let Some(members) = self.class_escape(start)? {
                    self.out.push_str(&format!("[{members}]"));
                } else {
                    let c = self.character_escape(start)?;
                    self.out.push_str(&regex::escape(c.encode_utf8(&mut [0; 4])));
                }
            }
        }
        self.atom(1);
        Ok(())
    }

    /// `\Q…\E`: everything up to the end stands for itself.
    fn literal(&mut self) {
        while let Some((_, c)) = self.input.next() {
            if c == '\\' && self.input.next_if(|(_, c)| *c == 'E').is_some() {
                return;
            }
            self.out.push_str(&regex::escape(c.encode_utf8(&mut [0; 4])));
            self.atom(1);
        }
    }

    /// The byte the next character begins at.
    fn position(&mut self) -> usize {
        self.input.peek().map_or(self.pattern.len(), |(position, _)| *position)
    }
}
