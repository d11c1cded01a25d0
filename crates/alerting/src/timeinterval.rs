//! Named times of day, week, month and year during which routes are muted or active.

mod range;

use std::collections::BTreeMap;

use chrono::{Datelike as _, NaiveDate, NaiveDateTime, Timelike as _};
use serde::Deserialize;

use crate::Timestamp;
use crate::golang::time::Time;
use crate::golang::zone::Zone;
use range::{DayOfMonthRange, MonthRange, TimeRange, WeekdayRange, YearRange};

/// An interval, in which all that is given must hold; of each list, one entry must.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename = "timeinterval.TimeInterval")]
pub(crate) struct TimeInterval {
    times: Option<Vec<TimeRange>>,
    weekdays: Option<Vec<WeekdayRange>>,
    days_of_month: Option<Vec<DayOfMonthRange>>,
    months: Option<Vec<MonthRange>>,
    years: Option<Vec<YearRange>>,
    location: Option<Location>,
}

/// Whose clock counts.
#[derive(Clone, Debug)]
enum Location {
    /// That of the machine.
    Local,
    Zone(Zone),
}

impl TryFrom<String> for Location {
    type Error = String;

    fn try_from(name: String) -> Result<Self, String> {
        if name == "Local" {
            return Ok(Location::Local);
        }
        Zone::load(&name).map(Location::Zone).ok_or_else(|| format!("unknown time zone {name}"))
    }
}

impl<'de> Deserialize<'de> for Location {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let name = String::deserialize(deserializer)?;
        Location::try_from(name).map_err(serde::de::Error::custom)
    }
}

impl TimeInterval {
    fn contains(&self, now: Timestamp, local: &Zone) -> bool {
        let zone = match &self.location {
            None => Zone::Utc,
            Some(Location::Local) => local.clone(),
            Some(Location::Zone(zone)) => zone.clone(),
        };
        let (clock, _) = Time { utc: now, zone }.local();
        let minute = (clock.hour() * 60 + clock.minute()).cast_signed();
        let weekday = clock.weekday().num_days_from_sunday().cast_signed();
        let days = days_in_month(clock);
        let any = |given: bool, inside: bool| !given || inside;
        let times = self.times.as_deref().unwrap_or_default();
        let weekdays = self.weekdays.as_deref().unwrap_or_default();
        let days_of_month = self.days_of_month.as_deref().unwrap_or_default();
        let months = self.months.as_deref().unwrap_or_default();
        let years = self.years.as_deref().unwrap_or_default();
        any(self.times.is_some(), times.iter().any(|r| r.0.contains(&minute)))
            && any(
                self.days_of_month.is_some(),
                days_of_month.iter().any(|r| r.contains(clock.day().cast_signed(), days)),
            )
            && any(
                self.months.is_some(),
                months.iter().any(|r| r.0.contains(&clock.month().cast_signed())),
            )
            && any(self.weekdays.is_some(), weekdays.iter().any(|r| r.0.contains(&weekday)))
            && any(self.years.is_some(), years.iter().any(|r| r.0.contains(&clock.year())))
    }
}

fn days_in_month(clock: NaiveDateTime) -> i32 {
    let next = clock.date().with_day(28).and_then(|day| day.checked_add_days(chrono::Days::new(4)));
    let last = next.and_then(|day| day.with_day(1)).and_then(|day| day.pred_opt());
    last.map_or(31, |last: NaiveDate| last.day().cast_signed())
}

/// All intervals by name.
#[derive(Clone, Debug, Default)]
pub(crate) struct TimeIntervals {
    by_name: BTreeMap<String, Vec<TimeInterval>>,
    local: Option<Zone>,
}

impl TimeIntervals {
    /// `local` is the machine's zone; without one, `Local` is UTC.
    pub(crate) fn new(by_name: BTreeMap<String, Vec<TimeInterval>>, local: Option<Zone>) -> Self {
        TimeIntervals { by_name, local }
    }

    /// Those of the names whose intervals contain the instant.
    pub(crate) fn active<'a>(&self, names: &'a [String], now: Timestamp) -> Vec<&'a str> {
        let local = self.local.as_ref().unwrap_or(&Zone::Utc);
        let is_active = |name: &&String| {
            let intervals = self.by_name.get(*name).map(Vec::as_slice).unwrap_or_default();
            intervals.iter().any(|interval| interval.contains(now, local))
        };
        names.iter().filter(is_active).map(String::as_str).collect()
    }
}

#[cfg(test)]
mod tests;
