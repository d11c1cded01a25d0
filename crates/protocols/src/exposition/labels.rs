//! What stands between braces.

use std::borrow::Cow;

use model::{METRIC_NAME, MetricKind};

use super::lexer::{Lexer, unescape};
use super::number::{canonical, parse_float};
use super::{Format, Label};
use crate::DecodeError;

/// How braces are read.
#[derive(Clone, Copy, Debug)]
pub(super) struct Grammar {
    pub(super) format: Format,
    /// Commas separate, and nothing else; otherwise one may trail.
    pub(super) strict: bool,
    /// A lone quoted text is the metric's name.
    pub(super) quoted_name: bool,
}

/// Reads labels behind an opening brace up to the closing one, in any order, and returns the
/// metric's name if it stands among them.
pub(super) fn read<'a>(
    lexer: &mut Lexer<'a>,
    grammar: Grammar,
    out: &mut Vec<Label<'a>>,
) -> Result<Option<Cow<'a, str>>, DecodeError> {
    let text_format = grammar.format == Format::Text;
    let blanks = |lexer: &mut Lexer<'a>| {
        if text_format {
            lexer.blanks();
        }
    };
    let mut metric_name = None;
    blanks(lexer);
    while !lexer.take("}") {
        let quoted = lexer.peek() == Some(b'"');
        let name = match quoted {
            true => unescape(lexer.quoted(true)?, true),
            false => Cow::Borrowed(lexer.label_name()),
        };
        if name.is_empty() {
            return Err(lexer.expected("a label name"));
        }
        blanks(lexer);
        if quoted && matches!(lexer.peek(), Some(b',' | b'}')) {
            if !grammar.quoted_name || metric_name.is_some() {
                return Err(lexer.expected("an equals sign behind a label name"));
            }
            metric_name = Some(name);
        } else {
            if !lexer.take("=") {
                return Err(lexer.expected("an equals sign behind a label name"));
            }
            blanks(lexer);
            let value = lexer.quoted(text_format)?;
            out.push((name, unescape(value, true)));
        }
        blanks(lexer);
        let comma = lexer.take(",");
        blanks(lexer);
        let closes = lexer.peek() == Some(b'}');
        if !comma && !closes && !text_format {
            return Err(lexer.expected("a comma or a closing brace"));
        }
        if comma && closes && grammar.strict {
            return Err(lexer.error("a comma before the closing brace"));
        }
    }
    Ok(metric_name)
}

/// Puts labels in order, writes numbers among them canonically, and checks that each name is there
/// once.
pub(super) fn finish(
    lexer: &Lexer<'_>,
    kind: MetricKind,
    labels: &mut [Label<'_>],
) -> Result<(), DecodeError> {
    let numeric = match kind {
        MetricKind::Histogram => "le",
        MetricKind::Summary => "quantile",
        _ => "",
    };
    for (name, value) in labels.iter_mut() {
        if *name == numeric
            && let Some(number) = parse_float(value)
        {
            let canonical = canonical(number);
            if *value != canonical {
                *value = Cow::Owned(canonical);
            }
        }
    }
    labels.sort_unstable_by(|(one, _), (other, _)| one.cmp(other));
    match labels.windows(2).find(|pair| pair[0].0 == pair[1].0) {
        Some(pair) if pair[0].0 == METRIC_NAME => Err(lexer.error("metric name already set")),
        Some(pair) => Err(lexer.error(format!("label name {:?} is not unique", pair[0].0))),
        None => Ok(()),
    }
}
