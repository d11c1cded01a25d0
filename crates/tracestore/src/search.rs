//! What a search for traces asks of the columns of a span.

use records::{CellTest, Condition, Leaf};
use store::{FieldName, Range, Test, TraceSearch};

use crate::nested;
use crate::span::{ATTRIBUTES, RESOURCE, SCOPE, SERVICE_NAME, status_name};

/// The condition that holds for exactly the spans of which `TraceSearch::matches` says so, apart
/// from their time.
pub(crate) fn condition(search: &TraceSearch) -> Condition {
    let service = search.service.iter().map(|service| column_is(SERVICE_NAME, service));
    let operation = search.operation.iter().map(|name| column_is("name", name));
    let tags = search.tags.iter().map(|(name, value)| tag(name, value));
    let all = service.chain(operation).chain(duration(search)).chain(tags);
    all.fold(Condition::All, Condition::and)
}

/// That a known text column holds this; the empty text is stored as no value.
fn column_is(column: &str, text: &str) -> Condition {
    match text.is_empty() {
        true => {
            let exists = Condition::field(column, CellTest::new(Test::Exists));
            Condition::Not(Box::new(exists))
        }
        false => field_is(column, text),
    }
}

fn field_is(name: &str, text: &str) -> Condition {
    Condition::field(name, CellTest::text_is(text))
}

fn duration(search: &TraceSearch) -> Option<Condition> {
    let bound = |bound: Option<i64>| bound.map(|ns| (ns.to_string(), true));
    let range =
        Range { lower: bound(search.duration_min_ns), upper: bound(search.duration_max_ns) };
    let is_bounded = range.lower.is_some() || range.upper.is_some();
    is_bounded.then(|| Condition::field("duration_ns", CellTest::new(Test::Range(range))))
}

/// An attribute anywhere in the span, or what is found under its name.
fn tag(name: &str, value: &str) -> Condition {
    let mut any: Vec<Condition> = [ATTRIBUTES, RESOURCE, SCOPE]
        .iter()
        .map(|prefix| field_is(&format!("{prefix}{name}"), value))
        .collect();
    any.extend(derived(name, value));
    for column in ["events", "links"] {
        let (wanted, text) = (name.to_owned(), value.to_owned());
        let has = move |value: &_| nested::has_attribute(value, &wanted, &text);
        let field = FieldName::Named(column.to_owned());
        any.push(Condition::Leaf(Leaf { field, test: CellTest::value_with(name, has) }));
    }
    Condition::Or(any)
}

fn derived(name: &str, value: &str) -> Option<Condition> {
    let status = |code| field_is("status_code", status_name(code));
    match (name, value) {
        (_, "") => None,
        (SERVICE_NAME, service) => Some(field_is(SERVICE_NAME, service)),
        ("error", "true") | ("otel.status_code", "ERROR") => Some(status(model::StatusCode::Error)),
        ("otel.status_code", "OK") => Some(status(model::StatusCode::Ok)),
        ("span.kind", kind) => Some(field_is("kind", kind)),
        ("otel.scope.name", scope) => Some(field_is("scope.name", scope)),
        ("otel.scope.version", version) => Some(field_is("scope.version", version)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use records::ChunkBuilder;
    use testkit::Rng;
    use testkit::records::{span, trace_search};

    use super::*;
    use crate::span::{SPANS, write};

    #[test]
    fn columns_answer_as_the_definition_does() {
        let mut passed = 0_usize;
        for seed in 0..40 {
            let rng = Rng::seeded(seed);
            let spans: Vec<_> = (0..100).map(|_| span(&rng, 1_000, 900)).collect();
            let mut rows = ChunkBuilder::new(&SPANS, spans.len());
            spans.iter().for_each(|span| write(span, &mut rows));
            let chunk = rows.finish(0);
            for _ in 0..60 {
                let search =
                    TraceSearch { range: model::TimeRange::ALL, ..trace_search(&rng, 1_000, 900) };
                let selected = condition(&search).select_all(&chunk);
                for (row, span) in spans.iter().enumerate() {
                    let expected = search.matches(span);
                    assert_eq!(selected.contains(&row), expected, "{search:?} of {span:?}");
                }
                passed += selected.len();
            }
        }
        assert!(passed > 2_000, "the searches find too little to test anything: {passed}");
    }
}
