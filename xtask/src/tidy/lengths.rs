//! Files and functions that are too long to be read.

use super::Finding;
use super::rust_text::RustText;
use super::tree::Tree;

const FILE_LINES_MAX: usize = 400;
const FUNCTION_LINES_MAX: usize = 70;

pub(super) fn check(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    let of_web = |path: &str| path.starts_with("web/src/");
    for file in tree.files.iter().filter(|file| !file.is_test()) {
        if !(file.is_rust() || (file.is_typescript() && of_web(&file.path))) {
            continue;
        }
        let lines = file.text.lines().count();
        if lines > FILE_LINES_MAX {
            let what = format!("{lines} lines, more than {FILE_LINES_MAX}");
            let why = "a file is read as a whole; give a part of it a file and a name";
            findings.push(Finding::new(&file.path, FILE_LINES_MAX + 1, what, why));
        }
        if !file.is_rust() {
            continue;
        }
        for function in RustText::new(&file.text).functions() {
            if function.body_lines > FUNCTION_LINES_MAX {
                let what = format!(
                    "`{}` has {} lines, more than {FUNCTION_LINES_MAX}",
                    function.name, function.body_lines
                );
                let why = "a function fits on a screen; its steps have names";
                findings.push(Finding::new(&file.path, function.line, what, why));
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
    fn long_files_and_functions() {
        let function = |lines: usize| format!("fn f() {{\n{}}}\n", "    x();\n".repeat(lines));
        let long = "x\n".repeat(401);
        let tree = tree_of(&[
            ("a.rs", &function(70)),
            ("b.rs", &function(71)),
            ("c.rs", &long),
            ("d/tests/e.rs", &long),
            ("d/tests.rs", &function(100)),
            ("web/src/f.ts", &long),
            ("web/src/f.test.ts", &long),
            ("g.json", &long),
        ]);
        let findings = check(&tree);
        let found: Vec<_> = findings.iter().map(|f| (f.path.as_str(), f.line)).collect();
        assert_eq!(found, [("b.rs", 1), ("c.rs", 401), ("web/src/f.ts", 401)]);
    }
}
