//! Lucene's ranges: `[1 TO 5}`, `>=5`.

use store::Range;

use super::lexer::{escaped, phrase, term};
use crate::error::SyntaxError;
use crate::scanner::Scanner;

/// A range between brackets that comes next; a square bracket includes its bound, a curly one does
/// not, and `*` leaves a side open.
pub(super) fn between(scanner: &mut Scanner) -> Result<Range, SyntaxError> {
    let start = scanner.position();
    let lower_inclusive = scanner.next() == Some('[');
    let lower = bound(scanner, start)?;
    scanner.skip_whitespace();
    if !scanner.eat("TO") || scanner.peek().is_some_and(|c| !c.is_whitespace()) {
        return Err(malformed(scanner, start, "expected `TO` in the range"));
    }
    let upper = bound(scanner, start)?;
    scanner.skip_whitespace();
    let upper_inclusive = match scanner.next() {
        Some(']') => true,
        Some('}') => false,
        _ => return Err(malformed(scanner, start, "expected `]` or `}` behind the range")),
    };
    Ok(Range {
        lower: lower.map(|value| (value, lower_inclusive)),
        upper: upper.map(|value| (value, upper_inclusive)),
    })
}

/// A bound; `None` for an open side.
fn bound(scanner: &mut Scanner, start: usize) -> Result<Option<String>, SyntaxError> {
    scanner.skip_whitespace();
    if scanner.peek() == Some('"') {
        return phrase(scanner).map(Some);
    }
    let mut value = String::new();
    let begin = scanner.position();
    while let Some(c) = scanner.peek() {
        if c.is_whitespace() || matches!(c, ']' | '}') {
            break;
        }
        scanner.next();
        value.push(if c == '\\' { escaped(scanner)? } else { c });
    }
    match scanner.text_since(begin) {
        "" => Err(malformed(scanner, start, "expected a bound in the range")),
        "*" => Ok(None),
        _ => Ok(Some(value)),
    }
}

fn malformed(scanner: &Scanner, start: usize, message: &str) -> SyntaxError {
    SyntaxError::new(scanner.since(start), message)
        .with_hint("write a range as `[1 TO 5]`, `{1 TO 5}`, `[1 TO *]` or `>=1`")
}

/// A comparison and its bound that come next.
pub(super) fn one_sided(scanner: &mut Scanner) -> Result<Range, SyntaxError> {
    let start = scanner.position();
    let above = scanner.next() == Some('>');
    let inclusive = scanner.eat("=");
    let sign = scanner.text_since(start);
    scanner.skip_whitespace();
    let begin = scanner.position();
    let value = if scanner.peek() == Some('"') {
        phrase(scanner)?
    } else {
        let term = term(scanner)?;
        if term.has_wildcard() {
            let place = scanner.since(begin);
            return Err(SyntaxError::new(place, "a pattern cannot be compared with"));
        }
        term.text().to_owned()
    };
    if scanner.position() == begin {
        let message = format!("expected a value after `{sign}`");
        return Err(SyntaxError::new(start..start + sign.len(), message));
    }
    let bound = Some((value, inclusive));
    Ok(if above {
        Range { lower: bound, upper: None }
    } else {
        Range { lower: None, upper: bound }
    })
}
