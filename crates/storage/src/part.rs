//! What is known about a part without reading its rows.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::FinishedPart;

/// Names a part for ever; later ones are larger as long as the clock goes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct PartId(pub u64);

/// Which segments of the write-ahead log a part holds: `from` is the first, `before` the one after
/// the last. Parts are in order of arrival when these ranges are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct WalRange {
    /// The first segment.
    pub from: u64,
    /// The segment behind the last.
    pub before: u64,
}

/// What a part says about itself, inside its file, so that a lost catalog can be made anew.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PartDescription {
    /// Its name.
    pub id: PartId,
    /// 0 as flushed, 1 when merged.
    pub level: u8,
    /// The UTC day all of it lies in, counted from the Unix epoch.
    pub day: i64,
    /// The oldest instant in it.
    pub min_ns: i64,
    /// The newest instant in it.
    pub max_ns: i64,
    /// Samples, records or spans.
    pub rows: u64,
    /// The version of the file format.
    pub format: u32,
    /// What it covers of the write-ahead log.
    pub wal: WalRange,
    /// The parts it was merged from; where it is, they do not count.
    pub replaces: Vec<PartId>,
}

/// A part as the catalog knows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PartEntry {
    /// Its name.
    pub id: PartId,
    /// 0 as flushed, 1 when merged.
    pub level: u8,
    /// The UTC day all of it lies in, counted from the Unix epoch.
    pub day: i64,
    /// Its path below the store's directory.
    pub file: String,
    /// The oldest instant in it.
    pub min_ns: i64,
    /// The newest instant in it.
    pub max_ns: i64,
    /// Samples, records or spans.
    pub rows: u64,
    /// The length of its file.
    pub bytes: u64,
    /// The version of the file format.
    pub format: u32,
    /// What it covers of the write-ahead log.
    pub wal: WalRange,
}

impl PartDescription {
    /// The entry of the file that this describes.
    pub fn entry(&self, file: &FinishedPart) -> PartEntry {
        PartEntry {
            id: self.id,
            level: self.level,
            day: self.day,
            file: file.file.clone(),
            min_ns: self.min_ns,
            max_ns: self.max_ns,
            rows: self.rows,
            bytes: file.bytes,
            format: self.format,
            wal: self.wal,
        }
    }

    /// As JSON, for the part's own file.
    pub fn to_json(&self) -> String {
        serde_json::to_string(self).expect("numbers and strings always have a JSON form")
    }

    /// From JSON.
    ///
    /// # Errors
    /// What is wrong with it, in a line.
    pub fn from_json(text: &str) -> Result<Self, String> {
        serde_json::from_str(text).map_err(|error| format!("its description is not valid: {error}"))
    }
}

impl WalRange {
    /// The smallest range that holds both.
    #[must_use]
    pub fn union(self, other: WalRange) -> WalRange {
        WalRange { from: self.from.min(other.from), before: self.before.max(other.before) }
    }
}

impl fmt::Display for PartId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:016x}", self.0)
    }
}

impl From<PartId> for String {
    fn from(id: PartId) -> String {
        id.to_string()
    }
}

impl TryFrom<String> for PartId {
    type Error = std::num::ParseIntError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        u64::from_str_radix(&text, 16).map(PartId)
    }
}

/// The UTC day of an instant, counted from the Unix epoch.
pub fn day_of_ms(time_ms: i64) -> i64 {
    time_ms.div_euclid(86_400_000)
}

/// The UTC day of an instant, counted from the Unix epoch.
pub fn day_of_ns(time_ns: i64) -> i64 {
    time_ns.div_euclid(86_400_000_000_000)
}

/// `2026-01-31`, or `day-<number>` for days that have no four-digit year.
///
/// The calendar is computed as in Hinnant, "chrono-compatible low-level date algorithms", 2013:
/// eras of 400 years that begin in March, so that the leap day is the last of its year.
pub fn day_name(day: i64) -> String {
    if !(-719_528..2_932_897).contains(&day) {
        return format!("day-{day}");
    }
    let since_march_of_0 = day + 719_468;
    let era = since_march_of_0.div_euclid(146_097);
    let day_of_era = since_march_of_0.rem_euclid(146_097);
    let year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_from_march = (5 * day_of_year + 2) / 153;
    let day_of_month = day_of_year - (153 * month_from_march + 2) / 5 + 1;
    let month = if month_from_march < 10 { month_from_march + 3 } else { month_from_march - 9 };
    let year = era * 400 + year_of_era + i64::from(month <= 2);
    format!("{year:04}-{month:02}-{day_of_month:02}")
}

#[cfg(test)]
pub(crate) mod testing {
    use super::*;

    /// A part of 1000 bytes that ends at the end of its day.
    pub(crate) fn part(id: u64, day: i64, level: u8, segment: u64) -> PartEntry {
        let day_ns = 86_400_000_000_000;
        PartEntry {
            id: PartId(id),
            level,
            day,
            file: format!("parts/{}/{}.test", day_name(day), PartId(id)),
            min_ns: day * day_ns,
            max_ns: (day + 1) * day_ns - 1,
            rows: 10,
            bytes: 1000,
            format: 1,
            wal: WalRange { from: segment, before: segment + 1 },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_have_names() {
        let check = |day, expected: &str| assert_eq!(day_name(day), expected);
        check(0, "1970-01-01");
        check(-1, "1969-12-31");
        check(19_782, "2024-02-29");
        check(19_783, "2024-03-01");
        check(20_454, "2026-01-01");
        check(-719_528, "0000-01-01");
        check(2_932_896, "9999-12-31");
        check(2_932_897, "day-2932897");
        check(day_of_ms(i64::MIN), "day--106751991168");
        check(day_of_ms(-1), "1969-12-31");
        check(day_of_ns(86_400_000_000_000), "1970-01-02");
    }

    #[test]
    fn a_description_survives_json() {
        let description = PartDescription {
            id: PartId(0xfedc_ba98_7654_3210),
            level: 1,
            day: -3,
            min_ns: i64::MIN,
            max_ns: i64::MAX,
            rows: u64::MAX,
            format: 1,
            wal: WalRange { from: 1, before: 9 },
            replaces: vec![PartId(1)],
        };
        assert_eq!(PartDescription::from_json(&description.to_json()), Ok(description));
        assert!(PartDescription::from_json("{").unwrap_err().starts_with("its description"));
    }
}
