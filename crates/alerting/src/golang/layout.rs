//! Go's time layouts: a text that shows how the reference time `Mon Jan 2 15:04:05 MST 2006`
//! would be written.

mod parse;

use std::fmt::Write as _;

use chrono::{Datelike as _, NaiveDateTime, Timelike as _};

use super::time::Time;
use super::zone::Offset;

pub(crate) use parse::parse;

const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];
const WEEKDAYS: [&str; 7] =
    ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];

/// The English name of a month from 1 to 12.
pub(crate) fn month_name(month: u32) -> &'static str {
    MONTHS[(month as usize + 11) % 12]
}

/// The English name of a day of the week; 0 is Sunday.
pub(crate) fn weekday_name(weekday: u32) -> &'static str {
    WEEKDAYS[weekday as usize % 7]
}

/// A part of a layout.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Part {
    Year,
    YearShort,
    MonthName,
    MonthNameShort,
    Month { padded: bool },
    Weekday,
    WeekdayShort,
    Day(Padding),
    DayOfYear { zeros: bool },
    Hour,
    Hour12 { padded: bool },
    Minute { padded: bool },
    Second { padded: bool },
    Fraction { separator: char, digits: usize, trimmed: bool },
    Half { upper: bool },
    ZoneName,
    ZoneOffset { utc_as_z: bool, colon: bool, fields: u8 },
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Padding {
    None,
    Zeros,
    Spaces,
}

/// Offsets by what they begin with: fields are hours, minutes, seconds.
const OFFSETS: [(&str, bool, u8); 5] = [
    ("07:00:00", true, 3),
    ("070000", false, 3),
    ("07:00", true, 2),
    ("0700", false, 2),
    ("07", false, 1),
];

const PREFIXES: [(&str, Part); 26] = [
    ("January", Part::MonthName),
    ("Monday", Part::Weekday),
    ("MST", Part::ZoneName),
    ("002", Part::DayOfYear { zeros: true }),
    ("01", Part::Month { padded: true }),
    ("02", Part::Day(Padding::Zeros)),
    ("03", Part::Hour12 { padded: true }),
    ("04", Part::Minute { padded: true }),
    ("05", Part::Second { padded: true }),
    ("06", Part::YearShort),
    ("15", Part::Hour),
    ("1", Part::Month { padded: false }),
    ("2006", Part::Year),
    ("2", Part::Day(Padding::None)),
    ("__2", Part::DayOfYear { zeros: false }),
    ("_2", Part::Day(Padding::Spaces)),
    ("3", Part::Hour12 { padded: false }),
    ("4", Part::Minute { padded: false }),
    ("5", Part::Second { padded: false }),
    ("PM", Part::Half { upper: true }),
    ("pm", Part::Half { upper: false }),
    ("Jan", Part::MonthNameShort),
    ("Mon", Part::WeekdayShort),
    ("-", Part::ZoneOffset { utc_as_z: false, colon: false, fields: 0 }),
    ("Z", Part::ZoneOffset { utc_as_z: true, colon: false, fields: 0 }),
    (".", Part::Fraction { separator: '.', digits: 0, trimmed: false }),
];

/// The part that `layout` begins with, and what is behind it.
fn part_at(layout: &str) -> Option<(Part, &str)> {
    let layout_point = if layout.starts_with(',') { "." } else { layout };
    // `_2006` is an underscore and a year, not a padded day.
    if layout.starts_with("_2006") {
        return None;
    }
    let (prefix, part) = PREFIXES.iter().find(|(prefix, _)| layout_point.starts_with(prefix))?;
    let rest = &layout[prefix.len()..];
    match *part {
        // A short name must not be the beginning of another word.
        Part::MonthNameShort | Part::WeekdayShort
            if rest.starts_with(|c: char| c.is_ascii_lowercase()) =>
        {
            None
        }
        Part::ZoneOffset { utc_as_z, .. } => {
            let (text, colon, fields) = OFFSETS.iter().find(|(t, ..)| rest.starts_with(t))?;
            let part = Part::ZoneOffset { utc_as_z, colon: *colon, fields: *fields };
            Some((part, &rest[text.len()..]))
        }
        Part::Fraction { .. } => {
            let separator = layout.chars().next()?;
            let digit = rest.chars().next().filter(|c| matches!(c, '0' | '9'))?;
            let tail = rest.trim_start_matches(digit);
            let digits = rest.len() - tail.len();
            let is_fraction = !tail.starts_with(|c: char| c.is_ascii_digit());
            let part = Part::Fraction { separator, digits, trimmed: digit == '9' };
            is_fraction.then_some((part, tail))
        }
        part => Some((part, rest)),
    }
}

