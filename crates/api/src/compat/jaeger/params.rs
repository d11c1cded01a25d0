//! Parameters of Jaeger's search.

use std::collections::HashMap;

use model::{TimeRange, TraceId};
use store::TraceSearch;

use crate::parameters::Parameters;

/// Traces returned unless the request says how many, as in Jaeger.
const LIMIT_DEFAULT: usize = 100;

/// Traces returned at most.
const LIMIT_MAX: usize = 1500;

/// How far back a search looks unless the request says so.
const LOOKBACK_NS: i64 = 48 * 3_600_000_000_000;

/// Traces read to find out who calls whom.
const DEPENDENCY_TRACES: usize = 1000;

/// A call's parameters as Jaeger means them.
pub(super) struct Query(pub(super) Parameters);

impl Query {
    fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name)
    }

    /// The traces asked for by identifier.
    pub(super) fn trace_ids(&self) -> Result<Vec<TraceId>, String> {
        let parse = |id: &str| id.parse().map_err(|e| format!("error parsing traceID {id:?}: {e}"));
        self.0.all("traceID").map(parse).collect()
    }

    /// The search the other parameters describe.
    pub(super) fn search(&self, now_ns: i64) -> Result<TraceSearch, String> {
        let limit = match self.get("limit") {
            None => LIMIT_DEFAULT,
            Some(text) => {
                text.parse().map_err(|_| format!("unable to parse param 'limit': {text:?}"))?
            }
        };
        let duration_min_ns = self.duration_ns("minDuration")?;
        let duration_max_ns = self.duration_ns("maxDuration")?;
        if let (Some(min), Some(max)) = (duration_min_ns, duration_max_ns)
            && min > max
        {
            return Err("'maxDuration' should be greater than 'minDuration'".to_owned());
        }
        let end_ns = self.micros("end")?.unwrap_or(now_ns);
        let start_ns = self.micros("start")?.unwrap_or(end_ns - LOOKBACK_NS);
        Ok(TraceSearch {
            range: TimeRange::new(start_ns, end_ns),
            service: self.get("service").map(str::to_owned),
            operation: self.get("operation").map(str::to_owned),
            tags: self.tags()?,
            duration_min_ns,
            duration_max_ns,
            limit: limit.min(LIMIT_MAX),
        })
    }

    /// The traces from which dependencies of the asked time are read.
    pub(super) fn dependencies(&self, now_ns: i64) -> Result<TraceSearch, String> {
        let millis = |name: &str, default_ms: i64| match self.get(name) {
            None => Ok(default_ms),
            Some(text) => {
                text.parse::<i64>().map_err(|_| format!("unable to parse param {name:?}: {text:?}"))
            }
        };
        let end_ms = millis("endTs", now_ns / 1_000_000)?;
        let lookback_ms = millis("lookback", 24 * 3_600_000)?;
        let nanos = |ms: i64| ms.saturating_mul(1_000_000);
        Ok(TraceSearch {
            range: TimeRange::new(nanos(end_ms.saturating_sub(lookback_ms)), nanos(end_ms)),
            service: None,
            operation: None,
            tags: Vec::new(),
            duration_min_ns: None,
            duration_max_ns: None,
            limit: DEPENDENCY_TRACES,
        })
    }

    /// `tag=key:value`, several times, and `tags={"key":"value"}`.
    fn tags(&self) -> Result<Vec<(String, String)>, String> {
        let mut tags = Vec::new();
        for tag in self.0.all("tag") {
            let Some((name, value)) = tag.split_once(':') else {
                return Err(format!(
                    "malformed 'tag' parameter, expecting key:value, received: {tag}"
                ));
            };
            tags.push((name.to_owned(), value.to_owned()));
        }
        for text in self.0.all("tags").filter(|text| !text.is_empty()) {
            let map: HashMap<String, serde_json::Value> = serde_json::from_str(text)
                .map_err(|e| format!("malformed 'tags' parameter, cannot unmarshal JSON: {e}"))?;
            tags.extend(map.into_iter().map(|(name, value)| match value {
                serde_json::Value::String(text) => (name, text),
                other => (name, other.to_string()),
            }));
        }
        tags.sort();
        Ok(tags)
    }

    fn micros(&self, name: &str) -> Result<Option<i64>, String> {
        let Some(text) = self.get(name) else { return Ok(None) };
        let micros: i64 =
            text.parse().map_err(|_| format!("unable to parse param '{name}': {text:?}"))?;
        Ok(Some(micros.saturating_mul(1000)))
    }

    fn duration_ns(&self, name: &str) -> Result<Option<i64>, String> {
        let Some(text) = self.get(name) else { return Ok(None) };
        let parsed = go_duration_ns(text);
        parsed.map(Some).ok_or_else(|| {
            format!("unable to parse param '{name}': {text:?} is no duration such as 100ms or 1.5s")
        })
    }
}

/// Reads a duration as Go's `time.ParseDuration` does: `1.5s`, `100ms`, `1m30s`.
fn go_duration_ns(text: &str) -> Option<i64> {
    const UNITS: [(&str, f64); 7] = [
        ("ns", 1.0),
        ("us", 1e3),
        ("µs", 1e3),
        ("ms", 1e6),
        ("s", 1e9),
        ("m", 60e9),
        ("h", 3600e9),
    ];
    let mut rest = text;
    let mut total = 0.0;
    while !rest.is_empty() {
        let digits = rest.find(|c: char| !(c.is_ascii_digit() || c == '.'))?;
        let number: f64 = rest[..digits].parse().ok()?;
        let tail = &rest[digits..];
        let letters = tail.find(|c: char| c.is_ascii_digit()).unwrap_or(tail.len());
        let (_, unit_ns) = UNITS.iter().find(|(name, _)| *name == &tail[..letters])?;
        total += number * unit_ns;
        rest = &tail[letters..];
    }
    (total < 9e18 && !text.is_empty()).then_some(total as i64)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn query(text: &str) -> Query {
        Query(Parameters::decode(text.as_bytes()))
    }

    #[test]
    fn a_search_in_full() {
        let text = "service=shop&operation=GET&tag=a:1&tags=%7B%22b%22%3A%222%22%2C%22c%22%3Atrue%7D\
                    &minDuration=1.5ms&maxDuration=1m30s&start=1000&end=2000&limit=7";
        let search = query(text).search(0).unwrap();
        assert_eq!(search.range, TimeRange::new(1_000_000, 2_000_000));
        assert_eq!(search.service.as_deref(), Some("shop"));
        let tags: Vec<_> = search.tags.iter().map(|(n, v)| format!("{n}={v}")).collect();
        assert_eq!(tags, ["a=1", "b=2", "c=true"]);
        assert_eq!(search.duration_min_ns, Some(1_500_000));
        assert_eq!(search.duration_max_ns, Some(90_000_000_000));
        assert_eq!(search.limit, 7);
    }

    #[test]
    fn what_makes_no_sense_is_said() {
        for text in [
            "limit=x",
            "tag=a",
            "tags=%7B",
            "minDuration=5",
            "start=x",
            "minDuration=2s&maxDuration=1s",
        ] {
            assert!(query(text).search(0).is_err(), "{text}");
        }
        assert!(query("traceID=zz").trace_ids().is_err());
    }
}
