//! Prometheus' own scripts: every evaluation passes but those on a list, which may only shrink.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use promql::script;
use store::MemStore;
use testkit::corpora;

/// By file and reason, the lines of evaluations that are known to fail.
type Failures = BTreeMap<(String, String), BTreeSet<usize>>;

/// `UPDATE=1` takes what passes now off the list; nothing puts anything on it.
#[test]
fn all_evaluations_pass_but_those_known_to_fail() {
    let Some(folder) = corpora::corpus("promql") else { return };
    let mut found = Failures::new();
    for (file, content) in corpora::files(&folder, ".test") {
        let text = String::from_utf8(content).unwrap();
        let report = script::run(&text, &mut || Box::new(MemStore::new()));
        let report = report.unwrap_or_else(|error| panic!("{file}: {error}"));
        for failure in report.failures {
            let Some(needs) = failure.needs else { panic!("{file}:{failure}") };
            found.entry((file.clone(), needs.to_string())).or_default().insert(failure.line);
        }
    }
    let known = parse(&String::from_utf8(corpora::read(&list_path())).unwrap());
    let new = without(&found, &known);
    assert!(new.is_empty(), "these fail and are not known to:\n{}", print(&new));
    let gone = without(&known, &found);
    if !gone.is_empty() && update_wanted() {
        write(&print(&found));
        return;
    }
    assert!(gone.is_empty(), "these pass, take them off the list:\n{}", print(&gone));
}

fn without(failures: &Failures, others: &Failures) -> Failures {
    let mut left = Failures::new();
    for (key, lines) in failures {
        let other = others.get(key).cloned().unwrap_or_default();
        let lines: BTreeSet<_> = lines.difference(&other).copied().collect();
        if !lines.is_empty() {
            left.insert(key.clone(), lines);
        }
    }
    left
}

/// `file: reason`, and indented below it the lines.
fn parse(text: &str) -> Failures {
    let mut failures = Failures::new();
    let mut key = None;
    for line in text.lines().filter(|line| !line.is_empty()) {
        if let Some((file, reason)) = line.split_once(": ") {
            key = Some((file.to_owned(), reason.to_owned()));
        } else {
            let key = key.clone().expect("lines belong to a file");
            let numbers = line
                .split_whitespace()
                .map(|number| number.parse::<usize>().expect("lines are numbers"));
            failures.entry(key).or_default().extend(numbers);
        }
    }
    failures
}

fn print(failures: &Failures) -> String {
    let mut text = String::new();
    for ((file, reason), lines) in failures {
        text.push_str(&format!("{file}: {reason}\n"));
        let lines: Vec<_> = lines.iter().map(ToString::to_string).collect();
        for some in lines.chunks(16) {
            text.push_str(&format!("  {}\n", some.join(" ")));
        }
    }
    text
}

fn list_path() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/known_failures.txt")
}

#[expect(clippy::disallowed_methods, reason = "whoever runs the test says so by the environment")]
fn update_wanted() -> bool {
    std::env::var("UPDATE").is_ok()
}

#[expect(clippy::disallowed_methods, reason = "the list lies in the checkout")]
fn write(text: &str) {
    std::fs::write(list_path(), text).expect("the list can be written");
}
