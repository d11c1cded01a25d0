//! Go's `fmt.Sprintf`: flags, width, precision, argument indexes, and its notes on mistakes.

mod verb;

use super::Value;
use super::print::Bounded;
use verb::write_verb;

/// Wider or more precise than this, Go notes a mistake.
const WIDTH_MAX: i64 = 1_000_000;

/// What stands between `%` and the verb.
#[derive(Clone, Copy, Debug, Default)]
struct Spec {
    plus: bool,
    minus: bool,
    sharp: bool,
    space: bool,
    zero: bool,
    width: Option<usize>,
    precision: Option<usize>,
    /// `%+v`: the fields of structs have names.
    named: bool,
    /// `%#v`: as in Go's source.
    as_source: bool,
    /// Within a note of a mistake, where values show what lies beneath their words.
    in_note: bool,
}

/// The arguments and which of them is next.
struct Arguments<'a> {
    values: &'a [Value],
    next: usize,
    reordered: bool,
    /// Whether an explicit index was good.
    good_index: bool,
}

/// Formats the arguments.
///
/// # Errors
/// When the text has more than `limit` bytes; mistakes in the format are noted in the text.
pub(super) fn format(format: &str, values: &[Value], limit: usize) -> Result<String, String> {
    let mut out = Bounded::new(limit);
    let mut arguments = Arguments { values, next: 0, reordered: false, good_index: true };
    let mut rest = format;
    while let Some(at) = rest.find('%') {
        out.push(&rest[..at])?;
        rest = &rest[at + 1..];
        directive(&mut out, &mut rest, &mut arguments)?;
    }
    out.push(rest)?;
    if !arguments.reordered && arguments.next < values.len() {
        out.push("%!(EXTRA ")?;
        for (position, value) in values[arguments.next..].iter().enumerate() {
            out.push(if position > 0 { ", " } else { "" })?;
            match value {
                Value::Nil => out.push("<nil>")?,
                value => {
                    out.push(value.type_name())?;
                    out.push("=")?;
                    write_verb(&mut out, value, 'v', Spec::default())?;
                }
            }
        }
        out.push(")")?;
    }
    Ok(out.into_text())
}

/// One `%…` directive, whose percent sign is taken.
fn directive(
    out: &mut Bounded,
    rest: &mut &str,
    arguments: &mut Arguments<'_>,
) -> Result<(), String> {
    let mut spec = flags(rest);
    arguments.good_index = true;
    let mut after_index = arguments.index(rest);
    if let Some(tail) = rest.strip_prefix('*') {
        *rest = tail;
        match arguments.star() {
            Some(width) => {
                spec.minus |= width < 0;
                spec.width = usize::try_from(width.unsigned_abs()).ok();
            }
            None => out.push("%!(BADWIDTH)")?,
        }
        after_index = false;
    } else {
        spec.width = number(rest);
        if after_index && spec.width.is_some() {
            arguments.good_index = false;
        }
    }
    if let Some(tail) = rest.strip_prefix('.') {
        *rest = tail;
        if after_index {
            arguments.good_index = false;
        }
        after_index = arguments.index(rest);
        if let Some(tail) = rest.strip_prefix('*') {
            *rest = tail;
            match arguments.star() {
                Some(precision) if precision >= 0 => {
                    spec.precision = usize::try_from(precision).ok();
                }
                Some(_) => spec.precision = None,
                None => out.push("%!(BADPREC)")?,
            }
            after_index = false;
        } else {
            spec.precision = Some(number(rest).unwrap_or(0));
        }
    }
    if !after_index {
        arguments.index(rest);
    }
    let Some(verb) = rest.chars().next() else { return out.push("%!(NOVERB)") };
    *rest = &rest[verb.len_utf8()..];
    // Minus pads with blanks to the right, which leaves zeros no place.
    spec.zero &= !spec.minus;
    if verb == '%' {
        return out.push("%");
    }
    if verb == 'v' {
        spec.named = std::mem::take(&mut spec.plus);
        spec.as_source = std::mem::take(&mut spec.sharp);
    }
    if !arguments.good_index {
        return out.push(&format!("%!{verb}(BADINDEX)"));
    }
    match arguments.values.get(arguments.next) {
        None => out.push(&format!("%!{verb}(MISSING)")),
        Some(value) => {
            arguments.next += 1;
            write_verb(out, value, verb, spec)
        }
    }
}

fn flags(rest: &mut &str) -> Spec {
    let mut spec = Spec::default();
    while let Some(c) = rest.chars().next() {
        match c {
            '+' => spec.plus = true,
            '-' => spec.minus = true,
            '#' => spec.sharp = true,
            ' ' => spec.space = true,
            '0' => spec.zero = true,
            _ => break,
        }
        *rest = &rest[1..];
    }
    spec
}

impl Arguments<'_> {
    /// Takes `[n]` and makes the n-th argument the next; whether it was there.
    fn index(&mut self, rest: &mut &str) -> bool {
        let Some(inner) = rest.strip_prefix('[') else { return false };
        self.reordered = true;
        let Some((index, tail)) = inner.split_once(']') else {
            (self.good_index, *rest) = (false, &rest[1..]);
            return false;
        };
        *rest = tail;
        match index.parse::<usize>() {
            Ok(index) if (1..=self.values.len()).contains(&index) => self.next = index - 1,
            _ => self.good_index = false,
        }
        true
    }

    /// The next argument as a width or precision.
    fn star(&mut self) -> Option<i64> {
        let value = self.values.get(self.next)?;
        self.next += 1;
        match value {
            Value::Int(value) if value.abs() <= WIDTH_MAX => Some(*value),
            _ => None,
        }
    }
}

/// Digits, when there are any; more than [`WIDTH_MAX`] count as none.
fn number(rest: &mut &str) -> Option<usize> {
    let len = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
    let (digits, tail) = rest.split_at(len);
    *rest = tail;
    digits.parse().ok().filter(|n: &i64| *n <= WIDTH_MAX).and_then(|n| usize::try_from(n).ok())
}

#[cfg(test)]
mod tests;
