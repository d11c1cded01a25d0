//! From text to tokens. Blanks are not tokens: each token knows whether one stood before it.

use super::error::{Source, TemplateError};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// Text outside of actions, already trimmed.
    Text,
    /// `{{`
    Open,
    /// `}}`
    Close,
    /// A name: a keyword, a constant or a function.
    Word,
    /// `.name`, the point included.
    Field,
    /// `$name`, the dollar included.
    Variable,
    /// `.`
    Dot,
    /// A number or a character in single quotes.
    Number,
    /// A string in double or back quotes.
    Quoted,
    /// `|`
    Pipe,
    /// `,`
    Comma,
    /// `(`
    LeftParen,
    /// `)`
    RightParen,
    /// `=`
    Assign,
    /// `:=`
    Declare,
    /// The end of the text.
    End,
}

#[derive(Clone, Copy, Debug)]
pub(super) struct Token {
    pub(super) kind: Kind,
    pub(super) at: usize,
    pub(super) end: usize,
    /// Whether a blank stood before it.
    pub(super) spaced: bool,
}

/// The tokens of a template, the last of which is [`Kind::End`].
///
/// # Errors
/// At the first character that cannot stand where it does.
pub(super) fn tokens(source: &Source) -> Result<Vec<Token>, TemplateError> {
    let mut lexer = Lexer { source, text: &source.text, at: 0, tokens: Vec::new(), spaced: false };
    while lexer.at < lexer.text.len() {
        lexer.outside()?;
    }
    lexer.push(Kind::End, lexer.at, lexer.at);
    Ok(lexer.tokens)
}

struct Lexer<'a> {
    source: &'a Source,
    text: &'a str,
    at: usize,
    tokens: Vec<Token>,
    spaced: bool,
}

fn is_blank(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\r' | '\n')
}

fn is_word(c: char) -> bool {
    c == '_' || c.is_alphanumeric()
}

