//! The edges between crates, against the table of the architecture.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value as Json;

use super::Finding;
use super::tree::Tree;

/// The page with the table.
const PAGE: &str = "ARCHITECTURE.md";

/// What any crate may use in its tests.
const IN_TESTS: [&str; 3] = ["env", "testkit", "yaml"];

/// The row of a crate.
struct Row {
    line: usize,
    may_use: BTreeSet<String>,
}

/// A crate of the workspace.
struct Crate {
    manifest: String,
    /// Others of the workspace, and whether only its tests use them.
    uses: Vec<(String, bool)>,
}

pub(super) fn check(tree: &Tree) -> Vec<Finding> {
    let Some(page) = tree.file(PAGE) else {
        return vec![Finding::new(PAGE, 1, "is missing", "it is the map of the project")];
    };
    let rows = rows(&page.text);
    let crates = tree.manifests.first().map(crates).unwrap_or_default();
    let mut findings = Vec::new();
    for (name, found) in &crates {
        let Some(row) = rows.get(name) else {
            let what = format!("`{name}` is not in the table of {PAGE}");
            findings.push(Finding::new(
                &found.manifest,
                1,
                what,
                "the folder list is the architecture",
            ));
            continue;
        };
        for (other, only_tests) in &found.uses {
            let allowed =
                row.may_use.contains(other) || (*only_tests && IN_TESTS.contains(&other.as_str()));
            if !allowed {
                let what = format!(
                    "`{name}` depends on `{other}`, which line {} of {PAGE} does not allow",
                    row.line
                );
                let why = "edges are few and point down; a new one is a decision";
                let line = tree.file(&found.manifest).map_or(1, |file| line_of(&file.text, other));
                findings.push(Finding::new(&found.manifest, line, what, why));
            }
        }
    }
    for (name, row) in &rows {
        let unknown = row.may_use.iter().filter(|other| !crates.contains_key(*other));
        for missing in unknown.chain((!crates.contains_key(name)).then_some(name)) {
            let what = format!("there is no crate `{missing}`");
            findings.push(Finding::new(PAGE, row.line, what, "the table says what is"));
        }
    }
    findings.extend(folders_without_a_crate(tree, &crates));
    findings
}

/// The table: level, crate, what it may depend on.
fn rows(page: &str) -> BTreeMap<String, Row> {
    let header = |line: &str| line.replace(' ', "").starts_with("|level|crate|");
    let lines = page.lines().enumerate();
    let table = lines.skip_while(|(_, line)| !header(line)).skip(2);
    table
        .take_while(|(_, line)| line.starts_with('|'))
        .filter_map(|(index, line)| {
            let mut cells = line.split('|').map(str::trim).skip(2);
            let (name, may_use) = (cells.next()?, cells.next()?);
            let may_use = may_use.split(',').map(str::trim).filter(|other| !other.is_empty());
            let may_use = may_use.map(str::to_owned).collect();
            Some((name.to_owned(), Row { line: index + 1, may_use }))
        })
        .collect()
}

fn crates(metadata: &Json) -> BTreeMap<String, Crate> {
    let root = metadata["workspace_root"].as_str().unwrap_or_default();
    let array = |json: &Json| json.as_array().cloned().unwrap_or_default();
    let text = |json: &Json| json.as_str().unwrap_or_default().to_owned();
    let mut crates = BTreeMap::new();
    for package in array(&metadata["packages"]) {
        let manifest = text(&package["manifest_path"]);
        let manifest = manifest.strip_prefix(root).unwrap_or(&manifest).trim_start_matches('/');
        let uses = array(&package["dependencies"])
            .iter()
            .filter(|dependency| !dependency["path"].is_null())
            .map(|dependency| (text(&dependency["name"]), dependency["kind"] == "dev"))
            .collect();
        crates.insert(text(&package["name"]), Crate { manifest: manifest.to_owned(), uses });
    }
    crates
}

fn folders_without_a_crate(tree: &Tree, crates: &BTreeMap<String, Crate>) -> Vec<Finding> {
    let folders: BTreeSet<&str> = tree
        .paths
        .iter()
        .filter_map(|path| path.strip_prefix("crates/")?.split_once('/'))
        .map(|(folder, _)| folder)
        .collect();
    let known = |folder: &str| {
        let manifest = format!("crates/{folder}/Cargo.toml");
        crates.get(folder).is_some_and(|found| found.manifest == manifest)
    };
    let unknown = folders.into_iter().filter(|folder| !known(folder));
    unknown
        .map(|folder| {
            let path = format!("crates/{folder}");
            Finding::new(
                &path,
                1,
                format!("holds no crate called `{folder}`"),
                "folder and crate are one",
            )
        })
        .collect()
}

/// The line of a manifest that names a crate.
fn line_of(manifest: &str, name: &str) -> usize {
    let names =
        |line: &str| line.strip_prefix(name).is_some_and(|rest| rest.starts_with([' ', '.', '=']));
    manifest.lines().position(names).map_or(1, |index| index + 1)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::tidy::tree::tree_of;

    #[test]
    fn edges_are_those_of_the_table() {
        let page = "# X\n\n| level | crate | may depend on |\n|---|---|---|\n\
                    | 0 | a | |\n| 1 | b | a |\n| – | gone | a, nobody |\n| – | testkit | |\n\nText | x |\n";
        let mut tree = tree_of(&[
            ("ARCHITECTURE.md", page),
            ("crates/a/Cargo.toml", "[dependencies]\nx = \"1\"\nb = { workspace = true }\n"),
            ("crates/b/Cargo.toml", "[dependencies]\na.workspace = true\n"),
            ("crates/c/Cargo.toml", ""),
            ("crates/empty/README.md", ""),
            ("crates/testkit/Cargo.toml", ""),
        ]);
        let package = |name: &str, dependencies: Json| {
            let manifest = format!("/r/crates/{name}/Cargo.toml");
            json!({"name": name, "manifest_path": manifest, "dependencies": dependencies})
        };
        tree.manifests = vec![json!({"workspace_root": "/r", "packages": [
            package("a", json!([{"name": "b", "path": "/r/crates/b"}, {"name": "x"}])),
            package("b", json!([
                {"name": "a", "path": "/r/crates/a"},
                {"name": "testkit", "path": "/r/crates/testkit", "kind": "dev"},
            ])),
            package("c", json!([])),
            package("testkit", json!([])),
        ]})];
        let findings = check(&tree);
        let found: Vec<_> =
            findings.iter().map(|f| (f.path.as_str(), f.line, f.what.as_str())).collect();
        let expected = [
            (
                "crates/a/Cargo.toml",
                3,
                "`a` depends on `b`, which line 5 of ARCHITECTURE.md does not allow",
            ),
            ("crates/c/Cargo.toml", 1, "`c` is not in the table of ARCHITECTURE.md"),
            ("ARCHITECTURE.md", 7, "there is no crate `nobody`"),
            ("ARCHITECTURE.md", 7, "there is no crate `gone`"),
            ("crates/empty", 1, "holds no crate called `empty`"),
        ];
        assert_eq!(found, expected);
    }
}
