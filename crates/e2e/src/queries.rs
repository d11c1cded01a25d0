//! Questions to the query APIs, and their answers in forms that can be compared.

use std::collections::BTreeMap;
use std::fmt;
use std::net::SocketAddr;

use serde_json::{Value as Json, json};

use crate::http::{Request, Response, form, get};
use crate::server::Server;

/// Labels in order.
pub type Labels = BTreeMap<String, String>;

/// Prometheus' HTTP API: the real one's, or ours.
#[derive(Clone, Debug)]
pub struct PrometheusApi {
    address: SocketAddr,
}

/// A series and its value, as text: `NaN` equals `NaN`, and nothing is rounded.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Sample {
    /// What names the series.
    pub labels: Labels,
    /// Its value.
    pub value: String,
}

impl fmt::Display for Sample {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let labels: Vec<String> = self.labels.iter().map(|(n, v)| format!("{n}={v:?}")).collect();
        write!(f, "{{{}}} {}", labels.join(", "), self.value)
    }
}

impl PrometheusApi {
    /// The API at the root of an address.
    pub fn at(address: SocketAddr) -> PrometheusApi {
        PrometheusApi { address }
    }

    /// Evaluates an expression at an instant, in seconds; the samples are sorted by labels.
    ///
    /// # Errors
    /// With what the server says.
    ///
    /// # Panics
    /// When it does not answer as it should.
    pub fn instant(&self, expression: &str, time: f64) -> Result<Vec<Sample>, String> {
        let data = self.query(expression, time)?;
        let result = &data["result"];
        let mut samples = match data["resultType"].as_str() {
            Some("vector") => {
                let series = result.as_array().expect("a vector is a list");
                series.iter().map(|s| Sample::new(labels(&s["metric"]), &s["value"])).collect()
            }
            Some("scalar" | "string") => vec![Sample::new(Labels::new(), result)],
            _ => return Err(format!("{data} is no instant vector")),
        };
        samples.sort();
        Ok(samples)
    }

    /// The value of an expression that has exactly one, at an instant or now.
    ///
    /// # Errors
    /// With what came instead.
    pub fn value(&self, expression: &str, time: impl Into<Option<f64>>) -> Result<f64, String> {
        let samples = self.instant(expression, time.into().unwrap_or_else(crate::deadline::now))?;
        match samples.as_slice() {
            [sample] => sample.value.parse().map_err(|_| format!("{sample}")),
            others => Err(format!("{expression} has {} series", others.len())),
        }
    }

    /// The samples of a range selector: per series, pairs of seconds and value.
    ///
    /// # Errors
    /// With what the server says.
    ///
    /// # Panics
    /// When it does not answer as it should.
    pub fn samples(
        &self,
        selector: &str,
        time: f64,
    ) -> Result<BTreeMap<Labels, Vec<(f64, String)>>, String> {
        let data = self.query(selector, time)?;
        let series = data["result"].as_array().expect("a matrix is a list");
        let pair = |pair: &Json| {
            let time = pair[0].as_f64().expect("a time is a number");
            (time, pair[1].as_str().expect("a value is a text").to_owned())
        };
        let values = |s: &Json| -> Vec<_> {
            s["values"].as_array().expect("samples are a list").iter().map(pair).collect()
        };
        Ok(series.iter().map(|s| (labels(&s["metric"]), values(s))).collect())
    }

    fn query(&self, expression: &str, time: f64) -> Result<Json, String> {
        let time = format!("{time:.3}");
        let body = form(&[("query", expression), ("time", &time)]);
        data(&self.post("/api/v1/query", body))
    }

    fn post(&self, path: &str, body: String) -> Response {
        Request::post(path, "application/x-www-form-urlencoded", body).to(self.address)
    }

    /// Another call of the API.
    ///
    /// # Errors
    /// With what the server says.
    ///
    /// # Panics
    /// When it does not answer as it should.
    pub fn call(&self, path: &str) -> Result<Json, String> {
        data(&get(self.address, &format!("/api/v1/{path}")))
    }
}

