//! Answers of Prometheus' query API, and how far two of them agree.

use std::collections::BTreeMap;

use serde_json::Value as Json;

use crate::http::{Connection, Request, form};

/// How far from each other two numbers may be, relative to the larger one, to count as close:
/// versions of Prometheus add up in different orders.
const CLOSE: f64 = 1e-12;

/// A question: an expression, and the instants it is asked for.
#[derive(Clone, Debug)]
pub(super) struct Question {
    pub(super) expression: String,
    pub(super) start_ms: i64,
    pub(super) end_ms: i64,
    /// 0 asks for one instant, the end.
    pub(super) step_ms: i64,
}

impl Question {
    pub(super) fn request(&self) -> Request {
        let seconds = |ms: i64| format!("{}.{:03}", ms / 1000, ms % 1000);
        let [start, end, step] = [self.start_ms, self.end_ms, self.step_ms].map(seconds);
        let query = ("query", self.expression.as_str());
        let (path, body) = match self.step_ms {
            0 => ("/api/v1/query", form(&[query, ("time", &end)])),
            _ => {
                let range = [query, ("start", &start), ("end", &end), ("step", &step)];
                ("/api/v1/query_range", form(&range))
            }
        };
        Request::post(path, "application/x-www-form-urlencoded", body)
    }

    /// Asks over a connection.
    pub(super) fn ask(&self, connection: &mut Connection) -> Answer {
        let response = connection.exchange(&self.request());
        let mut json = response.expect("a server that is ready answers").json();
        match json["status"].as_str() {
            Some("success") => Answer::Data(json["data"].take()),
            _ => Answer::Error(json["error"].as_str().unwrap_or_default().to_owned()),
        }
    }
}

/// What came back.
#[derive(Clone, Debug)]
pub(super) enum Answer {
    Data(Json),
    Error(String),
}

/// How far two answers agree.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Agreement {
    /// To the last digit.
    Equal,
    /// Numbers differ in what rounding may have left.
    Close,
    /// They do not, and where.
    Different(String),
}

/// Compares what both say; series may come in any order.
pub(super) fn agreement(ours: &Answer, theirs: &Answer) -> Agreement {
    match (ours, theirs) {
        (Answer::Error(_), Answer::Error(_)) => Agreement::Equal,
        (Answer::Error(ours), Answer::Data(_)) => {
            Agreement::Different(format!("only ours is an error: {ours}"))
        }
        (Answer::Data(_), Answer::Error(theirs)) => {
            Agreement::Different(format!("only theirs is an error: {theirs}"))
        }
        (Answer::Data(ours), Answer::Data(theirs)) => data(ours, theirs),
    }
}

fn data(ours: &Json, theirs: &Json) -> Agreement {
    if ours["resultType"] != theirs["resultType"] {
        let types = format!("{} and {}", ours["resultType"], theirs["resultType"]);
        return Agreement::Different(types);
    }
    let [ours, theirs] = [by_labels(&ours["result"]), by_labels(&theirs["result"])];
    for (labels, theirs) in &theirs {
        if !ours.contains_key(labels) {
            return Agreement::Different(format!("ours lacks {labels}, theirs is {theirs:?}"));
        }
    }
    let mut worst = Agreement::Equal;
    for (labels, ours) in &ours {
        let Some(theirs) = theirs.get(labels) else {
            return Agreement::Different(format!("theirs lacks {labels}, ours is {ours:?}"));
        };
        worst = worst.max(samples(labels, ours, theirs));
    }
    worst
}

/// Every sample as its instant and its value, by the labels of its series.
fn by_labels(result: &Json) -> BTreeMap<String, Vec<(String, String)>> {
    let pair = |pair: &Json| (pair[0].to_string(), pair[1].as_str().unwrap_or("?").to_owned());
    let list = |result: &Json| result.as_array().cloned().unwrap_or_default();
    let is_single = result[0].is_number();
    if is_single {
        return BTreeMap::from([(String::new(), vec![pair(result)])]);
    }
    let series = |series: &Json| {
        let mut samples: Vec<_> = list(&series["values"]).iter().map(pair).collect();
        if !series["value"].is_null() {
            samples.push(pair(&series["value"]));
        }
        (series["metric"].to_string(), samples)
    };
    list(result).iter().map(series).collect()
}

fn samples(labels: &str, ours: &[(String, String)], theirs: &[(String, String)]) -> Agreement {
    if ours.len() != theirs.len() {
        let counts = format!("{labels}: {} samples and {}", ours.len(), theirs.len());
        return Agreement::Different(counts);
    }
    let mut worst = Agreement::Equal;
    for (ours, theirs) in ours.iter().zip(theirs) {
        if ours == theirs {
            continue;
        }
        let numbers = [&ours.1, &theirs.1].map(|text| text.parse::<f64>().unwrap_or(f64::NAN));
        let [a, b] = numbers;
        if ours.0 != theirs.0 || (a - b).abs() > CLOSE * a.abs().max(b.abs()) || (a - b).is_nan() {
            return Agreement::Different(format!("{labels}: {ours:?} and {theirs:?}"));
        }
        worst = Agreement::Close;
    }
    worst
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn vector(values: &[(&str, &str)]) -> Answer {
        let series =
            |(name, value): &(&str, &str)| json!({"metric": {"a": name}, "value": [1.5, value]});
        let result: Vec<Json> = values.iter().map(series).collect();
        Answer::Data(json!({"resultType": "vector", "result": result}))
    }

    #[test]
    fn numbers_labels_and_instants_are_compared() {
        let ours = vector(&[("x", "1"), ("y", "NaN")]);
        let is = |theirs: &[(&str, &str)]| agreement(&ours, &vector(theirs));
        assert_eq!(is(&[("y", "NaN"), ("x", "1")]), Agreement::Equal);
        assert_eq!(is(&[("x", "1.0000000000000002"), ("y", "NaN")]), Agreement::Close);
        for different in
            [&[("x", "1.1"), ("y", "NaN")][..], &[("x", "1")], &[("x", "1"), ("y", "2")]]
        {
            assert!(matches!(is(different), Agreement::Different(_)), "{different:?}");
        }
        assert!(matches!(agreement(&ours, &Answer::Error(String::new())), Agreement::Different(_)));
    }
}
