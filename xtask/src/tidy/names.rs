//! Names that say nothing.

use super::Finding;
use super::rust_text::RustText;
use super::tree::Tree;

/// Names of files, folders and modules that could hold anything, and so come to hold it.
const EMPTY_NAMES: [&str; 9] =
    ["utils", "util", "common", "commons", "helpers", "helper", "manager", "misc", "shared"];

/// Where the project's own source lies.
const SOURCE: [&str; 5] = ["crates/", "examples/", "fuzz/", "web/src/", "xtask/"];

pub(super) fn check(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for path in tree.paths.iter().filter(|path| SOURCE.iter().any(|root| path.starts_with(root))) {
        for part in path.split('/') {
            let name = part.split('.').next().unwrap_or_default().to_ascii_lowercase();
            if EMPTY_NAMES.contains(&name.as_str()) {
                let what = format!("`{part}` says nothing");
                let why = "a stranger finds a thing under the field's own word for it";
                findings.push(Finding::new(path, 1, what, why));
            }
        }
        if path.ends_with("/mod.rs") {
            let why = "a module is `name.rs` beside its folder, so that open files have names";
            findings.push(Finding::new(path, 1, "a file called mod.rs", why));
        }
    }
    for file in tree.files.iter().filter(|file| file.is_rust()) {
        let text = RustText::new(&file.text);
        for (index, line) in text.code.lines().enumerate() {
            let name =
                line.split_once("mod ").and_then(|(_, rest)| rest.split([' ', ';', '{']).next());
            if name.is_some_and(|name| EMPTY_NAMES.contains(&name)) {
                let what = format!("`{}` names a module that says nothing", line.trim());
                let why = "a stranger finds a thing under the field's own word for it";
                findings.push(Finding::new(&file.path, index + 1, what, why));
            }
        }
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tidy::tree::tree_of;

    #[test]
    fn names_that_say_nothing() {
        let tree = tree_of(&[
            ("crates/a/src/utils.rs", ""),
            ("crates/a/src/common/x.rs", "mod helpers;\n// mod utils;\nmod manager_of_x;"),
            ("crates/a/src/x/mod.rs", ""),
            ("web/src/Helpers.tsx", ""),
            ("docs/utils.md", ""),
        ]);
        let mut found: Vec<_> = check(&tree).into_iter().map(|f| f.path).collect();
        found.sort();
        let expected = [
            "crates/a/src/common/x.rs",
            "crates/a/src/common/x.rs",
            "crates/a/src/utils.rs",
            "crates/a/src/x/mod.rs",
            "web/src/Helpers.tsx",
        ];
        assert_eq!(found, expected);
    }
}
