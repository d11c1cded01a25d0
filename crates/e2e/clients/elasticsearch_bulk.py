"""A shipper that uses Elastic's client and its bulk helper.

usage: elasticsearch_bulk.py URL TIME_MS

Sends documents to several indexes, among them pairs whose fields have types that no mapping holds at
once, and one document larger than the server takes; prints what became of each.
"""

import json
import sys
from datetime import UTC, datetime

from elasticsearch import ApiError, Elasticsearch, helpers

TIME = datetime.fromtimestamp(int(sys.argv[2]) / 1000, UTC).isoformat(timespec="milliseconds")


def documents():
    """Actions for the bulk helper."""
    for number in range(500):
        document = {"@timestamp": TIME, "message": f"order {number}", "number": number}
        yield {"_index": f"orders-2026.03.0{number % 3 + 1}", "_source": document}
    for status in (200, "ok", {"code": 200}, [200, 404], None):
        document = {"@timestamp": TIME, "message": "conflict", "status": status}
        yield {"_op_type": "create", "_index": "conflicts", "_source": document}
    nested = {"kubernetes": {"pod": {"name": "cart-1"}, "labels": {"app.kubernetes.io/name": "cart"}}}
    yield {"_index": "pods", "_id": "a", "_source": {"@timestamp": TIME, "log": "up\n", **nested}}
    yield {"_op_type": "delete", "_index": "pods", "_id": "gone"}


def too_large(client):
    """The status with which a document is refused that is larger than the limit."""
    document = {"@timestamp": TIME, "message": "x" * (3 << 20)}
    try:
        client.index(index="large", document=document)
    except ApiError as error:
        return error.status_code
    return None


def main():
    client = Elasticsearch(sys.argv[1], retry_on_timeout=False, max_retries=0)
    info = client.info()
    client.indices.create(index="conflicts")
    template = {"index_patterns": ["orders-*"], "template": {"mappings": {"properties": {}}}}
    client.indices.put_index_template(name="orders", **template)
    stored, failed = helpers.bulk(client, documents(), chunk_size=100, raise_on_error=False)
    single = client.index(index="single", document={"@timestamp": TIME, "message": "alone"})
    print(
        json.dumps(
            {
                "version": info["version"]["number"],
                "health": client.cluster.health()["status"],
                "template": client.indices.exists_index_template(name="orders").body,
                "stored": stored,
                "failed": failed,
                "single": single["result"],
                "too_large": too_large(client),
            }
        )
    )


main()
