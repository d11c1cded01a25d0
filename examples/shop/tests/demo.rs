//! The whole demonstration against a server that only remembers: real processes, real HTTP. Called
//! with `demo --role …`, this program is one of the processes, as `sightglass` is.

#![expect(clippy::disallowed_methods, reason = "a program of its own reads its own arguments")]

use std::collections::BTreeSet;
use std::error::Error;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use axum::extract::State;
use axum::http::{Method, Uri};
use axum::{Json as Body, Router};
use env::{Fs, RealFs};
use parking_lot::Mutex;
use serde_json::{Value as Json, json};
use shop::{DemoOptions, demo_until, run};
use tokio::net::TcpListener;
use tokio::time::{sleep, timeout};

type Result<T> = std::result::Result<T, Box<dyn Error>>;

/// How long the shop may take to show everything.
const PATIENCE: Duration = Duration::from_secs(60);

#[tokio::main]
async fn main() -> Result<()> {
    let arguments: Vec<String> = std::env::args().collect();
    if let [_, demo, _role, role, _options, options] = arguments.as_slice()
        && demo == "demo"
    {
        return Ok(run(role.parse()?, options.parse()?).await?);
    }
    // Test runners ask what there is before they run it.
    if arguments.iter().any(|argument| argument == "--list") {
        if !arguments.iter().any(|argument| argument == "--ignored") {
            say("the_shop_is_seen_by_its_server: test");
        }
        return Ok(());
    }
    the_shop_is_seen_by_its_server().await?;
    say("test the_shop_is_seen_by_its_server ... ok");
    Ok(())
}

#[expect(clippy::print_stdout, reason = "test runners read it")]
fn say(text: &str) {
    println!("{text}");
}

/// A span and the name of its service.
type SpanOf = (String, Json);

/// What the server was sent.
#[derive(Default)]
struct Seen {
    data_dir: PathBuf,
    spans: Vec<SpanOf>,
    logs: Vec<Json>,
    asked: Vec<String>,
}

impl Seen {
    /// Keeps what a request holds, and answers it.
    fn take(&mut self, method: &Method, path: &str, body: &str) -> Json {
        match path {
            "/api/status" => return json!({"data_dir": self.data_dir}),
            "/otlp/v1/traces" => self.take_spans(&serde_json::from_str(body).unwrap_or_default()),
            "/elasticsearch/_bulk" => {
                let lines: Vec<Json> =
                    body.lines().filter_map(|line| serde_json::from_str(line).ok()).collect();
                let documents = lines.chunks(2).filter_map(|pair| pair.get(1));
                self.logs.extend(documents.cloned());
                let stored = json!({"create": {"status": 201}});
                return json!({"errors": false, "items": vec![stored; lines.len() / 2]});
            }
            _ => self.asked.push(format!("{method} {path}")),
        }
        json!({})
    }

    fn take_spans(&mut self, request: &Json) {
        for resource in request["resourceSpans"].as_array().into_iter().flatten() {
            let service = attribute(&resource["resource"], "service.name");
            for span in resource["scopeSpans"][0]["spans"].as_array().into_iter().flatten() {
                self.spans.push((service.clone(), span.clone()));
            }
        }
    }

    /// The trace of a charge that the acquirer did not answer, and what it logged, once all is here:
    /// the span that serves a request ends and is sent behind all it contains.
    fn failed_trace(&self) -> Option<(Vec<&SpanOf>, Vec<&Json>)> {
        let (_, failed) = self.spans.iter().find(|(_, span)| is_timeout(span))?;
        let id = &failed["traceId"];
        let spans: Vec<_> = self.spans.iter().filter(|(_, span)| span["traceId"] == *id).collect();
        let logs: Vec<_> = self.logs.iter().filter(|line| line["trace_id"] == *id).collect();
        let all = |names: BTreeSet<&str>| names == ["frontend", "orders", "payments"].into();
        let serving = spans.iter().filter(|(_, span)| span["kind"] == 2);
        let complete = all(serving.map(|(service, _)| service.as_str()).collect())
            && all(logs.iter().filter_map(|line| line["service"].as_str()).collect());
        complete.then_some((spans, logs))
    }
}

/// Whether a span says that an acquirer did not answer.
fn is_timeout(span: &Json) -> bool {
    attribute(&span["events"][0], "exception.type") == "AcquirerTimeout"
}

fn attribute(holder: &Json, key: &str) -> String {
    let attributes = holder["attributes"].as_array().into_iter().flatten();
    let found = attributes.into_iter().find(|attribute| attribute["key"] == key);
    found.and_then(|found| found["value"]["stringValue"].as_str()).unwrap_or_default().to_owned()
}

type Shared = Arc<Mutex<Seen>>;

async fn answer(State(seen): State<Shared>, method: Method, uri: Uri, body: String) -> Body<Json> {
    Body(seen.lock().take(&method, uri.path(), &body))
}

