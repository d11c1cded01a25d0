"""An application instrumented with the OpenTelemetry SDK.

usage: opentelemetry_app.py grpc|http ENDPOINT

Sends a trace of two spans, a log record written within the inner one, and metrics of every common
kind; prints the identifiers it chose.
"""

import json
import logging
import sys
import warnings

from opentelemetry import trace
from opentelemetry.sdk._logs import LoggerProvider, LoggingHandler
from opentelemetry.sdk._logs.export import BatchLogRecordProcessor
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import PeriodicExportingMetricReader
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.trace import SpanKind, StatusCode


def exporters(protocol, endpoint):
    """The exporters of logs, metrics and spans."""
    if protocol == "grpc":
        from opentelemetry.exporter.otlp.proto.grpc._log_exporter import OTLPLogExporter
        from opentelemetry.exporter.otlp.proto.grpc.metric_exporter import OTLPMetricExporter
        from opentelemetry.exporter.otlp.proto.grpc.trace_exporter import OTLPSpanExporter

        kinds = (OTLPLogExporter, OTLPMetricExporter, OTLPSpanExporter)
        return [kind(endpoint=endpoint, insecure=True) for kind in kinds]

    from opentelemetry.exporter.otlp.proto.http import Compression
    from opentelemetry.exporter.otlp.proto.http._log_exporter import OTLPLogExporter
    from opentelemetry.exporter.otlp.proto.http.metric_exporter import OTLPMetricExporter
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter

    kinds = {"logs": OTLPLogExporter, "metrics": OTLPMetricExporter, "traces": OTLPSpanExporter}
    return [
        kind(endpoint=f"{endpoint}/v1/{signal}", compression=Compression.Gzip)
        for signal, kind in kinds.items()
    ]


def measure(meter):
    """One instrument of each kind, with values that a float holds exactly."""
    orders = meter.create_counter("shop.orders", unit="{order}", description="Orders taken")
    orders.add(2, {"payment.method": "card"})
    orders.add(3, {"payment.method": "card"})
    orders.add(7, {"payment.method": "invoice"})
    took = meter.create_histogram(
        "shop.took", unit="s", explicit_bucket_boundaries_advisory=[0.25, 1, 4]
    )
    for seconds in (0.125, 0.5, 0.5, 8):
        took.record(seconds)
    meter.create_gauge("shop.queue.length").set(42)
    stock = meter.create_up_down_counter("shop.stock", unit="By")
    stock.add(10)
    stock.add(-4)


def main():
    protocol, endpoint = sys.argv[1:]
    resource = Resource.create(
        {"service.name": f"shop-{protocol}", "service.instance.id": "one", "rack": 7}
    )
    logs, metrics, spans = exporters(protocol, endpoint)
    log_provider = LoggerProvider(resource=resource)
    log_provider.add_log_record_processor(BatchLogRecordProcessor(logs))
    tracer_provider = TracerProvider(resource=resource)
    tracer_provider.add_span_processor(BatchSpanProcessor(spans))
    meter_provider = MeterProvider([PeriodicExportingMetricReader(metrics)], resource=resource)

    measure(meter_provider.get_meter("shop"))
    logger = logging.getLogger("shop")
    with warnings.catch_warnings():
        # The handler moves to another package, which brings nothing but it.
        warnings.simplefilter("ignore")
        logger.addHandler(LoggingHandler(logger_provider=log_provider))
    tracer = tracer_provider.get_tracer("shop", "1.2")
    attributes = {"http.request.method": "POST", "retries": 3, "ratio": 0.5, "vip": True}
    with tracer.start_as_current_span("checkout", kind=SpanKind.SERVER, attributes=attributes):
        with tracer.start_as_current_span("charge", kind=SpanKind.CLIENT) as span:
            span.add_event("declined", {"code": 51})
            span.set_status(StatusCode.ERROR, "card declined")
            logger.warning("card %s declined", "4711", extra={"user.id": "u-1", "amount": 12.5})
    context = span.get_span_context()

    flushed = [provider.force_flush() for provider in (log_provider, tracer_provider)]
    flushed.append(meter_provider.force_flush())
    for provider in (log_provider, tracer_provider, meter_provider):
        provider.shutdown()
    print(
        json.dumps(
            {
                "flushed": flushed,
                "trace_id": trace.format_trace_id(context.trace_id),
                "span_id": trace.format_span_id(context.span_id),
            }
        )
    )


main()
