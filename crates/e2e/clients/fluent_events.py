"""An application that logs with fluent-logger.

usage: fluent_events.py PORT TIME_NS

Sends events with times in seconds and in nanoseconds; prints how many, and the last error.
"""

import json
import sys

from fluent.sender import EventTime, FluentSender

COUNT = 100


def main():
    port, time_ns = int(sys.argv[1]), int(sys.argv[2])
    sender = FluentSender("shop", host="127.0.0.1", port=port, nanosecond_precision=True)
    sent = 0
    for number in range(COUNT):
        time = EventTime.from_unix_nano(time_ns + number)
        event = {
            "message": f"event {number}",
            "number": number,
            "level": "WARN",
            "trace_id": "4bf92f3577b34da6a3ce929d0e0e4736",
            "nested": {"list": [1, "two", None], "yes": True},
        }
        sent += sender.emit_with_time("cart", time, event)
    sent += sender.emit_with_time("seconds", time_ns // 10**9, {"message": "whole seconds"})
    error = sender.last_error
    sender.close()
    print(json.dumps({"sent": sent, "error": None if error is None else str(error)}))


main()