async fn the_shop_is_seen_by_its_server() -> Result<()> {
    let folder = testkit::TempDir::new("shop");
    RealFs.create_dir_all(&folder.path().join("wal"))?;
    let seen = Shared::default();
    seen.lock().data_dir = folder.path().to_owned();
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let server = format!("http://{}", listener.local_addr()?);
    let router = Router::new().fallback(answer).with_state(seen.clone());
    tokio::spawn(async move { axum::serve(listener, router).await });

    let mut options = DemoOptions::new(std::env::current_exe()?);
    options.server = server;
    options.rate = 15.0;
    options.break_after_seconds = 0;
    let looked = Mutex::new(None);
    let look = async {
        let result = timeout(PATIENCE, look_around(&seen, folder.path())).await;
        *looked.lock() = Some(result.unwrap_or_else(|_| Err("not everything was seen".into())));
    };
    demo_until(options, look).await?;
    let ports = looked.into_inner().ok_or("nobody looked")??;

    for path in ["targets/shop.json", "rules/shop.yml"] {
        assert_eq!(RealFs.file_len(&folder.path().join(path))?, None, "{path} is left behind");
    }
    for port in ports {
        TcpListener::bind(("127.0.0.1", port)).await?;
    }
    let expected =
        ["POST /api/dashboards", "POST /-/reload", "DELETE /api/dashboards/shop", "POST /-/reload"];
    assert_eq!(seen.lock().asked, expected);
    let stopped = seen.lock().logs.iter().filter(|line| says(line, "stopped")).count();
    assert_eq!(stopped, 4, "the last words of every process arrive");
    Ok(())
}

fn says(line: &Json, text: &str) -> bool {
    line["message"].as_str().is_some_and(|message| message.contains(text))
}

/// Looks at everything the running shop shows; the ports it listens on.
async fn look_around(seen: &Shared, data_dir: &Path) -> Result<Vec<u16>> {
    let ports = scraped(data_dir)?;
    while seen.lock().failed_trace().is_none() {
        sleep(Duration::from_millis(100)).await;
    }
    check_failed_trace(&seen.lock())?;
    let client = reqwest::Client::builder().no_proxy().build()?;
    for port in &ports {
        check_metrics(
            &client.get(format!("http://127.0.0.1:{port}/metrics")).send().await?.text().await?,
        );
    }
    let plumbing = |(_, span): &SpanOf| {
        ["/healthz", "/metrics", "/break"].contains(&attribute(span, "url.path").as_str())
    };
    assert!(!seen.lock().spans.iter().any(plumbing), "plumbing is traced");

    let switch = format!("http://127.0.0.1:{}/break", ports[2]);
    let ask = async |request: reqwest::RequestBuilder| -> Result<Json> {
        Ok(serde_json::from_str(&request.send().await?.text().await?)?)
    };
    assert_eq!(ask(client.get(&switch)).await?["broken"], true);
    assert_eq!(ask(client.delete(&switch)).await?["broken"], false);
    let visa = client.post(&switch).body(r#"{"card":"visa","currency":"USD","seconds":9}"#);
    assert_eq!(ask(visa).await?, json!({"broken": true, "card": "visa", "currency": "USD"}));
    Ok(ports)
}

/// The ports that the server is told to scrape; the rules lie beside them.
fn scraped(data_dir: &Path) -> Result<Vec<u16>> {
    let targets = RealFs.read(&data_dir.join("targets/shop.json"), 1 << 20)?;
    let targets: Vec<Json> = serde_json::from_slice(&targets)?;
    let mut ports = Vec::new();
    for target in &targets {
        assert_eq!(target["labels"]["job"], "shop");
        let address = target["targets"][0].as_str().ok_or("no address")?;
        ports.push(address.rsplit(':').next().ok_or("no port")?.parse()?);
    }
    ports.sort_unstable();
    assert_eq!(ports.len(), 3);
    let rules = RealFs.read(&data_dir.join("rules/shop.yml"), 1 << 20)?;
    assert!(String::from_utf8(rules)?.contains("alert: ShopPaymentsFail"));
    Ok(ports)
}

/// One trace over three processes, its spans hanging together, its log lines naming them.
fn check_failed_trace(seen: &Seen) -> Result<()> {
    let (spans, logs) = seen.failed_trace().ok_or("the trace is gone")?;
    let ids: BTreeSet<&str> =
        spans.iter().filter_map(|(_, span)| span["spanId"].as_str()).collect();
    let parents: Vec<_> = spans.iter().filter_map(|(_, s)| s["parentSpanId"].as_str()).collect();
    assert_eq!(parents.len(), spans.len() - 1, "one span is the root");
    assert!(parents.iter().all(|parent| ids.contains(parent)), "every parent is there");
    assert!(logs.iter().all(|line| ids.contains(line["span_id"].as_str().unwrap_or_default())));

    let (_, failed) =
        spans.iter().find(|(_, span)| is_timeout(span)).ok_or("no span has an exception")?;
    assert_eq!(attribute(failed, "payment.card"), "amex");
    assert_eq!(attribute(failed, "payment.currency"), "EUR");
    assert_eq!(failed["events"][0]["name"], "exception");
    assert!(attribute(&failed["events"][0], "exception.stacktrace").contains("caused by"));
    let statement = spans.iter().map(|(_, span)| attribute(span, "db.query.text"));
    assert!(statement.into_iter().any(|text| text.contains("$1")));
    let tenant = spans.iter().filter(|(_, span)| attribute(span, "shop.tenant") == "acme").count();
    assert_eq!(tenant, 3, "baggage reaches every service");

    let errors = logs.iter().filter(|line| line["severity"] == "ERROR");
    let error = errors.into_iter().find(|line| line["service"] == "payments").ok_or("no error")?;
    for field in ["timestamp", "message", "request_id", "user_id", "tenant", "order_id", "acquirer"]
    {
        assert!(error[field].is_string(), "{field} is missing in {error}");
    }
    Ok(())
}

fn check_metrics(page: &str) {
    for part in [
        "# TYPE http_server_request_duration_seconds histogram",
        "http_server_request_duration_seconds_bucket{le=\"0.005\",http_request_method=",
        " # {trace_id=\"",
        "# TYPE http_server_active_requests gauge",
        "shop_build_info{version=",
        "shop_dropped_spans_total 0",
    ] {
        assert!(page.contains(part), "{part} is missing in\n{page}");
    }
    assert!(page.ends_with("# EOF\n"));
}
