//! Files that do not say what they are for.

use super::Finding;
use super::tree::Tree;

pub(super) fn check(tree: &Tree) -> Vec<Finding> {
    let silent = tree.files.iter().filter(|file| {
        let excused = file.path.ends_with("/tests.rs");
        file.is_rust() && !excused && !file.text.starts_with("//! ")
    });
    let why = "a reader learns in one line whether this is the place";
    silent.map(|file| Finding::new(&file.path, 1, "does not open with `//!`", why)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tidy::tree::tree_of;

    #[test]
    fn files_open_with_what_they_are_for() {
        let tree = tree_of(&[
            ("a.rs", "//! A.\n"),
            ("b.rs", "\n//! B.\n"),
            ("c.rs", "//!\n"),
            ("d/tests.rs", "use x;\n"),
            ("e.ts", ""),
        ]);
        let found: Vec<_> = check(&tree).into_iter().map(|f| f.path).collect();
        assert_eq!(found, ["b.rs", "c.rs"]);
    }
}
