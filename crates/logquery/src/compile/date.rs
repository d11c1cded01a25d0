//! Dates in queries.
//!
//! As in Elasticsearch, a date stands for the whole of its smallest unit: `2026-08-22` is a day, and
//! `> 2026-08-22` begins with the next one. Dates without a zone are UTC.

use chrono::{Days, Months, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta};
use store::Range;

/// The first and the last nanosecond of a date.
pub(super) struct Unit {
    first_ns: i64,
    last_ns: i64,
}

/// The range from one date to the end of another.
pub(super) fn range(from: &Unit, to: &Unit) -> Range {
    Range {
        lower: Some((from.first_ns.to_string(), true)),
        upper: Some((to.last_ns.to_string(), true)),
    }
}

/// A range of dates as a range of nanoseconds; `None` when a bound is not a date.
pub(super) fn bounds(range: &Range) -> Option<Range> {
    let bound = |bound: &Option<(String, bool)>, with_unit: bool| match bound {
        None => Some(None),
        Some((text, inclusive)) => {
            let unit = unit(text)?;
            // `>=` and `<` stop before the unit begins, `>` and `<=` behind its end.
            let time_ns = if *inclusive == with_unit { unit.last_ns } else { unit.first_ns };
            Some(Some((time_ns.to_string(), *inclusive)))
        }
    };
    Some(Range { lower: bound(&range.lower, false)?, upper: bound(&range.upper, true)? })
}

/// Reads a year, `2026-08`, a day, a day with a time (`T` or a space between, a zone behind), or a
/// number of seconds, milli-, micro- or nanoseconds since 1970, told apart by its size.
pub(super) fn unit(text: &str) -> Option<Unit> {
    let text = text.trim();
    if text.len() > 4
        && let Ok(number) = text.parse::<i64>()
    {
        return since_epoch(number);
    }
    let (date, time) = match text.split_once(['T', 't', ' ']) {
        Some((date, time)) => (date, Some(time.trim_start())),
        None => (text, None),
    };
    let (day, next) = days(date)?;
    let Some(time) = time else { return spanning(at_midnight(day), at_midnight(next), 0) };
    let (time, offset_seconds) = zone(time)?;
    let (first, length) = time_of_day(time)?;
    let first = at_midnight(day).checked_add_signed(first)?;
    spanning(first, first.checked_add_signed(length)?, offset_seconds)
}

/// 1e11 seconds is the year 5138, 1e11 milliseconds is 1973.
fn since_epoch(number: i64) -> Option<Unit> {
    let unit_ns = match number.unsigned_abs() {
        0..100_000_000_000 => 1_000_000_000,
        100_000_000_000..100_000_000_000_000 => 1_000_000,
        100_000_000_000_000..100_000_000_000_000_000 => 1_000,
        _ => 1,
    };
    let first_ns = number.checked_mul(unit_ns)?;
    Some(Unit { first_ns, last_ns: first_ns.checked_add(unit_ns - 1)? })
}

/// The unit from one instant of a zone to just before another.
fn spanning(first: NaiveDateTime, next: NaiveDateTime, offset_seconds: i64) -> Option<Unit> {
    let nanoseconds = |time: NaiveDateTime| {
        let utc = time.checked_sub_signed(TimeDelta::seconds(offset_seconds))?;
        utc.and_utc().timestamp_nanos_opt()
    };
    Some(Unit { first_ns: nanoseconds(first)?, last_ns: nanoseconds(next)? - 1 })
}

fn at_midnight(day: NaiveDate) -> NaiveDateTime {
    day.and_time(NaiveTime::MIN)
}

/// The first day of a year, month or day, and the first day behind it.
fn days(text: &str) -> Option<(NaiveDate, NaiveDate)> {
    let mut parts = text.split('-');
    let year = number(parts.next()?, 4)?;
    let (month, day) = (parts.next(), parts.next());
    if parts.next().is_some() {
        return None;
    }
    let part = |part: Option<&str>| part.map_or(Some(1), |digits| number(digits, 2));
    let first = NaiveDate::from_ymd_opt(i32::try_from(year).ok()?, part(month)?, part(day)?)?;
    let next = match (month, day) {
        (None, _) => first.checked_add_months(Months::new(12)),
        (Some(_), None) => first.checked_add_months(Months::new(1)),
        (Some(_), Some(_)) => first.checked_add_days(Days::new(1)),
    };
    Some((first, next?))
}

