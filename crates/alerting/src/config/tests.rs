//! Files and upstream's verdict on them.

use super::*;

/// What upstream says about the files of its own tests that it refuses: a part of the message.
const REFUSED: [(&str, &str); 23] = [
    (
        "mattermost-both-webhook-url-and-file",
        "at most one of mattermost_webhook_url & mattermost_webhook_url_file must be configured",
    ),
    ("mattermost-no-webhook-url", "missing webhook_url or webhook_url_file on mattermost_config"),
    (
        "mattermost-valid-receiver-both-webhook-url-and-file",
        "at most one of mattermost_webhook_url & mattermost_webhook_url_file must be configured",
    ),
    ("nil-source_match_re-inhibition", "invalid_source_label"),
    ("nil-target_match_re-inhibition", "invalid_target_label"),
    (
        "opsgenie-both-file-and-apikey",
        "at most one of opsgenie_api_key & opsgenie_api_key_file must be configured",
    ),
    ("opsgenie-default-apikey-old-team", "16:9: field teams not found in type config.plain"),
    ("opsgenie-no-apikey", "no global OpsGenie API Key set either inline or in a file"),
    (
        "rocketchat-both-tokenid-and-tokenidfile",
        "at most one of rocketchat_token_id & rocketchat_token_id_file must be configured",
    ),
    ("rocketchat-no-token", "no global Rocketchat Token set either inline or in a file"),
    (
        "slack-both-file-and-token",
        "at most one of slack_app_token & slack_app_token_file must be configured",
    ),
    (
        "slack-both-file-and-url",
        "at most one of slack_api_url & slack_api_url_file must be configured",
    ),
    (
        "slack-both-url-and-token",
        "at most one of slack_app_token/slack_app_token_file & slack_api_url/slack_api_url_file must be configured",
    ),
    (
        "slack-no-api-url-or-token",
        "7:9: no Slack API URL nor App token set either inline or in a file",
    ),
    (
        "slack-update-message-and-webhook",
        "update_message can only be used with bot tokens. api_url must be set to https://slack.com/api/chat.postMessage",
    ),
    (
        "smtp-both-password-and-file",
        "at most one of smtp_auth_password & smtp_auth_password_file must be configured",
    ),
    ("sns-invalid", "must provide either a Target ARN, Topic ARN, or Phone Number for SNS config"),
    (
        "telegram-both-bot-token-and-file",
        "at most one of telegram_bot_token & telegram_bot_token_file must be configured",
    ),
    ("telegram-no-bot-token", "missing bot_token or bot_token_file on telegram_config"),
    (
        "telegram-valid-receiver-both-bot-token-and-file",
        "at most one of telegram_bot_token & telegram_bot_token_file must be configured",
    ),
    (
        "victorops-both-file-and-apikey",
        "at most one of victorops_api_key & victorops_api_key_file must be configured",
    ),
    ("victorops-no-apikey", "no global VictorOps API Key set"),
    (
        "wechat-both-file-and-secret",
        "at most one of wechat_api_secret & wechat_api_secret_file must be configured",
    ),
];

/// Files that are not judged as upstream does it. This list may only become shorter.
const KNOWN_FAILURES: [&str; 0] = [];

fn load(text: &str) -> Result<Config, FileError> {
    Config::load(text, "/etc/am/am.yml")
}

