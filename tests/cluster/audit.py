"""Count what a cluster is asked: the line to it, with a notebook."""

from collections.abc import Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import urlencode

from workers.cluster.client.connection import Cluster
from workers.cluster.client.lines import Reply
from workers.cluster.client.streams import Stream


@dataclass(slots=True)
class Audit:
    """Stands where the line stood and passes everything on."""

    line: Any
    asked: list[str] = field(default_factory=list)
    urls: list[str] = field(default_factory=list)

    def send(self, method: str, path: str, query: Mapping[str, str], headers: Mapping[str, str], *rest: Any) -> Reply:
        self.asked.append(f"{method} {path}")
        self.urls.append(f"{path}?{urlencode(query)}")
        reply: Reply = self.line.send(method, path, query, headers, *rest)
        return reply

    def stream(self, path: str, *rest: Any) -> AbstractContextManager[Stream]:
        self.asked.append(f"WATCH {path}")
        stream: AbstractContextManager[Stream] = self.line.stream(path, *rest)
        return stream

    @property
    def writes(self) -> list[str]:
        return [each for each in self.asked if not each.startswith(("GET ", "WATCH "))]


def audited(cluster: Cluster) -> tuple[Cluster, Audit]:
    """Give the same cluster, counted."""
    audit = Audit(cluster.line)
    stands_in: Any = audit
    return replace(cluster, line=stands_in), audit
