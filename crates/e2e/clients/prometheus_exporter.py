"""An application that is scraped, with prometheus_client.

Answers only who knows the password, in the text format or as OpenMetrics as the scraper asks;
prints the address it chose and serves until it is killed.
"""

import base64
import json
from wsgiref.simple_server import WSGIRequestHandler, make_server

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Enum,
    Gauge,
    Histogram,
    Info,
    Summary,
    make_wsgi_app,
)

AUTHORIZATION = "Basic " + base64.b64encode(b"scraper:s3cret").decode()
TRACE_ID = "4bf92f3577b34da6a3ce929d0e0e4736"


def registry():
    """One metric of each kind, with values that a float holds exactly."""
    metrics = CollectorRegistry()
    requests = Counter("requests", "Requests", ["path", "internal_id"], registry=metrics)
    requests.labels("/cart", "x1").inc(5)
    requests.labels("/pay", "x2").inc(2, exemplar={"trace_id": TRACE_ID})
    Gauge("temperature_celsius", "Temperature", registry=metrics).set(-3.5)
    took = Histogram("took_seconds", "Took", buckets=(0.5, 2), registry=metrics)
    took.observe(0.25)
    took.observe(1, {"trace_id": TRACE_ID})
    took.observe(16)
    Summary("size_bytes", "Size", registry=metrics).observe(1024)
    Info("build", "Build", registry=metrics).info({"version": '1.0 "beta"\n'})
    Enum("light", "Light", states=["red", "green"], registry=metrics).state("green")
    Gauge("debug_noise", "Dropped by metric_relabel_configs", registry=metrics).set(1)
    return metrics


class Quiet(WSGIRequestHandler):
    """Writes no line for each request."""

    def log_message(self, *_):
        pass


def guarded(app):
    """Lets only those in who know the password."""

    def answer(environ, start_response):
        if environ.get("HTTP_AUTHORIZATION") != AUTHORIZATION:
            start_response("401 Unauthorized", [("WWW-Authenticate", "Basic")])
            return [b"who are you?"]
        return app(environ, start_response)

    return answer


def main():
    app = guarded(make_wsgi_app(registry()))
    with make_server("127.0.0.1", 0, app, handler_class=Quiet) as server:
        print(json.dumps({"address": f"127.0.0.1:{server.server_port}"}))
        server.serve_forever()


main()
