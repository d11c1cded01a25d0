//! `cargo xtask tidy`: what keeps the tree readable and no compiler checks.
//!
//! A check is a file in `tidy/` and a line in [`CHECKS`]; it reports places, each with the reason
//! for the rule.

mod characters;
mod dependencies;
mod edges;
mod headers;
mod leftovers;
mod lengths;
mod links;
mod names;
mod rust_text;
mod tree;

use std::fmt;
use std::path::Path;

use anyhow::{Result, bail};

use tree::Tree;

/// A place that breaks a rule.
#[derive(Debug, PartialEq)]
struct Finding {
    path: String,
    line: usize,
    what: String,
    why: &'static str,
}

impl Finding {
    fn new(path: &str, line: usize, what: impl Into<String>, why: &'static str) -> Self {
        Finding { path: path.to_owned(), line, what: what.into(), why }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {} — {}", self.path, self.line, self.what, self.why)
    }
}

/// Looks at the tree for one kind of thing.
type Check = fn(&Tree) -> Vec<Finding>;

const CHECKS: [Check; 8] = [
    edges::check,
    dependencies::check,
    names::check,
    headers::check,
    lengths::check,
    leftovers::check,
    characters::check,
    links::check,
];

/// Checks the workspace at `root`.
pub(crate) fn run(root: &Path, arguments: &[String]) -> Result<()> {
    if let Some(unknown) = arguments.first() {
        bail!("tidy takes no arguments, not {unknown:?}");
    }
    let tree = Tree::read(root)?;
    let mut findings: Vec<Finding> = CHECKS.iter().flat_map(|check| check(&tree)).collect();
    findings.sort_by(|a, b| (&a.path, a.line).cmp(&(&b.path, b.line)));
    for finding in &findings {
        println!("{finding}");
    }
    match findings.len() {
        0 => Ok(()),
        1 => bail!("one place is not tidy"),
        count => bail!("{count} places are not tidy"),
    }
}
