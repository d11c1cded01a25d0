//! Native histograms in scripts: `{{schema:1 count:3 sum:4.5 buckets:[1 2] offset:1}}`.

use model::{BucketSpan, Buckets, Histogram, ResetHint, Scheme};

use crate::number::{format_general, parse_number};

/// A histogram, and whether its hint was written down.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Literal {
    pub(super) histogram: Histogram,
    pub(super) has_hint: bool,
}

/// What was written between the braces so far.
#[derive(Default)]
struct Parts<'t> {
    fields: Vec<(&'t str, &'t str)>,
}

/// Everything that can be said of a histogram.
const KEYS: [&str; 11] = [
    "schema",
    "sum",
    "count",
    "z_bucket",
    "z_bucket_w",
    "custom_values",
    "counter_reset_hint",
    "buckets",
    "offset",
    "n_buckets",
    "n_offset",
];

/// Reads the text between double braces.
///
/// # Errors
/// When it is no histogram; the text says what is wrong.
pub(super) fn parse(text: &str) -> Result<Literal, String> {
    let parts = Parts::of(text)?;
    let schema = parts.integer("schema")?.unwrap_or(0);
    let bounds = parts.numbers("custom_values")?;
    let scheme = Scheme::from_schema(schema, &bounds)
        .ok_or_else(|| format!("{schema} is no schema of a histogram"))?;
    let hint = match parts.get("counter_reset_hint") {
        None | Some("unknown") => ResetHint::Unknown,
        Some("reset") => ResetHint::Reset,
        Some("not_reset") => ResetHint::NotReset,
        Some("gauge") => ResetHint::Gauge,
        Some(other) => return Err(format!("{other} is no counter reset hint")),
    };
    let histogram = Histogram {
        hint,
        count: parts.number("count")?,
        sum: parts.number("sum")?,
        zero_threshold: parts.number("z_bucket_w")?,
        zero_count: parts.number("z_bucket")?,
        positive: parts.buckets("buckets", "offset")?,
        negative: parts.buckets("n_buckets", "n_offset")?,
        ..Histogram::empty(scheme)
    };
    Ok(Literal { histogram, has_hint: parts.get("counter_reset_hint").is_some() })
}

impl<'t> Parts<'t> {
    fn of(text: &'t str) -> Result<Self, String> {
        let mut parts = Parts::default();
        let mut rest = text.trim_start();
        while !rest.is_empty() {
            let (key, after) =
                rest.split_once(':').ok_or_else(|| format!("{rest} has no value"))?;
            let key = KEYS
                .into_iter()
                .find(|known| known.eq_ignore_ascii_case(key))
                .ok_or_else(|| format!("a histogram has no {key}"))?;
            if parts.get(key).is_some() {
                return Err(format!("a histogram has {key} once only"));
            }
            let end = if after.starts_with('[') {
                after.find(']').ok_or_else(|| format!("{after} has no end"))? + 1
            } else {
                after.find(char::is_whitespace).unwrap_or(after.len())
            };
            let (value, after) = after.split_at(end);
            parts.fields.push((key, value));
            rest = after.trim_start();
        }
        Ok(parts)
    }

    fn get(&self, key: &str) -> Option<&'t str> {
        self.fields.iter().find(|(known, _)| *known == key).map(|(_, value)| *value)
    }

    fn integer(&self, key: &str) -> Result<Option<i32>, String> {
        let parse = |text: &str| text.parse().map_err(|_| format!("{key} is no integer: {text}"));
        self.get(key).map(parse).transpose()
    }

    fn number(&self, key: &str) -> Result<f64, String> {
        self.get(key).map_or(Ok(0.0), signed)
    }

    fn numbers(&self, key: &str) -> Result<Vec<f64>, String> {
        let Some(text) = self.get(key) else { return Ok(Vec::new()) };
        let list = text.strip_prefix('[').and_then(|text| text.strip_suffix(']'));
        let list = list.ok_or_else(|| format!("{key} is no list: {text}"))?;
        list.split_whitespace().map(signed).collect()
    }

    fn buckets(&self, key: &str, offset: &str) -> Result<Buckets, String> {
        let counts = self.numbers(key)?;
        let length = u32::try_from(counts.len()).map_err(|_| format!("{key} are too many"))?;
        let span = BucketSpan { offset: self.integer(offset)?.unwrap_or(0), length };
        Buckets::from_spans(&[span], counts).ok_or_else(|| format!("{key} are out of range"))
    }
}