/// How far into the day a time is, and how long its smallest unit.
fn time_of_day(text: &str) -> Option<(TimeDelta, TimeDelta)> {
    let (clock, fraction) = match text.split_once(['.', ',']) {
        Some((clock, fraction)) => (clock, Some(fraction)),
        None => (text, None),
    };
    let mut seconds = 0;
    let mut unit_seconds = 86_400;
    for (index, digits) in clock.split(':').enumerate() {
        let (below, length) = *[(24, 3600), (60, 60), (61, 1)].get(index)?;
        seconds += number(digits, 2).filter(|number| *number < below)? * length;
        unit_seconds = length;
    }
    let time = TimeDelta::seconds(seconds.into());
    let Some(fraction) = fraction.filter(|_| unit_seconds == 1) else {
        return fraction.is_none().then(|| (time, TimeDelta::seconds(unit_seconds.into())));
    };
    let digits = u32::try_from(fraction.len()).ok().filter(|digits| (1..=9).contains(digits))?;
    let unit_ns = 10_i64.pow(9 - digits);
    let fraction_ns = i64::from(number(fraction, fraction.len())?) * unit_ns;
    Some((time + TimeDelta::nanoseconds(fraction_ns), TimeDelta::nanoseconds(unit_ns)))
}

/// Takes the zone from the end of a time: `Z`, `+02:00`, `+0200` or `+02`; its seconds are east.
fn zone(text: &str) -> Option<(&str, i64)> {
    if let Some(time) = text.strip_suffix(['Z', 'z']) {
        return Some((time, 0));
    }
    let Some(position) = text.find(['+', '-']) else { return Some((text, 0)) };
    let (time, zone) = text.split_at(position);
    let digits = zone[1..].replacen(':', "", 1);
    let (hours, minutes) = match digits.len() {
        2 => (number(&digits, 2)?, 0),
        4 => (number(digits.get(..2)?, 2)?, number(digits.get(2..)?, 2)?),
        _ => return None,
    };
    let seconds = i64::from(hours * 3600 + minutes * 60);
    Some((time, if zone.starts_with('-') { -seconds } else { seconds }))
}

/// A number of exactly so many digits.
fn number(digits: &str, length: usize) -> Option<u32> {
    let plain = digits.len() == length && digits.bytes().all(|b| b.is_ascii_digit());
    plain.then(|| digits.parse().ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, first: &str, length_ns: i64) {
        let unit = unit(text).unwrap_or_else(|| panic!("{text} is not a date"));
        let first = chrono::DateTime::parse_from_rfc3339(first).unwrap();
        assert_eq!(unit.first_ns, first.timestamp_nanos_opt().unwrap(), "{text}");
        assert_eq!(unit.last_ns - unit.first_ns + 1, length_ns, "{text}");
    }

    #[test]
    fn a_date_is_the_whole_of_its_smallest_unit() {
        const SECOND: i64 = 1_000_000_000;
        check("2024", "2024-01-01T00:00:00Z", 366 * 86_400 * SECOND);
        check("2026-02", "2026-02-01T00:00:00Z", 28 * 86_400 * SECOND);
        check("2026-08-22", "2026-08-22T00:00:00Z", 86_400 * SECOND);
        check("2026-08-22T10", "2026-08-22T10:00:00Z", 3600 * SECOND);
        check("2026-08-22 10:30", "2026-08-22T10:30:00Z", 60 * SECOND);
        check("2026-08-22T10:30:15+02:00", "2026-08-22T08:30:15Z", SECOND);
        check("2026-08-22T10:30:15-0130", "2026-08-22T12:00:15Z", SECOND);
        check("2026-08-22T10:30:15.250Z", "2026-08-22T10:30:15.25Z", 1_000_000);
        check("1787392800", "2026-08-22T10:00:00Z", SECOND);
        check("1787392800123", "2026-08-22T10:00:00.123Z", 1_000_000);
        check("1787392800123456789", "2026-08-22T10:00:00.123456789Z", 1);
    }

    #[test]
    fn what_is_not_a_date() {
        for text in [
            "",
            "soon",
            "now-1h",
            "2026-13",
            "2026-02-30",
            "2026-08-22T25",
            "2026-08-22T",
            "26-08",
            "2026-08-22T10.5",
            "2026-08-22T10:00:00.",
            "2026-08-22T10:00+2",
            "99999-01-01",
        ] {
            assert!(unit(text).is_none(), "{text}");
        }
    }
}
