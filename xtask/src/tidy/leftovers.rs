//! What was meant to be finished or taken out.

use super::Finding;
use super::rust_text::RustText;
use super::tree::{TextFile, Tree};

/// Marks of unfinished work, in comments or anywhere in a file that is not Rust.
const MARKS: [&str; 3] = ["TODO", "FIXME", "XXX"];

/// What Rust code must not hold, tests included.
const RUST: [&str; 4] = ["dbg!(", "todo!(", "unimplemented!(", "#[ignore"];

/// What TypeScript must not hold, tests included.
const TYPESCRIPT: [&str; 7] = [
    "console.log(",
    "debugger;",
    "@ts-ignore",
    "@ts-nocheck",
    "it.only(",
    "it.skip(",
    "describe.only(",
];

pub(super) fn check(tree: &Tree) -> Vec<Finding> {
    tree.files.iter().flat_map(in_file).collect()
}

fn in_file(file: &TextFile) -> Vec<Finding> {
    match file.extension() {
        "rs" => {
            let text = RustText::new(&file.text);
            let mut findings = search(&file.path, &text.comments, &MARKS);
            findings.extend(search(&file.path, &text.code, &RUST));
            findings
        }
        "ts" | "tsx" | "mjs" => {
            let mut findings = search(&file.path, &file.text, &MARKS);
            findings.extend(search(&file.path, &file.text, &TYPESCRIPT));
            findings
        }
        "sh" | "py" | "toml" | "yml" | "yaml" | "css" | "html" => {
            search(&file.path, &file.text, &MARKS)
        }
        _ => Vec::new(),
    }
}

fn search(path: &str, text: &str, wanted: &[&str]) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (index, line) in text.lines().enumerate() {
        for mark in wanted.iter().filter(|mark| has_word(line, mark)) {
            let why = "what is here is finished; what is not is an issue";
            findings.push(Finding::new(path, index + 1, format!("`{mark}` was left behind"), why));
        }
    }
    findings
}

/// Whether `mark` stands in the line and is not the middle of a word.
fn has_word(line: &str, mark: &str) -> bool {
    let is_word = |c: char| c.is_alphanumeric() || c == '_';
    line.match_indices(mark).any(|(position, _)| {
        let before = line[..position].chars().next_back();
        let after = line[position + mark.len()..].chars().next();
        let open = mark.ends_with(|c: char| !is_word(c)) || mark.starts_with('#');
        !before.is_some_and(is_word) && (open || !after.is_some_and(is_word))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tidy::tree::tree_of;

    #[test]
    fn what_was_left_behind() {
        let tree = tree_of(&[
            ("a.rs", "// TODO: x\nlet a = \"FIXME\";\n    dbg!(a);\nmy_dbg!(b);\n// TODOS\n"),
            ("b.rs", "#[ignore = \"slow\"]\nfn b() { todo!() }\n"),
            ("c.test.ts", "it.only('x', () => {});\n// FIXME\nawait.log('console.logs')\n"),
            ("d.md", "TODO\n"),
        ]);
        let findings = check(&tree);
        let mut found: Vec<_> = findings.iter().map(|f| (f.path.as_str(), f.line)).collect();
        found.sort_unstable();
        let expected = [
            ("a.rs", 1),
            ("a.rs", 3),
            ("b.rs", 1),
            ("b.rs", 2),
            ("c.test.ts", 1),
            ("c.test.ts", 2),
        ];
        assert_eq!(found, expected);
    }
}
