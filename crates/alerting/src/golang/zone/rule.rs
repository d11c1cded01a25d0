//! The rule of a zone's future: a POSIX `TZ` text such as `CET-1CEST,M3.5.0,M10.5.0/3`.

use std::sync::Arc;

use chrono::{Datelike as _, Duration, NaiveDate};

use super::Offset;

/// Standard time, and when in the year summer time replaces it.
#[derive(Debug, PartialEq)]
pub(super) struct Rule {
    standard: Offset,
    summer: Option<(Offset, Change, Change)>,
}

/// A day of the year and the seconds from its midnight, in the local time before the change.
#[derive(Debug, PartialEq)]
struct Change {
    day: Day,
    seconds: i64,
}

#[derive(Debug, PartialEq)]
enum Day {
    /// Weekday (0 is Sunday) of a week (5 is the last) of a month.
    Weekday { month: u32, week: u32, weekday: u32 },
    /// From 1, never counting 29 February.
    Julian(u32),
    /// From 0, counting 29 February.
    Ordinal(u32),
}

impl Rule {
    /// Reads the text; `None` when it is not of the form.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let mut rest = text;
        let standard = offset(&mut rest, None)?;
        if rest.is_empty() {
            return Some(Rule { standard, summer: None });
        }
        let summer = offset(&mut rest, Some(standard.seconds + 3600))?;
        let (start, end) = rest.strip_prefix(',')?.split_once(',')?;
        let summer = Some((summer, Change::parse(start)?, Change::parse(end)?));
        Some(Rule { standard, summer })
    }

    /// The offset in force at an instant.
    pub(super) fn offset_at(&self, utc_seconds: i64) -> Offset {
        let Some((summer, start, end)) = &self.summer else { return self.standard.clone() };
        let local = utc_seconds + i64::from(self.standard.seconds);
        let days = i32::try_from(local.div_euclid(86_400)).unwrap_or(0);
        let year = NaiveDate::from_epoch_days(days).map_or(1970, |date| date.year());
        let change = |change: &Change, before: &Offset| change.utc(year, before.seconds);
        let (Some(start), Some(end)) = (change(start, &self.standard), change(end, summer)) else {
            return self.standard.clone();
        };
        let is_summer = if start < end {
            (start..end).contains(&utc_seconds)
        } else {
            !(end..start).contains(&utc_seconds)
        };
        if is_summer { summer.clone() } else { self.standard.clone() }
    }
}

impl Change {
    fn parse(text: &str) -> Option<Self> {
        let (day, time) = text.split_once('/').unwrap_or((text, "2"));
        let mut time = time;
        let seconds = i64::from(clock(&mut time)?);
        time.is_empty().then_some(())?;
        let day = if let Some(parts) = day.strip_prefix('M') {
            let mut parts = parts.split('.').map(|part| part.parse().ok());
            let (month, week, weekday) = (parts.next()??, parts.next()??, parts.next()??);
            let valid = (1..=12).contains(&month) && (1..=5).contains(&week) && weekday < 7;
            valid.then_some(Day::Weekday { month, week, weekday })?
        } else if let Some(day) = day.strip_prefix('J') {
            Day::Julian(day.parse().ok()?)
        } else {
            Day::Ordinal(day.parse().ok()?)
        };
        Some(Change { day, seconds })
    }

    /// The instant of the change in a year, given the offset that holds before it.
    fn utc(&self, year: i32, offset_before: i32) -> Option<i64> {
        let date = match self.day {
            Day::Weekday { month, week, weekday } => {
                let first = NaiveDate::from_ymd_opt(year, month, 1)?;
                let ahead = (7 + weekday - first.weekday().num_days_from_sunday()) % 7;
                let mut date = first + Duration::days(i64::from(ahead + (week - 1) * 7));
                if date.month() != month {
                    date -= Duration::days(7);
                }
                date
            }
            Day::Julian(day) => {
                let leap = NaiveDate::from_ymd_opt(year, 2, 29).is_some() && day >= 60;
                NaiveDate::from_yo_opt(year, day + u32::from(leap))?
            }
            Day::Ordinal(day) => NaiveDate::from_yo_opt(year, day + 1)?,
        };
        let midnight = i64::from(date.to_epoch_days()) * 86_400;
        Some(midnight + self.seconds - i64::from(offset_before))
    }
}

/// A name and the hours west of Greenwich behind it.
fn offset(rest: &mut &str, default: Option<i32>) -> Option<Offset> {
    let name_len = if rest.starts_with('<') {
        rest.find('>')? + 1
    } else {
        rest.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(rest.len())
    };
    let (name, tail) = rest.split_at_checked(name_len).filter(|(name, _)| !name.is_empty())?;
    *rest = tail;
    let abbreviation = Arc::from(name.trim_matches(['<', '>']));
    let written = rest.starts_with(|c: char| c.is_ascii_digit() || c == '-' || c == '+');
    let seconds = if written { -clock(rest)? } else { default? };
    Some(Offset { seconds, abbreviation })
}

/// Seconds of `[+-]hours[:minutes[:seconds]]`.
fn clock(rest: &mut &str) -> Option<i32> {
    let negative = rest.starts_with('-');
    *rest = rest.trim_start_matches(['-', '+']);
    let mut total = 0;
    for unit in [3600, 60, 1] {
        let len = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
        total += rest[..len].parse::<i32>().ok().filter(|n| *n <= 167)? * unit;
        *rest = &rest[len..];
        match rest.strip_prefix(':') {
            Some(tail) => *rest = tail,
            None => break,
        }
    }
    Some(if negative { -total } else { total })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_of_the_year() {
        let rule = Rule::parse("AAA3BBB2,J60/0,59/1:30").unwrap();
        let (_, start, end) = rule.summer.as_ref().unwrap();
        let day = |change: &Change, year| change.utc(year, 0).unwrap() / 86_400;
        let march_first =
            |year| i64::from(NaiveDate::from_ymd_opt(year, 3, 1).unwrap().to_epoch_days());
        assert_eq!(day(start, 2024), march_first(2024), "J60 is always 1 March");
        assert_eq!(day(start, 2023), march_first(2023));
        assert_eq!(day(end, 2024), march_first(2024) - 1, "59 is 29 February in a leap year");
        assert_eq!(rule.standard.seconds, -3 * 3600);
        for bad in ["", "5", "AAA3BBB,M13.1.0,M1.1.0", "AAA3BBB,M1.1.0", "AAA999", "AAA3BBB,x,y"] {
            assert_eq!(Rule::parse(bad), None, "{bad}");
        }
    }
}
