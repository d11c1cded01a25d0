//! Metrics and their data points as they are sent.

use model::Attributes;

use crate::DecodeError;
use crate::otlp::attributes::{key_value, time};
use crate::wire::reader::{Fields, Reader};

const METRIC: &Fields = &[
    (1, "name"),
    (2, "description"),
    (3, "unit"),
    (5, "gauge"),
    (7, "sum"),
    (9, "histogram"),
    (10, "exponentialHistogram"),
    (11, "summary"),
];
const DATA: &Fields = &[(1, "dataPoints"), (2, "aggregationTemporality"), (3, "isMonotonic")];
const NUMBER: &Fields = &[
    (3, "timeUnixNano"),
    (4, "asDouble"),
    (5, "exemplars"),
    (6, "asInt"),
    (7, "attributes"),
    (8, "flags"),
];
const HISTOGRAM: &Fields = &[
    (3, "timeUnixNano"),
    (4, "count"),
    (5, "sum"),
    (6, "bucketCounts"),
    (7, "explicitBounds"),
    (8, "exemplars"),
    (9, "attributes"),
    (10, "flags"),
];
const SUMMARY: &Fields = &[
    (3, "timeUnixNano"),
    (4, "count"),
    (5, "sum"),
    (6, "quantileValues"),
    (7, "attributes"),
    (8, "flags"),
];
const QUANTILE: &Fields = &[(1, "quantile"), (2, "value")];
const EXEMPLAR: &Fields = &[
    (2, "timeUnixNano"),
    (3, "asDouble"),
    (4, "spanId"),
    (5, "traceId"),
    (6, "asInt"),
    (7, "filteredAttributes"),
];

/// What kind of points a metric has.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Kind {
    #[default]
    Empty,
    Gauge,
    Sum,
    Histogram,
    ExponentialHistogram,
    Summary,
}

/// Over which time the values of points add up.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Temporality {
    #[default]
    Unspecified,
    Delta,
    Cumulative,
}

/// A metric and its points.
#[derive(Debug, Default)]
pub(super) struct Metric {
    pub(super) name: String,
    pub(super) description: String,
    pub(super) unit: String,
    pub(super) kind: Kind,
    pub(super) temporality: Temporality,
    pub(super) monotonic: bool,
    /// The points; those of exponential histograms are only counted.
    pub(super) points: Vec<Point>,
    pub(super) uncounted_points: u64,
}

/// A data point of any kind; what its kind does not have is empty.
#[derive(Debug, Default)]
pub(super) struct Point {
    pub(super) attributes: Attributes,
    pub(super) time_ns: i64,
    /// The series has ended.
    pub(super) no_recorded_value: bool,
    pub(super) value: f64,
    pub(super) count: u64,
    pub(super) sum: Option<f64>,
    pub(super) bucket_counts: Vec<u64>,
    pub(super) bounds: Vec<f64>,
    pub(super) quantiles: Vec<(f64, f64)>,
    pub(super) exemplars: Vec<Exemplar>,
}

/// An exemplar with its identifiers apart.
#[derive(Debug, Default)]
pub(super) struct Exemplar {
    pub(super) time_ns: i64,
    pub(super) value: f64,
    pub(super) trace_id: Option<[u8; 16]>,
    pub(super) span_id: Option<[u8; 8]>,
    pub(super) attributes: Attributes,
}

/// Reads a `Metric`.
pub(super) fn metric<'a>(reader: &mut impl Reader<'a>) -> Result<Metric, DecodeError> {
    reader.charge(size_of::<Metric>())?;
    let mut metric = Metric::default();
    reader.message(METRIC, |reader, field| {
        match field {
            1 => metric.name = reader.owned_text()?,
            2 => metric.description = reader.owned_text()?,
            3 => metric.unit = reader.owned_text()?,
            5 => data(reader, Kind::Gauge, &mut metric)?,
            7 => data(reader, Kind::Sum, &mut metric)?,
            9 => data(reader, Kind::Histogram, &mut metric)?,
            10 => data(reader, Kind::ExponentialHistogram, &mut metric)?,
            11 => data(reader, Kind::Summary, &mut metric)?,
            _ => {}
        }
        Ok(())
    })?;
    Ok(metric)
}