fn signed(text: &str) -> Result<f64, String> {
    let (sign, unsigned) = match text.strip_prefix('-') {
        Some(unsigned) => (-1.0, unsigned),
        None => (1.0, text.strip_prefix('+').unwrap_or(text)),
    };
    Ok(sign * parse_number(unsigned)?)
}

/// A histogram as a script has it.
pub(super) fn print(histogram: &Histogram) -> String {
    let mut fields = Vec::new();
    let mut field = |key: &str, value: f64| {
        if value != 0.0 {
            fields.push(format!("{key}:{}", format_general(value)));
        }
    };
    field("schema", f64::from(histogram.scheme.schema()));
    field("count", histogram.count);
    field("sum", histogram.sum);
    field("z_bucket", histogram.zero_count);
    field("z_bucket_w", histogram.zero_threshold);
    if let Scheme::Custom(bounds) = &histogram.scheme {
        fields.push(format!("custom_values:{}", list(bounds)));
    }
    match histogram.hint {
        ResetHint::Unknown => {}
        ResetHint::Reset => fields.push("counter_reset_hint:reset".to_owned()),
        ResetHint::NotReset => fields.push("counter_reset_hint:not_reset".to_owned()),
        ResetHint::Gauge => fields.push("counter_reset_hint:gauge".to_owned()),
    }
    let sides = [
        ("offset", "buckets", &histogram.positive),
        ("n_offset", "n_buckets", &histogram.negative),
    ];
    for (offset, key, buckets) in sides {
        let (Some(first), Some(last)) = (buckets.layout().first(), buckets.layout().last()) else {
            continue;
        };
        if *first != 0 {
            fields.push(format!("{offset}:{first}"));
        }
        let mut counts = vec![0.0; (last - first) as usize + 1];
        for (index, count) in buckets.iter() {
            counts[(index - first) as usize] = count;
        }
        fields.push(format!("{key}:{}", list(&counts)));
    }
    format!("{{{{{}}}}}", fields.join(" "))
}

fn list(numbers: &[f64]) -> String {
    let texts: Vec<_> = numbers.iter().map(|number| format_general(*number)).collect();
    format!("[{}]", texts.join(" "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_read_is_printed_again() {
        for text in [
            "",
            "schema:1 count:12 sum:-18.4 z_bucket:2 z_bucket_w:0.001 buckets:[1 2 0 1] n_offset:-3 n_buckets:[1]",
            "schema:-53 count:1 custom_values:[-2 3.5] counter_reset_hint:gauge offset:1 buckets:[1]",
        ] {
            let literal = parse(text).unwrap_or_else(|error| panic!("{text}: {error}"));
            assert_eq!(print(&literal.histogram), format!("{{{{{text}}}}}"));
        }
    }

    #[test]
    fn what_is_no_histogram_is_refused() {
        for (text, error) in [
            ("sum", "sum has no value"),
            ("sum:1 sum:2", "a histogram has sum once only"),
            ("size:1", "a histogram has no size"),
            ("schema:9", "9 is no schema of a histogram"),
            ("schema:x", "schema is no integer: x"),
            ("buckets:[1 2", "[1 2 has no end"),
            ("buckets:7", "buckets is no list: 7"),
            ("counter_reset_hint:maybe", "maybe is no counter reset hint"),
            ("offset:2147483647 buckets:[1 2]", "buckets are out of range"),
        ] {
            assert_eq!(parse(text).map(|_| ()), Err(error.to_owned()));
        }
    }
}
