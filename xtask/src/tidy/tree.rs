//! What tidy looks at: the text files of the checkout, and what Cargo knows of the workspace.

use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, bail};
use serde_json::Value as Json;

/// The checkout.
#[derive(Debug, Default)]
pub(super) struct Tree {
    pub(super) files: Vec<TextFile>,
    /// Every path, those of files that are not text too.
    pub(super) paths: Vec<String>,
    /// `cargo metadata` of the workspace, and of the fuzz targets, which are apart from it.
    pub(super) manifests: Vec<Json>,
}

/// A file and its text.
#[derive(Debug)]
pub(super) struct TextFile {
    /// From the root of the checkout, with slashes.
    pub(super) path: String,
    pub(super) text: String,
}

impl TextFile {
    /// What stands behind the last dot of the name.
    pub(super) fn extension(&self) -> &str {
        let name = self.path.rsplit('/').next().unwrap_or_default();
        name.rsplit_once('.').map_or("", |(_, extension)| extension)
    }

    pub(super) fn is_rust(&self) -> bool {
        self.extension() == "rs"
    }

    pub(super) fn is_typescript(&self) -> bool {
        matches!(self.extension(), "ts" | "tsx")
    }

    /// Whether the whole file is tests.
    pub(super) fn is_test(&self) -> bool {
        let name = self.path.rsplit('/').next().unwrap_or_default();
        let folders = ["tests", "benches", "e2e"];
        name == "tests.rs"
            || self.path.split('/').any(|part| folders.contains(&part))
            || name.contains(".test.")
    }

    /// Lines with their numbers, from 1.
    pub(super) fn lines(&self) -> impl Iterator<Item = (usize, &str)> {
        self.text.split('\n').enumerate().map(|(index, line)| (index + 1, line))
    }
}

impl Tree {
    /// Reads what Git knows or would take in.
    pub(super) fn read(root: &Path) -> Result<Self> {
        let listed = output(
            Command::new("git")
                .args(["ls-files", "-z", "--cached", "--others", "--exclude-standard"])
                .current_dir(root),
        )?;
        let mut tree = Tree::default();
        for path in listed.split('\0').filter(|path| !path.is_empty()) {
            // Deleted, but still in the index.
            let Ok(bytes) = std::fs::read(root.join(path)) else { continue };
            tree.paths.push(path.to_owned());
            if let Ok(text) = String::from_utf8(bytes) {
                tree.files.push(TextFile { path: path.to_owned(), text });
            }
        }
        tree.paths.sort();
        tree.paths.dedup();
        tree.files.sort_by(|a, b| a.path.cmp(&b.path));
        tree.files.dedup_by(|a, b| a.path == b.path);
        for manifest in ["Cargo.toml", "fuzz/Cargo.toml"] {
            if root.join(manifest).exists() {
                tree.manifests.push(metadata(root, manifest)?);
            }
        }
        Ok(tree)
    }

    /// The file at a path.
    pub(super) fn file(&self, path: &str) -> Option<&TextFile> {
        self.files.iter().find(|file| file.path == path)
    }

    /// Whether there is a file or a folder at a path.
    pub(super) fn has(&self, path: &str) -> bool {
        let folder = format!("{}/", path.trim_end_matches('/'));
        self.paths.iter().any(|known| known == path || known.starts_with(&folder))
    }
}

fn metadata(root: &Path, manifest: &str) -> Result<Json> {
    let arguments = ["metadata", "--no-deps", "--format-version=1", "--manifest-path", manifest];
    let text = output(Command::new("cargo").args(arguments).current_dir(root))?;
    serde_json::from_str(&text).context("cargo metadata writes JSON")
}

fn output(command: &mut Command) -> Result<String> {
    let output = command.output().with_context(|| format!("{command:?} cannot be run"))?;
    if !output.status.success() {
        bail!("{command:?}: {}", String::from_utf8_lossy(&output.stderr));
    }
    String::from_utf8(output.stdout).context("paths are UTF-8")
}

/// A tree of these files, for tests.
#[cfg(test)]
pub(super) fn tree_of(files: &[(&str, &str)]) -> Tree {
    let file = |(path, text): &(&str, &str)| TextFile {
        path: (*path).to_owned(),
        text: (*text).to_owned(),
    };
    Tree {
        files: files.iter().map(file).collect(),
        paths: files.iter().map(|(path, _)| (*path).to_owned()).collect(),
        manifests: Vec::new(),
    }
}
