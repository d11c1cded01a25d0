//! The parser: one entry after the other.

use std::borrow::Cow;

use model::{METRIC_NAME, MetricKind};

use super::labels::{self, Grammar};
use super::lexer::Lexer;
use super::metadata;
use super::number::parse_float;
use super::{Entry, Exemplar, Format, Label, Sample};
use crate::DecodeError;

/// The most characters an exemplar's labels may have together.
pub(super) const EXEMPLAR_CHARACTERS_MAX: usize = 128;

/// Reads a body entry by entry.
#[derive(Clone, Debug)]
pub struct Parser<'a> {
    lexer: Lexer<'a>,
    format: Format,
    strict: bool,
    /// The kind the last `# TYPE` named, which decides whether `le` is a number.
    kind: MetricKind,
    labels: Vec<Label<'a>>,
    exemplar_labels: Vec<Label<'a>>,
    finished: bool,
}

/// What a sample line says besides its labels.
struct Values {
    value: f64,
    t_ms: Option<i64>,
    /// The exemplar's value and time.
    exemplar: Option<(f64, Option<i64>)>,
}

impl<'a> Parser<'a> {
    /// A parser at the beginning of a body.
    ///
    /// # Errors
    /// When the body is not UTF-8.
    pub fn new(format: Format, body: &'a [u8]) -> Result<Self, DecodeError> {
        let text = std::str::from_utf8(body).map_err(|error| {
            let before = &body[..error.valid_up_to()];
            let line = 1 + before.iter().filter(|byte| **byte == b'\n').count();
            DecodeError::at_line(line, "invalid UTF-8")
        })?;
        Ok(Parser {
            lexer: Lexer { text, position: 0 },
            format,
            strict: false,
            kind: MetricKind::Unknown,
            labels: Vec::new(),
            exemplar_labels: Vec::new(),
            finished: false,
        })
    }

    /// The same parser, refusing what Prometheus tolerates against the specification.
    pub(super) fn strict(mut self) -> Self {
        self.strict = true;
        self
    }

    /// An error on the line of the last entry.
    pub(super) fn error_before(&self, reason: String) -> DecodeError {
        let mut lexer = self.lexer.clone();
        lexer.position = lexer.position.saturating_sub(1);
        lexer.error(reason)
    }

