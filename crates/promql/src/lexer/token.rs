//! The words of the language.

use model::Quoted;

use crate::ast::{AggregateOp, BinaryOp, TextRange};

/// A word and where it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Token {
    pub(crate) kind: TokenKind,
    pub(crate) range: TextRange,
}

/// What a word is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TokenKind {
    Eof,
    /// Something that is no word; the lexer holds the message.
    Error,
    Identifier,
    /// An identifier with a colon, which only metrics may have.
    MetricIdentifier,
    String,
    Number,
    Duration,
    LeftParen,
    RightParen,
    LeftBrace,
    RightBrace,
    LeftBracket,
    RightBracket,
    Comma,
    Colon,
    At,
    /// `=` inside braces.
    Assign,
    /// `=~`
    EqualRegex,
    /// `!~`
    NotEqualRegex,
    Op(BinaryOp),
    Aggregate(AggregateOp),
    Keyword(Keyword),
}

/// Words with a meaning of their own that are neither operators nor aggregations.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Keyword {
    Bool,
    By,
    Without,
    On,
    Ignoring,
    GroupLeft,
    GroupRight,
    Fill,
    FillLeft,
    FillRight,
    Offset,
    Anchored,
    Smoothed,
    Start,
    End,
    Step,
    Range,
    MaxOf,
    MinOf,
}

impl Keyword {
    /// Whether it may also be called like a function.
    pub(crate) fn is_function(self) -> bool {
        matches!(
            self,
            Keyword::Start
                | Keyword::End
                | Keyword::Step
                | Keyword::Range
                | Keyword::MaxOf
                | Keyword::MinOf
        )
    }

    /// Whether it may also be the name of a metric.
    pub(crate) fn is_metric_name(self) -> bool {
        !matches!(
            self,
            Keyword::Bool
                | Keyword::On
                | Keyword::Ignoring
                | Keyword::GroupLeft
                | Keyword::GroupRight
        )
    }
}

/// The longest keyword, `count_values` and others: longer words need no look.
const KEYWORD_LEN_MAX: usize = 12;

/// The keyword, operator or number a word stands for, in any case of letters.
pub(super) fn keyword(word: &str) -> Option<TokenKind> {
    let mut lower = [0; KEYWORD_LEN_MAX];
    let lower = lower.get_mut(..word.len())?;
    lower.copy_from_slice(word.as_bytes());
    lower.make_ascii_lowercase();
    Some(match &*lower {
        b"and" => TokenKind::Op(BinaryOp::And),
        b"or" => TokenKind::Op(BinaryOp::Or),
        b"unless" => TokenKind::Op(BinaryOp::Unless),
        b"atan2" => TokenKind::Op(BinaryOp::Atan2),
        b"inf" | b"nan" => TokenKind::Number,
        b"bool" => TokenKind::Keyword(Keyword::Bool),
        b"by" => TokenKind::Keyword(Keyword::By),
        b"without" => TokenKind::Keyword(Keyword::Without),
        b"on" => TokenKind::Keyword(Keyword::On),
        b"ignoring" => TokenKind::Keyword(Keyword::Ignoring),
        b"group_left" => TokenKind::Keyword(Keyword::GroupLeft),
        b"group_right" => TokenKind::Keyword(Keyword::GroupRight),
        b"fill" => TokenKind::Keyword(Keyword::Fill),
        b"fill_left" => TokenKind::Keyword(Keyword::FillLeft),
        b"fill_right" => TokenKind::Keyword(Keyword::FillRight),
        b"offset" => TokenKind::Keyword(Keyword::Offset),
        b"anchored" => TokenKind::Keyword(Keyword::Anchored),
        b"smoothed" => TokenKind::Keyword(Keyword::Smoothed),
        b"start" => TokenKind::Keyword(Keyword::Start),
        b"end" => TokenKind::Keyword(Keyword::End),
        other => return duration_keyword(other).or_else(|| aggregate(other)),
    })
}

fn aggregate(lower: &[u8]) -> Option<TokenKind> {
    let op = AggregateOp::ALL.into_iter().find(|op| op.name().as_bytes() == lower)?;
    Some(TokenKind::Aggregate(op))
}

/// The words that may also stand in brackets; in lower case.
pub(super) fn duration_keyword(lower: &[u8]) -> Option<TokenKind> {
    Some(TokenKind::Keyword(match lower {
        b"step" => Keyword::Step,
        b"range" => Keyword::Range,
        b"max_of" => Keyword::MaxOf,
        b"min_of" => Keyword::MinOf,
        _ => return None,
    }))
}

/// How an error names a word that should not be there.
pub(crate) fn describe(kind: TokenKind, text: &str) -> String {
    let kind_name = match kind {
        TokenKind::Eof => return "end of input".to_owned(),
        TokenKind::Identifier => "identifier",
        TokenKind::MetricIdentifier => "metric identifier",
        TokenKind::String => return format!("string {}", shortened(text)),
        TokenKind::Number => return format!("number {}", shortened(text)),
        TokenKind::Duration => return format!("duration {}", shortened(text)),
        TokenKind::Op(_) | TokenKind::At | TokenKind::EqualRegex | TokenKind::NotEqualRegex => {
            return format!("<op:{text}>");
        }
        TokenKind::Aggregate(_) => return format!("<aggr:{text}>"),
        TokenKind::Keyword(keyword) if !keyword.is_function() => return format!("<{text}>"),
        _ => return shortened(text),
    };
    format!("{kind_name} {}", Quoted(text))
}

fn shortened(text: &str) -> String {
    match text.char_indices().nth(10) {
        Some((end, _)) => format!("{}...", Quoted(&text[..end])),
        None => Quoted(text).to_string(),
    }
}
