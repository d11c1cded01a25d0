//! Notifications as Slack gets them, and what its answers mean.

use env::RealFs;
use serde_json::json;

use super::*;
use crate::config::Config;
use crate::message::tests::notification;

fn slack(block: &str) -> Slack {
    let text =
        format!("route: {{receiver: a}}\nreceivers: [{{name: a, slack_configs: [{block}]}}]");
    let config = Config::load(&text, "test").unwrap();
    Slack(config.receivers[0].slacks[0].clone())
}

fn request(slack: &Slack, notification: &Notification) -> Result<Request, Failure> {
    slack.request(notification, &Templates::built_in("http://am"), &RealFs)
}

fn body(request: &Request) -> serde_json::Value {
    serde_json::from_str(&request.body).unwrap()
}

#[test]
fn the_defaults() {
    let request = request(&slack("{api_url: 'http://h', channel: '#c'}"), &notification()).unwrap();
    assert_eq!(request.url, "http://h");
    let (title, link) = ("[FIRING:1] Down c1 (eu)", "http://am/#/alerts?receiver=team%5C.x");
    let expected = json!({
        "channel": "#c", "username": "Alertmanager",
        "attachments": [{
            "title": title, "title_link": link, "text": "", "fallback": format!("{title} | {link}"),
            "callback_id": "", "footer": "", "color": "danger",
            "mrkdwn_in": ["fallback", "pretext", "text"],
        }],
    });
    assert_eq!(body(&request), expected);
}

#[test]
fn everything_is_a_template() {
    let block =
        "{api_url: 'http://h', channel: '#{{ .Status }}', username: u, color: '#fff', title: T,
        title_link: L, pretext: P, text: '{{ .CommonLabels.zone }}', message_text: M, footer: F,
        fallback: B, callback_id: I, icon_emoji: ':x:', icon_url: U, image_url: G, thumb_url: H,
        link_names: yes, mrkdwn_in: [title], short_fields: true,
        fields: [{title: '{{ .Status }}', value: v}, {title: t, value: w, short: false}],
        actions: [{type: button, text: '{{ .Status }}', url: 'http://x', name: dropped},
                  {type: button, text: t, name: n, value: v, style: s,
                   confirm: {text: sure, title: '{{ .Status }}', ok_text: o, dismiss_text: d}}]}";
    let request = request(&slack(block), &notification()).unwrap();
    let expected = json!({
        "channel": "#firing", "username": "u", "icon_emoji": ":x:", "icon_url": "U",
        "link_names": true, "text": "M",
        "attachments": [{
            "title": "T", "title_link": "L", "pretext": "P", "text": "eu", "fallback": "B",
            "callback_id": "I", "image_url": "G", "thumb_url": "H", "footer": "F", "color": "#fff",
            "mrkdwn_in": ["title"],
            "fields": [
                {"title": "firing", "value": "v", "short": true},
                {"title": "t", "value": "w", "short": false},
            ],
            "actions": [
                {"type": "button", "text": "firing", "url": "http://x"},
                {"type": "button", "text": "t", "name": "n", "value": "v", "style": "s",
                 "confirm": {"text": "sure", "title": "firing", "ok_text": "o", "dismiss_text": "d"}},
            ],
        }],
    });
    assert_eq!(body(&request), expected);
}

#[test]
fn long_titles_are_cut() {
    let block = format!("{{api_url: 'http://h', title: '{}'}}", "ä".repeat(2000));
    let title = body(&request(&slack(&block), &notification()).unwrap());
    let title = title["attachments"][0]["title"].as_str().unwrap();
    assert!(title.chars().count() == 1024 && title.ends_with("ä…"));
}

#[test]
fn a_template_that_fails() {
    let slack = slack("{api_url: 'http://h', text: '{{ .Nothing }}'}");
    let failure = request(&slack, &notification()).unwrap_err();
    assert!(failure.message.contains("can't evaluate field Nothing") && !failure.retry);
}

#[test]
fn answers() {
    let slack = slack("{api_url: 'http://h'}");
    let request = Request { url: String::new(), body: r##"{"channel":"#c"}"##.to_owned() };
    let judge = |status, content_type, body| {
        let response = Response { status, content_type, body };
        slack.judge(&request, response).map_err(|f| (f.message, f.retry, f.reason))
    };
    let fails =
        |message: &str, retry, reason| Err((format!("channel \"#c\": {message}"), retry, reason));
    let json = "application/json; charset=utf-8";
    assert_eq!(judge(200, "text/html", "ok"), Ok(Kept::new()));
    assert_eq!(judge(200, json, r#"{"ok":true,"ts":"1","channel":"C"}"#), Ok(Kept::new()));
    assert_eq!(
        judge(200, "text/plain", "no_channel"),
        fails("received an error response from Slack: no_channel", false, "clientError")
    );
    assert_eq!(
        judge(200, json, r#"{"ok":false,"error":"channel_not_found"}"#),
        fails("error response from Slack: channel_not_found", false, "clientError")
    );
    assert_eq!(
        judge(403, "text/plain", "invalid_token"),
        fails("unexpected status code 403: invalid_token", false, "authError")
    );
    assert_eq!(
        judge(500, "text/plain", ""),
        fails("unexpected status code 500", true, "serverError")
    );
    let (message, retry, _) = judge(200, json, "{").unwrap_err();
    assert!(message.contains("could not unmarshal JSON response") && retry);
}

#[test]
fn messages_are_changed_later() {
    let url = "https://slack.com/api/chat.postMessage";
    let slack = slack(&format!("{{api_url: '{url}', update_message: true, channel: '#c'}}"));
    let first = request(&slack, &notification()).unwrap();
    assert_eq!((first.url.as_str(), body(&first)["channel"].as_str()), (url, Some("#c")));
    let answer = Response {
        status: 200,
        content_type: "application/json",
        body: r#"{"ok":true,"ts":"12.3","channel":"C1"}"#,
    };
    let kept = slack.judge(&first, answer).unwrap();
    let second = request(&slack, &Notification { kept, ..notification() }).unwrap();
    assert_eq!(second.url, UPDATE);
    assert_eq!((&body(&second)["ts"], &body(&second)["channel"]), (&json!("12.3"), &json!("C1")));
}
