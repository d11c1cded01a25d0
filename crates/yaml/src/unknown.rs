//! What is said about a field that nobody knows.

use crate::{Error, Position};

/// The error, with the known field that was probably meant.
pub(crate) fn field(name: &str, of: &str, known: &[&str], position: Position) -> Error {
    let close = known.iter().map(|known| (edit_distance(name, known), known)).min();
    let hint = match close {
        Some((distance, known)) if distance <= name.len().min(6) / 2 => {
            format!(" (did you mean {known}?)")
        }
        _ => String::new(),
    };
    Error::new(format!("field {name} not found in type {of}{hint}")).or_at(position)
}

/// How many letters must change to come from one word to the other (Levenshtein, 1965).
fn edit_distance(a: &str, b: &str) -> usize {
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.bytes().enumerate() {
        let mut diagonal = std::mem::replace(&mut row[0], i + 1);
        for (j, y) in b.bytes().enumerate() {
            let changed = diagonal + usize::from(x != y);
            diagonal = row[j + 1];
            row[j + 1] = changed.min(diagonal + 1).min(row[j] + 1);
        }
    }
    row[b.len()]
}
