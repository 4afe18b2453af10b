"""Find objects by the names that cases give them, `Kind[.group]/name`, and what became of them since a revision."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tests.cluster_view import ClusterView
from tests.corpus.refusing import NotUnderstood
from tests.corpus.seen import History, Json, Moment

DISCOVERY = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList"
MADE_BY_THE_CLUSTER = {"ConfigMap": "kube-root-ca.crt", "ServiceAccount": "default"}
"""What stands in every namespace; a `*` does not mean these."""


@dataclass(frozen=True)
class ClusterObjects:
    """The objects of one namespace, and those outside of any."""

    cluster: ClusterView
    namespace: str

    def revision(self) -> int:
        """Give the revision that the cluster's store is at: the clock that all kinds share."""
        return int(self.cluster.get("/api/v1/namespaces?limit=1")["metadata"]["resourceVersion"])

    def find(self, name: str) -> Mapping[str, Json]:
        """List the objects of a name, which may hold a `*`, by their own names."""
        path = self._path(name)
        found = self.cluster.get(path) if path else None
        items = found["items"] if found else []
        return {item["metadata"]["name"]: item for item in items if _means(name, item["metadata"]["name"])}

    def since(self, name: str, revision: int, before: Mapping[str, Json]) -> History:
        """Give each moment of the objects of a name since a revision.

        Nobody has to watch meanwhile: for about a minute the API server remembers, and tells it again.
        """
        path = self._path(name)
        told = self.cluster.text(f"{path}?watch=1&resourceVersion={revision}&timeoutSeconds=1") if path else ""
        events = [json.loads(line) for line in told.splitlines()]
        refused = [event["object"].get("message") for event in events if event["type"] == "ERROR"]
        assert not refused, f"the API server does not tell what became of {name} since the push: {refused}"
        moments = (_moment(event) for event in events)
        return History(before=before, since=tuple(moment for moment in moments if _means(name, moment.name)))

    def _path(self, name: str) -> str:
        """Give the list's path; empty where the cluster has no such kind."""
        kind, _, group = name.partition("/")[0].partition(".")
        for root in ("/api", "/apis"):
            for each in self.cluster.request("GET", root, accept=DISCOVERY)["items"]:
                own = each["metadata"].get("name", "")
                if own == group if group else _is_built_in(own):
                    found = _resource(each, kind)
                    if found:
                        version, resource = found
                        place = f"{root}/{own}/{version}" if own else f"{root}/{version}"
                        inside = f"/namespaces/{self.namespace}" if resource["scope"] == "Namespaced" else ""
                        return f"{place}{inside}/{resource['resource']}"
        if not group:
            raise NotUnderstood(f"{name}: Kubernetes has no kind {kind}; a custom one is written Kind.group/name")
        return ""


def _is_built_in(group: str) -> bool:
    return "." not in group or group.endswith(".k8s.io")


def _resource(group: Json, kind: str) -> tuple[str, Any] | None:
    for version in group["versions"]:
        for resource in version["resources"]:
            if resource["responseKind"]["kind"] == kind:
                return version["version"], resource
    return None


def _means(name: str, own: str) -> bool:
    kind, _, pattern = name.partition("/")
    if "*" in pattern and MADE_BY_THE_CLUSTER.get(kind) == own:
        return False
    return re.fullmatch(".*".join(map(re.escape, pattern.split("*"))), own) is not None


def _moment(event: Json) -> Moment:
    found = event["object"]
    return Moment(
        revision=int(found["metadata"]["resourceVersion"]),
        name=found["metadata"]["name"],
        found=None if event["type"] == "DELETED" else found,
    )
