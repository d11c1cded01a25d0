//! Patterns that need no automaton: `a|b|c`, `5..`, `api.*`. They are most of what dashboards send,
//! and compiling them would take longer than asking.

/// What an anchored pattern matches, where a look at it tells.
pub(super) struct Shortcut {
    /// Any of these texts, sorted.
    texts: Vec<String>,
    /// Or any text of one of these shapes.
    shapes: Vec<Vec<Piece>>,
}

enum Piece {
    /// Exactly this.
    Text(String),
    /// `.`: any one character.
    One,
    /// `.*`: any characters, also none.
    Run,
}

impl Shortcut {
    /// The shortcut for a pattern that is also matched with `(?s)`, if there is one.
    pub(super) fn of(pattern: &str) -> Option<Self> {
        let inner = pattern.strip_prefix('(').and_then(|rest| rest.strip_suffix(')'));
        let mut shortcut = Shortcut { texts: Vec::new(), shapes: Vec::new() };
        for alternative in inner.unwrap_or(pattern).split('|') {
            let mut shape = pieces(alternative)?;
            match shape.as_mut_slice() {
                [] => shortcut.texts.push(String::new()),
                [Piece::Text(text)] => shortcut.texts.push(std::mem::take(text)),
                _ => shortcut.shapes.push(shape),
            }
        }
        shortcut.texts.sort();
        Some(shortcut)
    }

    pub(super) fn is_match(&self, text: &str) -> bool {
        self.texts.binary_search_by(|t| t.as_str().cmp(text)).is_ok()
            || self.shapes.iter().any(|shape| has_shape(text, shape))
    }
}

/// The pieces of an alternative, or `None` when it has other operators than points.
fn pieces(pattern: &str) -> Option<Vec<Piece>> {
    let mut pieces = Vec::new();
    let mut characters = pattern.chars().peekable();
    while let Some(c) = characters.next() {
        let text = match c {
            '.' => {
                let repeat = characters.next_if(|c| matches!(c, '*' | '+'));
                if repeat != Some('*') {
                    pieces.push(Piece::One);
                }
                if repeat.is_some() {
                    pieces.push(Piece::Run);
                }
                continue;
            }
            // Escaped punctuation stands for itself.
            '\\' => characters.next().filter(char::is_ascii_punctuation)?,
            '+' | '*' | '?' | '(' | ')' | '|' | '[' | ']' | '{' | '}' | '^' | '$' => return None,
            other => other,
        };
        match pieces.last_mut() {
            Some(Piece::Text(last)) => last.push(text),
            _ => pieces.push(Piece::Text(text.to_string())),
        }
    }
    Some(pieces)
}

/// Whether a text consists of these pieces. Only the last run met can have been too short, so that
/// is where it goes back to.
fn has_shape(text: &str, shape: &[Piece]) -> bool {
    let next = |at: usize| text[at..].chars().next().map(|c| at + c.len_utf8());
    let (mut piece, mut at) = (0, 0);
    let mut last_run: Option<(usize, usize)> = None;
    loop {
        let after = match shape.get(piece) {
            None if at == text.len() => return true,
            None => None,
            Some(Piece::Text(wanted)) => {
                text[at..].starts_with(wanted.as_str()).then(|| at + wanted.len())
            }
            Some(Piece::One) => next(at),
            Some(Piece::Run) => {
                last_run = Some((piece + 1, at));
                Some(at)
            }
        };
        if let Some(after) = after {
            (piece, at) = (piece + 1, after);
            continue;
        }
        let Some((after_run, from)) = last_run else { return false };
        let Some(longer) = next(from) else { return false };
        last_run = Some((after_run, longer));
        (piece, at) = (after_run, longer);
    }
}
