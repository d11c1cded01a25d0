//! `load_with_nhcb`: classic histograms are also stored as native ones with custom bounds.

use std::collections::BTreeMap;

use model::{Buckets, Histogram, Labels, LabelsBuilder, METRIC_NAME, Scheme};

use super::series::{Point, SeriesPoints};

/// A classic histogram at one instant.
#[derive(Default)]
struct Classic {
    /// Upper bounds and cumulative counts, ascending.
    buckets: Vec<(f64, f64)>,
    count: Option<f64>,
    sum: f64,
}

/// What a series is to a classic histogram.
enum Part {
    Bucket(f64),
    Count,
    Sum,
}

/// The native histograms that series stand for, by labels and by position.
///
/// # Errors
/// When the counts of a classic histogram do not grow, or are not those of the whole.
pub(super) fn native(
    series: &[SeriesPoints],
) -> Result<BTreeMap<Labels, BTreeMap<usize, Histogram>>, String> {
    let mut found: BTreeMap<Labels, BTreeMap<usize, Classic>> = BTreeMap::new();
    for series in series {
        let Some((base, part)) = part_of(&series.labels) else { continue };
        let positions = found.entry(base).or_default();
        for (position, point) in series.points.iter().enumerate() {
            let Point::Float(value) = point else { continue };
            let classic = positions.entry(position).or_default();
            match part {
                Part::Bucket(bound) => classic.buckets.push((bound, *value)),
                Part::Count => classic.count = Some(*value),
                Part::Sum => classic.sum = *value,
            }
        }
    }
    found
        .into_iter()
        .map(|(labels, positions)| {
            let histograms = positions.into_iter().map(|(position, classic)| {
                let histogram = classic.convert().map_err(|error| format!("{labels}: {error}"))?;
                Ok((position, histogram))
            });
            Ok((labels.clone(), histograms.collect::<Result<_, String>>()?))
        })
        .collect()
}

/// The labels of the histogram a series belongs to, and as what it does.
fn part_of(labels: &Labels) -> Option<(Labels, Part)> {
    let name = labels.metric_name();
    let (base, part) = if let Some(base) = name.strip_suffix("_bucket") {
        let bound: f64 = labels.get("le")?.parse().ok()?;
        (base, Part::Bucket(Some(bound).filter(|bound| !bound.is_nan())?))
    } else if let Some(base) = name.strip_suffix("_count") {
        (base, Part::Count)
    } else {
        (name.strip_suffix("_sum")?, Part::Sum)
    };
    let mut builder = LabelsBuilder::from(labels);
    Some((builder.set(METRIC_NAME, base).remove("le").build(), part))
}

impl Classic {
    fn convert(mut self) -> Result<Histogram, String> {
        self.buckets.sort_by(|a, b| a.0.total_cmp(&b.0));
        self.buckets.dedup_by(|next, kept| next.0 == kept.0);
        let last = self.buckets.last().copied();
        let count = self.count.or(last.map(|(_, count)| count)).unwrap_or_default();
        if last.is_none_or(|(bound, _)| bound != f64::INFINITY) {
            self.buckets.push((f64::INFINITY, count));
        }
        let mut before = 0.0;
        let mut counts = Vec::with_capacity(self.buckets.len());
        for (_, cumulative) in &self.buckets {
            if *cumulative < before {
                return Err(format!("counts are not cumulative: {cumulative} < {before}"));
            }
            counts.push(cumulative - before);
            before = *cumulative;
        }
        if before != count {
            return Err(format!("count mismatch: {before} in all buckets, not {count}"));
        }
        let bounds = self.buckets.iter().map(|(bound, _)| *bound).filter(|bound| bound.is_finite());
        let scheme = Scheme::Custom(bounds.collect());
        let positive: Buckets = (0..).zip(counts).collect();
        let sum = self.sum;
        let histogram = Histogram { count, sum, positive, ..Histogram::empty(scheme) };
        histogram.validate().map_err(|error| error.to_string())?;
        Ok(histogram.compact())
    }
}

#[cfg(test)]
mod tests {
    use super::super::{histogram, series};
    use super::*;

    fn convert(lines: &[&str]) -> Result<Vec<String>, String> {
        let read = |line: &&str| match series::parse(line).unwrap() {
            series::Line::Samples(series) => series,
            series::Line::Starts(_) => panic!("{line} has no samples"),
        };
        let series: Vec<_> = lines.iter().map(read).collect();
        let text =
            |(position, h): (&usize, &Histogram)| format!("{position} {}", histogram::print(h));
        Ok(native(&series)?.values().flatten().map(text).collect())
    }

    #[test]
    fn classic_histograms_become_native_ones() {
        let lines = [
            "h_bucket{le=\"2\"} 3 4",
            "h_bucket{le=\"1\"} 1 4",
            "h_bucket{le=\"+Inf\"} 5 4",
            "h_count 5 4",
            "h_sum 7 8",
            "other 1 2",
        ];
        let expected = [
            "0 {{schema:-53 count:5 sum:7 custom_values:[1 2] buckets:[1 2 2]}}",
            "1 {{schema:-53 count:4 sum:8 custom_values:[1 2] buckets:[4]}}",
        ];
        assert_eq!(convert(&lines).unwrap(), expected);
        assert!(convert(&["h_bucket{le=\"1\"} 2", "h_bucket{le=\"2\"} 1"]).is_err());
        assert!(convert(&["h_bucket{le=\"+Inf\"} 2", "h_count 3"]).is_err());
    }
}
