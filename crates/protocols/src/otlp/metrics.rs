//! `ExportMetricsServiceRequest`: resources, scopes, metrics, data points.

mod labels;
mod naming;
mod points;
mod series;

use model::{Attributes, MetricBatch};

use super::attributes::resource;
use crate::wire::reader::{Fields, Reader};
use crate::{DecodeError, Decoded};
use points::Metric;

const REQUEST: &Fields = &[(1, "resourceMetrics")];
const RESOURCE_METRICS: &Fields = &[(1, "resource"), (2, "scopeMetrics")];
const SCOPE_METRICS: &Fields = &[(2, "metrics")];

/// Reads a whole request.
pub(super) fn request<'a>(
    reader: &mut impl Reader<'a>,
    received_ns: i64,
) -> Result<Decoded<MetricBatch>, DecodeError> {
    let mut out = Decoded::default();
    reader.message(REQUEST, |reader, field| match field {
        1 => resource_metrics(reader, received_ns, &mut out),
        _ => Ok(()),
    })?;
    Ok(out)
}

/// Points become series when their resource's message has ended: it may stand behind them.
fn resource_metrics<'a>(
    reader: &mut impl Reader<'a>,
    received_ns: i64,
    out: &mut Decoded<MetricBatch>,
) -> Result<(), DecodeError> {
    let (mut attributes, mut metrics) = (Attributes::new(), Vec::<Metric>::new());
    reader.message(RESOURCE_METRICS, |reader, field| match field {
        1 => resource(reader, &mut attributes),
        2 => reader.message(SCOPE_METRICS, |reader, field| {
            if field == 2 {
                metrics.push(points::metric(reader)?);
            }
            Ok(())
        }),
        _ => Ok(()),
    })?;
    series::convert(metrics, &attributes, received_ns, reader.budget(), out)
}
