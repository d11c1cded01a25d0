//! Prometheus' own scripts: every evaluation passes.

use promql::script;
use store::MemStore;
use testkit::corpora;

#[test]
fn all_evaluations_pass() {
    let Some(folder) = corpora::corpus("promql") else { return };
    let mut failures = Vec::new();
    for (file, content) in corpora::files(&folder, ".test") {
        let text = String::from_utf8(content).unwrap();
        let report = script::run(&text, &mut || Box::new(MemStore::new()));
        let report = report.unwrap_or_else(|error| panic!("{file}: {error}"));
        println!("{file}: {} passed, {} failed", report.passed, report.failures.len());
        assert!(report.passed > 0, "{file} evaluates nothing");
        failures.extend(report.failures.iter().map(|failure| format!("{file}:{failure}")));
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}
