//! Files that come, change, break and go.

use env::RealFs;
use testkit::TempDir;

use super::*;

struct Setup {
    dir: TempDir,
    discovery: FileDiscovery,
}

impl Setup {
    fn new(patterns: &[&str]) -> Self {
        let dir = TempDir::new("collect-file-sd");
        let files = patterns.iter().map(|pattern| dir.path().join(pattern)).collect();
        Setup { dir, discovery: FileDiscovery::new(FileConfig { files }) }
    }

    fn write(&self, name: &str, content: &str) {
        RealFs.write_atomic(&self.dir.path().join(name), content.as_bytes()).unwrap();
    }

    fn poll(&mut self) -> bool {
        self.discovery.poll(&RealFs)
    }

    /// Addresses and labels without those of the path.
    fn targets(&self) -> Vec<String> {
        let groups = self.discovery.groups();
        groups
            .flat_map(|group| {
                let labels = group.labels.without(|name| name == FILE_PATH);
                group
                    .targets
                    .iter()
                    .map(move |t| format!("{} {labels}", t.get("__address__").unwrap_or_default()))
            })
            .collect()
    }

    fn problems(&self) -> Vec<String> {
        self.discovery.problems().map(|problem| problem.message).collect()
    }
}

#[test]
fn both_formats_are_read() {
    let mut setup = Setup::new(&["*.json", "one.yml"]);
    setup.write("a.json", r#"[{"targets": ["a:1", "a:2"], "labels": {"env": "x"}}]"#);
    setup.write("one.yml", "- targets: [b:1]\n- labels: {only: labels}\n");
    setup.write("other.yml", "- targets: [c:1]");
    assert!(setup.poll());
    assert_eq!(setup.targets(), [r#"a:1 {env="x"}"#, r#"a:2 {env="x"}"#, "b:1 {}"]);
    let group = setup.discovery.groups().next().unwrap();
    assert!(group.labels.get(FILE_PATH).unwrap().ends_with("/a.json"));
    assert!(!setup.poll(), "nothing changed");
}

#[test]
fn the_last_good_content_stays() {
    let mut setup = Setup::new(&["*.yml"]);
    setup.write("a.yml", "- targets: [a:1]");
    assert!(setup.poll());
    for (broken, reason) in [
        ("- targets: [a:1", "a.yml:"),
        ("- target: [a:1]", "field target not found in type targetgroup.Group"),
        ("- targets: [a:1]\n-", "nil target group item found (index 1)"),
    ] {
        setup.write("a.yml", broken);
        assert!(!setup.poll(), "{broken}");
        assert_eq!(setup.targets(), ["a:1 {}"]);
        assert!(setup.problems()[0].contains(reason), "{:?}", setup.problems());
    }
    setup.write("a.yml", "- targets: [a:2]");
    assert!(setup.poll());
    assert_eq!((setup.targets(), setup.problems().len()), (vec!["a:2 {}".to_owned()], 0));
    RealFs.remove(&setup.dir.path().join("a.yml")).unwrap();
    assert!(setup.poll());
    assert_eq!(setup.targets().len(), 0);
}

#[test]
fn json_is_strict() {
    let error = |content: &str| parse(Path::new("x.json"), content.as_bytes()).unwrap_err();
    assert!(error("[{\"targets\": [\"a\"], \"port\": 1}]").contains("unknown field `port`"));
    assert!(error("[{\"targets\": [1]}]").starts_with("1:15: "));
    assert!(error("[null]").contains("nil target group item"));
    assert_eq!(parse(Path::new("x.json"), b"[]").unwrap(), []);
}

#[test]
fn patterns() {
    for (name, valid) in [
        ("foo/*.slow.json", true),
        ("single/file.yml", true),
        ("bar/*.yaml", true),
        ("a/*/b.json", false),
        ("a/**.json", false),
        ("a.txt", false),
        ("json", false),
    ] {
        assert_eq!(is_valid_pattern(name), valid, "{name}");
    }
}