impl Lexer<'_> {
    fn rest(&self) -> &str {
        &self.text[self.at..]
    }

    fn error<T>(&self, at: usize, message: impl Into<String>) -> Result<T, TemplateError> {
        Err(self.source.error(at, message))
    }

    fn push(&mut self, kind: Kind, at: usize, end: usize) {
        self.tokens.push(Token { kind, at, end, spaced: self.spaced });
        self.spaced = false;
        self.at = end;
    }

    /// Text up to the next action, and that action.
    fn outside(&mut self) -> Result<(), TemplateError> {
        let start = self.at;
        let Some(open) = self.rest().find("{{").map(|found| start + found) else {
            self.push(Kind::Text, start, self.text.len());
            return Ok(());
        };
        let inside = &self.text[open + 2..];
        let trims = inside.starts_with('-') && inside[1..].starts_with(is_blank);
        let mut end = open;
        if trims {
            end = start + self.text[start..open].trim_end_matches(is_blank).len();
        }
        if end > start {
            self.push(Kind::Text, start, end);
        }
        let after = open + 2 + if trims { 2 } else { 0 };
        if self.text[after..].starts_with("/*") {
            return self.comment(open, after);
        }
        self.push(Kind::Open, open, open + 2);
        (self.at, self.spaced) = (after, trims);
        self.action(open)
    }

    fn comment(&mut self, open: usize, start: usize) -> Result<(), TemplateError> {
        let Some(length) = self.text[start..].find("*/") else {
            return self.error(open, "unclosed comment");
        };
        let rest = &self.text[start + length + 2..];
        let trims = rest.starts_with(is_blank) && rest[1..].starts_with("-}}");
        if !trims && !rest.starts_with("}}") {
            return self.error(open, "comment ends before closing delimiter");
        }
        self.at = start + length + 2 + if trims { 4 } else { 2 };
        self.trim_left(trims);
        Ok(())
    }

    fn trim_left(&mut self, trims: bool) {
        if trims {
            let rest = self.rest();
            self.at += rest.len() - rest.trim_start_matches(is_blank).len();
        }
    }

    /// The tokens between `{{` and `}}`.
    fn action(&mut self, open: usize) -> Result<(), TemplateError> {
        let mut depth = 0usize;
        loop {
            let start = self.at;
            let Some(c) = self.rest().chars().next() else {
                return self.error(open, "unclosed action");
            };
            let trims = is_blank(c) && self.rest()[1..].starts_with("-}}");
            if trims || self.rest().starts_with("}}") {
                if depth > 0 {
                    return self.error(start, "unclosed left paren");
                }
                let end = start + if trims { 4 } else { 2 };
                self.push(Kind::Close, start, end);
                self.trim_left(trims);
                return Ok(());
            }
            match c {
                c if is_blank(c) => {
                    self.spaced = true;
                    self.at += 1;
                }
                '=' => self.push(Kind::Assign, start, start + 1),
                ':' if self.rest().starts_with(":=") => self.push(Kind::Declare, start, start + 2),
                ':' => return self.error(start, "expected :="),
                '|' => self.push(Kind::Pipe, start, start + 1),
                ',' => self.push(Kind::Comma, start, start + 1),
                '"' | '`' | '\'' => self.quoted(c)?,
                '(' => {
                    depth += 1;
                    self.push(Kind::LeftParen, start, start + 1);
                }
                ')' if depth == 0 => return self.error(start, "unexpected right paren"),
                ')' => {
                    depth -= 1;
                    self.push(Kind::RightParen, start, start + 1);
                }
                '$' => self.name(Kind::Variable)?,
                '.' if !self.rest()[1..].starts_with(|c: char| c.is_ascii_digit()) => {
                    let is_field = self.rest()[1..].starts_with(is_word);
                    self.name(if is_field { Kind::Field } else { Kind::Dot })?;
                }
                '.' | '+' | '-' | '0'..='9' => self.number()?,
                c if is_word(c) => self.name(Kind::Word)?,
                c => {
                    let code = u32::from(c);
                    let shown = format!("unrecognized character in action: U+{code:04X} {c:?}");
                    return self.error(start, shown);
                }
            }
        }
    }

    /// A word, or one behind a point or a dollar.
    fn name(&mut self, kind: Kind) -> Result<(), TemplateError> {
        let start = self.at;
        let sign = usize::from(kind != Kind::Word);
        let body = &self.rest()[sign..];
        let length = body.find(|c: char| !is_word(c)).unwrap_or(body.len());
        let end = start + sign + length;
        let follows = self.text[end..].chars().next();
        let ends = follows.is_none_or(|c| is_blank(c) || ".,|:)(=".contains(c))
            || self.text[end..].starts_with("}}");
        if kind != Kind::Dot && !ends {
            let c = follows.unwrap_or_default();
            return self.error(end, format!("bad character U+{:04X} {c:?}", u32::from(c)));
        }
        self.push(kind, start, end);
        Ok(())
    }

    fn quoted(&mut self, quote: char) -> Result<(), TemplateError> {
        let start = self.at;
        let mut escaped = false;
        for (offset, c) in self.rest().char_indices().skip(1) {
            match c {
                _ if escaped => escaped = false,
                '\\' if quote != '`' => escaped = true,
                '\n' if quote != '`' => break,
                c if c == quote => {
                    let kind = if quote == '\'' { Kind::Number } else { Kind::Quoted };
                    self.push(kind, start, start + offset + 1);
                    return Ok(());
                }
                _ => {}
            }
        }
        let what = match quote {
            '"' => "quoted string",
            '`' => "raw quoted string",
            _ => "character constant",
        };
        self.error(start, format!("unterminated {what}"))
    }

    fn number(&mut self) -> Result<(), TemplateError> {
        let start = self.at;
        let mut end = start;
        let mut last = ' ';
        for c in self.rest().chars() {
            let is_sign = (c == '+' || c == '-') && (end == start || matches!(last, 'e' | 'E'));
            if !(is_sign || is_word(c) || c == '.') {
                break;
            }
            end += c.len_utf8();
            last = c;
        }
        self.push(Kind::Number, start, end);
        Ok(())
    }
}