    /// The next entry, or `None` at the end.
    ///
    /// # Errors
    /// When the text is not of its format, or an OpenMetrics body does not end with `# EOF`. The
    /// parser is of no use afterwards.
    pub fn next_entry(&mut self) -> Result<Option<Entry<'_>>, DecodeError> {
        while !self.finished {
            if self.format == Format::Text {
                self.lexer.blanks();
            }
            match self.lexer.peek() {
                Some(b'#') => {
                    if let Some(entry) = self.comment()? {
                        if let Entry::Type { kind, .. } = entry {
                            self.kind = kind;
                        }
                        return Ok(Some(entry));
                    }
                }
                Some(b'\n') if self.format == Format::Text => self.lexer.position += 1,
                Some(_) => return self.sample().map(|sample| Some(Entry::Sample(sample))),
                None if self.format == Format::Text => self.finished = true,
                None => return Err(self.lexer.error("data does not end with # EOF")),
            }
        }
        Ok(None)
    }

    fn comment(&mut self) -> Result<Option<Entry<'a>>, DecodeError> {
        match self.format {
            Format::Text => metadata::text(&mut self.lexer),
            Format::OpenMetrics => {
                let entry = metadata::openmetrics(&mut self.lexer)?;
                self.finished = entry.is_none();
                Ok(entry)
            }
        }
    }

    fn sample(&mut self) -> Result<Sample<'_>, DecodeError> {
        let start = self.lexer.position;
        let series_end = self.series()?;
        let values = match self.format {
            Format::Text => self.text_values()?,
            Format::OpenMetrics => self.openmetrics_values()?,
        };
        Ok(Sample {
            series: &self.lexer.text[start..series_end],
            labels: &self.labels,
            value: values.value,
            t_ms: values.t_ms,
            exemplar: values.exemplar.map(|(value, t_ms)| Exemplar {
                labels: &self.exemplar_labels,
                value,
                t_ms,
            }),
        })
    }

    /// Reads name and labels, and returns where they end.
    fn series(&mut self) -> Result<usize, DecodeError> {
        let name = self.lexer.metric_name();
        let mut end = self.lexer.position;
        let mut name = (!name.is_empty()).then_some(Cow::Borrowed(name));
        if self.format == Format::Text {
            self.lexer.blanks();
        }
        self.labels.clear();
        if self.lexer.take("{") {
            let quoted_name = name.is_none();
            let grammar = Grammar { format: self.format, strict: self.strict, quoted_name };
            let inner = labels::read(&mut self.lexer, grammar, &mut self.labels)?;
            end = self.lexer.position;
            name = name.or(inner);
        } else if name.is_none() {
            return Err(self.lexer.expected("a metric name"));
        }
        let Some(name) = name else {
            return Err(self.lexer.error("metric name not set"));
        };
        self.labels.push((Cow::Borrowed(METRIC_NAME), name));
        let kind = if self.strict { MetricKind::Unknown } else { self.kind };
        labels::finish(&self.lexer, kind, &mut self.labels)?;
        Ok(end)
    }

    fn text_values(&mut self) -> Result<Values, DecodeError> {
        self.lexer.blanks();
        let text = self.lexer.take_while(|byte| !matches!(byte, b'{' | b' ' | b'\t' | b'\n'));
        let value = self.float(text, "a value")?;
        self.lexer.blanks();
        let mut t_ms = None;
        if !matches!(self.lexer.peek(), None | Some(b'\n')) {
            let text = self.lexer.take_while(|byte| byte.is_ascii_digit() || byte == b'-');
            let Ok(number) = text.parse() else {
                return Err(self.lexer.expected("a timestamp or the end of the line"));
            };
            t_ms = Some(number);
            self.lexer.blanks();
        }
        self.end_of_line()?;
        Ok(Values { value, t_ms, exemplar: None })
    }

    fn openmetrics_values(&mut self) -> Result<Values, DecodeError> {
        let text = self.token();
        let value = self.float(text, "a value")?;
        let mut t_ms = None;
        let is_exemplar = |lexer: &Lexer<'_>| lexer.text[lexer.position..].starts_with(" # {");
        if self.lexer.peek() == Some(b' ') && !is_exemplar(&self.lexer) {
            t_ms = Some(self.timestamp()?);
        }
        let mut exemplar = None;
        if is_exemplar(&self.lexer) {
            exemplar = self.exemplar()?;
        }
        if self.lexer.peek().is_none() {
            return Err(self.lexer.error("data does not end with # EOF"));
        }
        self.end_of_line()?;
        Ok(Values { value, t_ms, exemplar })
    }

    /// Reads an exemplar into the labels kept for it; too long a one is passed over, as in Prometheus.
    fn exemplar(&mut self) -> Result<Option<(f64, Option<i64>)>, DecodeError> {
        self.lexer.take(" # {");
        self.exemplar_labels.clear();
        let grammar = Grammar { format: self.format, strict: self.strict, quoted_name: false };
        labels::read(&mut self.lexer, grammar, &mut self.exemplar_labels)?;
        labels::finish(&self.lexer, MetricKind::Unknown, &mut self.exemplar_labels)?;
        let text = self.token();
        let value = self.float(text, "a value behind the exemplar's labels")?;
        let t_ms = match self.lexer.peek() {
            Some(b' ') => Some(self.timestamp()?),
            _ => None,
        };
        let characters = |(name, value): &Label<'_>| name.chars().count() + value.chars().count();
        if self.exemplar_labels.iter().map(characters).sum::<usize>() <= EXEMPLAR_CHARACTERS_MAX {
            return Ok(Some((value, t_ms)));
        }
        match self.strict {
            true => Err(self.lexer.error("the labels of an exemplar have over 128 characters")),
            false => Ok(None),
        }
    }

    /// A blank and what follows it up to the next; empty when there is no blank.
    fn token(&mut self) -> &'a str {
        match self.lexer.take(" ") {
            true => self.lexer.take_while(|byte| !matches!(byte, b' ' | b'\n')),
            false => "",
        }
    }

    /// A timestamp in seconds, as milliseconds.
    fn timestamp(&mut self) -> Result<i64, DecodeError> {
        let text = self.token();
        let seconds = self.float(text, "a timestamp")?;
        if !seconds.is_finite() {
            return Err(self.lexer.error(format!("invalid timestamp {text}")));
        }
        Ok((seconds * 1000.0) as i64)
    }

    fn float(&self, text: &str, what: &str) -> Result<f64, DecodeError> {
        match parse_float(text) {
            // All NaNs but the staleness marker are one; no target may send that one.
            Some(number) if number.is_nan() => Ok(f64::NAN),
            Some(number) => Ok(number),
            None if text.is_empty() => Err(self.lexer.expected(what)),
            None => Err(self.lexer.error(format!("{text:?} is not a number"))),
        }
    }

    fn end_of_line(&mut self) -> Result<(), DecodeError> {
        match self.lexer.peek() {
            None => Ok(()),
            Some(b'\n') => {
                self.lexer.position += 1;
                Ok(())
            }
            Some(_) => Err(self.lexer.expected("the end of the line")),
        }
    }
}
