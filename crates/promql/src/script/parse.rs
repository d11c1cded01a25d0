//! Reads a script line by line.

use model::{Regexp, parse_duration_ms};

use super::ScriptError;
use super::command::{Command, Eval, Expect, Load, Remarks, Text, Times};
use super::series::{self, Line, SeriesPoints, SeriesStarts};
use crate::ast::ExprKind;
use crate::number::parse_number;

/// The lines of a script that are left, without comments and the spaces around them.
struct Lines<'t> {
    lines: Vec<&'t str>,
    /// How many were read, which is also the number of the last one.
    read: usize,
}

impl<'t> Lines<'t> {
    fn next(&mut self) -> Option<&'t str> {
        let line = self.lines.get(self.read)?;
        self.read += 1;
        Some(line)
    }

    /// The next line of a command: an empty one ends it.
    fn next_of_command(&mut self) -> Option<&'t str> {
        self.next().filter(|line| !line.is_empty())
    }

    fn fail<T>(&self, message: impl Into<String>) -> Result<T, ScriptError> {
        Err(ScriptError { line: self.read, message: message.into() })
    }

    fn check<T>(&self, result: Result<T, String>) -> Result<T, ScriptError> {
        result.or_else(|message| self.fail(message))
    }
}

pub(super) fn parse(text: &str) -> Result<Vec<Command>, ScriptError> {
    let lines = text.lines().map(str::trim);
    let lines = lines.map(|line| if line.starts_with('#') { "" } else { line }).collect();
    let mut lines = Lines { lines, read: 0 };
    let mut commands = Vec::new();
    while let Some(line) = lines.next() {
        let (word, rest) = split_word(line);
        match word.to_ascii_lowercase().as_str() {
            "" => {}
            "clear" => commands.push(Command::Clear),
            "load" => commands.push(load(&mut lines, rest, false)?),
            "load_with_nhcb" => commands.push(load(&mut lines, rest, true)?),
            "eval" => commands.push(eval(&mut lines, rest, "")?),
            other => match other.strip_prefix("eval_") {
                Some(kind @ ("fail" | "warn" | "info" | "ordered")) => {
                    commands.push(eval(&mut lines, rest, kind)?);
                }
                _ => return lines.fail(format!("invalid command {}", model::Quoted(line))),
            },
        }
    }
    Ok(commands)
}

/// The first word, and what follows it and the spaces after it.
fn split_word(text: &str) -> (&str, &str) {
    let (word, rest) = text.split_once([' ', '\t']).unwrap_or((text, ""));
    (word, rest.trim_start())
}

fn load(
    lines: &mut Lines<'_>,
    interval: &str,
    with_custom_buckets: bool,
) -> Result<Command, ScriptError> {
    let line = lines.read;
    let interval_ms = lines.check(duration(interval))?;
    let mut all: Vec<SeriesPoints> = Vec::new();
    let mut starts: Option<SeriesStarts> = None;
    while let Some(line) = lines.next_of_command() {
        let mut series = match lines.check(series::parse(line))? {
            Line::Starts(_) if starts.is_some() => return lines.fail(NO_SAMPLES),
            Line::Starts(new) => {
                starts = Some(new);
                continue;
            }
            Line::Samples(series) => series,
        };
        if let Some(starts) = starts.take() {
            if starts.labels != series.labels || starts.starts_ms.len() != series.points.len() {
                return lines.fail("start timestamps go with the samples of the line after them");
            }
            series.starts_ms = starts.starts_ms;
        }
        // Of two lines for one series the last one counts.
        all.retain(|other| other.labels != series.labels);
        all.push(series);
    }
    if starts.is_some() {
        return lines.fail(NO_SAMPLES);
    }
    Ok(Command::Load(Load { line, interval_ms, series: all, with_custom_buckets }))
}

const NO_SAMPLES: &str = "no samples follow the start timestamps";

fn duration(text: &str) -> Result<i64, String> {
    parse_duration_ms(text).map_err(|error| error.to_string())
}

fn eval(lines: &mut Lines<'_>, rest: &str, kind: &str) -> Result<Command, ScriptError> {
    let line = lines.read;
    let (times, query) = lines.check(times(rest))?;
    let mut expect = Expect::default();
    match kind {
        "fail" => expect.fail = Some(Text::Any),
        "warn" => expect.warn.some = true,
        "info" => expect.info.some = true,
        "ordered" => expect.is_ordered = true,
        _ => {}
    }
    let mut eval = Eval { line, query: query.to_owned(), times, vector_times: None, expect };
    while let Some(line) = lines.next_of_command() {
        let goes_on = lines.check(expectation(&mut eval, line))?;
        if !goes_on {
            break;
        }
    }
    Ok(Command::Eval(Box::new(eval)))
}

