//! Templates of notifications and what comes of them.

use super::*;
use crate::alert::Annotations;

fn at(seconds: i64) -> Timestamp {
    Timestamp::from_timestamp(1_700_000_000 + seconds, 0).unwrap()
}

fn alert(pairs: &[(&str, &str)], summary: &str, ends: Option<i64>) -> Alert {
    Alert {
        labels: Labels::from_pairs(pairs.iter().copied()),
        annotations: Annotations::from([("summary".to_owned(), summary.to_owned())]),
        starts_at: at(0),
        ends_at: ends.map(at),
        updated_at: at(0),
        generator_url: "http://prom/g?x=1&y=2".to_owned(),
        timeout: false,
    }
}

pub(crate) fn notification() -> Notification {
    Notification {
        group_key: "{}:{}".to_owned(),
        group_labels: Labels::from_pairs([("alertname", "Down"), ("cluster", "c1")]),
        route_labels: [("reason".to_owned(), "because".to_owned())].into(),
        receiver: "team.x".to_owned(),
        alerts: vec![
            alert(
                &[("alertname", "Down"), ("cluster", "c1"), ("zone", "eu"), ("i", "1")],
                "one",
                None,
            ),
            alert(
                &[("alertname", "Down"), ("cluster", "c1"), ("zone", "eu"), ("i", "2")],
                "two",
                Some(60),
            ),
        ],
        reason: Reason::NewAlerts,
        now: at(3661),
        kept: BTreeMap::new(),
    }
}

fn render(text: &str) -> Result<String, String> {
    let (templates, notification) = (Templates::built_in("http://am:9093"), notification());
    let data = Data::of(&notification, &notification.alerts, templates.external_url());
    templates.render(text, &data, &notification).map_err(|error| error.to_string())
}

fn check(text: &str, expected: &str) {
    assert_eq!(render(text).as_deref(), Ok(expected), "{text}");
}

#[test]
fn built_in_templates() {
    let default = |name: &str, expected: &str| {
        check(&format!("{{{{ template {name:?} . }}}}"), expected);
    };
    let url = "http://am:9093/#/alerts?receiver=team%5C.x";
    let subject = "[FIRING:1] Down c1 (eu)";
    default("__alertmanager", "Alertmanager");
    default("__alertmanagerURL", url);
    default("__subject", subject);
    default("slack.default.color", "danger");
    default("slack.default.title", subject);
    default("slack.default.fallback", &format!("{subject} | {url}"));
    for empty in ["text", "pretext", "footer", "callbackid", "iconemoji", "iconurl"] {
        default(&format!("slack.default.{empty}"), "");
    }
    check(
        "{{ template \"__text_alert_list\" .Alerts.Resolved }}",
        concat!(
            "Labels:\n - alertname = Down\n - cluster = c1\n - i = 2\n - zone = eu\n",
            "Annotations:\n - summary = two\nSource: http://prom/g?x=1&y=2\n",
        ),
    );
    check(
        "{{ template \"__text_alert_list_markdown\" .Alerts.Firing }}",
        concat!(
            "\nLabels:\n  - alertname = Down\n  - cluster = c1\n  - i = 1\n  - zone = eu\n",
            "\nAnnotations:\n  - summary = one\n\nSource: http://prom/g?x=1&y=2\n\n",
        ),
    );
}

#[test]
fn data_and_methods() {
    check(
        "{{ .Receiver }} {{ .Status }} {{ .NotificationReason }}",
        "team\\.x firing new alerts added",
    );
    check(
        "{{ len .Alerts }}{{ len .Alerts.Firing }}{{ (index .Alerts.Resolved 0).Status }}",
        "21resolved",
    );
    check(
        "{{ .GroupLabels.SortedPairs.Names.Join \",\" }} {{ .CommonLabels.Values | join \"/\" }}",
        "alertname,cluster Down/c1/eu",
    );
    check(
        "{{ .CommonLabels }} {{ .CommonLabels.Remove (stringSlice \"zone\") }}",
        "alertname=Down, cluster=c1, zone=eu alertname=Down, cluster=c1",
    );
    check(
        "{{ range .CommonLabels.SortedPairs }}{{ .Name }}={{ .Value }};{{ end }}",
        "alertname=Down;cluster=c1;zone=eu;",
    );
    check(
        "{{ .CommonLabels.missing }}|{{ .CommonAnnotations }}|{{ .RouteLabels.reason }}",
        "||because",
    );
    check(
        "{{ routeLabels \"reason\" }}{{ routeLabels \"none\" }} {{ .ExternalURL }}",
        "because http://am:9093",
    );
    check(
        "{{ range .Alerts }}{{ .Fingerprint }} {{ .EndsAt.IsZero }} {{ end }}",
        "2cf1227a6c3f527a true c96cc1011396e9bd false ",
    );
    check(
        "{{ if eq .CommonLabels.alertname \"Down\" }}y{{ end }}{{ with .CommonLabels }}{{ .zone }}{{ end }}",
        "yeu",
    );
}

