//! The fuzz entry of OTLP, and what it starts from: the same requests in both encodings.

use super::{Encoding, decode_logs, decode_metrics, decode_traces};
use crate::Limits;
use crate::wire::protobuf::ProtobufWriter;

/// Decodes `data` as every request in both encodings.
pub(crate) fn fuzz(data: &[u8]) {
    let limits = Limits::default();
    for encoding in [Encoding::Protobuf, Encoding::Json] {
        let _traces = decode_traces(data, encoding, 1, &limits);
        let _logs = decode_logs(data, encoding, 1, &limits);
        let _metrics = decode_metrics(data, encoding, 1, &limits);
    }
}

/// One request of each signal in both encodings.
pub(crate) fn seeds() -> Vec<Vec<u8>> {
    let json = [TRACES, LOGS, METRICS].map(|json| json.as_bytes().to_vec());
    [traces(), logs(), metrics()].into_iter().chain(json).collect()
}

/// A server span with everything a span can have, and one without an identifier.
pub(super) const TRACES: &str = r#"{"resourceSpans":[{"scopeSpans":[{"spans":[
    {"traceId":"5b8efff798038103d269b633813fc60c","spanId":"EEE19B7EC3C1B174","traceState":"a=b",
     "parentSpanId":"eee19b7ec3c1b173","flags":257,"name":"GET /","kind":2,
     "startTimeUnixNano":"1544712660000000000","endTimeUnixNano":1544712661000000000,
     "attributes":[{"key":"list","value":{"arrayValue":{"values":[{"intValue":"1"},{}]}}}],
     "droppedAttributesCount":2,"unknownField":[{"a":1}],
     "events":[{"timeUnixNano":"1544712660500000000","name":"exception",
       "attributes":[{"key":"ok","value":{"boolValue":false}}]}],
     "links":[{"traceId":"5b8efff798038103d269b633813fc60d","spanId":"eee19b7ec3c1b175",
       "traceState":"c=d","attributes":[{"key":"w","value":{"doubleValue":0.5}}]}],
     "status":{"code":"STATUS_CODE_ERROR","message":"broken"}},
    {"name":"nobody","traceId":"","spanId":"eee19b7ec3c1b174"}],
   "scope":{"name":"lib","version":"1","attributes":[{"key":"s","value":{"stringValue":"t"}}]}}],
  "resource":{"attributes":[{"key":"service.name","value":{"stringValue":"shop"}}]}}]}"#;

fn attribute(
    writer: &mut ProtobufWriter,
    field: u32,
    key: &str,
    value: impl FnOnce(&mut ProtobufWriter),
) {
    writer.message(field, |pair| {
        pair.bytes(1, key).message(2, value);
    });
}

const TRACE_ID: [u8; 16] =
    [0x5b, 0x8e, 0xff, 0xf7, 0x98, 3, 0x81, 3, 0xd2, 0x69, 0xb6, 0x33, 0x81, 0x3f, 0xc6, 0x0c];
const LINKED_TRACE_ID: [u8; 16] =
    [0x5b, 0x8e, 0xff, 0xf7, 0x98, 3, 0x81, 3, 0xd2, 0x69, 0xb6, 0x33, 0x81, 0x3f, 0xc6, 0x0d];
const SPAN_ID: [u8; 8] = [0xee, 0xe1, 0x9b, 0x7e, 0xc3, 0xc1, 0xb1, 0x74];
const PARENT_ID: [u8; 8] = [0xee, 0xe1, 0x9b, 0x7e, 0xc3, 0xc1, 0xb1, 0x73];
const LINKED_ID: [u8; 8] = [0xee, 0xe1, 0x9b, 0x7e, 0xc3, 0xc1, 0xb1, 0x75];

