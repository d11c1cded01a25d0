//! Notifications as webhooks get them.

use env::{Fs, RealFs};
use serde_json::json;

use super::*;
use crate::config::Config;
use crate::message::tests::notification;

fn webhook(block: &str) -> Webhook {
    let text =
        format!("route: {{receiver: a}}\nreceivers: [{{name: a, webhook_configs: [{block}]}}]");
    let config = Config::load(&text, "test").unwrap();
    Webhook(config.receivers[0].webhooks[0].clone())
}

fn request(block: &str) -> Result<Request, Failure> {
    webhook(block).request(&notification(), &Templates::built_in("http://am"), &RealFs)
}

#[test]
fn the_payload_is_version_four() {
    let request = request("{url: 'http://h/{{ .Status }}'}").unwrap();
    assert_eq!(request.url, "http://h/firing");
    let expected = concat!(
        r#""externalURL":"http://am","version":"4","groupKey":"{}:{}","truncatedAlerts":0}"#,
        "\n"
    );
    assert!(request.body.ends_with(expected), "{}", request.body);
    let body: serde_json::Value = serde_json::from_str(&request.body).unwrap();
    assert_eq!(body["alerts"].as_array().unwrap().len(), 2);
    assert_eq!(body["alerts"][0]["endsAt"], "0001-01-01T00:00:00Z");
}

#[test]
fn long_lists_are_cut() {
    let body = request("{url: 'http://h', max_alerts: 1}").unwrap().body;
    let body: serde_json::Value = serde_json::from_str(&body).unwrap();
    assert_eq!(body["alerts"].as_array().unwrap().len(), 1);
    assert_eq!(body["truncatedAlerts"], 1);
    assert_eq!(body["commonLabels"]["i"], "1", "only what is shown counts");
}

#[test]
fn a_payload_of_ones_own() {
    let block = "{url: 'http://h', payload: {
        '{{ .Status }}': '{{ len .Alerts }}',
        text: '{{ .GroupLabels.alertname }}: x y',
        list: ['{{ .GroupLabels | toJson }}', 5, true, ~, 'yes', '\"quoted\"'],
        empty: '{{ with .None }}{{ end }}',
    }}";
    let error = request(block).unwrap_err();
    assert!(error.message.contains("can't evaluate field None"), "{}", error.message);
    let body = request(&block.replace("{{ with .None }}{{ end }}", "")).unwrap().body;
    let body: serde_json::Value = serde_json::from_str(&body).unwrap();
    let labels = json!({"alertname": "Down", "cluster": "c1"});
    let expected = json!({
        "firing": 2, "text": {"Down": "x y"}, "list": [labels, 5, true, null, true, "\"quoted\""],
        "empty": null,
    });
    assert_eq!(body, expected);
}

#[test]
fn addresses_in_files() {
    let folder = testkit::TempDir::new("webhook");
    let path = folder.path().join("url");
    RealFs.write_atomic(&path, b" http://h/{{ .Receiver }}\n").unwrap();
    let block = format!("{{url_file: '{}'}}", path.display());
    assert_eq!(request(&block).unwrap().url, "http://h/team\\.x");
    let error = request("{url_file: /nowhere/url}").unwrap_err();
    assert!(error.message.starts_with("reading /nowhere/url: ") && !error.retry);
    let error = request("{url: '{{ .GroupLabels.none }}'}").unwrap_err();
    assert_eq!(error.message, "webhook URL is empty after templating");
}

#[test]
fn answers() {
    let webhook = webhook("{url: 'http://h'}");
    let request = Request { url: String::new(), body: String::new() };
    let judge = |status| {
        let response = Response { status, content_type: "", body: "why" };
        webhook.judge(&request, response).map_err(|failure| failure.retry)
    };
    assert_eq!(judge(200), Ok(Kept::new()));
    assert_eq!((judge(400), judge(500)), (Err(false), Err(true)));
}
