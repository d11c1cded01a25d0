//! Names and units as Prometheus has them.
//!
//! The rules are those of the OpenTelemetry specification ("Prometheus and OpenMetrics
//! Compatibility") as Prometheus applies them with `UnderscoreEscapingWithSuffixes`: tokens joined
//! with single underscores, the unit spelled out, `_total` on counters, `_ratio` on gauges of unit 1.

/// What decides about suffixes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Suffix {
    None,
    Counter,
    Gauge,
}

/// Units of the Unified Code for Units of Measure, in Prometheus' words.
const UNITS: &[(&str, &str)] = &[
    ("d", "days"),
    ("h", "hours"),
    ("min", "minutes"),
    ("s", "seconds"),
    ("ms", "milliseconds"),
    ("us", "microseconds"),
    ("ns", "nanoseconds"),
    ("By", "bytes"),
    ("KiBy", "kibibytes"),
    ("MiBy", "mebibytes"),
    ("GiBy", "gibibytes"),
    ("TiBy", "tibibytes"),
    ("KBy", "kilobytes"),
    ("MBy", "megabytes"),
    ("GBy", "gigabytes"),
    ("TBy", "terabytes"),
    ("m", "meters"),
    ("V", "volts"),
    ("A", "amperes"),
    ("J", "joules"),
    ("W", "watts"),
    ("g", "grams"),
    ("Cel", "celsius"),
    ("Hz", "hertz"),
    ("1", ""),
    ("%", "percent"),
];

/// What a unit is divided by, in the singular.
const PER_UNITS: &[(&str, &str)] = &[
    ("s", "second"),
    ("m", "minute"),
    ("h", "hour"),
    ("d", "day"),
    ("w", "week"),
    ("mo", "month"),
    ("y", "year"),
];

/// The metric's name; `None` when nothing of it is left.
pub(super) fn metric_name(name: &str, unit: &str, suffix: Suffix) -> Option<String> {
    let mut tokens: Vec<&str> =
        name.split(|c: char| !is_name_char(c)).filter(|token| !token.is_empty()).collect();
    let (main, per) = unit_suffixes(unit);
    for unit in [&main, &per] {
        if !unit.is_empty() && !tokens.contains(&unit.as_str()) {
            tokens.push(unit);
        }
    }
    let last = match suffix {
        Suffix::Counter => "total",
        Suffix::Gauge if unit == "1" => "ratio",
        _ => "",
    };
    if !last.is_empty() {
        tokens.retain(|token| *token != last);
        tokens.push(last);
    }
    let joined = tokens.join("_");
    match joined.bytes().next() {
        None => None,
        Some(b'0'..=b'9') => Some(format!("_{joined}")),
        Some(_) => Some(joined),
    }
}

/// The unit as metadata has it.
pub(super) fn unit_name(unit: &str) -> String {
    let (main, per) = unit_suffixes(unit);
    match (main.is_empty(), per.is_empty()) {
        (false, false) => format!("{main}_{per}"),
        (false, true) => main,
        _ => per,
    }
}

/// The label's name; `None` when nothing of it is left.
pub(super) fn label_name(name: &str) -> Option<String> {
    let replaced: String =
        name.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '_' }).collect();
    let prefix = match replaced.as_bytes() {
        [] => return None,
        [b'0'..=b'9', ..] => "key_",
        [b'_', b'_', ..] => "",
        [b'_', ..] => "key",
        _ => "",
    };
    let only_underscores = replaced.bytes().all(|byte| byte == b'_');
    (!only_underscores).then(|| format!("{prefix}{replaced}"))
}

fn is_name_char(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == ':'
}

/// The unit and what it is divided by, as suffixes; units in braces are annotations and say nothing.
fn unit_suffixes(unit: &str) -> (String, String) {
    let (main, per) = unit.split_once('/').unwrap_or((unit, ""));
    let spell = |unit: &str, table: &[(&str, &str)]| {
        let unit = unit.trim();
        let known = table.iter().find(|(short, _)| *short == unit);
        let word = known.map_or(unit, |(_, word)| *word);
        if unit.contains(['{', '}']) { String::new() } else { clean(word) }
    };
    let (main, per) = (spell(main, UNITS), spell(per, PER_UNITS));
    if per.is_empty() { (main, per) } else { (main, format!("per_{per}")) }
}

/// A unit of valid characters: others are underscores, which do not repeat and stand at neither end.
fn clean(unit: &str) -> String {
    let tokens: Vec<&str> =
        unit.split(|c: char| !is_name_char(c)).filter(|token| !token.is_empty()).collect();
    tokens.join("_")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn metric_names() {
        use Suffix::{Counter, Gauge, None as Plain};
        for (name, unit, suffix, expected) in [
            ("system.filesystem.usage", "By", Gauge, "system_filesystem_usage_bytes"),
            ("system.io", "By", Counter, "system_io_bytes_total"),
            ("network_transmitted_bytes_total", "By", Counter, "network_transmitted_bytes_total"),
            ("\t fs.usage  ", "  By\t", Gauge, "fs_usage_bytes"),
            ("net.dropped", "{packets}", Counter, "net_dropped_total"),
            ("net.dropped", "packets", Gauge, "net_dropped_packets"),
            ("net.packets.dropped", "packets", Gauge, "net_packets_dropped"),
            ("hw.fan.speed_ratio", "1", Gauge, "hw_fan_speed_ratio"),
            ("objects", "1", Counter, "objects_total"),
            ("light.limit", "m/s", Gauge, "light_limit_meters_per_second"),
            ("speed", "km/h", Gauge, "speed_km_per_hour"),
            ("speed", "km/°", Gauge, "speed_km"),
            ("sync.rate", "{objects}/s", Gauge, "sync_rate_per_second"),
            ("scanned", "{scanned}/{returned}", Gauge, "scanned"),
            ("requests", "1/s", Counter, "requests_per_second_total"),
            ("success", "%", Gauge, "success_percent"),
            ("http.server.request.duration", "s", Plain, "http_server_request_duration_seconds"),
            ("3.14 digits", "", Gauge, "_3_14_digits"),
            ("envoy__rule", "", Gauge, "envoy_rule"),
            (":foo::bar", "", Counter, ":foo::bar_total"),
            ("with_字符_chars", "", Counter, "with_chars_total"),
            ("temperature", "%*()°:C", Gauge, "temperature_:C"),
            ("custom", "unit@with#special/chars", Gauge, "custom_unit_with_special_per_chars"),
        ] {
            assert_eq!(metric_name(name, unit, suffix).as_deref(), Some(expected), "{name} {unit}");
        }
        assert_eq!(metric_name("@#$%", "", Gauge), None);
    }

    #[test]
    fn unit_names() {
        for (unit, expected) in
            [("s", "seconds"), ("By/s", "bytes_per_second"), ("1", ""), ("{x}/s", "per_second")]
        {
            assert_eq!(unit_name(unit), expected);
        }
    }

    #[test]
    fn label_names() {
        for (name, expected) in [
            ("http.method", Some("http_method")),
            ("label:with:colons", Some("label_with_colons")),
            ("label_字符", Some("label___")),
            ("123label", Some("key_123label")),
            ("_private", Some("key_private")),
            ("__reserved", Some("__reserved")),
            ("", None),
            ("ようこそ", None),
        ] {
            assert_eq!(label_name(name).as_deref(), expected, "{name}");
        }
    }
}
