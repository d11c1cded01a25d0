//! Label sets, sorted, compared, rebuilt.

use super::*;

#[test]
fn pairs_come_back_sorted_without_empty_values() {
    let long = "x".repeat(5000);
    let labels = Labels::from_pairs([
        ("b", "2"),
        ("a", "1"),
        ("gone", ""),
        ("ä", &long),
        ("b", "3"),
        ("removed", "x"),
        ("removed", ""),
    ]);
    let pairs: Vec<_> = labels.iter().collect();
    assert_eq!(pairs, [("a", "1"), ("b", "3"), ("ä", long.as_str())]);
    assert_eq!(labels.get("b"), Some("3"));
    assert_eq!(labels.without(|n| n == "ä").to_string(), r#"{a="1", b="3"}"#);
}

#[test]
fn the_encoded_form_comes_back_and_no_other_is_taken() {
    let long = "ä".repeat(5000);
    for pairs in [vec![], vec![("", "x")], vec![("a", "1"), ("b", &long), ("ä", "2")]] {
        let labels = Labels::from_pairs(pairs);
        assert_eq!(Labels::from_encoded(labels.as_encoded()), Some(labels));
    }
    for wrong in [
        "\u{1}a",
        "\u{1}a\u{0}",
        "\u{1}a\u{2}1",
        "\u{1}a\u{41}\u{0}1",
        "\u{1}ä\u{1}1",
        "\u{1}b\u{1}1\u{1}a\u{1}1",
        "\u{1}a\u{1}1\u{1}a\u{1}1",
        "\u{7f}\u{7f}\u{7f}\u{7f}\u{7f}\u{7f}\u{7f}\u{7f}\u{1}a",
        "ä",
    ] {
        assert_eq!(Labels::from_encoded(wrong), None, "{wrong:?}");
    }
}

#[test]
fn order_is_pair_by_pair() {
    let short = Labels::from_pairs([("a", "zz")]);
    let long = Labels::from_pairs([("a", "zz"), ("b", "1")]);
    let other = Labels::from_pairs([("a", "zzz")]);
    assert!(short < long && long < other);
}

#[test]
fn a_builder_starts_from_a_set() {
    let mut builder = LabelsBuilder::from(&Labels::from_pairs([("a", "1"), ("b", "2")]));
    builder.remove("a").set("c", "3");
    assert_eq!(builder.build(), Labels::from_pairs([("c", "3"), ("b", "2")]));
}
