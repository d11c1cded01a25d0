//! Start timestamps in scripts, as distances from their samples: `-30s-1mx2 _ -1m`.

use model::parse_duration_ms;

use super::POINTS_MAX;

/// Reads the items of a line.
///
/// # Errors
/// When one is none; the text says which.
pub(super) fn parse(text: &str) -> Result<Vec<Option<i64>>, String> {
    let mut starts = Vec::new();
    for item in text.split_whitespace() {
        let bad = || format!("{} is no start timestamp", model::Quoted(item));
        let (body, times) = match item.rsplit_once('x') {
            Some((body, times)) => (body, Some(times.parse::<usize>().map_err(|_| bad())?)),
            None => (item, None),
        };
        if times.is_some_and(|times| times > POINTS_MAX) || starts.len() > POINTS_MAX {
            return Err(format!("a series has more than {POINTS_MAX} start timestamps"));
        }
        if body == "_" {
            starts.extend(std::iter::repeat_n(None, times.unwrap_or(1)));
            continue;
        }
        let (mut offset_ms, rest) = split_duration(body).ok_or_else(bad)?;
        let step_ms = match split_duration(rest) {
            None if rest.is_empty() => 0,
            Some((step_ms, "")) if rest.starts_with(['+', '-']) && times.is_some() => step_ms,
            _ => return Err(bad()),
        };
        // A sequence has its first item besides the repetitions.
        for _ in 0..=times.unwrap_or(0) {
            starts.push(Some(offset_ms));
            offset_ms = offset_ms.saturating_add(step_ms);
        }
    }
    Ok(starts)
}

/// The duration with or without a sign at the start of a text, and what follows it.
fn split_duration(text: &str) -> Option<(i64, &str)> {
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    let end = unsigned.find(['+', '-']).unwrap_or(unsigned.len());
    let (duration, rest) = unsigned.split_at(end);
    let ms = parse_duration_ms(duration).ok()?;
    Some((if text.starts_with('-') { -ms } else { ms }, rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn items_repeat_and_change() {
        let expected = [None, Some(-30_000), Some(-90_000), None, None, Some(0), Some(1)];
        assert_eq!(parse(" _ -30s-1mx1 _x2 0 +1ms"), Ok(expected.to_vec()));
        for text in ["1", "-", "1m+1m", "1mx", "1m*2x1"] {
            assert!(parse(text).is_err(), "{text}");
        }
    }
}
