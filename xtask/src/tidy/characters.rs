//! Characters that nobody sees.

use super::Finding;
use super::tree::{TextFile, Tree};

/// Files people write by hand.
const WRITTEN: [&str; 16] = [
    "css", "html", "js", "json", "md", "mjs", "py", "rs", "sh", "sql", "svg", "toml", "ts", "tsx",
    "yaml", "yml",
];

/// Folders whose files must stay as they came.
const GIVEN: [&str; 4] = ["testdata", "seeds", "golden", "images"];

pub(super) fn check(tree: &Tree) -> Vec<Finding> {
    let written = |file: &&TextFile| {
        WRITTEN.contains(&file.extension())
            && !file.path.split('/').any(|part| GIVEN.contains(&part))
            && !file.path.ends_with("package-lock.json")
    };
    tree.files.iter().filter(written).flat_map(in_file).collect()
}

fn in_file(file: &TextFile) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut report = |line, what: String| {
        let why = "what nobody sees changes nothing but the difference, or deceives";
        findings.push(Finding::new(&file.path, line, what, why));
    };
    for (number, line) in file.lines() {
        if line.ends_with([' ', '\t', '\r']) {
            report(number, "white space at the end of the line".to_owned());
        }
        if line.contains('\t') {
            report(number, "a tab".to_owned());
        }
        if let Some(c) = line.chars().find(|c| is_invisible(*c)) {
            report(number, format!("the invisible character U+{:04X}", c as u32));
        }
    }
    if !file.text.is_empty() && (!file.text.ends_with('\n') || file.text.ends_with("\n\n")) {
        let last = file.text.lines().count();
        report(last, "does not end with exactly one line end".to_owned());
    }
    findings
}

/// Control characters, and those that change the direction of what is read or have no width.
fn is_invisible(c: char) -> bool {
    (c.is_control() && !matches!(c, '\t' | '\r'))
        || matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}')
        || c == '\u{feff}'
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tidy::tree::tree_of;

    #[test]
    fn what_nobody_sees() {
        let tree = tree_of(&[
            ("a.rs", "fine\n"),
            ("b.rs", "space \n\ttab\nrtl\u{202e}\nend"),
            ("c.md", "twice\n\n"),
            ("x/testdata/d.json", "space \n"),
            ("e.bin", "\t"),
        ]);
        let findings = check(&tree);
        let found: Vec<_> = findings.iter().map(|f| (f.path.as_str(), f.line)).collect();
        assert_eq!(found, [("b.rs", 1), ("b.rs", 2), ("b.rs", 3), ("b.rs", 4), ("c.md", 2)]);
    }
}