/// `instant at 5m query` or `range from 0 to 5m step 1m query`.
fn times(text: &str) -> Result<(Times, &str), String> {
    let usage = "an evaluation is \"instant at <time> <query>\" or \
                 \"range from <start> to <end> step <step> <query>\"";
    let (kind, rest) = split_word(text);
    let after = |rest, keyword| match split_word(rest) {
        (word, rest) if word == keyword => {
            let (value, rest) = split_word(rest);
            Ok((duration(value)?, rest))
        }
        _ => Err(usage.to_owned()),
    };
    match kind {
        "instant" => {
            let (at_ms, query) = after(rest, "at")?;
            Ok((Times::Instant(at_ms), query))
        }
        "range" => {
            let (times, query) = range(rest)?;
            Ok((Times::Range(times), query))
        }
        _ => Err(usage.to_owned()),
    }
}

/// `from 0 to 5m step 1m`, and what follows it.
fn range(text: &str) -> Result<((i64, i64, i64), &str), String> {
    let mut values = [0; 3];
    let mut rest = text;
    for (keyword, value) in ["from", "to", "step"].into_iter().zip(&mut values) {
        let (word, after) = split_word(rest);
        if word != keyword {
            return Err(format!("a range is \"from <start> to <end> step <step>\", not {text}"));
        }
        let (text, after) = split_word(after);
        *value = duration(text)?;
        rest = after;
    }
    let [start_ms, end_ms, step_ms] = values;
    if end_ms < start_ms || step_ms == 0 {
        return Err(format!("a range ends after it starts and has a step, unlike {text}"));
    }
    Ok(((start_ms, end_ms, step_ms), rest))
}

/// One line of what must come out; says whether more may follow.
fn expectation(eval: &mut Eval, line: &str) -> Result<bool, String> {
    if let Some(message) = line.strip_prefix("expected_fail_message") {
        eval.expect.fail = Some(Text::Exactly(message.trim().to_owned()));
        return Ok(false);
    }
    if let Some(pattern) = line.strip_prefix("expected_fail_regexp") {
        eval.expect.fail = Some(Text::Matching(regexp(pattern)?));
        return Ok(false);
    }
    if let Some(times) = line.strip_prefix("expect range vector") {
        eval.vector_times = Some(range(times.trim())?.0);
        return Ok(true);
    }
    if let Some(text) = line.strip_prefix("expect string") {
        eval.expect.string = Some(quoted(text.trim())?);
        return Ok(true);
    }
    if let Some(rest) = line.strip_prefix("expect ") {
        remark(&mut eval.expect, rest.trim())?;
        return Ok(true);
    }
    if let Ok(scalar) = parse_number(line) {
        eval.expect.scalar = Some(scalar);
        return Ok(false);
    }
    let Line::Samples(series) = series::parse(line)? else {
        return Err("start timestamps cannot be expected".to_owned());
    };
    if series.points.len() != 1
        && matches!(eval.times, Times::Instant(_))
        && eval.vector_times.is_none()
    {
        return Err("an instant vector has one point for each series".to_owned());
    }
    eval.expect.series.retain(|other| other.labels != series.labels);
    eval.expect.series.push(series);
    Ok(true)
}

/// `fail`, `warn`, `info` with an optional text; `no_warn`, `no_info`, `ordered`.
fn remark(expect: &mut Expect, text: &str) -> Result<(), String> {
    let (kind, rest) = split_word(text);
    let wanted = if let Some(message) = rest.strip_prefix("msg:") {
        Text::Exactly(message.trim().to_owned())
    } else if let Some(pattern) = rest.strip_prefix("regex:") {
        Text::Matching(regexp(pattern)?)
    } else if rest.is_empty() {
        Text::Any
    } else {
        return Err(format!("{rest} is neither \"msg: <text>\" nor \"regex: <pattern>\""));
    };
    match kind {
        "fail" if expect.fail.is_some() => return Err("a query fails once only".to_owned()),
        "fail" => expect.fail = Some(wanted),
        "ordered" => expect.is_ordered = true,
        "warn" => expect.warn.texts.push(wanted),
        "info" => expect.info.texts.push(wanted),
        "no_warn" => expect.warn.none = true,
        "no_info" => expect.info.none = true,
        other => return Err(format!("there is nothing to expect called {other}")),
    }
    let contradicts = |remarks: &Remarks| remarks.none && !remarks.texts.is_empty();
    if contradicts(&expect.warn) || contradicts(&expect.info) {
        return Err("remarks cannot be expected and excluded at once".to_owned());
    }
    Ok(())
}

fn regexp(pattern: &str) -> Result<Regexp, String> {
    Regexp::unanchored(pattern.trim()).map_err(|error| error.to_string())
}

fn quoted(text: &str) -> Result<String, String> {
    match crate::parse(text).map(|expr| expr.kind) {
        Ok(ExprKind::String(text)) => Ok(text.to_str_lossy().into_owned()),
        _ => Err(format!("{text} is no quoted text")),
    }
}