/// Reads a `Gauge`, `Sum`, `Histogram`, `ExponentialHistogram` or `Summary`.
fn data<'a>(
    reader: &mut impl Reader<'a>,
    kind: Kind,
    metric: &mut Metric,
) -> Result<(), DecodeError> {
    metric.kind = kind;
    reader.message(DATA, |reader, field| {
        match field {
            1 => {
                reader.charge(size_of::<Point>())?;
                metric.points.push(match kind {
                    Kind::Gauge | Kind::Sum => number_point(reader)?,
                    Kind::Histogram => histogram_point(reader)?,
                    Kind::Summary => summary_point(reader)?,
                    Kind::ExponentialHistogram | Kind::Empty => {
                        metric.uncounted_points += 1;
                        return Ok(());
                    }
                });
            }
            2 => {
                metric.temporality = match reader.enumeration(temporality_number)? {
                    1 => Temporality::Delta,
                    2 => Temporality::Cumulative,
                    _ => Temporality::Unspecified,
                }
            }
            3 => metric.monotonic = reader.boolean()?,
            _ => {}
        }
        Ok(())
    })
}

fn number_point<'a>(reader: &mut impl Reader<'a>) -> Result<Point, DecodeError> {
    let mut point = Point::default();
    reader.message(NUMBER, |reader, field| {
        match field {
            3 => point.time_ns = time(reader)?,
            4 => point.value = reader.double()?,
            5 => point.exemplars.push(exemplar(reader)?),
            6 => point.value = reader.signed()? as f64,
            7 => key_value(reader, &mut point.attributes)?,
            8 => point.no_recorded_value = reader.unsigned()? & 1 == 1,
            _ => {}
        }
        Ok(())
    })?;
    Ok(point)
}

fn histogram_point<'a>(reader: &mut impl Reader<'a>) -> Result<Point, DecodeError> {
    let mut point = Point::default();
    reader.message(HISTOGRAM, |reader, field| {
        match field {
            3 => point.time_ns = time(reader)?,
            4 => point.count = reader.unsigned()?,
            5 => point.sum = Some(reader.double()?),
            6 => reader.unsigned_list(&mut point.bucket_counts)?,
            7 => reader.double_list(&mut point.bounds)?,
            8 => point.exemplars.push(exemplar(reader)?),
            9 => key_value(reader, &mut point.attributes)?,
            10 => point.no_recorded_value = reader.unsigned()? & 1 == 1,
            _ => {}
        }
        Ok(())
    })?;
    Ok(point)
}

fn summary_point<'a>(reader: &mut impl Reader<'a>) -> Result<Point, DecodeError> {
    let mut point = Point::default();
    reader.message(SUMMARY, |reader, field| {
        match field {
            3 => point.time_ns = time(reader)?,
            4 => point.count = reader.unsigned()?,
            5 => point.sum = Some(reader.double()?),
            6 => {
                reader.charge(size_of::<(f64, f64)>())?;
                let (mut quantile, mut value) = (0.0, 0.0);
                reader.message(QUANTILE, |reader, field| {
                    match field {
                        1 => quantile = reader.double()?,
                        2 => value = reader.double()?,
                        _ => {}
                    }
                    Ok(())
                })?;
                point.quantiles.push((quantile, value));
            }
            7 => key_value(reader, &mut point.attributes)?,
            8 => point.no_recorded_value = reader.unsigned()? & 1 == 1,
            _ => {}
        }
        Ok(())
    })?;
    Ok(point)
}

fn exemplar<'a>(reader: &mut impl Reader<'a>) -> Result<Exemplar, DecodeError> {
    reader.charge(size_of::<Exemplar>())?;
    let mut exemplar = Exemplar::default();
    reader.message(EXEMPLAR, |reader, field| {
        match field {
            2 => exemplar.time_ns = time(reader)?,
            3 => exemplar.value = reader.double()?,
            4 => exemplar.span_id = reader.id()?,
            5 => exemplar.trace_id = reader.id()?,
            6 => exemplar.value = reader.signed()? as f64,
            7 => key_value(reader, &mut exemplar.attributes)?,
            _ => {}
        }
        Ok(())
    })?;
    Ok(exemplar)
}

fn temporality_number(name: &str) -> Option<u64> {
    match name {
        "AGGREGATION_TEMPORALITY_UNSPECIFIED" => Some(0),
        "AGGREGATION_TEMPORALITY_DELTA" => Some(1),
        "AGGREGATION_TEMPORALITY_CUMULATIVE" => Some(2),
        _ => None,
    }
}