/// The literal text before the next part, that part, and what is behind it.
fn next_part(layout: &str) -> (&str, Option<Part>, &str) {
    let places = layout.char_indices().map(|(at, _)| at);
    for at in places {
        if let Some((part, rest)) = part_at(&layout[at..]) {
            return (&layout[..at], Some(part), rest);
        }
    }
    (layout, None, "")
}

/// The text of a time in a layout.
pub(crate) fn format(time: &Time, layout: &str) -> String {
    let (local, offset) = time.local();
    let mut out = String::new();
    let mut rest = layout;
    loop {
        let (literal, part, tail) = next_part(rest);
        out.push_str(literal);
        let Some(part) = part else { return out };
        write_part(&mut out, part, &local, &offset).expect("a string takes everything");
        rest = tail;
    }
}

fn write_part(
    out: &mut String,
    part: Part,
    local: &NaiveDateTime,
    offset: &Offset,
) -> std::fmt::Result {
    let number = |out: &mut String, value: u32, padded: bool| {
        if padded { write!(out, "{value:02}") } else { write!(out, "{value}") }
    };
    let weekday = weekday_name(local.weekday().num_days_from_sunday());
    match part {
        Part::Year => write!(out, "{:04}", local.year()),
        Part::YearShort => number(out, local.year().rem_euclid(100).unsigned_abs(), true),
        Part::MonthName => out.write_str(month_name(local.month())),
        Part::MonthNameShort => out.write_str(&month_name(local.month())[..3]),
        Part::Month { padded } => number(out, local.month(), padded),
        Part::Weekday => out.write_str(weekday),
        Part::WeekdayShort => out.write_str(&weekday[..3]),
        Part::Day(Padding::Spaces) => write!(out, "{:2}", local.day()),
        Part::Day(padding) => number(out, local.day(), padding == Padding::Zeros),
        Part::DayOfYear { zeros: true } => write!(out, "{:03}", local.ordinal()),
        Part::DayOfYear { zeros: false } => write!(out, "{:3}", local.ordinal()),
        Part::Hour => number(out, local.hour(), true),
        Part::Hour12 { padded } => number(out, local.hour12().1, padded),
        Part::Minute { padded } => number(out, local.minute(), padded),
        Part::Second { padded } => number(out, local.second(), padded),
        Part::Fraction { separator, digits, trimmed } => {
            let nanos = format!("{:09}", local.nanosecond());
            let shown = format!("{:0<digits$}", &nanos[..digits.min(9)]);
            let shown = if trimmed { shown.trim_end_matches('0') } else { &shown };
            if shown.is_empty() { Ok(()) } else { write!(out, "{separator}{shown}") }
        }
        Part::Half { upper } => out.write_str(match (local.hour12().0, upper) {
            (true, true) => "PM",
            (true, false) => "pm",
            (false, true) => "AM",
            (false, false) => "am",
        }),
        Part::ZoneName => out.write_str(&offset.abbreviation),
        Part::ZoneOffset { utc_as_z: true, .. } if offset.seconds == 0 => out.write_str("Z"),
        Part::ZoneOffset { colon, fields, .. } => write_offset(out, offset.seconds, colon, fields),
    }
}

fn write_offset(out: &mut String, seconds: i32, colon: bool, fields: u8) -> std::fmt::Result {
    let sign = if seconds < 0 { '-' } else { '+' };
    let seconds = seconds.unsigned_abs();
    let colon = if colon { ":" } else { "" };
    write!(out, "{sign}{:02}", seconds / 3600)?;
    if fields > 1 {
        write!(out, "{colon}{:02}", seconds / 60 % 60)?;
    }
    if fields > 2 {
        write!(out, "{colon}{:02}", seconds % 60)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests;
