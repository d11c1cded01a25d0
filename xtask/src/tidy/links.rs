//! Links in Markdown that lead nowhere.

use super::Finding;
use super::tree::{TextFile, Tree};

pub(super) fn check(tree: &Tree) -> Vec<Finding> {
    let pages = tree.files.iter().filter(|file| file.extension() == "md");
    pages.flat_map(|page| in_page(tree, page)).collect()
}

fn in_page(tree: &Tree, page: &TextFile) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (number, line) in prose(&page.text) {
        for target in targets(&line) {
            if !leads_somewhere(tree, page, target) {
                let what = format!("the link to `{target}` leads nowhere");
                let why = "a reader follows it";
                findings.push(Finding::new(&page.path, number, what, why));
            }
        }
    }
    findings
}

/// The lines outside of code, with their numbers; code in a line is taken out.
fn prose(text: &str) -> Vec<(usize, String)> {
    let mut in_code = false;
    let mut lines = Vec::new();
    for (index, line) in text.lines().enumerate() {
        if line.trim_start().starts_with("```") {
            in_code = !in_code;
        } else if !in_code {
            lines.push((index + 1, line.split('`').step_by(2).collect()));
        }
    }
    lines
}

/// What the links and images of a line lead to.
fn targets(line: &str) -> impl Iterator<Item = &str> {
    line.match_indices("](").filter_map(|(position, _)| {
        let rest = &line[position + 2..];
        rest.split([')', ' ']).next().filter(|target| !target.is_empty())
    })
}

fn leads_somewhere(tree: &Tree, page: &TextFile, target: &str) -> bool {
    if target.contains("://") || target.starts_with("mailto:") {
        return true;
    }
    let (path, heading) = target.split_once('#').unwrap_or((target, ""));
    let path = match path {
        "" => Some(page.path.clone()),
        path => resolve(&page.path, path),
    };
    let Some(path) = path else { return false };
    if heading.is_empty() {
        return path.is_empty() || tree.has(&path);
    }
    tree.file(&path).is_some_and(|page| headings(&page.text).any(|known| known == heading))
}

/// A path as seen from the page it stands in; `None` when it leaves the checkout.
fn resolve(page: &str, path: &str) -> Option<String> {
    let mut parts: Vec<&str> = match path.starts_with('/') {
        true => Vec::new(),
        false => page.split('/').rev().skip(1).collect::<Vec<_>>().into_iter().rev().collect(),
    };
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop()?;
            }
            part => parts.push(part),
        }
    }
    Some(parts.join("/"))
}

/// The headings of a page under the names that GitHub gives them.
fn headings(text: &str) -> impl Iterator<Item = String> {
    prose(text).into_iter().filter_map(|(_, line)| {
        let title = line.trim_start_matches('#');
        (title.len() < line.len()).then(|| {
            let kept = title.trim().chars().filter(|c| c.is_alphanumeric() || " -_".contains(*c));
            kept.collect::<String>().to_lowercase().replace(' ', "-")
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tidy::tree::tree_of;

    #[test]
    fn links_lead_somewhere() {
        let page = "# A title, with: signs\n\
            [a](b.md) [b](../README.md#start-here) [c](https://x.example/y) [d](#a-title-with-signs)\n\
            ![e](images/) `[f](nowhere)`\n```\n[g](nowhere)\n```\n\
            [h](missing.md) [i](b.md#missing) [j](../../outside) [k](/docs/b.md)\n";
        let tree = tree_of(&[
            ("README.md", "## Start here\n"),
            ("docs/a.md", page),
            ("docs/b.md", ""),
            ("docs/images/x.png", ""),
        ]);
        let findings = check(&tree);
        let found: Vec<_> = findings.iter().map(|f| (f.line, f.what.as_str())).collect();
        let expected = [
            (7, "the link to `missing.md` leads nowhere"),
            (7, "the link to `b.md#missing` leads nowhere"),
            (7, "the link to `../../outside` leads nowhere"),
        ];
        assert_eq!(found, expected);
    }
}
