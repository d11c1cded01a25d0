//! Reading a time by its layout: `time.ParseInLocation` in UTC.

use std::sync::Arc;

use chrono::NaiveDate;

use super::{MONTHS, Padding, Part, WEEKDAYS, next_part};
use crate::golang::time::Time;
use crate::golang::zone::{Offset, Zone};

/// What has been read so far; the parts a layout lacks keep their defaults.
struct Fields {
    year: i32,
    month: Option<u32>,
    day: Option<u32>,
    day_of_year: Option<u32>,
    hour: u32,
    afternoon: Option<bool>,
    minute: u32,
    second: u32,
    nanos: u32,
    offset: Option<i32>,
}

/// The time that `text` says in this layout; without a zone in it, in UTC.
///
/// # Errors
/// With a sentence that names both texts when they do not fit.
pub(crate) fn parse(layout: &str, text: &str) -> Result<Time, String> {
    let mut fields = Fields {
        year: 0,
        month: None,
        day: None,
        day_of_year: None,
        hour: 0,
        afternoon: None,
        minute: 0,
        second: 0,
        nanos: 0,
        offset: None,
    };
    let cannot = || format!("parsing time {text:?} as {layout:?}: cannot parse");
    fields.read(layout, text).ok_or_else(cannot)?;
    fields.time().ok_or_else(|| format!("parsing time {text:?}: out of range"))
}

impl Fields {
    fn read(&mut self, layout: &str, text: &str) -> Option<()> {
        let (mut layout, mut rest) = (layout, text);
        loop {
            let (literal, part, tail) = next_part(layout);
            rest = strip_literal(rest, literal)?;
            let Some(part) = part else { return rest.is_empty().then_some(()) };
            self.read_part(part, &mut rest)?;
            // A fraction may follow the seconds even where the layout has none.
            if matches!(part, Part::Second { .. })
                && !matches!(next_part(tail), ("", Some(Part::Fraction { .. }), _))
            {
                self.read_fraction(&mut rest, None)?;
            }
            layout = tail;
        }
    }

    fn read_part(&mut self, part: Part, rest: &mut &str) -> Option<()> {
        match part {
            Part::Year => self.year = number(rest, 4, 4)?.cast_signed(),
            Part::YearShort => {
                let year = number(rest, 2, 2)?.cast_signed();
                self.year = year + if year >= 69 { 1900 } else { 2000 };
            }
            Part::MonthName => self.month = Some(name(rest, &MONTHS, usize::MAX)? + 1),
            Part::MonthNameShort => self.month = Some(name(rest, &MONTHS, 3)? + 1),
            Part::Month { padded } => self.month = Some(number(rest, 1 + usize::from(padded), 2)?),
            Part::Weekday => drop(name(rest, &WEEKDAYS, usize::MAX)?),
            Part::WeekdayShort => drop(name(rest, &WEEKDAYS, 3)?),
            Part::Day(padding) => {
                if padding == Padding::Spaces {
                    *rest = rest.strip_prefix(' ').unwrap_or(rest);
                }
                let least = if padding == Padding::Zeros { 2 } else { 1 };
                self.day = Some(number(rest, least, 2)?);
            }
            Part::DayOfYear { zeros } => {
                *rest = if zeros { rest } else { rest.trim_start_matches(' ') };
                self.day_of_year = Some(number(rest, if zeros { 3 } else { 1 }, 3)?);
            }
            Part::Hour => self.hour = number(rest, 2, 2).filter(|hour| *hour < 24)?,
            Part::Hour12 { padded } => {
                self.hour = number(rest, 1 + usize::from(padded), 2).filter(|h| *h <= 12)?;
            }
            Part::Minute { padded } => {
                self.minute = number(rest, 1 + usize::from(padded), 2).filter(|m| *m < 60)?;
            }
            Part::Second { padded } => {
                self.second = number(rest, 1 + usize::from(padded), 2).filter(|s| *s < 60)?;
            }
            Part::Fraction { trimmed: true, .. } => self.read_fraction(rest, None)?,
            Part::Fraction { digits, .. } => self.read_fraction(rest, Some(digits))?,
            Part::Half { upper } => {
                let halves = if upper { ["AM", "PM"] } else { ["am", "pm"] };
                self.afternoon = Some(name(rest, &halves, 2)? == 1);
            }
            Part::ZoneName => self.read_zone_name(rest)?,
            Part::ZoneOffset { utc_as_z: true, .. } if rest.starts_with('Z') => {
                self.offset = Some(0);
                *rest = &rest[1..];
            }
            Part::ZoneOffset { colon, fields, .. } => self.read_offset(rest, colon, fields)?,
        }
        Some(())
    }