/// [`TRACES`] as protobuf.
pub(super) fn traces() -> Vec<u8> {
    let span = |span: &mut ProtobufWriter| {
        span.bytes(1, TRACE_ID).bytes(2, SPAN_ID).bytes(3, "a=b").bytes(4, PARENT_ID);
        span.bytes(5, "GET /").varint(6, 2).fixed64(7, 1_544_712_660_000_000_000);
        span.fixed64(8, 1_544_712_661_000_000_000);
        attribute(span, 9, "list", |value| {
            value.message(5, |array| {
                array.message(1, |one| {
                    one.varint(3, 1);
                });
                array.message(1, |_| {});
            });
        });
        span.varint(10, 2);
        span.message(11, |event| {
            event.fixed64(1, 1_544_712_660_500_000_000).bytes(2, "exception");
            attribute(event, 3, "ok", |value| {
                value.varint(2, 0);
            });
        });
        span.message(13, |link| {
            link.bytes(1, LINKED_TRACE_ID).bytes(2, LINKED_ID).bytes(3, "c=d");
            attribute(link, 4, "w", |value| {
                value.double(4, 0.5);
            });
        });
        span.message(15, |status| {
            status.bytes(2, "broken").varint(3, 2);
        });
        span.fixed32(16, 257).varint(1000, 1);
    };
    let mut writer = ProtobufWriter::default();
    writer.message(1, |spans| {
        service(spans);
        spans.message(2, |scoped| {
            scope(scoped);
            scoped.message(2, span).message(2, |nobody| {
                nobody.bytes(2, SPAN_ID).bytes(5, "nobody");
            });
        });
    });
    writer.finish()
}

fn service(writer: &mut ProtobufWriter) {
    writer.message(1, |resource| {
        attribute(resource, 1, "service.name", |value| {
            value.bytes(1, "shop");
        });
    });
}

fn scope(writer: &mut ProtobufWriter) {
    writer.message(1, |scope| {
        scope.bytes(1, "lib").bytes(2, "1");
        attribute(scope, 3, "s", |value| {
            value.bytes(1, "t");
        });
    });
}

/// A record with text and one with a map as its body.
pub(super) const LOGS: &str = r#"{"resourceLogs":[{
  "resource":{"attributes":[{"key":"service.name","value":{"stringValue":"shop"}}]},
  "scopeLogs":[{"scope":{"name":"lib","version":"1","attributes":[{"key":"s","value":{"stringValue":"t"}}]},
   "logRecords":[
    {"timeUnixNano":"1544712660300000000","observedTimeUnixNano":"1544712660400000000",
     "severityNumber":17,"severityText":"Oops","body":{"stringValue":"it broke"},
     "traceId":"5b8efff798038103d269b633813fc60c","spanId":"eee19b7ec3c1b174","flags":1,
     "attributes":[{"key":"raw","value":{"bytesValue":"AQI="}}]},
    {"severityText":"WARN","eventName":"page.view","body":{"kvlistValue":{"values":[
       {"key":"msg","value":{"stringValue":"hello"}},
       {"key":"at","value":{"kvlistValue":{"values":[{"key":"x","value":{"intValue":3}}]}}}]}}}]}]}]}"#;

/// [`LOGS`] as protobuf.
pub(super) fn logs() -> Vec<u8> {
    let text_record = |record: &mut ProtobufWriter| {
        record.fixed64(1, 1_544_712_660_300_000_000).varint(2, 17).bytes(3, "Oops");
        record.message(5, |body| {
            body.bytes(1, "it broke");
        });
        attribute(record, 6, "raw", |value| {
            value.bytes(7, [1, 2]);
        });
        record.fixed32(8, 1).bytes(9, TRACE_ID).bytes(10, SPAN_ID);
        record.fixed64(11, 1_544_712_660_400_000_000);
    };
    let map_record = |record: &mut ProtobufWriter| {
        record.bytes(3, "WARN").message(5, |body| {
            body.message(6, |list| {
                attribute(list, 1, "msg", |value| {
                    value.bytes(1, "hello");
                });
                attribute(list, 1, "at", |value| {
                    value.message(6, |nested| {
                        attribute(nested, 1, "x", |value| {
                            value.varint(3, 3);
                        });
                    });
                });
            });
        });
        record.bytes(12, "page.view");
    };
    let mut writer = ProtobufWriter::default();
    writer.message(1, |logs| {
        service(logs);
        logs.message(2, |scoped| {
            scope(scoped);
            scoped.message(2, text_record).message(2, map_record);
        });
    });
    writer.finish()
}

