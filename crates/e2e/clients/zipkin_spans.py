"""An application traced with py_zipkin.

usage: zipkin_spans.py URL

Sends a server's span with a client's span within, as JSON of Zipkin's second version; prints the
identifiers it chose.
"""

import json
import sys

from py_zipkin import Encoding, Kind
from py_zipkin.transport import SimpleHTTPTransport
from py_zipkin.zipkin import zipkin_span


def main():
    host, port = sys.argv[1].rsplit(":", 1)
    transport = SimpleHTTPTransport(host, int(port))
    with zipkin_span(
        service_name="zipkin-shop",
        span_name="get /cart",
        transport_handler=transport,
        sample_rate=100,
        encoding=Encoding.V2_JSON,
        kind=Kind.SERVER,
        use_128bit_trace_id=True,
        binary_annotations={"http.path": "/cart"},
    ) as outer:
        with zipkin_span(
            service_name="zipkin-shop", span_name="select", kind=Kind.CLIENT
        ) as inner:
            inner.add_annotation("rows read")
            inner.update_binary_annotations({"error": "timed out"})
            inner.add_sa_binary_annotation(port=5432, service_name="postgres", host="127.0.0.1")
        ids = outer.zipkin_attrs
    print(json.dumps({"trace_id": ids.trace_id, "span_id": ids.span_id}))


main()
