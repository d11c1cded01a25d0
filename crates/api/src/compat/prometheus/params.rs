//! Parameters as Prometheus' API takes them: from the address or a form, times and durations in
//! several shapes.

use std::time::Duration;

use axum::extract::{FromRequest, Request};
use axum::http::Method;
use axum::response::{IntoResponse, Response};
use model::{Matcher, parse_duration_ms};
use store::Select;

use super::answer::Failure;
use crate::body;
use crate::parameters::Parameters;

/// The bytes of a form at most.
const FORM_BYTES_MAX: usize = 10 << 20;

/// The furthest instants: what Prometheus takes for "no bound".
const TIME_MIN_MS: i64 = i64::MIN / 1_000_000;
const TIME_MAX_MS: i64 = i64::MAX / 1_000_000;

/// The parameters of a call.
pub(super) struct Params(Parameters);

impl<S: Send + Sync> FromRequest<S> for Params {
    type Rejection = Response;

    async fn from_request(request: Request, _state: &S) -> Result<Self, Response> {
        let address = Parameters::decode(request.uri().query().unwrap_or_default().as_bytes());
        if request.method() != Method::POST {
            return Ok(Params(address));
        }
        let form = body::read(request, FORM_BYTES_MAX)
            .await
            .map_err(|error| Failure::bad_data(error.to_string()).into_response())?;
        // As in Go, what the form says comes before what the address says.
        Ok(Params(Parameters::decode(&form).before(address)))
    }
}

impl Params {
    /// The first value of a name, empty when there is none.
    pub(super) fn get(&self, name: &str) -> &str {
        self.0.get(name).unwrap_or_default()
    }

    /// All values of a name.
    pub(super) fn all(&self, name: &str) -> impl Iterator<Item = &str> {
        self.0.all(name)
    }

    /// An instant, or `default` when it is not given.
    pub(super) fn time_ms(&self, name: &str, default: i64) -> Result<i64, Failure> {
        match self.get(name) {
            "" => Ok(default),
            text => time_ms(text).ok_or_else(|| {
                Failure::parameter(name, &format!("cannot parse {text:?} to a valid timestamp"))
            }),
        }
    }

    /// A duration, or `None` when it is not given.
    pub(super) fn duration_ms(&self, name: &str) -> Result<Option<i64>, Failure> {
        match self.get(name) {
            "" => Ok(None),
            text => duration_ms(text).map(Some).ok_or_else(|| {
                Failure::parameter(name, &format!("cannot parse {text:?} to a valid duration"))
            }),
        }
    }

    /// The `timeout` parameter.
    pub(super) fn timeout(&self) -> Result<Option<Duration>, Failure> {
        let timeout_ms = self.duration_ms("timeout")?;
        Ok(timeout_ms.map(|ms| Duration::from_millis(ms.unsigned_abs())))
    }

    /// The `limit` parameter; 0 and absence mean none.
    pub(super) fn limit(&self) -> Result<usize, Failure> {
        match self.get("limit") {
            "" | "0" => Ok(usize::MAX),
            text => text
                .parse()
                .map_err(|_| Failure::parameter("limit", "limit must be a non-negative number")),
        }
    }

    /// What `match[]`, `start` and `end` select; one selection per `match[]`, and one of everything
    /// when there is none and `required` is not set.
    pub(super) fn selections(&self, required: bool) -> Result<Vec<Select>, Failure> {
        let start_ms = self.time_ms("start", TIME_MIN_MS)?;
        let end_ms = self.time_ms("end", TIME_MAX_MS)?;
        if end_ms < start_ms {
            return Err(Failure::bad_data("end timestamp must not be before start time".into()));
        }
        let select = |matchers: Vec<Matcher>| Select { matchers, start_ms, end_ms };
        let mut selections = Vec::new();
        for text in self.all("match[]") {
            let matchers = promql::parse_selector(text)
                .map_err(|error| Failure::parameter("match[]", &error.to_string()))?;
            selections.push(select(matchers));
        }
        match (selections.is_empty(), required) {
            (true, true) => Err(Failure::bad_data("no match[] parameter provided".into())),
            (true, false) => Ok(vec![select(Vec::new())]),
            (false, _) => Ok(selections),
        }
    }
}

/// An instant as seconds with a fraction or in RFC 3339.
fn time_ms(text: &str) -> Option<i64> {
    if let Ok(seconds) = text.parse::<f64>() {
        let ms = (seconds * 1000.0).round();
        return (ms.is_finite() && ms.abs() < 9.2e15).then_some(ms as i64);
    }
    chrono::DateTime::parse_from_rfc3339(text).ok().map(|time| time.timestamp_millis())
}

/// A length as seconds with a fraction or in Prometheus' notation.
fn duration_ms(text: &str) -> Option<i64> {
    if let Ok(seconds) = text.parse::<f64>() {
        let ms = seconds * 1000.0;
        return (ms.is_finite() && ms.abs() < 9.2e12).then_some(ms as i64);
    }
    parse_duration_ms(text).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_and_durations() {
        assert_eq!(time_ms("1787392800.5"), Some(1_787_392_800_500));
        assert_eq!(time_ms("2026-08-22T10:00:00.250Z"), Some(1_787_392_800_250));
        assert_eq!((time_ms("NaN"), time_ms("now"), time_ms("1e300")), (None, None, None));
        assert_eq!((duration_ms("15s"), duration_ms("0.5")), (Some(15_000), Some(500)));
    }
}
