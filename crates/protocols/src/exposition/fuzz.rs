//! The fuzz entry of both formats, and what it starts from.

use super::{Format, Parser, strict};

/// Parses `data` in every way there is.
pub(crate) fn fuzz(data: &[u8]) {
    for format in [Format::Text, Format::OpenMetrics] {
        let Ok(mut parser) = Parser::new(format, data) else { return };
        while let Ok(Some(_)) = parser.next_entry() {}
    }
    let _verdict = strict::check(data);
}

/// A body of each format that uses everything.
pub(crate) fn seeds() -> Vec<Vec<u8>> {
    let text = concat!(
        "# HELP http_requests_total Requests, \\\\ and\\n lines\n",
        "# TYPE http_requests_total counter\n",
        "http_requests_total { method = \"post\" , code=\"200\", } 1027 1395066363000\n",
        "# a comment\n\n",
        "{\"http.server.é\", \"dotted.label\"=\"a\\\"b\\n\"} -1.5e-3\n",
        "# TYPE rpc summary\nrpc{quantile=\"0.5\"} NaN\nrpc_sum 1\nrpc_count 2",
    );
    let openmetrics = concat!(
        "# TYPE request_seconds histogram\n# UNIT request_seconds seconds\n",
        "# HELP request_seconds Time \\\"taken\\\"\n",
        "request_seconds_bucket{le=\"0.1\"} 2 1.5 # {trace_id=\"4bf92f35\"} 0.05 1.25\n",
        "request_seconds_bucket{le=\"+Inf\"} 3 1.5\n",
        "request_seconds_count 3 1.5\nrequest_seconds_sum 0.9 1.5\n",
        "# TYPE build info\nbuild_info{version=\"1\"} 1\n",
        "# TYPE mode stateset\nmode{mode=\"on\"} 1\nmode{mode=\"off\"} 0\n# EOF\n",
    );
    vec![text.into(), openmetrics.into()]
}
