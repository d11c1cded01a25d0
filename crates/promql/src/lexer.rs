//! Splits a query into words. What a character means depends on the brackets around it, so the
//! lexer counts them, and says what is wrong with them.

mod number;
mod text;
mod token;

pub(crate) use text::unquote;
pub(crate) use token::{Keyword, Token, TokenKind, describe};

use crate::ast::{BinaryOp, TextRange};

/// Reads a query word by word.
pub(crate) struct Lexer<'q> {
    query: &'q str,
    position: usize,
    /// Where the current word began.
    start: usize,
    paren_depth: usize,
    in_braces: bool,
    in_brackets: bool,
    /// Nothing was read yet inside the brackets but operators.
    expects_duration: bool,
    has_colon: bool,
    message: String,
}

impl<'q> Lexer<'q> {
    pub(crate) fn new(query: &'q str) -> Self {
        Lexer {
            query,
            position: 0,
            start: 0,
            paren_depth: 0,
            in_braces: false,
            in_brackets: false,
            expects_duration: false,
            has_colon: false,
            message: String::new(),
        }
    }

    /// The next word; spaces and comments are skipped.
    pub(crate) fn next(&mut self) -> Token {
        self.skip_blank();
        self.start = self.position;
        let kind = match self.bump() {
            None => self.end(),
            Some(c) if self.in_braces => self.inside_braces(c),
            Some(c) if self.expects_duration => self.duration_start(c),
            Some(c) => self.statement(c),
        };
        Token { kind, range: TextRange::new(self.start, self.position) }
    }

    /// What is wrong with the last word, which was an error.
    pub(crate) fn take_message(&mut self) -> String {
        std::mem::take(&mut self.message)
    }

    fn end(&mut self) -> TokenKind {
        if self.in_braces {
            return self.error("unexpected end of input inside braces");
        }
        if self.expects_duration {
            return self.error("unexpected end of input in duration expression");
        }
        if self.paren_depth != 0 {
            return self.error("unclosed left parenthesis");
        }
        if self.in_brackets {
            return self.error("unclosed left bracket");
        }
        TokenKind::Eof
    }

    fn statement(&mut self, c: char) -> TokenKind {
        match c {
            ',' => TokenKind::Comma,
            '*' => TokenKind::Op(BinaryOp::Mul),
            '/' => TokenKind::Op(BinaryOp::Div),
            '%' => TokenKind::Op(BinaryOp::Mod),
            '+' => TokenKind::Op(BinaryOp::Add),
            '-' => TokenKind::Op(BinaryOp::Sub),
            '^' => TokenKind::Op(BinaryOp::Pow),
            '@' => TokenKind::At,
            '=' | '!' | '<' | '>' => self.comparison(c),
            '0'..='9' => self.number_or_duration(),
            '.' if self.peek().is_some_and(|c| c.is_ascii_digit()) => self.number_or_duration(),
            '"' | '\'' => self.quoted(c),
            '`' => self.raw(),
            '(' => {
                self.paren_depth += 1;
                TokenKind::LeftParen
            }
            ')' => self.right_paren(),
            '{' => {
                self.in_braces = true;
                TokenKind::LeftBrace
            }
            '[' => self.left_bracket(),
            ']' if self.in_brackets => self.right_bracket(),
            ']' => self.error("unexpected right bracket ']'"),
            ':' | '_' | 'a'..='z' | 'A'..='Z' if self.in_brackets => self.colon_or_keyword(c),
            ':' | '_' | 'a'..='z' | 'A'..='Z' => self.keyword_or_identifier(),
            other => {
                self.error(&format!("unexpected character: {}", text::quoted_char(Some(other))))
            }
        }
    }

    fn comparison(&mut self, c: char) -> TokenKind {
        let next = self.peek();
        let (op, taken) = match (c, next) {
            ('=', Some('=')) => (BinaryOp::Equal, true),
            ('=', Some('~')) => {
                return self.error("unexpected character after '=': '~'");
            }
            ('=', _) => return TokenKind::Assign,
            ('!', Some('=')) => (BinaryOp::NotEqual, true),
            ('!', other) => {
                self.bump();
                let found = text::quoted_char(other);
                return self.error(&format!("unexpected character after '!': {found}"));
            }
            ('<', Some('=')) => (BinaryOp::LessOrEqual, true),
            ('<', Some('/')) => (BinaryOp::TrimUpper, true),
            ('<', _) => (BinaryOp::Less, false),
            (_, Some('=')) => (BinaryOp::GreaterOrEqual, true),
            (_, Some('/')) => (BinaryOp::TrimLower, true),
            (_, _) => (BinaryOp::Greater, false),
        };
        if taken {
            self.bump();
        }
        TokenKind::Op(op)
    }

    fn right_paren(&mut self) -> TokenKind {
        if self.paren_depth == 0 {
            self.start = self.position;
            return self.error("unexpected right parenthesis ')'");
        }
        self.paren_depth -= 1;
        TokenKind::RightParen
    }

