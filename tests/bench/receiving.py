"""Answering 200 webhooks one after the other: we, verified and committed, against a Flask view that only answers."""

import hmac
import json
import logging
import threading
import urllib.request
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from flask import Flask
from werkzeug.serving import make_server

from pushboat.config import operator as operator_file
from pushboat.store.database.engine import open_store
from pushboat.store.database.migrations import upgrade
from tests.bench.measuring import Row, compare
from webhook.app import create_app

DELIVERIES = 200
SECRET = "a secret of the bench"
FILE = """\
state: {state}
forges:
  local: {{kind: git, root: {state}, webhook_secrets: [{{env: BENCH_SECRET}}]}}
clusters: {{dev: {{in_cluster: true}}}}
projects: [{{repository: local/shop, environments: {{staging: {{cluster: dev, namespaces: [shop]}}}}}}]
"""


def measure(folder: Path) -> list[Row]:
    """Compare the front door with an empty one."""
    operator = operator_file.parse(FILE.format(state=folder), folder / "pushboat.yaml", {"BENCH_SECRET": SECRET})
    store = open_store("", folder)
    upgrade(store)
    empty = Flask("empty")
    empty.add_url_rule("/webhooks/local", "answer", lambda: ({"delivery": 1}, 202), methods=["POST"])
    with _served(create_app(operator, store, lambda: None)) as ours, _served(empty) as peer:
        row = compare(
            f"{DELIVERIES} webhooks, against a view that only answers", lambda _: _post(ours), lambda _: _post(peer)
        )
    store.close()
    return [row]


@contextmanager
def _served(app: Flask) -> Iterator[str]:
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/webhooks/local"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def _post(url: str) -> None:
    body = json.dumps({"event": "ping", "repository": "shop", "padding": "x" * 6000}).encode()
    signature = "sha256=" + hmac.new(SECRET.encode(), body, "sha256").hexdigest()
    for _ in range(DELIVERIES):
        headers = {
            "Content-Type": "application/json",
            "X-Pushboat-Event": "ping",
            "X-Pushboat-Delivery": str(uuid.uuid4()),
            "X-Pushboat-Signature-256": signature,
        }
        urllib.request.urlopen(urllib.request.Request(url, body, headers), timeout=10).close()
