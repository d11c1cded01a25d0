//! Cuts KQL into words, quoted texts and signs.

use crate::error::{Place, SyntaxError};
use crate::scanner::Scanner;
use crate::term::Term;

/// A piece of KQL.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Token {
    Open,
    Close,
    OpenBrace,
    CloseBrace,
    Colon,
    Compare(Comparison),
    Word(Term),
    Quoted(String),
    And,
    Or,
    Not,
}

/// How a value is compared with a bound.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Comparison {
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

/// The characters that end a word and must be escaped to stand in one.
pub(super) const SPECIAL: [char; 8] = ['(', ')', ':', '<', '>', '"', '{', '}'];

/// The tokens of a text.
pub(super) fn tokens(text: &str) -> Result<Vec<(Token, Place)>, SyntaxError> {
    let mut scanner = Scanner::new(text);
    let mut tokens = Vec::new();
    loop {
        scanner.skip_whitespace();
        let start = scanner.position();
        let Some(c) = scanner.peek() else { return Ok(tokens) };
        let token = match c {
            '"' => {
                scanner.next();
                Token::Quoted(scanner.quoted(start, quoted_escape)?)
            }
            c if SPECIAL.contains(&c) => sign(&mut scanner),
            _ => word(&mut scanner)?,
        };
        tokens.push((token, scanner.since(start)));
    }
}

fn sign(scanner: &mut Scanner) -> Token {
    let or_equal =
        |scanner: &mut Scanner, yes, no| Token::Compare(if scanner.eat("=") { yes } else { no });
    match scanner.next() {
        Some('(') => Token::Open,
        Some(')') => Token::Close,
        Some('{') => Token::OpenBrace,
        Some('}') => Token::CloseBrace,
        Some('<') => or_equal(scanner, Comparison::LessOrEqual, Comparison::Less),
        Some('>') => or_equal(scanner, Comparison::GreaterOrEqual, Comparison::Greater),
        _ => Token::Colon,
    }
}

/// A word or a keyword; an escaped keyword (`\or`) is a word.
fn word(scanner: &mut Scanner) -> Result<Token, SyntaxError> {
    let mut term = Term::default();
    let mut escaped = false;
    while let Some(c) = scanner.peek() {
        match c {
            c if c.is_whitespace() || SPECIAL.contains(&c) => break,
            '\\' => {
                escaped = true;
                word_escape(scanner, &mut term)?;
            }
            c => {
                scanner.next();
                if c == '*' { term.push_wildcard(c) } else { term.push(c) }
            }
        }
    }
    Ok(match term.text().to_ascii_lowercase().as_str() {
        "and" if !escaped => Token::And,
        "or" if !escaped => Token::Or,
        "not" if !escaped => Token::Not,
        _ => Token::Word(term),
    })
}

/// An escape in a word: a special character, white space, a character by its number, or a keyword.
fn word_escape(scanner: &mut Scanner, term: &mut Term) -> Result<(), SyntaxError> {
    let start = scanner.position();
    scanner.next();
    let ahead = scanner.rest();
    let keyword = ["and", "or", "not"].into_iter().find(|keyword| {
        let letters = ahead.get(..keyword.len());
        let behind = ahead.get(keyword.len()..).and_then(|rest| rest.chars().next());
        letters.is_some_and(|letters| letters.eq_ignore_ascii_case(keyword))
            && behind.is_none_or(|c| c.is_whitespace() || SPECIAL.contains(&c))
    });
    if let Some(keyword) = keyword {
        for _ in keyword.chars() {
            scanner.next().into_iter().for_each(|c| term.push(c));
        }
        return Ok(());
    }
    let c = match scanner.next() {
        Some('t') => '\t',
        Some('r') => '\r',
        Some('n') => '\n',
        Some('u') => scanner.unicode()?,
        Some(c) if !c.is_alphanumeric() => c,
        _ => {
            let escape = &scanner.since(start);
            let error = SyntaxError::new(escape.clone(), "this backslash escapes nothing");
            return Err(error.with_hint(r"write `\\` for a backslash, or quote the text"));
        }
    };
    term.push(c);
    Ok(())
}

/// An escape in a quoted text; a backslash before anything else stands for itself.
fn quoted_escape(scanner: &mut Scanner, text: &mut String) -> Result<(), SyntaxError> {
    match scanner.peek() {
        Some(c @ ('"' | '\\')) => text.push(c),
        Some('t') => text.push('\t'),
        Some('r') => text.push('\r'),
        Some('n') => text.push('\n'),
        Some('u') => {
            scanner.next();
            text.push(scanner.unicode()?);
            return Ok(());
        }
        _ => {
            text.push('\\');
            return Ok(());
        }
    }
    scanner.next();
    Ok(())
}
