//! What must hold of any text at all; fuzzing and the ordinary tests ask it.

use model::Regexp;
use store::{MemStore, QueryContext, QueryLimits};

use crate::ast::{Duration, DurationKind, Expr, ExprKind, TextRange, TimeModifiers};
use crate::{Options, ParseError, eval, parse, parse_selector, script};

/// Reads the bytes as a query and as a selector: errors point into the text, and what is printed
/// is read back as the same tree. A query can also be evaluated.
///
/// # Panics
/// When that does not hold.
pub fn query(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    if let Err(error) = parse_selector(text) {
        points_into(text, &error);
    }
    match parse(text) {
        Ok(expr) => {
            prints_what_it_reads(&expr);
            evaluates(&expr);
        }
        Err(error) => points_into(text, &error),
    }
}

/// Runs the bytes as a script on an empty store.
///
/// # Panics
/// When something in it panics; a script that is none is refused with one of its lines.
pub fn script(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    if let Err(error) = script::run(text, script::Engine::Naive, &mut || Box::new(MemStore::new()))
    {
        assert!(error.line <= text.lines().count(), "{error} of {text:?}");
    }
}

/// Reads the bytes as a regular expression, and a text to match it with after a line end.
///
/// # Panics
/// When an expression panics.
pub fn regexp(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let (pattern, subject) = text.split_once('\n').unwrap_or((text, text));
    if let Ok(regexp) = Regexp::anchored(pattern) {
        let found = regexp.expand(subject, "$1${2}$$$name");
        assert_eq!(found.is_some(), regexp.is_match(subject), "{pattern:?} on {subject:?}");
    }
}

fn points_into(text: &str, error: &ParseError) {
    let (start, end) = (error.range.start as usize, error.range.end as usize);
    assert!(start <= end && end <= text.len(), "{error:?} of {text:?}");
}

fn prints_what_it_reads(expr: &Expr) {
    let read_again = |printed: &str| {
        let mut expr = parse(printed).unwrap_or_else(|error| panic!("{printed:?}: {error}"));
        clear_ranges(&mut expr);
        expr
    };
    // Printing settles how things are written, so the first text may be read as another tree.
    let printed = expr.to_string();
    let first = read_again(&printed);
    assert_eq!(first.to_string(), printed);
    assert_eq!(read_again(&first.to_string()), first, "{printed:?}");
}

/// Evaluating may fail but not panic, and stops where a limit says so.
fn evaluates(expr: &Expr) {
    let limits = QueryLimits { samples: 1000, ..QueryLimits::default() };
    let context = QueryContext { limits, ..QueryContext::default() };
    let (store, options) = (MemStore::new(), Options::default());
    let _answer = eval::instant(expr, &store, 60_000, &options, &context);
    let _answer = eval::range(expr, &store, (0, 60_000, 20_000), &options, &context);
}

fn clear_ranges(expr: &mut Expr) {
    expr.range = TextRange::default();
    match &mut expr.kind {
        ExprKind::Number(_) | ExprKind::String(_) => {}
        ExprKind::Vector(selector) => clear_time(&mut selector.time),
        ExprKind::Matrix(matrix) => {
            clear_duration(&mut matrix.window);
            clear_time(&mut matrix.selector.time);
        }
        ExprKind::Subquery(subquery) => {
            clear_ranges(&mut subquery.expr);
            clear_duration(&mut subquery.window);
            subquery.step.iter_mut().for_each(clear_duration);
            clear_time(&mut subquery.time);
        }
        ExprKind::Call(call) => call.args.iter_mut().for_each(clear_ranges),
        ExprKind::Aggregate(aggregate) => {
            aggregate.param.iter_mut().for_each(|param| clear_ranges(param));
            clear_ranges(&mut aggregate.expr);
        }
        ExprKind::Binary(binary) => {
            clear_ranges(&mut binary.lhs);
            clear_ranges(&mut binary.rhs);
        }
        ExprKind::Unary(_, inner) | ExprKind::Paren(inner) => clear_ranges(inner),
    }
}

fn clear_time(time: &mut TimeModifiers) {
    time.offset.iter_mut().for_each(clear_duration);
}

fn clear_duration(duration: &mut Duration) {
    duration.range = TextRange::default();
    match &mut duration.kind {
        DurationKind::Literal(_) | DurationKind::Step | DurationKind::Range => {}
        DurationKind::Min(both) | DurationKind::Max(both) | DurationKind::Binary(_, both) => {
            both.iter_mut().for_each(clear_duration);
        }
        DurationKind::Unary(_, inner) | DurationKind::Paren(inner) => clear_duration(inner),
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn seeds_and_mutations_of_them() {
        testkit::seeds::replay("promql", 10_000, super::query);
        testkit::seeds::replay("promql_script", 2_000, super::script);
        testkit::seeds::replay("regexp", 2_000, super::regexp);
    }
}
