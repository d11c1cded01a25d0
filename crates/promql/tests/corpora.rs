//! Prometheus' own scripts: every evaluation passes with both engines.

use promql::script::{self, Engine};
use store::MemStore;
use testkit::corpora;

#[test]
fn all_evaluations_pass() {
    let Some(folder) = corpora::corpus("promql") else { return };
    let mut failures = Vec::new();
    for (file, content) in corpora::files(&folder, ".test") {
        let text = String::from_utf8(content).unwrap();
        for engine in [Engine::Naive, Engine::Fast] {
            let report = script::run(&text, engine, &mut || Box::new(MemStore::new()));
            let report = report.unwrap_or_else(|error| panic!("{file}: {error}"));
            let (passed, failed) = (report.passed, report.failures.len());
            println!("{file}: {passed} passed, {failed} failed ({engine:?})");
            assert!(passed > 0, "{file} evaluates nothing");
            failures.extend(report.failures.iter().map(|f| format!("{engine:?} {file}:{f}")));
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}