    fn left_bracket(&mut self) -> TokenKind {
        if self.in_brackets {
            return self.error("unexpected left bracket '['");
        }
        self.in_brackets = true;
        self.expects_duration = true;
        self.has_colon = false;
        TokenKind::LeftBracket
    }

    fn right_bracket(&mut self) -> TokenKind {
        self.in_brackets = false;
        self.expects_duration = false;
        TokenKind::RightBracket
    }

    /// Inside brackets, before the first number.
    fn duration_start(&mut self, c: char) -> TokenKind {
        match c {
            ']' => self.right_bracket(),
            ':' => {
                self.start = self.position;
                self.error("unexpected colon before duration in duration expression")
            }
            '(' | ')' | '+' | '-' | '*' | '/' | '%' | '^' | ',' => self.statement(c),
            '0'..='9' => {
                self.expects_duration = false;
                self.number_or_duration()
            }
            '.' if self.peek().is_some_and(|c| c.is_ascii_digit()) => {
                self.expects_duration = false;
                self.number_or_duration()
            }
            other => {
                if other.is_ascii_alphabetic()
                    && let Some(keyword) = self.duration_keyword()
                {
                    return keyword;
                }
                let found = text::quoted_char(Some(other));
                self.error(&format!("unexpected character in duration expression: {found}"))
            }
        }
    }

    /// Inside brackets, after the first number.
    fn colon_or_keyword(&mut self, c: char) -> TokenKind {
        if c == ':' {
            if self.has_colon {
                return self.error("unexpected colon ':'");
            }
            self.has_colon = true;
            return TokenKind::Colon;
        }
        if let Some(keyword) = self.duration_keyword() {
            return keyword;
        }
        let found = text::quoted_char(Some(c));
        self.error(&format!("unexpected character: {found}, expected ':'"))
    }

    /// `step` and the like; the first letter was read already.
    fn duration_keyword(&mut self) -> Option<TokenKind> {
        let word = &self.query.as_bytes()[self.start..];
        let end = word.iter().position(|b| !b.is_ascii_alphabetic() && *b != b'_');
        let word = &word[..end.unwrap_or(word.len())];
        let keyword = token::duration_keyword(&word.to_ascii_lowercase())?;
        self.position = self.start + word.len();
        Some(keyword)
    }

    fn keyword_or_identifier(&mut self) -> TokenKind {
        self.bump_while(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b':');
        let word = &self.query[self.start..self.position];
        match token::keyword(word) {
            Some(TokenKind::Keyword(Keyword::Fill | Keyword::FillLeft | Keyword::FillRight))
                if !self.query[self.position..].trim_start().starts_with('(') =>
            {
                TokenKind::Identifier
            }
            Some(keyword) => keyword,
            None if word.contains(':') => TokenKind::MetricIdentifier,
            None => TokenKind::Identifier,
        }
    }

    fn inside_braces(&mut self, c: char) -> TokenKind {
        match c {
            '_' | 'a'..='z' | 'A'..='Z' => {
                self.bump_while(|b| b.is_ascii_alphanumeric() || b == b'_');
                TokenKind::Identifier
            }
            ',' => TokenKind::Comma,
            '"' | '\'' => self.quoted(c),
            '`' => self.raw(),
            '=' if self.peek() == Some('~') => {
                self.bump();
                TokenKind::EqualRegex
            }
            '=' => TokenKind::Assign,
            '!' => match self.bump() {
                Some('~') => TokenKind::NotEqualRegex,
                Some('=') => TokenKind::Op(BinaryOp::NotEqual),
                other => {
                    let found = text::quoted_char(other);
                    self.error(&format!("unexpected character after '!' inside braces: {found}"))
                }
            },
            '{' => self.error("unexpected left brace '{'"),
            '}' => {
                self.in_braces = false;
                TokenKind::RightBrace
            }
            other => {
                let found = text::quoted_char(Some(other));
                self.error(&format!("unexpected character inside braces: {found}"))
            }
        }
    }

    fn skip_blank(&mut self) {
        let bytes = self.query.as_bytes();
        while let Some(&byte) = bytes.get(self.position) {
            match byte {
                b' ' | b'\t' | b'\n' | b'\r' => self.position += 1,
                b'#' if !self.expects_duration => {
                    self.bump_while(|b| b != b'\n' && b != b'\r');
                }
                _ => break,
            }
        }
    }

    fn peek(&self) -> Option<char> {
        self.query[self.position..].chars().next()
    }

    fn bump(&mut self) -> Option<char> {
        let c = self.peek()?;
        self.position += c.len_utf8();
        Some(c)
    }

    fn bump_while(&mut self, wanted: impl Fn(u8) -> bool) {
        let rest = &self.query.as_bytes()[self.position..];
        let length = rest.iter().position(|b| !wanted(*b)).unwrap_or(rest.len());
        self.position += length;
    }

    fn error(&mut self, message: &str) -> TokenKind {
        message.clone_into(&mut self.message);
        TokenKind::Error
    }
}
