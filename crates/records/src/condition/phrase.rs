//! Words next to each other in a text.

use store::{contains_words, words};

/// What `store::Test::Words` looks for, prepared.
///
/// Most texts are ASCII. Their words are compared where they stand; all others are split into
/// words as the definition does.
#[derive(Clone, Debug)]
pub(super) struct Phrase {
    /// The text as it was asked for; without words it must be the whole value.
    text: String,
    words: Vec<String>,
    is_ascii: bool,
}

impl Phrase {
    pub(super) fn new(text: &str) -> Self {
        let words: Vec<String> = words(text).collect();
        let is_ascii = words.iter().all(|word| word.is_ascii());
        Phrase { text: text.to_owned(), words, is_ascii }
    }

    /// The word, when it is a single one.
    pub(super) fn single_word(&self) -> Option<&str> {
        match self.words.as_slice() {
            [word] => Some(word),
            _ => None,
        }
    }

    pub(super) fn is_in(&self, content: &str) -> bool {
        let Some(first) = self.words.first() else { return content == self.text };
        if !content.is_ascii() {
            return contains_words(content, &self.words);
        }
        let Some(first) = first.bytes().next().filter(|_| self.is_ascii) else { return false };
        let content = content.as_bytes();
        memchr::memchr2_iter(first, first.to_ascii_uppercase(), content)
            .any(|at| (at == 0 || !is_word_byte(content[at - 1])) && self.begins(&content[at..]))
    }

    /// Whether a text that begins with a word begins with these words.
    fn begins(&self, content: &[u8]) -> bool {
        let mut rest = content;
        for (index, word) in self.words.iter().enumerate() {
            if index > 0 {
                let gap = rest.iter().take_while(|byte| !is_word_byte(**byte)).count();
                rest = &rest[gap..];
            }
            let Some((head, tail)) = rest.split_at_checked(word.len()) else { return false };
            let ends = tail.first().is_none_or(|byte| !is_word_byte(*byte));
            if !ends || !head.eq_ignore_ascii_case(word.as_bytes()) {
                return false;
            }
            rest = tail;
        }
        true
    }
}

fn is_word_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

#[cfg(test)]
mod tests {
    use store::Test;

    use super::*;

    #[test]
    fn phrases_are_found_where_the_definition_finds_them() {
        let contents = [
            "GET /api/v1: order_17 TIMED  out, 3.5ms",
            "timed-out",
            "out timed",
            "api",
            "",
            "/",
            "-api-",
            "api api v1",
            "_api v1",
            "Über API v1",
            "\u{212a}elvin",
            "K K k",
            "straße 17",
            "a_b",
        ];
        let phrases = [
            "timed out",
            "api",
            "API V1",
            "v1",
            "kelvin",
            "k",
            "k k",
            "",
            "/",
            "-",
            "out,",
            "über",
            "straße",
            "order_17",
            "17",
            "3 5ms",
            "_",
            "a b",
        ];
        for content in contents {
            for text in phrases {
                let expected = Test::Words(text.to_owned()).matches(&content.into());
                assert_eq!(Phrase::new(text).is_in(content), expected, "{text:?} in {content:?}");
            }
        }
    }
}
