//! Files and upstream's verdict on them.

use crate::rules::parse;

/// Parts of what upstream says about the files it refuses. `legacy_validation_annotation.bad.yaml`
/// is refused with its older rule for names only, which nobody has to ask for any more.
const REFUSED: [(&str, &str); 11] = [
    ("bad_expr.bad.yaml", "5:15: group \"yolo\", rule 1, \"yolo\": could not parse expression"),
    ("bad_field.bad.yaml", "8:9: field annotation not found in type rulefmt.Rule"),
    ("duplicate_grp.bad.yaml", "3:5: groupname: \"yolo\" is repeated in the same file"),
    ("invalid_label_name.bad.yaml", "invalid label name: __name__"),
    ("invalid_record_name.bad.yaml", "braces present in the recording rule name"),
    ("no_rec_alert.bad.yaml", "one of 'record' or 'alert' must be set"),
    ("noexpr.bad.yaml", "field 'expr' must be set in rule"),
    ("record_and_alert.bad.yaml", "only one of 'record' and 'alert' must be set"),
    ("record_and_for.bad.yaml", "invalid field 'for' in recording rule"),
    ("record_and_keep_firing_for.bad.yaml", "invalid field 'keep_firing_for' in recording rule"),
    ("rules_extrafields.yml", "not found in type rulefmt.RuleGroup"),
];

/// Files that are not judged as upstream does it. This list may only become shorter.
const KNOWN_FAILURES: [&str; 0] = [];

fn check_folder(name: &str, suffix: &str, at_least: usize) {
    let Some(folder) = testkit::corpora::corpus(name) else { return };
    let mut failures = Vec::new();
    let files = testkit::corpora::files(&folder, suffix);
    assert!(files.len() >= at_least, "{}", files.len());
    for (name, content) in files {
        let result = parse(&String::from_utf8(content).unwrap(), &name);
        let expected = REFUSED.iter().find(|(file, _)| *file == name).map(|(_, message)| *message);
        let agrees = match (&result, expected) {
            (Ok(_), None) => true,
            (Err(errors), Some(part)) => errors.iter().any(|e| e.to_string().contains(part)),
            _ => false,
        };
        if !agrees {
            let errors = result.err().unwrap_or_default();
            let errors: Vec<_> = errors.iter().take(3).map(ToString::to_string).collect();
            failures.push(format!("{name}: expected {expected:?}, got {errors:?}"));
        }
    }
    failures.retain(|failure| !KNOWN_FAILURES.iter().any(|known| failure.starts_with(known)));
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

#[test]
fn the_corpus_gets_the_same_verdict() {
    check_folder("rulefmt", ".yaml", 16);
}

#[test]
fn real_rules_load() {
    check_folder("rules/monitoring-mixins__website", ".yaml", 8);
    check_folder("rules/samber__awesome-prometheus-alerts", ".yml", 8);
}

#[test]
fn the_rules_of_promtool_load() {
    let Some(folder) = testkit::corpora::corpus("promtool") else { return };
    for name in [
        "rules.yml",
        "rules_large.yml",
        "rules_duplicates.yml",
        "prometheus-rules.lint.yml",
        "at-modifier.yml",
        "negative-offset.yml",
    ] {
        let content = String::from_utf8(testkit::corpora::read(&folder.join(name))).unwrap();
        let errors = parse(&content, name).err();
        assert!(errors.is_none(), "{name}: {:?}", errors.map(|errors| errors[0].to_string()));
    }
    let content = String::from_utf8(testkit::corpora::read(&folder.join("rules_extrafields.yml")));
    assert!(parse(&content.unwrap(), "rules_extrafields.yml").is_err());
}

#[test]
fn everything_that_is_wrong_is_told() {
    let text = "
groups:
- name: ''
  interval: 1q
";
    assert!(parse(text, "f").unwrap_err()[0].to_string().starts_with("f:4:13: "));
    let text = "
groups:
- name: ''
  rules:
  - alert: A
    expr: up ==
    labels: {x: '{{ $foo }}'}
    annotations: {y: '{{ nofunc }}', '': z}
  - record: r
    expr: '1'
    labels: {'': x}
";
    let errors: Vec<_> = parse(text, "f").unwrap_err().iter().map(ToString::to_string).collect();
    let expected = [
        "f:3:3: Groupname must not be empty",
        "f:6:11: group \"\", rule 1, \"A\": could not parse expression: ",
        "f:5:5: group \"\", rule 1, \"A\": invalid annotation name: ",
        "f:5:5: group \"\", rule 1, \"A\": label \"x\":1:4: undefined variable \"$foo\"",
        "f:5:5: group \"\", rule 1, \"A\": annotation \"y\":1:4: function \"nofunc\" not defined",
        "f:9:5: group \"\", rule 2, \"r\": invalid label name: ",
    ];
    assert_eq!(errors.len(), expected.len(), "{errors:#?}");
    for (error, expected) in errors.iter().zip(expected) {
        assert!(error.starts_with(expected), "{error}\n{expected}");
    }
}

#[test]
fn what_a_group_says() {
    let text = "
groups:
- name: g
  interval: 30s
  query_offset: 1m
  limit: 5
  labels: {team: a, over: group}
  rules:
  - alert: A
    expr: up == 0
    for: 5m
    keep_firing_for: 1m30s
    labels: {over: rule}
";
    let groups = parse(text, "f").unwrap();
    let group = &groups[0];
    assert_eq!(
        (group.interval_ms, group.query_offset_ms, group.limit),
        (Some(30_000), Some(60_000), 5)
    );
    let rule = &group.rules[0];
    assert_eq!((rule.labels["team"].as_str(), rule.labels["over"].as_str()), ("a", "rule"));
    let alert = rule.alert.as_ref().unwrap();
    assert_eq!((alert.for_ms, alert.keep_firing_for_ms), (300_000, 90_000));
    assert!(parse("", "f").unwrap().is_empty() && parse("groups:\n", "f").unwrap().is_empty());
}

#[test]
fn seeds_do_no_harm() {
    testkit::seeds::replay("rule_file", 1_000, crate::fuzz::rule_file);
}
