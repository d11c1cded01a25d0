//! Log severities: OpenTelemetry's numbers, and the many names people write.

use std::fmt;

/// A severity number from 1 to 24 as the OpenTelemetry log data model defines it; 0 is unknown.
///
/// Each of the six names covers four numbers: `error` is 17 to 20.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Severity(u8);

/// The names in order; the index is (number - 1) / 4.
const NAMES: [&str; 6] = ["trace", "debug", "info", "warn", "error", "fatal"];

impl Severity {
    /// No severity was given, or none that is known.
    pub const UNKNOWN: Severity = Severity(0);
    /// 1
    pub const TRACE: Severity = Severity(1);
    /// 5
    pub const DEBUG: Severity = Severity(5);
    /// 9
    pub const INFO: Severity = Severity(9);
    /// 13
    pub const WARN: Severity = Severity(13);
    /// 17
    pub const ERROR: Severity = Severity(17);
    /// 21
    pub const FATAL: Severity = Severity(21);

    /// The severity of an OpenTelemetry number; anything outside 1 to 24 is unknown.
    pub fn from_number(number: i64) -> Self {
        Severity(u8::try_from(number).ok().filter(|n| *n <= 24).unwrap_or(0))
    }

    /// Reads a name in any of the usual spellings, or a syslog or Pino/Bunyan level as a number.
    pub fn parse(text: &str) -> Option<Self> {
        let lower = text.trim().to_ascii_lowercase();
        let numbered = lower.trim_end_matches(|c: char| ('2'..='4').contains(&c));
        if let (Some(index), Ok(step @ 2..=4)) =
            (NAMES.iter().position(|n| *n == numbered), lower[numbered.len()..].parse::<u8>())
        {
            return Some(Severity(index as u8 * 4 + step));
        }
        Some(match lower.as_str() {
            "trace" | "trc" | "finest" | "finer" | "verbose" | "10" => Severity::TRACE,
            "debug" | "dbg" | "fine" | "d" | "7" | "20" => Severity::DEBUG,
            "info" | "inf" | "information" | "informational" | "i" | "6" | "30" => Severity::INFO,
            "notice" | "note" | "5" => Severity(10),
            "warn" | "warning" | "wrn" | "w" | "4" | "40" => Severity::WARN,
            "error" | "err" | "eror" | "severe" | "e" | "3" | "50" => Severity::ERROR,
            "critical" | "crit" | "2" => Severity(18),
            "alert" | "1" => Severity(19),
            "fatal" | "ftl" | "emerg" | "emergency" | "panic" | "f" | "0" | "60" => Severity::FATAL,
            _ => return None,
        })
    }

    /// The number, 0 when unknown.
    pub fn number(self) -> u8 {
        self.0
    }

    /// The name of its class, the empty string when unknown.
    pub fn name(self) -> &'static str {
        match self.0 {
            0 => "",
            number => NAMES[usize::from((number - 1) / 4)],
        }
    }
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_usual_spellings() {
        for (text, name) in [
            ("WARNING", "warn"),
            ("Info", "info"),
            ("ERR", "error"),
            ("critical", "error"),
            ("panic", "fatal"),
            ("50", "error"),
            ("debug3", "debug"),
            ("notice", "info"),
        ] {
            assert_eq!(Severity::parse(text).map(Severity::name), Some(name), "{text}");
        }
        assert_eq!(Severity::parse("loud"), None);
        assert_eq!(Severity::from_number(99), Severity::UNKNOWN);
        assert_eq!(Severity::parse("error2").unwrap().number(), 18);
    }
}
