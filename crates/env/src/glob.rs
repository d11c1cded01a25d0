//! Files by pattern, as Go's `path/filepath` matches them.

use std::io;
use std::path::{Component, Path, PathBuf};

use crate::Fs;

/// How many files a pattern may match.
const FILES_MAX: usize = 100_000;

/// Whether a text stands for any number of files, rather than naming one.
pub fn is_pattern(text: &str) -> bool {
    text.contains(['*', '?', '['])
}

/// The files that a pattern matches, sorted by path: `*` any characters but a slash, `?` one of
/// them, `[a-z]` one of a class, `\` the next character itself.
///
/// # Errors
/// When a directory cannot be listed, or too many files match.
pub fn glob(fs: &dyn Fs, pattern: &Path) -> io::Result<Vec<PathBuf>> {
    let mut found = vec![PathBuf::new()];
    let parts: Vec<Component<'_>> = pattern.components().collect();
    for (index, part) in parts.iter().enumerate() {
        let Component::Normal(name) = part else {
            found.iter_mut().for_each(|path| path.push(part));
            continue;
        };
        let name = name.to_string_lossy();
        let is_last = index + 1 == parts.len();
        if !name.contains(['*', '?', '[', '\\']) {
            found.iter_mut().for_each(|path| path.push(&*name));
            continue;
        }
        let mut next = Vec::new();
        for dir in found {
            let listed = if dir.as_os_str().is_empty() { Path::new(".") } else { &dir };
            let entries = fs.list(listed)?;
            let fitting = entries.iter().filter(|e| e.is_dir != is_last && matches(&name, &e.name));
            next.extend(fitting.map(|entry| dir.join(&entry.name)));
            if next.len() > FILES_MAX {
                return Err(io::Error::other(format!("matches more than {FILES_MAX} files")));
            }
        }
        found = next;
    }
    let mut files = Vec::new();
    for path in found {
        if fs.file_len(&path)?.is_some() {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}

/// Whether a name fits a pattern.
fn matches(pattern: &str, name: &str) -> bool {
    let pattern: Vec<char> = pattern.chars().collect();
    let name: Vec<char> = name.chars().collect();
    let (mut p, mut n) = (0, 0);
    // Where to go on when the text after the last star does not fit.
    let mut retry: Option<(usize, usize)> = None;
    while n < name.len() {
        if pattern.get(p) == Some(&'*') {
            retry = Some((p + 1, n));
            p += 1;
            continue;
        }
        match one(&pattern, p, name[n]) {
            Some(next) => (p, n) = (next, n + 1),
            None => match retry {
                Some((after_star, from)) => {
                    retry = Some((after_star, from + 1));
                    (p, n) = (after_star, from + 1);
                }
                None => return false,
            },
        }
    }
    pattern[p..].iter().all(|c| *c == '*')
}

/// Where the pattern goes on if its part at `p` fits the character.
fn one(pattern: &[char], p: usize, character: char) -> Option<usize> {
    match *pattern.get(p)? {
        '?' => Some(p + 1),
        '\\' => (*pattern.get(p + 1)? == character).then_some(p + 2),
        '[' => {
            let end = p + 1 + pattern[p + 1..].iter().skip(1).position(|c| *c == ']')? + 1;
            let class = &pattern[p + 1..end];
            let (negated, class) = match class {
                ['^', rest @ ..] => (true, rest),
                _ => (false, class),
            };
            (in_class(class, character) != negated).then_some(end + 1)
        }
        own => (own == character).then_some(p + 1),
    }
}

fn in_class(class: &[char], character: char) -> bool {
    match class {
        [from, '-', to, rest @ ..] => {
            (*from..=*to).contains(&character) || in_class(rest, character)
        }
        [own, rest @ ..] => *own == character || in_class(rest, character),
        [] => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::SimFs;

    #[test]
    fn names() {
        for (pattern, name, fits) in [
            ("*.yml", "a.yml", true),
            ("*.yml", "a.yaml", false),
            ("a*b*c", "aXbbYc", true),
            ("a*b", "aXbc", false),
            ("file-?.json", "file-1.json", true),
            ("[a-c]x", "bx", true),
            ("[^a-c]x", "bx", false),
            (r"a\*", "a*", true),
            ("*", "", true),
            ("[", "[", false),
            ("[a-c]", "d", false),
            ("?", "", false),
            ("a?c*", "abc", true),
        ] {
            assert_eq!(matches(pattern, name), fits, "{pattern} {name}");
        }
    }

    #[test]
    fn files() {
        let fs = SimFs::seeded(1);
        for path in ["/r/b/2.yml", "/r/b/1.yml", "/r/c/3.yml", "/r/c/x.txt", "/r/c/d.yml/4.yml"] {
            fs.create_dir_all(Path::new(path).parent().unwrap()).unwrap();
            fs.write_atomic(Path::new(path), b"").unwrap();
        }
        for (pattern, expected) in [
            ("b/*.yml", "b/1.yml b/2.yml"),
            ("?/*.yml", "b/1.yml b/2.yml c/3.yml"),
            ("c/x.txt", "c/x.txt"),
            ("d/*", ""),
            ("none.yml", ""),
        ] {
            let files = glob(&fs, &Path::new("/r").join(pattern)).unwrap();
            let names: Vec<_> =
                files.iter().map(|f| f.to_string_lossy().replace("/r/", "")).collect();
            assert_eq!(names.join(" "), expected, "{pattern}");
        }
    }

    #[test]
    fn patterns_are_told_from_names() {
        assert!(is_pattern("rules/*.yml") && is_pattern("[ab]") && is_pattern("a?"));
        assert!(!is_pattern("rules/a.yml"));
    }
}