/// A counter with an exemplar, a histogram, and a summary that ended.
pub(super) const METRICS: &str = r#"{"resourceMetrics":[{
  "resource":{"attributes":[{"key":"service.name","value":{"stringValue":"shop"}}]},
  "scopeMetrics":[{"metrics":[
   {"name":"hits","unit":"1","description":"Hits.","sum":{"aggregationTemporality":2,"isMonotonic":true,
     "dataPoints":[{"timeUnixNano":"1544712660300000000","asInt":"7",
       "attributes":[{"key":"http.method","value":{"stringValue":"GET"}}],
       "exemplars":[{"timeUnixNano":"1544712660200000000","asDouble":1,
         "traceId":"5b8efff798038103d269b633813fc60c","spanId":"eee19b7ec3c1b174"}]}]}},
   {"name":"latency","unit":"s","histogram":{"aggregationTemporality":"AGGREGATION_TEMPORALITY_CUMULATIVE",
     "dataPoints":[{"timeUnixNano":"1544712660300000000","count":"3","sum":1.5,
       "bucketCounts":["1","2","0"],"explicitBounds":[0.1,1]}]}},
   {"name":"size","summary":{"dataPoints":[{"timeUnixNano":"1544712660300000000","count":"2","sum":9,
       "quantileValues":[{"quantile":0.5,"value":4}],"flags":1}]}}]}]}]}"#;

/// [`METRICS`] as protobuf.
pub(super) fn metrics() -> Vec<u8> {
    const TIME: u64 = 1_544_712_660_300_000_000;
    let counter = |point: &mut ProtobufWriter| {
        point.fixed64(3, TIME).fixed64(6, 7);
        attribute(point, 7, "http.method", |value| {
            value.bytes(1, "GET");
        });
        point.message(5, |exemplar| {
            exemplar.fixed64(2, TIME - 100_000_000).double(3, 1.0);
            exemplar.bytes(4, SPAN_ID).bytes(5, TRACE_ID);
        });
    };
    let histogram = |point: &mut ProtobufWriter| {
        let counts = [1u64, 2, 0].map(u64::to_le_bytes).concat();
        let bounds = [0.1f64, 1.0].map(f64::to_le_bytes).concat();
        point.fixed64(3, TIME).fixed64(4, 3).double(5, 1.5).bytes(6, counts).bytes(7, bounds);
    };
    let summary = |point: &mut ProtobufWriter| {
        point.fixed64(3, TIME).fixed64(4, 2).double(5, 9.0).varint(8, 1);
        point.message(6, |quantile| {
            quantile.double(1, 0.5).double(2, 4.0);
        });
    };
    let mut writer = ProtobufWriter::default();
    writer.message(1, |metrics| {
        service(metrics);
        metrics.message(2, |scoped| {
            scoped.message(2, |metric| {
                metric.bytes(1, "hits").bytes(2, "Hits.").bytes(3, "1").message(7, |sum| {
                    sum.message(1, counter).varint(2, 2).varint(3, 1);
                });
            });
            scoped.message(2, |metric| {
                metric.bytes(1, "latency").bytes(3, "s").message(9, |data| {
                    data.message(1, histogram).varint(2, 2);
                });
            });
            scoped.message(2, |metric| {
                metric.bytes(1, "size").message(11, |data| {
                    data.message(1, summary);
                });
            });
        });
    });
    writer.finish()
}