#[test]
fn the_corpus_gets_the_same_verdict() {
    let Some(folder) = testkit::corpora::corpus("alertmanager-config") else { return };
    let mut failures = Vec::new();
    let files = testkit::corpora::files(&folder, ".yml");
    assert!(files.len() > 30, "{}", files.len());
    for (name, content) in files {
        let result = load(&String::from_utf8(content).unwrap());
        let short = name.trim_start_matches("conf.").trim_end_matches(".yml");
        let expected = match short {
            "wechat-no-api-secret" => {
                Some("no global Wechat Api Secret set either inline or in a file")
            }
            _ => REFUSED.iter().find(|(file, _)| *file == short).map(|(_, message)| *message),
        };
        let agrees = match (&result, expected) {
            (Ok(_), None) => true,
            (Err(error), Some(message)) => error.to_string().contains(message),
            _ => false,
        };
        if !agrees {
            failures.push(format!("{name}: expected {expected:?}, got {:?}", result.err()));
        }
    }
    failures.retain(|failure| !KNOWN_FAILURES.iter().any(|known| failure.starts_with(known)));
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

#[test]
fn the_examples_load() {
    let Some(folder) = testkit::corpora::corpus("alertmanager-examples") else { return };
    for (name, content) in testkit::corpora::files(&folder, ".yml") {
        let config = load(&String::from_utf8(content).unwrap());
        assert!(config.is_ok(), "{name}: {config:?}");
    }
}

#[test]
fn defaults_and_inheritance() {
    let config = load(concat!(
        "global:\n  slack_api_url: https://hooks/x\n  http_config: {follow_redirects: no}\n",
        "templates: ['*.tmpl', '/abs/x.tmpl']\n",
        "route: {receiver: a, group_by: ['...'], routes: [{matchers: ['a=b,c=~\"d\"'], match: {e: f}}]}\n",
        "receivers:\n- name: a\n  webhook_configs: [{url: 'http://h/{{ .Status }}'}]\n",
        "  slack_configs: [{channel: c, send_resolved: on}, ~]\n",
        "  email_configs: []\n",
    ))
    .unwrap();
    assert_eq!(config.resolve_timeout_ms, 300_000);
    assert_eq!(config.templates, ["/etc/am/*.tmpl", "/abs/x.tmpl"]);
    assert_eq!(config.route.group_by, Some(GroupBy::All));
    assert_eq!(config.route.routes[0].matchers.to_string(), r#"{a="b",c=~"d",e="f"}"#);
    let receiver = config.receiver("a").unwrap();
    assert!(receiver.webhooks[0].send_resolved && !receiver.webhooks[0].http.follow_redirects);
    let [first, second] = receiver.slacks.as_slice() else { panic!("two Slack blocks") };
    assert!(first.send_resolved && !second.send_resolved);
    assert_eq!(first.title, "{{ template \"slack.default.title\" . }}");
    assert!(
        matches!(&second.endpoint, SlackEndpoint::Url(url) if url.expose() == "https://hooks/x")
    );
    assert!(config.problems.is_empty(), "{:?}", config.problems);
}

#[test]
fn inactive_notifiers_are_told() {
    let config = load(concat!(
        "route: {receiver: a}\ntracing: {endpoint: x}\n",
        "receivers: [{name: a, discord_configs: [{webhook_url: 'http://d/x'}], ",
        "jira_configs: [{api_url: 'http://j', project: p, issue_type: t, summary: s, ",
        "description: {template: d, enable_update: no}}]}]\n",
    ))
    .unwrap();
    assert_eq!(
        config.problems,
        [
            "receiver \"a\": discord_configs is parsed, but not active yet",
            "receiver \"a\": jira_configs is parsed, but not active yet",
            "tracing is parsed, but not active yet",
        ]
    );
}

/// Whole files that are refused, and a part of the message.
const FILES: [(&str, &str); 13] = [
    ("", "am.yml: no route provided in config"),
    ("receivers: []", "am.yml: no routes provided"),
    (
        "route:\n  receivr: a\n",
        "am.yml:2:3: field receivr not found in type config.plain (did you mean receiver?)",
    ),
    ("route: {}\n", "root route must specify a default receiver"),
    ("route: {receiver: b}\nreceivers: [{name: a}]", "undefined receiver \"b\" used in route"),
    (
        "route: {receiver: a}\nreceivers: [{name: a}, {name: a}]",
        "am.yml:2:24: notification config name \"a\" is not unique",
    ),
    ("route: {receiver: a}\nreceivers: [{labels: {a: b}}]", "missing name in receiver"),
    (
        "route: {receiver: a}\nreceivers: [{name: a, labels: {name: b}}]",
        "receiver label \"name\" must match receiver name \"a\", got \"b\"",
    ),
    (
        "route: {receiver: a}\nroute: {receiver: a}",
        "am.yml:2:1: field route already set in type config.plain",
    ),
    (
        "route: {receiver: a}\nreceivers: [{name: a}]\ntime_intervals: [{name: x}, {name: x}]",
        "am.yml:3:29: time interval \"x\" is not unique",
    ),
    (
        "route: {receiver: a}\nreceivers: [{name: a}]\nmute_time_intervals: [{time_intervals: []}]",
        "missing name in mute time interval",
    ),
    (
        "route: {receiver: a}\nreceivers: [{name: a}]\ninhibit_rules: [{equal: ['']}]",
        "invalid label name \"\" in equal list",
    ),
    (
        "route: {receiver: a}\nreceivers: [{name: a}]\ninhibit_rules: [{source_match: {a-b: c}}]",
        "invalid label name \"a-b\"",
    ),
];

/// Settings of the root route that are refused.
const ROUTES: [(&str, &str); 16] = [
    ("matchers: ['a=b']", "root route must not have any matchers"),
    ("continue: yes", "cannot have continue in root route"),
    ("mute_time_intervals: [x]", "root route must not have any mute time intervals"),
    ("active_time_intervals: [x]", "root route must not have any active time intervals"),
    ("group_by: [a, b, a]", "duplicated label \"a\" in group_by"),
    ("group_by: [a, '...']", "cannot have wildcard group_by (`...`) and other labels"),
    ("group_interval: 0s", "group_interval cannot be zero"),
    ("repeat_interval: 0m", "repeat_interval cannot be zero"),
    ("group_wait: 1x", "unknown unit \"x\" in duration \"1x\""),
    ("routes: [{receiver: z}]", "undefined receiver \"z\" used in route"),
    ("routes: [{matchers: ['a']}]", "bad matcher format: a:"),
    ("routes: [{match: {'a-b': c}}]", "invalid label name \"a-b\""),
    ("routes: [{match_re: {a: '('}}]", "error parsing regexp"),
    ("routes: [{mute_time_intervals: [x]}]", "undefined time interval \"x\" used in route"),
    ("routes: [{active_time_intervals: [x]}]", "undefined time interval \"x\" used in route"),
    ("labels: {'': x}", "invalid label name \"\" in route labels"),
];

/// Blocks of a receiver that are refused.
const RECEIVERS: [(&str, &str); 37] = [
    ("webhook_configs: [{}]", "am.yml:4:21: one of url or url_file must be configured"),
    ("webhook_configs: [{url: 'http://x', url_file: y}]", "at most one of url & url_file"),
    ("webhook_configs: [{url: '/x'}]", "invalid URL: unsupported scheme \"\" for URL"),
    ("webhook_configs: [{url: 'http://x/{{ y'}]", "invalid template syntax"),
    ("webhook_configs: [~]", "missing webhook config"),
    ("webhook_configs: [{url: 'http://x', timeout: 5q}]", "invalid duration \"5q\""),
    (
        "webhook_configs: [{url: 'http://x', http_config: {foo: 1}}]",
        "field foo not found in type config.plain",
    ),
    (
        "slack_configs: [{api_url: 'http://x', actions: [{type: b}]}]",
        "missing text in Slack action",
    ),
    (
        "slack_configs: [{api_url: 'http://x', actions: [{type: b, text: t}]}]",
        "missing name or url",
    ),
    (
        "slack_configs: [{api_url: 'http://x', actions: [{type: b, text: t, name: n, confirm: {}}]}]",
        "missing text in Slack confirmation configuration",
    ),
    (
        "slack_configs: [{api_url: 'http://x', fields: [{title: t}]}]",
        "missing value in Slack field",
    ),
    (
        "slack_configs: [{app_token: t, http_config: {authorization: {credentials: c}}}]",
        "http authorization can't be set when using Slack App tokens",
    ),
    ("discord_configs: [~]", "missing discord config"),
    ("discord_configs: [{}]", "one of webhook_url or webhook_url_file must be configured"),
    ("msteams_configs: [{webhook_url: 'ftp://x'}]", "unsupported scheme \"ftp\" for URL"),
    (
        "msteamsv2_configs: [{webhook_url: 'http://x', summary: s}]",
        "field summary not found in type config.plain",
    ),
    ("opsgenie_configs: [~]", "no global OpsGenie API Key set"),
    (
        "opsgenie_configs: [{api_key: k, responders: [{type: team}]}]",
        "at least one of id, username or name",
    ),
    ("opsgenie_configs: [{api_key: k, responders: [{name: n, type: x}]}]", "valid options ^(team|"),
    ("email_configs: [{}]", "missing to address in email config"),
    ("email_configs: [{to: x}]", "no global SMTP smarthost set"),
    ("email_configs: [{to: x, smarthost: 'h'}]", "missing port in address"),
    ("email_configs: [{to: x, smarthost: 'h:25'}]", "no global SMTP from set"),
    (
        "email_configs: [{to: x, smarthost: 'h:25', from: f, headers: {a-b: x, A-B: y}}]",
        "duplicate header \"A-B\" in email config",
    ),
    ("email_configs: [{to: x, threading: {enabled: on}}]", "must be either 'none' or 'daily'"),
    ("pagerduty_configs: [{}]", "missing service or routing key in PagerDuty config"),
    ("pushover_configs: [{token: t}]", "one of user_key or user_key_file must be configured"),
    ("webex_configs: [{room_id: r}]", "missing webex_configs.http_config.authorization"),
    ("victorops_configs: [{api_key: k}]", "missing Routing key in VictorOps config"),
    (
        "victorops_configs: [{api_key: k, routing_key: r, custom_fields: {entity_id: x}}]",
        "custom field entity_id which cannot be used",
    ),
    (
        "incidentio_configs: [{url: 'http://x', http_config: {}}]",
        "at least one of alert_source_token",
    ),
    ("jira_configs: [{project: p, issue_type: t}]", "no global Jira Cloud URL set"),
    ("jira_configs: [{project: p}]", "missing issue_type in jira_config"),
    ("telegram_configs: [{bot_token: t, chat_id: 1, parse_mode: x}]", "unknown parse_mode"),
    ("telegram_configs: [{bot_token: t}]", "missing chat_id or chat_id_file on telegram_config"),
    ("wechat_configs: [{api_secret: s, corp_id: c, message_type: x}]", "weChat message type \"x\""),
    (
        "sns_configs: [{topic_arn: a, sigv4: {access_key: k}}]",
        "must provide a AWS SigV4 Access key",
    ),
];

#[test]
fn refused_with_a_place() {
    let check = |text: &str, expected: &str| {
        let error = load(text).expect_err(text).to_string().replace("/etc/am/", "");
        assert!(error.starts_with("am.yml:") && error.contains(expected), "{text}\n{error}");
    };
    for (text, expected) in FILES {
        check(text, expected);
    }
    for (settings, expected) in ROUTES {
        check(&format!("route: {{receiver: a, {settings}}}\nreceivers: [{{name: a}}]\n"), expected);
    }
    for (block, expected) in RECEIVERS {
        check(&format!("route: {{receiver: a}}\nreceivers:\n- name: a\n  {block}\n"), expected);
    }
}

#[test]
fn secrets_are_not_shown() {
    let text = concat!(
        "global: {slack_api_url: 'http://hooks/T0', smtp_auth_password: \"multi\\nline\"}\n",
        "route: {receiver: a}\nreceivers:\n- name: a\n  webhook_configs:\n",
        "  - url: http://user:pass@host/x\n    max_alerts: 5\n    http_config:\n",
        "      basic_auth: {username: ann, password: hunter2}\n",
        "      http_headers: {X-Key: {secrets: [abc123]}}\n",
    );
    let shown = load(text).unwrap().shown;
    for secret in ["hooks", "multi", "pass@", "hunter2", "abc123"] {
        assert!(!shown.contains(secret), "{shown}");
    }
    for kept in ["username: ann", "max_alerts: 5", "url: <secret>\n", "password: <secret>}"] {
        assert!(shown.contains(kept), "{shown}");
    }
}

#[test]
fn without_a_file() {
    let config = Config::built_in();
    assert_eq!(config.receivers.len(), 1);
    assert_eq!(config.route.receiver.as_deref(), Some("none"));
}

#[test]
fn seeds_do_no_harm() {
    testkit::seeds::replay("alertmanager_config", 1_000, crate::fuzz::alertmanager_config);
}
