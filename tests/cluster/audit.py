"""Count what a cluster is asked: the SDK's client, with a notebook."""

from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import urlsplit

from workers.cluster.client.connection import Cluster


@dataclass(slots=True)
class Audit:
    """Stands where the SDK's ApiClient stood and passes everything on."""

    api: Any
    asked: list[str] = field(default_factory=list)
    urls: list[str] = field(default_factory=list)

    def param_serialize(self, *arguments: Any, **named: Any) -> Any:
        return self.api.param_serialize(*arguments, **named)

    def call_api(self, method: str, url: str, *arguments: Any, **named: Any) -> Any:
        self.asked.append(f"{method} {urlsplit(url).path}")
        self.urls.append(url)
        return self.api.call_api(method, url, *arguments, **named)

    @property
    def writes(self) -> list[str]:
        return [each for each in self.asked if not each.startswith("GET ")]


def audited(cluster: Cluster) -> tuple[Cluster, Audit]:
    """Give the same cluster, counted."""
    audit = Audit(cluster.api)
    return replace(cluster, api=audit), audit
