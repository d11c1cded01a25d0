//! From RE2's syntax (<https://github.com/google/re2/wiki/Syntax>) to that of the `regex` crate.
//!
//! Both read nearly the same language. They differ in classes (RE2's are ASCII), in what stands
//! for itself (`{` that starts no repetition, `&&` and `[` inside a class), in `\Q…\E`, octal
//! escapes and the flags that exist.

use std::iter::Peekable;
use std::str::Chars;

/// RE2 refuses larger repetitions.
const REPEAT_MAX: u32 = 1000;

type Input<'a> = Peekable<Chars<'a>>;

/// The same pattern for the `regex` crate, or why it is not RE2 syntax.
pub(super) fn to_rust(pattern: &str) -> Result<String, String> {
    let mut out = String::with_capacity(pattern.len() + 8);
    let mut input = pattern.chars().peekable();
    while let Some(c) = input.next() {
        match c {
            '\\' => escape(&mut input, &mut out, false)?,
            '[' => class(&mut input, &mut out)?,
            '{' => repetition(&mut input, &mut out)?,
            '}' => out.push_str(r"\}"),
            ']' => out.push_str(r"\]"),
            '(' if input.peek() == Some(&'?') => group(&mut input, &mut out)?,
            other => out.push(other),
        }
    }
    Ok(out)
}

/// What follows a backslash.
fn escape(input: &mut Input<'_>, out: &mut String, in_class: bool) -> Result<(), String> {
    let Some(c) = input.next() else {
        return Err("trailing backslash at end of expression".to_owned());
    };
    match c {
        'd' | 's' | 'w' => {
            let members = perl_class(c);
            out.push_str(&if in_class { members.to_owned() } else { format!("[{members}]") });
        }
        'D' | 'S' | 'W' => {
            out.push_str("[^");
            out.push_str(perl_class(c.to_ascii_lowercase()));
            out.push(']');
        }
        'b' | 'B' if !in_class => out.push_str(&format!(r"(?-u:\{c})")),
        'Q' if !in_class => literal(input, out),
        '0'..='7' => octal(c, input, out)?,
        'x' | 'p' | 'P' | 'a' | 'f' | 'n' | 'r' | 't' | 'v' => {
            out.push('\\');
            out.push(c);
        }
        'A' | 'z' if !in_class => {
            out.push('\\');
            out.push(c);
        }
        c if c.is_ascii_alphanumeric() => return Err(format!(r"invalid escape sequence: `\{c}`")),
        c => out.push_str(&regex::escape(&c.to_string())),
    }
    Ok(())
}

fn perl_class(letter: char) -> &'static str {
    match letter {
        'd' => "0-9",
        's' => r"\t\n\x0c\r\x20",
        _ => "0-9A-Za-z_",
    }
}

/// `\Q…\E`: everything up to the end stands for itself.
fn literal(input: &mut Input<'_>, out: &mut String) {
    while let Some(c) = input.next() {
        if c == '\\' && input.peek() == Some(&'E') {
            input.next();
            return;
        }
        out.push_str(&regex::escape(&c.to_string()));
    }
}

/// `\0` to `\777`: a single digit other than 0 would be a back reference, which RE2 refuses.
fn octal(first: char, input: &mut Input<'_>, out: &mut String) -> Result<(), String> {
    let mut code = first.to_digit(8).unwrap_or_default();
    let mut digits = 1;
    while let Some(digit) = input.peek().and_then(|c| c.to_digit(8)).filter(|_| digits < 3) {
        code = code * 8 + digit;
        digits += 1;
        input.next();
    }
    if first != '0' && digits == 1 {
        return Err(format!(r"invalid escape sequence: `\{first}`"));
    }
    out.push_str(&format!(r"\x{{{code:x}}}"));
    Ok(())
}

/// A bracketed class, after its `[`.
fn class(input: &mut Input<'_>, out: &mut String) -> Result<(), String> {
    out.push('[');
    if input.peek() == Some(&'^') {
        input.next();
        out.push('^');
    }
    let mut is_first = true;
    while let Some(c) = input.next() {
        match c {
            ']' if !is_first => {
                out.push(']');
                return Ok(());
            }
            '\\' => escape(input, out, true)?,
            '[' if input.peek() == Some(&':') => posix_class(input, out)?,
            '[' | ']' | '&' | '~' => {
                out.push('\\');
                out.push(c);
            }
            other => out.push(other),
        }
        is_first = false;
    }
    Err("missing closing ]".to_owned())
}

/// `[:alpha:]` inside a class, after its `[`; without an end the bracket stands for itself.
fn posix_class(input: &mut Input<'_>, out: &mut String) -> Result<(), String> {
    let rest: String = input.clone().collect();
    match rest[1..].find(":]") {
        Some(length) => {
            out.push('[');
            out.push_str(&rest[..length + 3]);
            let taken = rest[..length + 3].chars().count();
            input.nth(taken - 1);
            Ok(())
        }
        None => {
            out.push_str(r"\[");
            Ok(())
        }
    }
}

/// `{n}`, `{n,}` or `{n,m}` after its `{`; anything else stands for itself.
fn repetition(input: &mut Input<'_>, out: &mut String) -> Result<(), String> {
    let rest: String = input.clone().take_while(|c| *c != '}').collect();
    let closed = input.clone().any(|c| c == '}');
    let (low, high) = match rest.split_once(',') {
        Some((low, "")) => (low, low),
        Some((low, high)) => (low, high),
        None => (rest.as_str(), rest.as_str()),
    };
    let is_number = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    if !closed || !is_number(low) || !is_number(high) {
        out.push_str(r"\{");
        return Ok(());
    }
    let too_large = |text: &str| text.parse::<u32>().map_or(true, |n| n > REPEAT_MAX);
    if too_large(low) || too_large(high) {
        return Err(format!("invalid repeat count: `{{{rest}}}`"));
    }
    out.push('{');
    out.push_str(&rest);
    out.push('}');
    input.nth(rest.chars().count());
    Ok(())
}

/// `(?…`: names and the flags RE2 has.
fn group(input: &mut Input<'_>, out: &mut String) -> Result<(), String> {
    out.push('(');
    out.push('?');
    input.next();
    if matches!(input.peek(), Some('P' | '<')) {
        return Ok(());
    }
    for c in input.by_ref() {
        match c {
            'i' | 'm' | 's' | 'U' | '-' => out.push(c),
            ':' | ')' => {
                out.push(c);
                return Ok(());
            }
            _ => break,
        }
    }
    Err("invalid or unsupported Perl syntax".to_owned())
}
