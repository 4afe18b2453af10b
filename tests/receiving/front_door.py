"""A front door on a real port, with a real store below a temporary folder, and forges that sign what they send."""

import hashlib
import hmac
import json
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import requests
from werkzeug.serving import WSGIRequestHandler, make_server

from dashboard.app import create_app as dashboard
from pushboat.config.operator import ClusterAccess, Forge, Limits, Operator, Project, Secret
from pushboat.config.pages import Access, Pages
from pushboat.config.project import Allowed
from pushboat.store.database.engine import Store
from tests.servers import stop
from webhook.app import create_app
from webhook.front.passing import is_ours

SECRET = "the webhook's secret, known to both sides"
OLD_SECRET = "the one before the rotation"
SHA = "1a2b3c4d5e6f708192a3b4c5d6e7f8091a2b3c4d"
PUBLIC_URL = "https://pushboat.example.org"


class QuietRequests(WSGIRequestHandler):
    """Answers without a line per request in the test's output."""

    def log(self, type: str, message: str, *args: Any) -> None:  # noqa: A002 - the parent's name
        """Say nothing."""


@dataclass
class FrontDoor:
    """The running server as a forge or a browser sees it; `rings` counts how often the dispatcher was woken."""

    url: str
    store: Store
    database: Path
    rings: list[None] = field(default_factory=list)

    def get(self, path: str) -> requests.Response:
        """Look at a page."""
        return requests.get(self.url + path, timeout=60, allow_redirects=False)

    def post(self, body: bytes, headers: Mapping[str, str | bytes], forge: str = "github") -> requests.Response:
        """Send a delivery as it is."""
        return requests.post(f"{self.url}/webhooks/{forge}", data=body, headers=dict(headers), timeout=60)

    def push(self, delivery: str = "d-1", **changes: Any) -> requests.Response:
        """Send a GitHub push, rightly signed."""
        body = push_body(**changes)
        return self.post(body, github_headers(body, delivery=delivery))

    def stored(self, marker: str) -> bool:
        """Say whether a text stands anywhere in the database's files."""
        return any(marker.encode() in file.read_bytes() for file in self.database.parent.glob("pushboat.sqlite3*"))


@contextmanager
def open_front_door(
    operator: Operator, store: Store, ring: Callable[[], None] | None = None, port: int = 0
) -> Iterator[FrontDoor]:
    """Serve the app for as long as the block runs."""
    rings: list[None] = []
    receiving, showing = create_app(operator, store, ring or (lambda: rings.append(None))), dashboard(operator, store)

    def both(environ: dict[str, Any], start: Any) -> Any:
        """Part them by their paths, as the front does."""
        return (receiving if is_ours(environ["PATH_INFO"]) else showing)(environ, start)

    server = make_server("127.0.0.1", port, both, threaded=True, request_handler=QuietRequests)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield FrontDoor(f"http://127.0.0.1:{server.port}", store, operator.state / "pushboat.sqlite3", rings)
    finally:
        stop(server, thread)
        server.server_close()


def make_operator(state: Path) -> Operator:
    """Configure a GitHub, a GitLab and a plain git server, and one project with two environments."""
    secrets = (Secret(value=SECRET), Secret(value=OLD_SECRET))
    limits = {
        name: Limits(environment=name, cluster="dev", namespaces=(f"shop-{name}",))
        for name in ("staging", "production")
    }
    return Operator(
        public_url=PUBLIC_URL,
        host="127.0.0.1",
        port=0,
        state=state,
        workers=2,
        pages=Pages(access=Access.OPEN),
        forges={
            kind: Forge(name=kind, kind=kind, url=f"https://{kind}.example.org", webhook_secrets=secrets)
            for kind in ("github", "gitlab", "git")
        },
        clusters={"dev": ClusterAccess(name="dev")},
        projects={"github/acme/shop": Project(repository="github/acme/shop", environments=Allowed(limits))},
    )


def push_body(**changes: Any) -> bytes:
    """Write what GitHub sends for a push to main, with some fields changed."""
    payload = {
        "ref": "refs/heads/main",
        "before": "0" * 40,
        "after": SHA,
        "created": True,
        "deleted": False,
        "forced": False,
        "head_commit": {"id": changes.get("after", SHA)},
        "pusher": {"name": "ada"},
        "sender": {"login": "ada", "type": "User"},
        "repository": {"id": 1, "full_name": "acme/shop"},
    }
    return json.dumps({**payload, **changes}).encode()


def github_headers(body: bytes, *, delivery: str = "d-1", event: str = "push", secret: str = SECRET) -> dict[str, str]:
    """Sign a body as GitHub does."""
    return {
        "Content-Type": "application/json",
        "X-GitHub-Event": event,
        "X-GitHub-Delivery": delivery,
        "X-Hub-Signature-256": f"sha256={hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()}",
    }
