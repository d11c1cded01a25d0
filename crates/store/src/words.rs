//! What counts as a word in full-text search.

/// The lower-cased words of a text: runs of letters, digits and underscores.
pub fn words(text: &str) -> impl Iterator<Item = String> {
    text.split(|c: char| !(c.is_alphanumeric() || c == '_'))
        .filter(|word| !word.is_empty())
        .map(str::to_lowercase)
}

/// Whether the lower-cased `wanted` words stand next to each other in the text, in this order.
pub fn contains_words(text: &str, wanted: &[String]) -> bool {
    if wanted.is_empty() {
        return false;
    }
    let mut window = std::collections::VecDeque::with_capacity(wanted.len());
    for word in words(text) {
        if window.len() == wanted.len() {
            window.pop_front();
        }
        window.push_back(word);
        if window.iter().eq(wanted) {
            return true;
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_runs_of_letters_and_digits() {
        let split: Vec<_> = words("GET /api/v1: Über_fall, 3.5ms").collect();
        assert_eq!(split, ["get", "api", "v1", "über_fall", "3", "5ms"]);
        let wanted = ["api".to_owned(), "v1".to_owned()];
        assert!(contains_words("GET /API/v1/x", &wanted));
        assert!(!contains_words("api x v1", &wanted));
        assert!(!contains_words("api", &[]));
    }
}
