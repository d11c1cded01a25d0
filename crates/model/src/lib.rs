//! The nouns every crate speaks: labels, samples, log records, spans.
//!
//! Nothing here does I/O, reads a clock or knows a wire format. Units are part of the names:
//! `_ms` and `_ns` are milliseconds and nanoseconds since the Unix epoch (or lengths, where the
//! name says so).

mod duration;
mod hex;
mod histogram;
mod ids;
mod kahan;
mod labels;
mod log;
mod matcher;
mod metric;
mod quote;
mod regexp;
mod secret;
mod severity;
mod span;
mod time;
mod value;

pub use duration::{DurationError, format_duration_ms, parse_duration_ms};
pub use histogram::{
    Bucket, Buckets, Combined, Histogram, HistogramError, HistogramSum, IncompatibleSchemes,
    ResetHint, SampleValue, Scheme, Span as BucketSpan,
};
pub use ids::{IdError, SpanId, TraceId};
pub use kahan::KahanSum;
pub use labels::{Labels, LabelsBuilder, METRIC_NAME, is_classic_label_name};
pub use log::{LogBatch, LogRecord, aliases};
pub use matcher::{MatchOp, Matcher};
pub use metric::{
    Exemplar, HistogramSample, Metadata, MetricBatch, MetricKind, STALE_NAN_BITS, Sample,
    SeriesHistogram, SeriesSample, is_stale_nan, stale_nan,
};
pub use quote::{Quoted, is_printable};
pub use regexp::{Regexp, RegexpError};
pub use secret::Secret;
pub use severity::Severity;
pub use span::{Event, Link, Resource, Scope, Span, SpanBatch, SpanKind, Status, StatusCode};
pub use time::TimeRange;
pub use value::{Attributes, Value, flatten};
