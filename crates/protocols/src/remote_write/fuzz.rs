//! The fuzz entry of remote write, and what it starts from.

use super::decode;
use crate::Limits;
use crate::wire::protobuf::ProtobufWriter;

/// Decodes `data` as a request, compressed and not yet so.
pub(crate) fn fuzz(data: &[u8]) {
    let _as_sent = decode(data, &Limits::default());
    let _compressed = decode(&compress(data), &Limits::default());
}

pub(super) fn compress(data: &[u8]) -> Vec<u8> {
    snap::raw::Encoder::new().compress_vec(data).expect("a few kilobytes can be compressed")
}

/// Writes a `TimeSeries` of these labels and samples into a `WriteRequest`.
pub(super) fn series(
    request: &mut ProtobufWriter,
    labels: &[(&str, &str)],
    samples: &[(i64, f64)],
) {
    request.message(1, |series| {
        for (name, value) in labels {
            series.message(1, |label| {
                label.bytes(1, name).bytes(2, value);
            });
        }
        for (t_ms, value) in samples {
            series.message(2, |sample| {
                sample.double(1, *value).varint(2, t_ms.cast_unsigned());
            });
        }
    });
}

/// A request with everything in it, compressed and not.
pub(crate) fn seeds() -> Vec<Vec<u8>> {
    let mut writer = ProtobufWriter::default();
    series(&mut writer, &[("__name__", "up"), ("job", "a")], &[(1000, 1.0), (2000, 0.0)]);
    writer.message(1, |series| {
        series.message(1, |label| {
            label.bytes(1, "__name__").bytes(2, "h");
        });
        series.message(3, |exemplar| {
            exemplar.double(2, 0.5).varint(3, 7).message(1, |label| {
                label.bytes(1, "trace_id").bytes(2, "4bf92f35");
            });
        });
        series.message(4, |histogram| {
            histogram.varint(1, 3);
        });
    });
    writer.message(3, |metadata| {
        metadata.varint(1, 1).bytes(2, "up").bytes(4, "Whether it is up.").bytes(5, "");
    });
    let request = writer.finish();
    vec![compress(&request), request]
}
