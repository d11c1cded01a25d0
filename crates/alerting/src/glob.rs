//! Patterns of file names: `rules/*.yml`, `[a-c]?.tmpl`. A part of a path matches a part of a path.

use std::path::{Component, Path, PathBuf};

use env::Fs;

/// The files that match, sorted; a name without wildcards is taken even when there is no such file,
/// so that whoever reads it says so.
pub(crate) fn matching(fs: &dyn Fs, pattern: &str) -> Vec<String> {
    if !pattern.contains(['*', '?', '[']) {
        return vec![pattern.to_owned()];
    }
    let mut found = vec![PathBuf::new()];
    let mut parts = Path::new(pattern).components().peekable();
    while let Some(part) = parts.next() {
        let is_last = parts.peek().is_none();
        found = match part {
            Component::Normal(name) if name.to_string_lossy().contains(['*', '?', '[']) => {
                let pattern: Vec<char> = name.to_string_lossy().chars().collect();
                let below = found.iter().flat_map(|folder| entries(fs, folder, &pattern, is_last));
                below.collect()
            }
            part => found.into_iter().map(|path| path.join(part)).collect(),
        };
    }
    let mut names: Vec<String> =
        found.into_iter().map(|path| path.to_string_lossy().into_owned()).collect();
    names.sort();
    names
}

fn entries(fs: &dyn Fs, folder: &Path, pattern: &[char], files: bool) -> Vec<PathBuf> {
    let listed = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
    let entries = fs.list(listed).unwrap_or_default();
    let matching = entries.into_iter().filter(|entry| {
        let name: Vec<char> = entry.name.chars().collect();
        entry.is_dir != files && is_match(pattern, &name)
    });
    matching.map(|entry| folder.join(entry.name)).collect()
}

/// Whether a name matches a pattern without separators.
fn is_match(pattern: &[char], name: &[char]) -> bool {
    match pattern.split_first() {
        None => name.is_empty(),
        Some(('*', rest)) => (0..=name.len()).any(|skipped| is_match(rest, &name[skipped..])),
        Some(('?', rest)) => name.split_first().is_some_and(|(_, tail)| is_match(rest, tail)),
        Some(('[', rest)) => {
            let Some((matches, rest)) = class(rest, name.first().copied()) else { return false };
            matches && is_match(rest, &name[1..])
        }
        Some(('\\', [literal, rest @ ..])) | Some((literal, rest)) => {
            name.first() == Some(literal) && is_match(rest, &name[1..])
        }
    }
}

/// Whether a character belongs to a class, and what is behind the class.
fn class(pattern: &[char], c: Option<char>) -> Option<(bool, &[char])> {
    let (negated, mut rest) = match pattern.split_first()? {
        ('^', rest) => (true, rest),
        _ => (false, pattern),
    };
    let mut found = false;
    loop {
        let (first, tail) = rest.split_first()?;
        if *first == ']' {
            return Some((found != negated && c.is_some(), tail));
        }
        let (last, tail) = match tail {
            ['-', last, tail @ ..] => (last, tail),
            _ => (first, tail),
        };
        found |= c.is_some_and(|c| (*first..=*last).contains(&c));
        rest = tail;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names() {
        let check = |pattern: &str, name: &str| {
            let characters = |text: &str| text.chars().collect::<Vec<_>>();
            is_match(&characters(pattern), &characters(name))
        };
        for (pattern, name) in [
            ("*.yml", "a.yml"),
            ("a?c*", "abc"),
            ("[a-c]x", "bx"),
            ("[^a]", "b"),
            ("*", ""),
            (r"\*", "*"),
        ] {
            assert!(check(pattern, name), "{pattern} {name}");
        }
        for (pattern, name) in
            [("*.yml", "a.yaml"), ("?", ""), ("[a-c]", "d"), ("[", "["), ("[^a]", "a"), ("a", "b")]
        {
            assert!(!check(pattern, name), "{pattern} {name}");
        }
    }

    #[test]
    fn files() {
        let folder = testkit::TempDir::new("glob");
        let fs = env::RealFs;
        let path = |name: &str| folder.path().join(name);
        fs.create_dir_all(&path("sub")).unwrap();
        for name in ["b.yml", "a.yml", "c.txt", "sub/d.yml"] {
            fs.write_atomic(&path(name), b"").unwrap();
        }
        let found = |pattern: &str| -> Vec<String> {
            let root = folder.path().to_string_lossy().into_owned();
            let names = matching(&fs, &path(pattern).to_string_lossy());
            names.iter().map(|name| name.trim_start_matches(&root)[1..].to_owned()).collect()
        };
        assert_eq!(found("*.yml"), ["a.yml", "b.yml"]);
        assert_eq!(found("*/*.yml"), ["sub/d.yml"]);
        assert_eq!(found("missing.yml"), ["missing.yml"]);
        assert!(found("x*/y").is_empty());
    }
}
