//! What a log query looks like in a request.

use model::TimeRange;
use serde::Deserialize;
use store::{Cursor, Filter, Test};

use crate::error::ApiError;

/// The part that all log calls share.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct LogQuery {
    query: String,
    language: Language,
    filters: Vec<Pill>,
    start_ms: Option<i64>,
    end_ms: Option<i64>,
}

/// The language of the query text.
#[derive(Clone, Copy, Debug, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Language {
    /// Kibana's.
    #[default]
    Kql,
    /// Lucene's query strings.
    Lucene,
}

/// A condition beside the query text.
#[derive(Clone, Debug, Deserialize)]
pub(super) struct Pill {
    field: String,
    op: PillOp,
    #[serde(default)]
    value: Option<serde_json::Value>,
    #[serde(default)]
    disabled: bool,
}

#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
enum PillOp {
    Is,
    IsNot,
    Exists,
    NotExists,
}

impl Pill {
    fn filter(&self) -> Result<Filter, ApiError> {
        let exact = || match &self.value {
            Some(serde_json::Value::String(text)) => Ok(Test::Is(text.clone())),
            Some(value @ (serde_json::Value::Number(_) | serde_json::Value::Bool(_))) => {
                Ok(Test::Is(value.to_string()))
            }
            _ => {
                Err(ApiError::bad_request(format!("the filter on {:?} needs a value", self.field)))
            }
        };
        Ok(match self.op {
            PillOp::Is => Filter::field(&self.field, exact()?),
            PillOp::IsNot => Filter::field(&self.field, exact()?).negated(),
            PillOp::Exists => Filter::field(&self.field, Test::Exists),
            PillOp::NotExists => Filter::field(&self.field, Test::Exists).negated(),
        })
    }
}

impl LogQuery {
    /// The query of a live tail, which has no range.
    pub(super) fn new(query: String, language: Language, filters: Vec<Pill>) -> Self {
        LogQuery { query, language, filters, start_ms: None, end_ms: None }
    }

    /// What records must look like.
    pub(super) fn filter(&self) -> Result<Filter, ApiError> {
        let language = match self.language {
            Language::Kql => logquery::Language::Kql,
            Language::Lucene => logquery::Language::Lucene,
        };
        let mut filter = logquery::parse(language, &self.query).map_err(|error| {
            ApiError::bad_request(error.message).hint(error.hint).at(
                "query",
                &self.query,
                error.range,
            )
        })?;
        for pill in self.filters.iter().filter(|pill| !pill.disabled) {
            filter = filter.and(pill.filter()?);
        }
        Ok(filter)
    }

    /// When records must have happened: everything, unless the query says otherwise.
    pub(super) fn range(&self) -> Result<TimeRange, ApiError> {
        let nanos = |ms: i64| ms.saturating_mul(1_000_000);
        let start_ns = self.start_ms.map_or(i64::MIN, nanos);
        let end_ns = self.end_ms.map_or(i64::MAX, |ms| nanos(ms).saturating_add(999_999));
        if end_ns < start_ns {
            return Err(ApiError::bad_request("the range ends before it starts"));
        }
        Ok(TimeRange::new(start_ns, end_ns))
    }
}

/// A cursor as text.
pub(super) fn cursor_text(cursor: Cursor) -> String {
    format!("{}-{}", cursor.time_ns, cursor.sequence)
}

/// A cursor from its text.
pub(super) fn parse_cursor(text: &str) -> Result<Cursor, ApiError> {
    let parse = || {
        let (time_ns, sequence) = text.rsplit_once('-')?;
        Some(Cursor { time_ns: time_ns.parse().ok()?, sequence: sequence.parse().ok()? })
    };
    parse().ok_or_else(|| ApiError::bad_request(format!("{text:?} is not a cursor")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cursors_survive_their_text() {
        for cursor in
            [Cursor { time_ns: -5, sequence: 0 }, Cursor { time_ns: i64::MAX, sequence: u64::MAX }]
        {
            assert_eq!(parse_cursor(&cursor_text(cursor)).unwrap(), cursor);
        }
        assert!(parse_cursor("x").is_err() && parse_cursor("1").is_err());
    }

    #[test]
    fn pills_join_the_query() {
        let query: LogQuery = serde_json::from_str(
            r#"{"filters":[{"field":"a","op":"is","value":1},{"field":"b","op":"not_exists"},
                {"field":"c","op":"is","value":"x","disabled":true}],"start_ms":1,"end_ms":2}"#,
        )
        .unwrap();
        let Filter::And(conditions) = query.filter().unwrap() else { panic!("not a conjunction") };
        assert_eq!(conditions.len(), 2);
        assert_eq!(query.range().unwrap(), TimeRange::new(1_000_000, 2_999_999));
    }
}
