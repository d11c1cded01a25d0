//! Conditions on the fields that records know under one name, whatever they were called.

use model::Severity;
use model::aliases::{self, Role};
use store::{Filter, Range, Test};

use super::date;
use crate::ast::{Condition, Leaf};
use crate::error::SyntaxError;

/// The condition on the field that was lifted from `name`, or else on one that kept this name
/// because its value did not fit or another alias came first: that is what `own` asks.
pub(super) fn filter(
    role: Role,
    name: &str,
    leaf: &Leaf,
    own: Filter,
) -> Result<Filter, SyntaxError> {
    let canonical = role.canonical();
    let lifted = match role {
        Role::Timestamp => time(name, leaf)?,
        Role::Severity => severity(&leaf.condition),
        Role::TraceId => {
            id(role, &leaf.condition, |text| Some(aliases::trace_id(name, text)?.to_string()))
        }
        Role::SpanId => {
            id(role, &leaf.condition, |text| Some(aliases::span_id(name, text)?.to_string()))
        }
        Role::Message | Role::Service | Role::RequestId | Role::UserId => None,
    };
    let same = || match &own {
        Filter::Field(predicate) => Filter::field(canonical, predicate.test.clone()),
        other => other.clone(),
    };
    // What cannot be a time cannot be asked of one, only of a field that is merely called so.
    let lifted = match lifted {
        None if role == Role::Timestamp && leaf.condition != Condition::Exists => return Ok(own),
        None => same(),
        Some(filter) => filter,
    };
    Ok(if name == canonical { lifted } else { Filter::Or(vec![lifted, own]) })
}

/// Dates are compared as nanoseconds, and a date without a time of day is the whole day.
fn time(name: &str, leaf: &Leaf) -> Result<Option<Filter>, SyntaxError> {
    let range = match &leaf.condition {
        Condition::Text(text) => date::unit(text).map(|unit| date::range(&unit, &unit)),
        Condition::Between(range) => date::bounds(range),
        Condition::Exists | Condition::Pattern(_) | Condition::Regex(_) => None,
    };
    let is_time = matches!(name, "timestamp" | "@timestamp");
    if range.is_none() && is_time && leaf.condition != Condition::Exists {
        let relative = match &leaf.condition {
            Condition::Text(text) => text.starts_with("now"),
            Condition::Between(Range { lower, upper }) => {
                [lower, upper].into_iter().flatten().any(|(text, _)| text.starts_with("now"))
            }
            _ => false,
        };
        let error = SyntaxError::new(leaf.place.clone(), format!("`{name}` needs a date"));
        return Err(error.with_hint(match relative {
            true => "times relative to now are chosen beside the query, not in it",
            false => "write 2026-08-22, \"2026-08-22T10:00:00Z\" or milliseconds since 1970",
        }));
    }
    Ok(range.map(|range| Filter::field(Role::Timestamp.canonical(), Test::Range(range))))
}

/// Severities are known by six names whatever they were called, and one is worse than another.
fn severity(condition: &Condition) -> Option<Filter> {
    let named = |severity: Severity| {
        Filter::field(Role::Severity.canonical(), Test::Is(severity.name().to_owned()))
    };
    match condition {
        Condition::Text(text) => Severity::parse(text).map(named),
        Condition::Between(range) => {
            let rank = |severity: Severity| (severity.number().max(1) - 1) / 4;
            let bound = |bound: &Option<(String, bool)>| match bound {
                None => Some(None),
                Some((text, inclusive)) => Some(Some((rank(Severity::parse(text)?), *inclusive))),
            };
            let (lower, upper) = (bound(&range.lower)?, bound(&range.upper)?);
            let within = |severity: &Severity| {
                let rank = rank(*severity);
                lower.is_none_or(|(least, yes)| rank > least || yes && rank == least)
                    && upper.is_none_or(|(most, yes)| rank < most || yes && rank == most)
            };
            let classes = (1..=21).step_by(4).map(Severity::from_number).filter(within);
            Some(Filter::Or(classes.map(named).collect()))
        }
        Condition::Exists | Condition::Pattern(_) | Condition::Regex(_) => None,
    }
}

/// Identifiers are compared in the one form they are shown in.
fn id(role: Role, condition: &Condition, read: impl Fn(&str) -> Option<String>) -> Option<Filter> {
    let Condition::Text(text) = condition else { return None };
    Some(Filter::field(role.canonical(), Test::Is(read(text)?)))
}
