//! Rules and what they do: labels and rules as YAML, then the labels that remain.

use std::collections::BTreeMap;

use model::{Labels, LabelsBuilder};

use super::*;
use crate::names::NameScheme;

fn rules(text: &str, names: NameScheme) -> Result<Vec<Rule>, String> {
    let rules: Vec<UncheckedRule> = yaml::from_str(text).map_err(|error| error.to_string())?;
    rules.iter().map(|rule| rule.check(names).map_err(|error| error.0)).collect()
}

/// `expected` is `dropped`, or the labels.
fn check(labels: &str, text: &str, expected: &str) {
    let pairs: BTreeMap<String, String> = yaml::from_str(labels).unwrap();
    let mut builder = LabelsBuilder::from(&Labels::from_pairs(pairs));
    let rules = rules(text, NameScheme::Legacy).unwrap_or_else(|e| panic!("{text}: {e}"));
    let kept = relabel(&rules, &mut builder);
    let result = if kept { builder.build().to_string() } else { "dropped".to_owned() };
    assert_eq!(result, expected, "{labels} {text}");
}

#[test]
fn replace() {
    let abc = "{a: foo, b: bar, c: baz}";
    let all = r#"{a="foo", b="bar", c="baz"}"#;
    check(
        abc,
        "[{source_labels: [a], regex: 'f(.*)', target_label: d, separator: ;, replacement: \
         'ch${1}-ch${1}'}]",
        r#"{a="foo", b="bar", c="baz", d="choo-choo"}"#,
    );
    check(
        abc,
        "[{source_labels: [a, b], regex: 'f(.*);(.*)r', target_label: a, replacement: 'b${1}${2}m'}, \
         {source_labels: [c, a], regex: '(b).*b(.*)ba(.*)', target_label: d, replacement: '$1$2$2$3'}]",
        r#"{a="boobam", b="bar", c="baz", d="boooom"}"#,
    );
    check(abc, "[{source_labels: [a], regex: no, target_label: d}]", all);
    check(abc, "[{source_labels: [a], target_label: b, replacement: ''}]", r#"{a="foo", c="baz"}"#);
    check("{a: x}", "[{target_label: b, replacement: fixed}]", r#"{a="x", b="fixed"}"#);
    check("{a: x}", "[{regex: '', target_label: b, replacement: fixed}]", r#"{a="x", b="fixed"}"#);
    check("{a: x}", "[{source_labels: [a], regex: , target_label: b}]", r#"{a="x"}"#);
    check("{a: x}", "[{source_labels: [none], target_label: a}]", "{}");
    check(
        "{a: \"l1\\nl2\"}",
        "[{source_labels: [a], regex: 'l1.l2', target_label: b, replacement: y}]",
        "{a=\"l1\\nl2\", b=\"y\"}",
    );
}

#[test]
fn the_target_may_be_made_of_the_match() {
    let tags = "{__meta_sd_tags: 'path:/secret,job:some-job,label:foo=bar'}";
    let with = |pair: &str| {
        format!(r#"{{__meta_sd_tags="path:/secret,job:some-job,label:foo=bar", {pair}}}"#)
    };
    check(
        tags,
        "[{source_labels: [__meta_sd_tags], regex: '(?:.+,|^)path:(/[^,]+).*', replacement: \
         '${1}', target_label: __metrics_path__}]",
        &with(r#"__metrics_path__="/secret""#),
    );
    check(
        tags,
        "[{source_labels: [__meta_sd_tags], regex: '(?:.+,|^)label:([^=]+)=([^,]+).*', \
         replacement: '${2}', target_label: '${1}'}]",
        &with(r#"foo="bar""#),
    );
    check("{a: 1-x}", "[{source_labels: [a], target_label: '$1'}]", r#"{a="1-x"}"#);
}

#[test]
fn keep_and_drop() {
    let labels = "{a: foo, b: foo, c: baz}";
    let all = r#"{a="foo", b="foo", c="baz"}"#;
    check(labels, "[{source_labels: [a], regex: '.*o.*', action: drop}]", "dropped");
    check(labels, "[{source_labels: [a], regex: 'no-match', action: drop}]", all);
    check(labels, "[{source_labels: [a], regex: 'o', action: keep}]", "dropped");
    check(labels, "[{source_labels: [a, c], regex: 'foo;baz', action: KEEP}]", all);
    check(labels, "[{source_labels: [a], target_label: b, action: keepequal}]", all);
    check(labels, "[{source_labels: [a], target_label: c, action: keepequal}]", "dropped");
    check(labels, "[{source_labels: [a], target_label: b, action: dropequal}]", "dropped");
    check(labels, "[{source_labels: [none], target_label: gone, action: dropequal}]", "dropped");
    check(labels, "[{source_labels: [a], target_label: c, action: dropequal}]", all);
}

#[test]
fn labels_by_name() {
    let labels = "{a: foo, b1: bar, b2: baz}";
    check(labels, "[{regex: '(b.*)', action: labeldrop}]", r#"{a="foo"}"#);
    check(labels, "[{regex: '(b.*)', action: labelkeep}]", r#"{b1="bar", b2="baz"}"#);
    check(
        labels,
        "[{regex: '(b.*)', replacement: 'bar_${1}', action: labelmap}]",
        r#"{a="foo", b1="bar", b2="baz", bar_b1="bar", bar_b2="baz"}"#,
    );
    check(
        "{a: foo, __meta_my_bar: aaa, __meta_my_baz: bbb}",
        "[{regex: '__meta_(my.*)', action: labelmap}]",
        r#"{__meta_my_bar="aaa", __meta_my_baz="bbb", a="foo", my_bar="aaa", my_baz="bbb"}"#,
    );
}

#[test]
fn hashes_and_letters() {
    check(
        "{a: foo, b: bar, c: baz}",
        "[{source_labels: [c], target_label: d, modulus: 1000, action: hashmod}]",
        r#"{a="foo", b="bar", c="baz", d="976"}"#,
    );
    check(
        "{a: \"foo\\nbar\"}",
        "[{source_labels: [a], target_label: b, modulus: 1000, action: hashmod}]",
        "{a=\"foo\\nbar\", b=\"734\"}",
    );
    check(
        "{foo: bAr123Foo}",
        "[{source_labels: [foo], target_label: u, action: uppercase}, \
         {source_labels: [foo], target_label: l, action: lowercase}]",
        r#"{foo="bAr123Foo", l="bar123foo", u="BAR123FOO"}"#,
    );
}

#[test]
fn what_is_refused() {
    for (text, expected) in [
        (
            "[{action: replace}]",
            "relabel configuration for replace action requires 'target_label' value",
        ),
        ("[{action: }]", "relabel action cannot be empty"),
        ("[{action: rename}]", "1:11: unknown relabel action \"rename\""),
        (
            "[{action: lowercase}]",
            "relabel configuration for lowercase action requires 'target_label' value",
        ),
        (
            "[{action: lowercase, target_label: a, replacement: $2}]",
            "'replacement' can not be set for lowercase action",
        ),
        (
            "[{action: lowercase, target_label: '${3}'}]",
            "\"${3}\" is invalid 'target_label' for lowercase action",
        ),
        ("[{target_label: 'a-b'}]", "\"a-b\" is invalid 'target_label' for replace action"),
        ("[{target_label: '0${1}'}]", "\"0${1}\" is invalid 'target_label' for replace action"),
        ("[{target_label: '${1'}]", "\"${1\" is invalid 'target_label' for replace action"),
        (
            "[{action: hashmod, target_label: '${1}', modulus: 1}]",
            "\"${1}\" is invalid 'target_label' for hashmod action",
        ),
        (
            "[{action: labelmap, replacement: '#'}]",
            "\"#\" is invalid 'replacement' for labelmap action",
        ),
        (
            "[{action: dropequal, target_label: a, regex: b}]",
            "dropequal action requires only 'source_labels' and `target_label`, and no other fields",
        ),
        ("[{source_labels: ['']}]", "1:19: \"\" is not a valid label name"),
        (
            "[{regex: '(?=x)', target_label: a}]",
            "error parsing regexp: invalid or unsupported Perl syntax: `(?=`",
        ),
    ] {
        assert_eq!(rules(text, NameScheme::Legacy).unwrap_err(), expected, "{text}");
    }
    for target in ["'${1}_x'", "'a$1'", "'${1}${2}'", "'a_${1}_b'", "'foo$bar'"] {
        assert!(
            rules(&format!("[{{target_label: {target}}}]"), NameScheme::Legacy).is_ok(),
            "{target}"
        );
    }
    assert!(rules("[{target_label: 'a-b.c'}]", NameScheme::Utf8).is_ok());
}
