//! The seeds of the fuzz target, and mutations of them, in the ordinary run.

use super::*;

#[test]
fn seeds_and_mutations_of_them() {
    testkit::seeds::replay("logquery", 10_000, crate::fuzz);
}

#[test]
fn every_seed_is_a_query() {
    for seed in testkit::seeds::seeds("logquery") {
        let text = String::from_utf8(seed).unwrap();
        let read = [Language::Kql, Language::Lucene].map(|language| filter(language, &text));
        assert!(read.iter().any(Result::is_ok), "{text} is a query in neither language");
    }
}
