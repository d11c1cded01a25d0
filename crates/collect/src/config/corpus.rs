//! Prometheus' own test files: the same are accepted, the others refused in the same words.

use env::RealFs;
use testkit::corpora::{corpus, files};

use super::*;

/// Files whose verdict or words differ, each with the reason. The list may only become shorter.
const KNOWN_FAILURES: [(&str, &str); 0] = [];

/// Files whose names do not say that they are refused.
const REFUSED: [&str; 2] =
    ["config_with_deprecated_am_api_config.yml", "otlp_allow_utf8.incompatible.yml"];

/// What is wrong with our verdict about a file, if anything.
fn verdict(path: &Path, name: &str, expected: Option<&str>) -> Option<String> {
    let is_bad = expected.is_some() || name.contains(".bad.") || REFUSED.contains(&name);
    let result = Config::load(path, &RealFs, &|_| None);
    match (result, expected) {
        (Ok(_), _) if is_bad => Some("accepted".to_owned()),
        (Ok(_), _) => None,
        (Err(error), _) if !is_bad => Some(format!("refused: {error}")),
        // What stands before the reason is ours to say.
        (Err(error), Some(expected)) => {
            let own_prefix = format!("parsing YAML file testdata/{name}: ");
            let expected = expected.strip_prefix(&own_prefix).unwrap_or(expected);
            let text = error.to_string();
            (!text.contains(expected)).then(|| format!("{text}\n  instead of: {expected}"))
        }
        (Err(_), None) => None,
    }
}

#[test]
fn verdicts_are_those_of_prometheus() {
    let Some(folder) = corpus("prometheus-config") else { return };
    let table = testkit::corpora::read(&folder.join("expected_errors.tsv"));
    let table = String::from_utf8(table).unwrap();
    let expected: BTreeMap<&str, &str> =
        table.lines().filter_map(|line| line.split_once('\t')).collect();
    let mut count = 0;
    let mut failures = BTreeMap::new();
    for (name, _) in files(&folder, ".yml") {
        count += 1;
        let path = folder.join(&name);
        if let Some(wrong) = verdict(&path, &name, expected.get(name.as_str()).copied()) {
            failures.insert(name, wrong);
        }
    }
    assert!(count > 150, "{count} files are not the corpus");
    for (name, _) in KNOWN_FAILURES {
        assert!(failures.remove(name).is_some(), "{name} is right now: take it off the list");
    }
    let failures: Vec<_> =
        failures.iter().map(|(name, wrong)| format!("{name}: {wrong}")).collect();
    assert!(failures.is_empty(), "{} of {count}:\n{}", failures.len(), failures.join("\n"));
}
