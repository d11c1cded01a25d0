//! Functions on texts that templates of rules and of notifications share.

use model::Regexp;

use crate::template::Value;
use crate::template::arguments::text;

/// The most a replacement may give.
const REPLACED_BYTES_MAX: usize = 16 << 20;

/// The pattern that an argument is.
pub(crate) fn regexp(all: &[Value], at: usize) -> Result<Regexp, String> {
    Regexp::unanchored(text(all, at)?).map_err(|error| error.to_string())
}

/// `reReplaceAll pattern replacement text`
pub(crate) fn replace_all(all: &[Value]) -> Result<Value, String> {
    let (pattern, replacement, text) = (regexp(all, 0)?, text(all, 1)?, text(all, 2)?);
    // Every match may give the replacement, and every `$0` in it the text.
    if (replacement.len() + 1).saturating_mul(text.len() + 1) > REPLACED_BYTES_MAX {
        return Err(format!("the result may have more than {REPLACED_BYTES_MAX} bytes"));
    }
    Ok(Value::text(pattern.replace_all(text, replacement)))
}

/// The capital letters, where a letter has one of its own: `ß` stays.
pub(crate) fn upper(text: &str) -> String {
    let capital = |c: char| {
        let mut capitals = c.to_uppercase();
        match (capitals.next(), capitals.next()) {
            (Some(capital), None) => capital,
            _ => c,
        }
    };
    text.chars().map(capital).collect()
}

/// The small letters, one for each.
pub(crate) fn lower(text: &str) -> String {
    text.chars().map(|c| c.to_lowercase().next().unwrap_or(c)).collect()
}

/// Each word with a capital letter; the other letters stay, or become small.
pub(crate) fn title(text: &str, lower_rest: bool) -> String {
    let characters: Vec<char> = text.chars().collect();
    let mut out = String::with_capacity(text.len());
    let mut in_word = false;
    for (at, &c) in characters.iter().enumerate() {
        let is_letter_at = |at: Option<usize>| {
            at.and_then(|at| characters.get(at)).is_some_and(|c| c.is_alphabetic())
        };
        // An apostrophe or point between letters does not end the word.
        let joins = matches!(c, '\'' | '’' | '.' | ':' | '·')
            && is_letter_at(at.checked_sub(1))
            && is_letter_at(at.checked_add(1));
        if c.is_alphabetic() && !in_word {
            // A letter that becomes several has one capital: `ß` begins as `Ss`.
            let mut capitals = c.to_uppercase();
            out.extend(capitals.next());
            out.extend(capitals.flat_map(char::to_lowercase));
            in_word = true;
        } else if c.is_alphabetic() && lower_rest {
            out.extend(c.to_lowercase());
        } else {
            out.push(c);
            in_word &= c.is_alphanumeric() || c == '_' || joins;
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words() {
        assert_eq!(title("aa bB-cc it's x_y 3d a.b", false), "Aa BB-Cc It's X_y 3D A.b");
        assert_eq!(title("aa bB CC", true), "Aa Bb Cc");
        assert_eq!(title("ßb 1h a.b.c:80", false), "Ssb 1H A.b.c:80");
        assert_eq!(upper("aßé\u{1f600}"), "AßÉ\u{1f600}");
        assert_eq!(lower("AİΣ"), "aiσ");
    }
}
