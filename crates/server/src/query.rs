//! `sightglass query`: asks a running server and prints the answer.

mod logs;
mod print;
mod promql;
mod traces;

use std::process::ExitCode;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use serde_json::Value;

use crate::cli;

/// An answer of more bytes than this is not read.
const ANSWER_BYTES_MAX: usize = 256 << 20;

/// Asks and prints.
pub(crate) fn run(arguments: &cli::Query) -> Result<ExitCode> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        match &arguments.what {
            cli::QueryWhat::Promql(query) => promql::run(query).await,
            cli::QueryWhat::Logs(query) => logs::run(query).await,
            cli::QueryWhat::Traces(query) => traces::run(query).await,
        }
    })?;
    Ok(ExitCode::SUCCESS)
}

/// A server that is asked.
struct Server {
    client: reqwest::Client,
    url: String,
}

impl Server {
    fn new(url: &str) -> Result<Self> {
        let client = reqwest::Client::builder()
            .timeout(Duration::from_secs(180))
            .user_agent(concat!("sightglass/", env!("CARGO_PKG_VERSION")))
            .build()?;
        Ok(Server { client, url: url.trim_end_matches('/').to_owned() })
    }

    /// Sends a form, as Prometheus' API takes queries of any length.
    async fn form(&self, path: &str, form: &[(&str, String)]) -> Result<Value> {
        self.answer(self.client.post(self.at(path)).form(form)).await
    }

    async fn json(&self, path: &str, body: &Value) -> Result<Value> {
        let request = self.client.post(self.at(path)).header("content-type", "application/json");
        self.answer(request.body(body.to_string())).await
    }

    async fn get(&self, path: &str, query: &[(&str, String)]) -> Result<Value> {
        self.answer(self.client.get(self.at(path)).query(query)).await
    }

    fn at(&self, path: &str) -> String {
        format!("{}{path}", self.url)
    }

    async fn answer(&self, request: reqwest::RequestBuilder) -> Result<Value> {
        let mut response = request.send().await.with_context(|| {
            format!("no answer from {}; is the server running? (--url says where)", self.url)
        })?;
        let status = response.status();
        let mut body = Vec::new();
        while let Some(chunk) = response.chunk().await.context("the answer broke off")? {
            body.extend_from_slice(&chunk);
            if body.len() > ANSWER_BYTES_MAX {
                bail!("the answer is larger than {ANSWER_BYTES_MAX} bytes; ask for less");
            }
        }
        let json: Value = serde_json::from_slice(&body)
            .with_context(|| format!("{} answered {status}, and not with JSON", self.url))?;
        if !status.is_success() {
            bail!("{}", message(&json).unwrap_or_else(|| format!("the server answered {status}")));
        }
        Ok(json)
    }
}

/// What an error says, in any of the forms our APIs have.
fn message(json: &Value) -> Option<String> {
    if let Some(text) = json["error"].as_str() {
        return Some(text.to_owned());
    }
    if let Some(text) = json["errors"][0]["msg"].as_str() {
        return Some(text.to_owned());
    }
    let error = &json["error"];
    let text = error["message"].as_str()?;
    Some(match error["hint"].as_str() {
        Some(hint) => format!("{text} ({hint})"),
        None => text.to_owned(),
    })
}

/// Milliseconds of a time on the command line: RFC 3339, Unix seconds, or an age.
fn time_ms(text: &str, now_ms: i64) -> Result<i64> {
    if text == "now" {
        return Ok(now_ms);
    }
    if let Ok(age_ms) = model::parse_duration_ms(text) {
        return Ok(now_ms - age_ms);
    }
    if let Ok(seconds) = text.parse::<f64>() {
        return Ok((seconds * 1000.0) as i64);
    }
    let time = chrono::DateTime::parse_from_rfc3339(text).with_context(|| {
        format!("{text:?} is no time; write 2026-08-22T10:00:00Z, 1787392800, or an age such as 1h")
    })?;
    Ok(time.timestamp_millis())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_ages_or_instants() {
        assert_eq!(time_ms("1h", 7_200_000).unwrap(), 3_600_000);
        assert_eq!(time_ms("1787392800", 0).unwrap(), 1_787_392_800_000);
        assert_eq!(time_ms("2026-08-22T10:00:00Z", 0).unwrap(), 1_787_392_800_000);
        assert!(time_ms("yesterday", 0).is_err());
    }

    #[test]
    fn errors_of_every_api_are_read() {
        let read = |text: &str| message(&serde_json::from_str(text).unwrap()).unwrap();
        assert_eq!(read(r#"{"status":"error","error":"a"}"#), "a");
        assert_eq!(read(r#"{"error":{"message":"b","hint":"c"}}"#), "b (c)");
        assert_eq!(read(r#"{"errors":[{"code":404,"msg":"d"}]}"#), "d");
    }
}