impl Sample {
    fn new(labels: Labels, value: &Json) -> Sample {
        let value = value[1].as_str().expect("a value is a text").to_owned();
        Sample { labels, value }
    }
}

fn data(response: &Response) -> Result<Json, String> {
    let mut answer = response.json();
    match answer["status"].as_str() {
        Some("success") => Ok(answer["data"].take()),
        _ => Err(answer["error"].as_str().unwrap_or("neither data nor an error").to_owned()),
    }
}

fn labels(metric: &Json) -> Labels {
    let metric = metric.as_object().expect("labels are an object");
    let text = |value: &Json| value.as_str().expect("a label's value is a text").to_owned();
    metric.iter().map(|(name, value)| (name.clone(), text(value))).collect()
}

impl Server {
    /// Our own metrics.
    pub fn metrics(&self) -> PrometheusApi {
        PrometheusApi::at(self.address("prometheus"))
    }

    /// All log records for which a KQL query holds, oldest first.
    ///
    /// # Panics
    /// When the query is refused.
    pub fn logs(&self, query: &str) -> Vec<Json> {
        let mut records = Vec::new();
        let mut after = Json::Null;
        loop {
            let request = json!({"query": query, "order": "oldest", "limit": 1000, "after": after});
            let mut page = self.post("/api/logs/search", &request).ok().json();
            let found = page["records"].as_array_mut().expect("records are a list");
            records.append(found);
            after = page["next"].take();
            if after.is_null() {
                return records;
            }
        }
    }

    /// How many log records there are for which a KQL query holds.
    ///
    /// # Panics
    /// When the query is refused.
    pub fn count_logs(&self, query: &str) -> u64 {
        let answer = self.post("/api/logs/histogram", &json!({"query": query})).ok().json();
        answer["total"].as_u64().expect("a total is a number")
    }

    /// A trace by its identifier; `None` when it is unknown.
    ///
    /// # Panics
    /// When there is another answer.
    pub fn trace(&self, id: &str) -> Option<Trace> {
        let response = get(self.address("jaeger-query"), &format!("/api/traces/{id}"));
        match response.status {
            404 => None,
            _ => Some(Trace(response.ok().json()["data"][0].take())),
        }
    }

    /// The traces that parameters of Jaeger's search find.
    ///
    /// # Panics
    /// When the search is refused.
    pub fn traces(&self, parameters: &[(&str, &str)]) -> Vec<Trace> {
        let path = format!("/api/traces?{}", form(parameters));
        let mut answer = get(self.address("jaeger-query"), &path).ok().json();
        let traces = answer["data"].as_array_mut().expect("traces are a list");
        traces.iter_mut().map(|trace| Trace(trace.take())).collect()
    }
}

/// A trace as Jaeger's API shows it.
#[derive(Clone, Debug)]
pub struct Trace(pub Json);

impl Trace {
    /// Its spans.
    ///
    /// # Panics
    /// When there is no list of them.
    pub fn spans(&self) -> &[Json] {
        self.0["spans"].as_array().expect("spans are a list")
    }

    /// The one span with a name.
    ///
    /// # Panics
    /// When there is none, or several.
    pub fn span(&self, name: &str) -> &Json {
        let mut named = self.spans().iter().filter(|span| span["operationName"] == name);
        let span = named.next().unwrap_or_else(|| panic!("no span {name:?} in {}", self.0));
        assert!(named.next().is_none(), "several spans {name:?} in {}", self.0);
        span
    }

    /// The process a span ran in.
    pub fn process(&self, span: &Json) -> &Json {
        &self.0["processes"][span["processID"].as_str().unwrap_or_default()]
    }
}

/// Tags or fields of Jaeger's form as an object.
///
/// # Panics
/// When they are not of that form.
pub fn tags(list: &Json) -> BTreeMap<String, Json> {
    let list = list.as_array().expect("tags are a list");
    let pair = |tag: &Json| (tag["key"].as_str().unwrap_or("?").to_owned(), tag["value"].clone());
    list.iter().map(pair).collect()
}
