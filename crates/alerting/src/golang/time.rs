//! An instant seen from a zone: `time.Time`.

use std::fmt;

use chrono::{DateTime, Datelike as _, NaiveDate, NaiveDateTime, TimeDelta, Timelike as _, Utc};

use super::layout;
use super::zone::{Offset, Zone};

/// An instant and the zone whose clock shows it.
#[derive(Clone, Debug)]
pub(crate) struct Time {
    /// The instant.
    pub(crate) utc: DateTime<Utc>,
    /// Where the clock hangs.
    pub(crate) zone: Zone,
}

impl Time {
    /// An instant on the clock of Greenwich.
    pub(crate) fn utc(utc: DateTime<Utc>) -> Self {
        Time { utc, zone: Zone::Utc }
    }

    /// The zero value: midnight of 1 January of the year 1.
    pub(crate) fn zero() -> Self {
        Time::utc(zero())
    }

    /// Whether this is the zero value.
    pub(crate) fn is_zero(&self) -> bool {
        self.utc == zero()
    }

    /// What the clock of the zone shows, and its offset.
    pub(crate) fn local(&self) -> (NaiveDateTime, Offset) {
        let offset = self.zone.offset_at(self.utc.timestamp());
        let shift = TimeDelta::seconds(i64::from(offset.seconds));
        let naive = self.utc.naive_utc();
        (naive.checked_add_signed(shift).unwrap_or(naive), offset)
    }

    /// The instant at which the clock of a zone shows this; where it does so twice, the first.
    pub(crate) fn from_local(local: NaiveDateTime, zone: Zone) -> Option<Self> {
        let seconds = local.and_utc().timestamp();
        let guess = i64::from(zone.offset_at(seconds).seconds);
        let offset = i64::from(zone.offset_at(seconds - guess).seconds);
        let utc = local.checked_sub_signed(TimeDelta::try_seconds(offset)?)?.and_utc();
        Some(Time { utc, zone })
    }

    /// The text of the instant in a layout such as `2006-01-02 15:04`.
    pub(crate) fn format(&self, text: &str) -> String {
        layout::format(self, text)
    }

    /// The time later by so many nanoseconds; it stands still where there is no such time.
    #[must_use]
    pub(crate) fn add_nanos(&self, nanos: i64) -> Self {
        let utc = self.utc.checked_add_signed(TimeDelta::nanoseconds(nanos)).unwrap_or(self.utc);
        Time { utc, zone: self.zone.clone() }
    }

    /// Nanoseconds from `earlier` to this, at most what 64 bits hold.
    pub(crate) fn nanos_since(&self, earlier: &Time) -> i64 {
        let delta = self.utc.signed_duration_since(earlier.utc);
        delta.num_nanoseconds().unwrap_or(if delta < TimeDelta::zero() {
            i64::MIN
        } else {
            i64::MAX
        })
    }

    /// The time on another day of the calendar; days beyond a month's end run into the next.
    pub(crate) fn add_date(&self, years: i64, months: i64, days: i64) -> Option<Self> {
        let (local, _) = self.local();
        let month = i64::from(local.month0()).checked_add(months)?;
        let year = i64::from(local.year()).checked_add(years)?.checked_add(month.div_euclid(12))?;
        let month = u32::try_from(month.rem_euclid(12)).ok()? + 1;
        let first = NaiveDate::from_ymd_opt(i32::try_from(year).ok()?, month, 1)?;
        let days = i64::from(local.day0()).checked_add(days)?;
        let date = first.checked_add_signed(TimeDelta::try_days(days)?)?;
        Time::from_local(date.and_time(local.time()), self.zone.clone())
    }

    /// The time cut down to a multiple of so many nanoseconds since the year 1.
    #[must_use]
    pub(crate) fn truncate(&self, nanos: i64) -> Self {
        let since_zero = i128::from(self.utc.timestamp() - zero().timestamp()) * 1_000_000_000
            + i128::from(self.utc.nanosecond());
        if nanos <= 0 {
            return self.clone();
        }
        let rest = since_zero.rem_euclid(i128::from(nanos));
        self.add_nanos(i64::try_from(-rest).unwrap_or(0))
    }
}

impl PartialEq for Time {
    /// The same instant, wherever the clock hangs.
    fn eq(&self, other: &Self) -> bool {
        self.utc == other.utc
    }
}

impl fmt::Display for Time {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.format("2006-01-02 15:04:05.999999999 -0700 MST"))
    }
}

/// The zero value of Go's times.
pub(crate) fn zero() -> DateTime<Utc> {
    DateTime::from_timestamp(-62_135_596_800, 0).expect("the year 1 is in range")
}

/// RFC 3339 with as many decimals as are needed, as JSON has it.
pub(crate) fn rfc3339(instant: DateTime<Utc>) -> String {
    Time::utc(instant).format("2006-01-02T15:04:05.999999999Z07:00")
}

/// RFC 3339 with milliseconds, as Alertmanager's API has it.
pub(crate) fn rfc3339_millis(instant: DateTime<Utc>) -> String {
    Time::utc(instant).format("2006-01-02T15:04:05.000Z07:00")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Time {
        Time::utc(text.parse().unwrap())
    }

    #[test]
    fn calendar() {
        let check = |from: &str, (y, m, d): (i64, i64, i64), expected: &str| {
            assert_eq!(at(from).add_date(y, m, d).unwrap(), at(expected), "{from}");
        };
        check("2024-01-31T10:00:00Z", (0, 1, 0), "2024-03-02T10:00:00Z");
        check("2024-03-01T10:00:00Z", (0, 0, -1), "2024-02-29T10:00:00Z");
        check("2024-03-01T10:00:00Z", (1, -3, 0), "2024-12-01T10:00:00Z");
        assert_eq!(at("2024-01-01T00:00:00Z").add_date(i64::MAX, 0, 0), None);
        let noon =
            Time { zone: Zone::load("Europe/Berlin").unwrap(), ..at("2024-03-30T11:00:00Z") };
        assert_eq!(noon.add_date(0, 0, 1).unwrap(), at("2024-03-31T10:00:00Z"), "noon stays noon");
    }

    #[test]
    fn arithmetic() {
        let time = at("2024-01-31T10:20:30.5Z");
        assert_eq!(time.truncate(3_600_000_000_000), at("2024-01-31T10:00:00Z"));
        assert_eq!(time.add_nanos(500_000_000), at("2024-01-31T10:20:31Z"));
        assert_eq!(time.nanos_since(&Time::zero()), i64::MAX, "saturates");
        assert_eq!(
            at("1969-12-31T23:59:59.5Z").truncate(1_000_000_000),
            at("1969-12-31T23:59:59Z")
        );
        assert!(Time::zero().is_zero() && !time.is_zero());
    }

    #[test]
    fn texts() {
        assert_eq!(at("2024-01-31T10:20:30.5Z").to_string(), "2024-01-31 10:20:30.5 +0000 UTC");
        assert_eq!(Time::zero().to_string(), "0001-01-01 00:00:00 +0000 UTC");
        assert_eq!(rfc3339(zero()), "0001-01-01T00:00:00Z");
        assert_eq!(rfc3339_millis(at("2024-01-31T10:20:30.5Z").utc), "2024-01-31T10:20:30.500Z");
    }
}
