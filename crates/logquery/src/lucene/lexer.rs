//! Cuts a Lucene query string into terms, phrases and signs.

use store::Range;

use super::range;
use crate::error::{Place, SyntaxError};
use crate::scanner::Scanner;
use crate::term::Term;

/// A piece of a query string.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Token {
    Open,
    Close,
    Colon,
    Plus,
    Minus,
    Not,
    And,
    Or,
    Term(Term),
    Phrase(String),
    Regex(String),
    Between(Range),
}

/// Characters that end a term and must be escaped to stand in one.
const ENDS_TERM: [char; 10] = ['(', ')', '[', ']', '{', '}', ':', '"', '^', '~'];

/// Whether a character of a literal text needs a backslash.
pub(super) fn is_special(c: char) -> bool {
    c.is_whitespace() || ENDS_TERM.contains(&c) || r"+-!/\*?<>=&|".contains(c)
}

/// The tokens of a text.
pub(super) fn tokens(text: &str) -> Result<Vec<(Token, Place)>, SyntaxError> {
    let mut scanner = Scanner::new(text);
    let mut tokens: Vec<(Token, Place)> = Vec::new();
    loop {
        scanner.skip_whitespace();
        let start = scanner.position();
        let Some(c) = scanner.peek() else { return Ok(tokens) };
        let behind_colon = matches!(tokens.last(), Some((Token::Colon, _)));
        let token = if matches!(c, '^' | '~') {
            modifier(&mut scanner, &mut tokens)?;
            continue;
        } else if let Some(sign) = sign(&mut scanner, behind_colon) {
            sign
        } else {
            operand(&mut scanner, c)?
        };
        tokens.push((token, scanner.since(start)));
    }
}

/// Takes a sign, if one comes next. A minus before a digit belongs to a value behind a colon.
fn sign(scanner: &mut Scanner, behind_colon: bool) -> Option<Token> {
    let digit = |rest: &str| rest.starts_with(|c: char| c.is_ascii_digit());
    if behind_colon && scanner.rest().strip_prefix('-').is_some_and(digit) {
        return None;
    }
    let signs = [
        ("(", Token::Open),
        (")", Token::Close),
        (":", Token::Colon),
        ("+", Token::Plus),
        ("-", Token::Minus),
        ("!", Token::Not),
        ("&&", Token::And),
        ("||", Token::Or),
    ];
    signs.into_iter().find(|(written, _)| scanner.eat(written)).map(|(_, token)| token)
}

/// Steps over a boost or a fuzziness, which becomes part of what stands before it; neither changes
/// which records are found.
fn modifier(scanner: &mut Scanner, before: &mut [(Token, Place)]) -> Result<(), SyntaxError> {
    let start = scanner.position();
    let boost = scanner.next() == Some('^');
    let digits = scanner.take_while(|c| c.is_ascii_digit() || c == '.');
    let place = scanner.since(start);
    let written = scanner.text_since(start);
    let is_operand = |token: &Token| {
        use Token::{Between, Close, Phrase, Regex, Term};
        matches!(token, Close | Term(_) | Phrase(_) | Regex(_) | Between(_))
    };
    match before.last_mut() {
        Some((token, before)) if before.end == start && is_operand(token) => before.end = place.end,
        _ => {
            let error = SyntaxError::new(place, format!("nothing stands before this `{written}`"));
            return Err(error.with_hint("escape it with a backslash, or quote the text"));
        }
    }
    if (boost && digits.is_empty()) || (!digits.is_empty() && digits.parse::<f64>().is_err()) {
        return Err(SyntaxError::new(place, format!("expected a number in `{written}`")));
    }
    Ok(())
}

fn operand(scanner: &mut Scanner, first: char) -> Result<Token, SyntaxError> {
    let start = scanner.position();
    match first {
        '"' => phrase(scanner).map(Token::Phrase),
        '/' => regex(scanner).map(Token::Regex),
        '[' | '{' => range::between(scanner).map(Token::Between),
        '<' | '>' => range::one_sided(scanner).map(Token::Between),
        ']' | '}' => {
            let message = format!("no range was opened before this `{first}`");
            Err(SyntaxError::new(start..start + 1, message))
        }
        _ => {
            let term = term(scanner)?;
            Ok(match scanner.text_since(start) {
                "AND" => Token::And,
                "OR" => Token::Or,
                "NOT" => Token::Not,
                _ => Token::Term(term),
            })
        }
    }
}

/// A quoted text that comes next.
pub(super) fn phrase(scanner: &mut Scanner) -> Result<String, SyntaxError> {
    let start = scanner.position();
    scanner.next();
    scanner.quoted(start, |scanner, text| {
        text.push(escaped(scanner)?);
        Ok(())
    })
}

/// The characters up to white space or a sign.
pub(super) fn term(scanner: &mut Scanner) -> Result<Term, SyntaxError> {
    let mut term = Term::default();
    while let Some(c) = scanner.peek() {
        if c.is_whitespace() || ENDS_TERM.contains(&c) {
            break;
        }
        scanner.next();
        match c {
            '\\' => term.push(escaped(scanner)?),
            '*' | '?' => term.push_wildcard(c),
            c => term.push(c),
        }
    }
    Ok(term)
}

/// The character that a backslash, which has been taken, stands before.
pub(super) fn escaped(scanner: &mut Scanner) -> Result<char, SyntaxError> {
    match scanner.next() {
        Some('u') => scanner.unicode(),
        Some(c) => Ok(c),
        None => {
            let end = scanner.position();
            let error = SyntaxError::new(end - 1..end, "this backslash escapes nothing");
            Err(error.with_hint(r"write `\\` for a backslash"))
        }
    }
}

/// A regular expression between slashes.
fn regex(scanner: &mut Scanner) -> Result<String, SyntaxError> {
    let start = scanner.position();
    scanner.next();
    let mut pattern = String::new();
    loop {
        match scanner.next() {
            Some('/') => break,
            Some('\\') if scanner.eat("/") => pattern.push('/'),
            Some('\\') => {
                pattern.push('\\');
                pattern.extend(scanner.next());
            }
            Some(c) => pattern.push(c),
            None => {
                let error = SyntaxError::new(
                    start..start + 1,
                    "the regular expression that begins here never ends",
                );
                return Err(error.with_hint("quote a path: `\"/var/log\"`"));
            }
        }
    }
    let ends = |c: char| c.is_whitespace() || matches!(c, ')' | '^' | '~');
    if scanner.peek().is_some_and(|c| !ends(c)) {
        let message = "a regular expression ends at its second `/`";
        let error = SyntaxError::new(scanner.since(start), message);
        return Err(error.with_hint(r#"write `\/` inside of it, or quote a path: `"/var/log"`"#));
    }
    Ok(pattern)
}