    /// A fraction of exactly so many digits, or, without a count, of any or none.
    fn read_fraction(&mut self, rest: &mut &str, digits: Option<usize>) -> Option<()> {
        let Some(tail) = rest.strip_prefix(['.', ',']) else {
            return digits.is_none().then_some(());
        };
        let len = tail.find(|c: char| !c.is_ascii_digit()).unwrap_or(tail.len());
        let len = digits.unwrap_or(len);
        let written = tail.get(..len).filter(|d| d.bytes().all(|b| b.is_ascii_digit()))?;
        if written.is_empty() {
            return digits.is_none().then_some(());
        }
        let nine: String = written.chars().chain("000000000".chars()).take(9).collect();
        self.nanos = nine.parse().ok()?;
        *rest = &tail[len..];
        Some(())
    }

    /// A zone's abbreviation says nothing certain but for UTC: it is read and taken as UTC.
    fn read_zone_name(&mut self, rest: &mut &str) -> Option<()> {
        let len = rest.find(|c: char| !c.is_ascii_uppercase()).unwrap_or(rest.len());
        (3..=5).contains(&len).then_some(())?;
        *rest = &rest[len..];
        Some(())
    }

    fn read_offset(&mut self, rest: &mut &str, colon: bool, fields: u8) -> Option<()> {
        let sign = match rest.chars().next()? {
            '+' => 1,
            '-' => -1,
            _ => return None,
        };
        *rest = &rest[1..];
        let mut seconds = 0;
        for (field, unit) in (0..fields).zip([3600, 60, 1]) {
            if field > 0 && colon {
                *rest = rest.strip_prefix(':')?;
            }
            let limit = if field == 0 { 24 } else { 60 };
            let value = number(rest, 2, 2).filter(|value| *value <= limit)?;
            seconds += value.cast_signed() * unit;
        }
        self.offset = Some(sign * seconds);
        Some(())
    }

    fn time(&self) -> Option<Time> {
        let hour = match self.afternoon {
            Some(true) if self.hour < 12 => self.hour + 12,
            Some(false) if self.hour == 12 => 0,
            _ => self.hour,
        };
        let date = match self.day_of_year {
            Some(day) if self.month.is_none() && self.day.is_none() => {
                NaiveDate::from_yo_opt(self.year, day)?
            }
            _ => {
                let (month, day) = (self.month.unwrap_or(1), self.day.unwrap_or(1));
                NaiveDate::from_ymd_opt(self.year, month, day)?
            }
        };
        let local = date.and_hms_nano_opt(hour, self.minute, self.second, self.nanos)?;
        let zone = match self.offset {
            None | Some(0) => Zone::Utc,
            Some(seconds) => {
                let sign = if seconds < 0 { '-' } else { '+' };
                let (hours, minutes) = (seconds.abs() / 3600, seconds.abs() / 60 % 60);
                let abbreviation = Arc::from(format!("{sign}{hours:02}{minutes:02}"));
                Zone::Fixed(Offset { seconds, abbreviation })
            }
        };
        Time::from_local(local, zone)
    }
}

/// Takes the literal off; a run of spaces in a layout stands for any run of spaces.
fn strip_literal<'a>(text: &'a str, literal: &str) -> Option<&'a str> {
    let (mut text, mut literal) = (text, literal);
    while let Some(c) = literal.chars().next() {
        if c == ' ' {
            if !text.is_empty() && !text.starts_with(' ') {
                return None;
            }
            (text, literal) = (text.trim_start_matches(' '), literal.trim_start_matches(' '));
        } else {
            (text, literal) = (text.strip_prefix(c)?, &literal[c.len_utf8()..]);
        }
    }
    Some(text)
}

/// A number of `least` to `most` digits.
fn number(rest: &mut &str, least: usize, most: usize) -> Option<u32> {
    let len = rest.bytes().take(most).take_while(u8::is_ascii_digit).count();
    (len >= least).then_some(())?;
    let (digits, tail) = rest.split_at(len);
    *rest = tail;
    digits.parse().ok()
}

/// Which of the names, of which only the first letters may be written, the text begins with.
fn name(rest: &mut &str, names: &[&str], letters: usize) -> Option<u32> {
    for (index, name) in names.iter().enumerate() {
        let name = &name[..letters.min(name.len())];
        if rest.get(..name.len()).is_some_and(|text| text.eq_ignore_ascii_case(name)) {
            *rest = &rest[name.len()..];
            return u32::try_from(index).ok();
        }
    }
    None
}