#[test]
fn functions() {
    check(
        "{{ toUpper \"a\" }}{{ toLower \"B\" }}{{ title \"ab CD\" }}{{ trimSpace \" x \" }}",
        "AbAb Cdx",
    );
    check(
        "{{ join \",\" (stringSlice \"a\" \"b\") }} {{ match \"^a\" \"ab\" }} {{ reReplaceAll \"b\" \"x\" \"abc\" }}",
        "a,b true axc",
    );
    check("{{ safeHtml \"<b>\" }}{{ safeUrl \"x\" }} {{ urlUnescape \"a%20b\" }}", "<b>x a b");
    check(
        "{{ (index .Alerts 0).StartsAt | tz \"Europe/Berlin\" | date \"2006-01-02 15:04 MST\" }}",
        "2023-11-14 23:13 CET",
    );
    check(
        "{{ since (index .Alerts 0).StartsAt | humanizeDuration }} {{ now.Unix }}",
        "1h 1m 1s 1700003661",
    );
    check(
        "{{ (toDate \"2006-01-02\" \"2024-02-29\").Weekday }} {{ (toDate \"2006\" \"x\").IsZero }}",
        "Thursday true",
    );
    check(
        "{{ .GroupLabels | toJson }} {{ list 1 \"a<\" | toJson }}",
        r#"{"alertname":"Down","cluster":"c1"} [1,"a\u003c"]"#,
    );
    check("{{ base64encode \"a?>\" }} {{ base64decode \"YT8-\" }}", "YT8- a?>");
    check("{{ range append (list 1 2) 3 }}{{ . }}{{ end }} {{ (dict \"a\" 1).a }}", "123 1");
    for (text, expected) in [
        ("{{ tz \"Mars\" now }}", "unknown time zone Mars"),
        ("{{ mustToDate \"2006\" \"x\" }}", "cannot parse"),
        ("{{ dict \"a\" }}", "dict requires an even number of arguments"),
        ("{{ dict 1 2 }}", "dict keys must be strings"),
        ("{{ join 1 .Alerts }}", "expected string; got int"),
        ("{{ join \"\" .Alerts }}", "expected string; got template.Alert"),
        ("{{ .Labels }}", "can't evaluate field Labels in type *template.Data"),
        ("{{ base64decode \"%\" }}", "illegal base64 data"),
        ("{{ template \"none\" }}", "template \"none\" not defined"),
    ] {
        let error = render(text).expect_err(text);
        assert!(error.contains(expected), "{text}: {error}");
    }
    assert!(functions::names().is_sorted(), "the look-up needs them sorted");
}

#[test]
fn json_is_that_of_the_webhook() {
    let notification = notification();
    let data = Data::of(&notification, &notification.alerts[1..], "http://am");
    let expected = concat!(
        r#"{"receiver":"team\\.x","status":"resolved","alerts":[{"status":"resolved","labels":{"#,
        r#""alertname":"Down","cluster":"c1","i":"2","zone":"eu"},"annotations":{"summary":"two"},"#,
        r#""startsAt":"2023-11-14T22:13:20Z","endsAt":"2023-11-14T22:14:20Z","#,
        r#""generatorURL":"http://prom/g?x=1\u0026y=2","fingerprint":"c96cc1011396e9bd"}],"#,
        r#""notification_reason":"new alerts added","groupLabels":{"alertname":"Down","cluster":"c1"},"#,
        r#""commonLabels":{"alertname":"Down","cluster":"c1","i":"2","zone":"eu"},"#,
        r#""commonAnnotations":{"summary":"two"},"routeLabels":{"reason":"because"},"externalURL":"http://am"}"#,
    );
    assert_eq!(crate::golang::json::to_string(&data).unwrap(), expected);
}

#[test]
fn labels_of_routes_refer_to_each_other() {
    let templates = Templates::built_in("http://am");
    let labels: BTreeMap<String, String> = [
        ("reason", "disk {{ .GroupLabels.cluster }}"),
        ("text", "{{ .GroupLabels.alertname }} ({{ routeLabels \"reason\" }})"),
        ("cycle", "{{ routeLabels \"other\" }}"),
        ("other", "{{ routeLabels \"cycle\" }}"),
    ]
    .map(|(name, text)| (name.to_owned(), text.to_owned()))
    .into();
    let n = notification();
    let rendered = templates.route_labels(&labels, "r", &n.group_labels, &n.alerts, n.now);
    let expected = [("reason", "disk c1"), ("text", "Down (disk c1)")];
    assert_eq!(rendered, expected.map(|(n, v)| (n.to_owned(), v.to_owned())).into());
}

#[test]
fn files_replace_what_is_built_in() {
    let folder = testkit::TempDir::new("templates");
    let path = folder.path().join("my.tmpl");
    let text = "{{ define \"__subject\" }}mine{{ end }}own {{ .Status }}";
    env::Fs::write_atomic(&env::RealFs, &path, text.as_bytes()).unwrap();
    let mut templates = Templates::built_in("http://am");
    let pattern = folder.path().join("*.tmpl").to_string_lossy().into_owned();
    templates.add_files(&env::RealFs, &[pattern, "/nowhere/x.tmpl".to_owned()]).unwrap();
    let n = notification();
    let data = Data::of(&n, &n.alerts, "http://am");
    let render = |text: &str| templates.render(text, &data, &n).unwrap();
    assert_eq!(
        render("{{ template \"slack.default.title\" . }}, {{ template \"my.tmpl\" . }}"),
        "mine, own firing"
    );
    env::Fs::write_atomic(&env::RealFs, &path, b"{{ if }}").unwrap();
    let pattern = [path.to_string_lossy().into_owned()];
    let error = Templates::built_in("").add_files(&env::RealFs, &pattern).unwrap_err();
    assert_eq!(error.to_string(), "my.tmpl:1:4: missing value for if");
}
