"""A proxy before a real API server that goes by an older definition for a while, as one of several may, or a busy."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.fakes.lying_cluster import LyingCluster

Status = dict[str, Any]
DEFINITIONS = "customresourcedefinitions"
_NOT_GRANTED = (
    f'User "shop" cannot get resource "{DEFINITIONS}" in API group "apiextensions.k8s.io" at the cluster scope'
)


@dataclass
class LateCluster(LyingCluster):
    """The proxy; it answers the first `late` requests about `plural` with `words` of an older definition.

    Those are writes, or other `methods`; `asked` counts them all. Where it `hides` definitions, nobody may read them.
    What it says `undiscovered` times of its kinds is what it said first.
    """

    config: Path
    plural: str = ""
    late: int = 0
    words: Status = field(default_factory=dict)
    asked: int = 0
    methods: tuple[str, ...] = ()
    undiscovered: int = 0
    hides: bool = False

    def __post_init__(self) -> None:
        self._counting = threading.Lock()
        super().__init__(self.config, 1)

    def follows_late(
        self, plural: str, times: int, words: Status, methods: tuple[str, ...] = ("PATCH", "POST")
    ) -> None:
        """Go by an older definition for some requests."""
        self.methods = methods
        self.plural, self.late, self.words, self.asked = plural, times, words, 0

    def instead(self, method: str, path: str) -> tuple[int, bytes] | None:
        """Say what an older definition says."""
        if path == "/apis" and self.undiscovered:
            self.undiscovered -= 1
            return 200, self.remembered[path]
        words = self._words(method, path)
        return (words["code"], json.dumps(words).encode()) if words else None

    def _words(self, method: str, path: str) -> Status | None:
        if method == "GET" and self.hides and f"/{DEFINITIONS}" in path:
            return _status(403, "Forbidden", _NOT_GRANTED)
        if method not in self.methods or f"/{self.plural}" not in path or DEFINITIONS in path:
            return None
        with self._counting:
            self.asked += 1
            return self.words if self.asked <= self.late else None


def unknown(path: str) -> Status:
    """Refuse a field in the words of a server-side apply."""
    return _status(
        500, "", f"failed to create typed patch object (x/one; g/v1, Kind=Gadget): {path}: field not declared in schema"
    )


def invalid(path: str, reason: str, message: str, said_by: str = "") -> Status:
    """Refuse a value; a webhook's denial looks the same but for its first words."""
    causes = [{"reason": reason, "field": path, "message": message}]
    words = f'{said_by}Gadget "one" is invalid: {path}: {message}'
    return {**_status(422, "Invalid", words), "details": {"causes": causes}}


def not_served() -> Status:
    """Know nothing of a version."""
    return _status(404, "NotFound", "the server could not find the requested resource")


def _status(code: int, reason: str, message: str) -> Status:
    return {
        "kind": "Status",
        "apiVersion": "v1",
        "status": "Failure",
        "reason": reason,
        "code": code,
        "message": message,
    }


@contextmanager
def late_before(kubeconfig: Path) -> Iterator[LateCluster]:
    """Stand before a cluster as long as the block runs."""
    with LateCluster(kubeconfig) as proxy:
        thread = threading.Thread(target=proxy.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        yield proxy
        proxy.shutdown()
        thread.join()
