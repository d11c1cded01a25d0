//! Libraries that nobody gave a reason for.

use std::collections::BTreeMap;

use serde_json::Value as Json;

use super::Finding;
use super::tree::Tree;

/// The page with a line for each library.
const PAGE: &str = "docs/dependencies.md";

/// What the web interface is made of.
const WEB: &str = "web/package.json";

const WHY: &str = "each library says why it is here, its licence and what else was looked at";

pub(super) fn check(tree: &Tree) -> Vec<Finding> {
    let Some(page) = tree.file(PAGE) else {
        return vec![Finding::new(PAGE, 1, "is missing", WHY)];
    };
    let mut libraries = rust_libraries(tree);
    libraries.extend(web_libraries(tree));
    let unnamed =
        libraries.into_iter().filter(|(name, _)| !page.text.contains(&format!("`{name}`")));
    unnamed
        .map(|(name, manifest)| {
            let what = format!("`{name}` has no line in {PAGE}");
            let line = tree.file(&manifest).map_or(1, |file| line_of(&file.text, &name));
            Finding::new(&manifest, line, what, WHY)
        })
        .collect()
}

/// Every library that a manifest of the workspace names, and the first that does.
fn rust_libraries(tree: &Tree) -> BTreeMap<String, String> {
    let mut libraries = BTreeMap::new();
    for metadata in &tree.manifests {
        let root = metadata["workspace_root"].as_str().unwrap_or_default();
        // The fuzz targets are a workspace of their own, one folder below.
        let folder = if root.ends_with("/fuzz") { "fuzz/" } else { "" };
        for package in array(&metadata["packages"]) {
            let manifest = package["manifest_path"].as_str().unwrap_or_default();
            let manifest = manifest.strip_prefix(root).unwrap_or(manifest).trim_start_matches('/');
            for dependency in array(&package["dependencies"]) {
                if let (Some(name), true) =
                    (dependency["name"].as_str(), dependency["path"].is_null())
                {
                    libraries.entry(name.to_owned()).or_insert(format!("{folder}{manifest}"));
                }
            }
        }
    }
    libraries
}

fn web_libraries(tree: &Tree) -> BTreeMap<String, String> {
    let package: Json =
        tree.file(WEB).and_then(|file| serde_json::from_str(&file.text).ok()).unwrap_or_default();
    ["dependencies", "devDependencies"]
        .into_iter()
        .filter_map(|kind| package[kind].as_object())
        .flat_map(|libraries| libraries.keys())
        .map(|name| (name.clone(), WEB.to_owned()))
        .collect()
}

fn array(json: &Json) -> &[Json] {
    json.as_array().map(Vec::as_slice).unwrap_or_default()
}

/// The line of a manifest that names a library.
fn line_of(manifest: &str, name: &str) -> usize {
    let names = |line: &str| {
        let line = line.trim_start().trim_start_matches('"');
        line.strip_prefix(name).is_some_and(|rest| rest.starts_with([' ', '.', '=', '"']))
    };
    manifest.lines().position(names).map_or(1, |index| index + 1)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::tidy::tree::tree_of;

    #[test]
    fn each_library_has_a_line() {
        let mut tree = tree_of(&[
            ("docs/dependencies.md", "| `serde` | … |\n| `react` | … |\n"),
            (
                "a/Cargo.toml",
                "[dependencies]\nserde = \"1\"\nserde_json = \"1\"\nb = { path = \"b\" }\n",
            ),
            ("web/package.json", "{\"dependencies\":{\"react\":\"1\",\n\"uplot\":\"2\"}}\n"),
        ]);
        tree.manifests = vec![json!({
            "workspace_root": "/x",
            "packages": [{"manifest_path": "/x/a/Cargo.toml", "dependencies": [
                {"name": "serde"}, {"name": "serde_json"}, {"name": "b", "path": "/x/b"},
            ]}],
        })];
        let findings = check(&tree);
        let found: Vec<_> = findings.iter().map(|f| (f.path.as_str(), f.line)).collect();
        assert_eq!(found, [("a/Cargo.toml", 3), ("web/package.json", 2)]);
        tree.files.remove(0);
        assert_eq!(check(&tree)[0].what, "is missing");
    }
}
