//! The newer grammar: any UTF-8 in names and values, quoted where a character is reserved.

use model::{MatchOp, Matcher};

use super::is_reserved;
use crate::golang::quote::unquote;

#[derive(Clone, Copy, Debug, PartialEq)]
enum Kind {
    OpenBrace,
    CloseBrace,
    Comma,
    Operator(MatchOp),
    Quoted,
    Unquoted,
}

struct Token<'a> {
    kind: Kind,
    text: &'a str,
    /// Characters before it.
    column: usize,
}

/// Matchers between optional braces; a comma may stand behind the last.
pub(super) fn parse(input: &str) -> Result<Vec<Matcher>, String> {
    let tokens = tokens(input)?;
    let mut parser = Parser { tokens: &tokens, next: 0, end: input.chars().count() };
    let open = parser.accept(Kind::OpenBrace);
    let mut matchers = Vec::new();
    while let Some(token) = parser.peek() {
        if token.kind == Kind::CloseBrace {
            break;
        }
        matchers.push(parser.matcher()?);
        if !parser.accept(Kind::Comma) && parser.peek().is_some_and(|t| t.kind != Kind::CloseBrace)
        {
            return parser.error("expected a comma or close brace");
        }
    }
    let close = parser.accept(Kind::CloseBrace);
    match (open, close, parser.peek()) {
        (true, false, _) => parser.error("expected close brace"),
        (false, true, _) => parser.error("expected opening brace"),
        (_, _, Some(_)) => parser.error("expected end of input"),
        _ => Ok(matchers),
    }
}

struct Parser<'a> {
    tokens: &'a [Token<'a>],
    next: usize,
    end: usize,
}

impl<'a> Parser<'a> {
    fn peek(&self) -> Option<&'a Token<'a>> {
        self.tokens.get(self.next)
    }

    fn accept(&mut self, kind: Kind) -> bool {
        let found = self.peek().is_some_and(|token| token.kind == kind);
        self.next += usize::from(found);
        found
    }

    fn error<T>(&self, message: &str) -> Result<T, String> {
        match self.peek() {
            Some(token) => Err(format!("{}: {}: {message}", token.column, token.text)),
            None => Err(format!("{}: end of input: {message}", self.end)),
        }
    }

    fn text(&mut self, message: &str) -> Result<String, String> {
        match self.peek() {
            Some(token) if token.kind == Kind::Quoted => match unquote(token.text) {
                Some(text) => {
                    self.next += 1;
                    Ok(text)
                }
                None => self.error("invalid input"),
            },
            Some(token) if token.kind == Kind::Unquoted => {
                self.next += 1;
                Ok(token.text.to_owned())
            }
            _ => self.error(message),
        }
    }

    fn matcher(&mut self) -> Result<Matcher, String> {
        let name = self.text("expected label name")?;
        let Some(Kind::Operator(op)) = self.peek().map(|token| token.kind) else {
            return self.error("expected an operator such as '=', '!=', '=~' or '!~'");
        };
        self.next += 1;
        let value = self.text("expected label value")?;
        Matcher::new(&name, op, &value).map_err(|error| error.to_string())
    }
}

fn tokens(input: &str) -> Result<Vec<Token<'_>>, String> {
    let mut tokens = Vec::new();
    let mut at = 0;
    let mut column = 0;
    while let Some(c) = input[at..].chars().next() {
        let rest = &input[at..];
        let (kind, len) = match c {
            c if c.is_whitespace() => {
                at += c.len_utf8();
                column += 1;
                continue;
            }
            '{' => (Kind::OpenBrace, 1),
            '}' => (Kind::CloseBrace, 1),
            ',' => (Kind::Comma, 1),
            '=' if rest.starts_with("=~") => (Kind::Operator(MatchOp::Regex), 2),
            '=' => (Kind::Operator(MatchOp::Equal), 1),
            '!' if rest.starts_with("!=") => (Kind::Operator(MatchOp::NotEqual), 2),
            '!' if rest.starts_with("!~") => (Kind::Operator(MatchOp::NotRegex), 2),
            '!' => return Err(format!("{column}: !: expected one of '=~'")),
            '"' => match quoted_len(rest) {
                Some(len) => (Kind::Quoted, len),
                None => return Err(format!("{column}: {rest}: missing end \"")),
            },
            c if is_reserved(c) => return Err(format!("{column}: {c}: invalid input")),
            _ => (Kind::Unquoted, rest.find(is_reserved).unwrap_or(rest.len())),
        };
        let text = &rest[..len];
        tokens.push(Token { kind, text, column });
        at += len;
        column += text.chars().count();
    }
    Ok(tokens)
}

/// The bytes of a quoted string, both quotes included.
fn quoted_len(rest: &str) -> Option<usize> {
    let mut escaped = false;
    for (at, c) in rest.char_indices().skip(1) {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '"' => return Some(at + 1),
            _ => {}
        }
    }
    None
}
