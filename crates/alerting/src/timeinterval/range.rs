//! Ranges as the configuration writes them: `09:00` to `17:00`, `monday:friday`, `-3:-1`.

use std::ops::{Range, RangeInclusive};

use serde::{Deserialize, Deserializer};

use crate::golang::layout::{month_name, weekday_name};

/// Minutes of a day; the end does not belong to it.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct TimeRange(pub(super) Range<i32>);

/// Days of a week; 0 is Sunday.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct WeekdayRange(pub(super) RangeInclusive<i32>);

/// Days of a month; negative ones count from its end.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct DayOfMonthRange(RangeInclusive<i32>);

/// Months from 1.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct MonthRange(pub(super) RangeInclusive<i32>);

#[derive(Clone, Debug, PartialEq)]
pub(super) struct YearRange(pub(super) RangeInclusive<i32>);

impl DayOfMonthRange {
    /// Whether a day of a month of so many days belongs to it.
    pub(super) fn contains(&self, day: i32, days: i32) -> bool {
        let from_start = |bound: i32| if bound < 0 { days + bound + 1 } else { bound };
        let (begin, end) = (from_start(*self.0.start()), from_start(*self.0.end()));
        begin <= days && (begin..=end).contains(&day)
    }
}

/// A range `a:b`, or `a` alone, of what `member` reads.
fn range(
    text: &str,
    member: impl Fn(&str) -> Result<i32, String>,
) -> Result<RangeInclusive<i32>, String> {
    let text = text.to_lowercase();
    let mut parts = text.split(':');
    match (parts.next(), parts.next(), parts.next()) {
        (Some(begin), Some(end), None) => Ok(member(begin)?..=member(end)?),
        (Some(only), None, None) => member(only).map(|only| only..=only),
        _ => Err(format!("couldn't parse range {text}, invalid format")),
    }
}

fn number(text: &str) -> Result<i32, String> {
    text.parse().map_err(|_| format!("{text:?} is not a number"))
}

impl TryFrom<String> for WeekdayRange {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let range = range(&text, |name| {
            let found = (0..7).find(|day: &u32| weekday_name(*day).to_lowercase() == name);
            found.map(u32::cast_signed).ok_or_else(|| format!("{name} is not a valid weekday"))
        })?;
        if range.start() > range.end() {
            return Err("start day cannot be before end day".to_owned());
        }
        Ok(WeekdayRange(range))
    }
}

impl TryFrom<String> for DayOfMonthRange {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let range = range(&text, number)?;
        let (begin, end) = (*range.start(), *range.end());
        for bound in [begin, end] {
            if bound == 0 || !(-31..=31).contains(&bound) {
                return Err(format!("{bound} is not a valid day of the month: out of range"));
            }
        }
        if begin < 0 && end > 0 {
            return Err("end day must be negative if start day is negative".to_owned());
        }
        // Every month has at least 28 days; what is empty in such a one is empty in all.
        let from_start = |bound: i32| if bound < 0 { 28 + bound } else { bound };
        if from_start(begin) > from_start(end) {
            return Err(format!("end day {end} is always before start day {begin}"));
        }
        Ok(DayOfMonthRange(range))
    }
}

impl TryFrom<String> for MonthRange {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let range = range(&text, |name| {
            let found = (1..=12).find(|month: &u32| month_name(*month).to_lowercase() == name);
            let month = found.map(u32::cast_signed).or_else(|| name.parse().ok());
            month.ok_or_else(|| format!("{name} is not a valid month"))
        })?;
        if range.start() > range.end() {
            let name = |month: &i32| match u32::try_from(*month) {
                Ok(month @ 1..=12) => month_name(month).to_lowercase(),
                _ => month.to_string(),
            };
            let (start, end) = (name(range.start()), name(range.end()));
            return Err(format!("end month {end} is before start month {start}"));
        }
        Ok(MonthRange(range))
    }
}

impl TryFrom<String> for YearRange {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let range = range(&text, number)?;
        if range.start() > range.end() {
            let (start, end) = (range.start(), range.end());
            return Err(format!("end year {end} is before start year {start}"));
        }
        Ok(YearRange(range))
    }
}

/// The minute of the day of `HH:MM`; `24:00` is the end of the day.
fn minute(text: &str) -> Result<i32, String> {
    let bad = || format!("couldn't parse timestamp {text}, invalid format");
    let (hour, minute) = text.split_once(':').ok_or_else(bad)?;
    let digits = |part: &str| part.len() == 2 && part.bytes().all(|byte| byte.is_ascii_digit());
    if !digits(hour) || !digits(minute) {
        return Err(bad());
    }
    let (hour, minute) = (number(hour)?, number(minute)?);
    let valid = hour < 24 && minute < 60 || (hour, minute) == (24, 0);
    valid.then_some(hour * 60 + minute).ok_or_else(bad)
}

impl<'de> Deserialize<'de> for TimeRange {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(deny_unknown_fields, rename = "timeinterval.yamlTimeRange")]
        struct Written {
            start_time: Option<String>,
            end_time: Option<String>,
        }
        let written = Written::deserialize(deserializer)?;
        let read = |start: &str, end: &str| {
            let (start, end) = (minute(start)?, minute(end)?);
            if start >= end {
                return Err("start time cannot be equal or greater than end time".to_owned());
            }
            Ok(TimeRange(start..end))
        };
        match (written.start_time.as_deref(), written.end_time.as_deref()) {
            (Some(start), Some(end)) if !start.is_empty() && !end.is_empty() => {
                read(start, end).map_err(serde::de::Error::custom)
            }
            _ => Err(serde::de::Error::custom("both start and end times must be provided")),
        }
    }
}

/// Reads what is written as one text.
macro_rules! deserialize_from_text {
    ($($range:ty),*) => {$(
        impl<'de> Deserialize<'de> for $range {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = String::deserialize(deserializer)?;
                Self::try_from(text).map_err(serde::de::Error::custom)
            }
        }
    )*};
}

deserialize_from_text!(WeekdayRange, DayOfMonthRange, MonthRange, YearRange);
