"""What came, ended and went in a namespace, in the order in which the API server knows it: a watch, past Pushboat."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import urllib3
from kubernetes import client, config

from tests.cluster_view import ClusterView
from tests.until import until
from workers.cluster.client.certificates import AsKubectl

PLACES = {"ConfigMap": "/api/v1", "Secret": "/api/v1", "Job": "/apis/batch/v1"}
END = "zz-end"


@dataclass
class History:
    """One namespace's."""

    view: ClusterView
    namespace: str
    events: list[tuple[int, str, str]] = field(default_factory=list)
    _seen: set[str] = field(default_factory=set)
    _over: set[str] = field(default_factory=set)

    def happened(self) -> list[str]:
        """Say what happened until now, in order: `+name` came, `.name` ended, `-name` went."""
        for kind, api in PLACES.items():
            body: dict[str, Any] = {"apiVersion": api.rpartition("/")[2], "kind": kind, "metadata": {"name": END}}
            if kind == "Job":
                container = {"name": "c", "image": "registry.example/m:1"}
                spec = {"restartPolicy": "Never", "containers": [container]}
                body |= {"apiVersion": "batch/v1", "spec": {"suspend": True, "template": {"spec": spec}}}
            self.view.request("POST", f"{api}/namespaces/{self.namespace}/{kind.lower()}s", body)
        until(lambda: self._over == set(PLACES) or None, within=120, what="the history's end")
        return [f"{sign}{name}" for _, sign, name in sorted(self.events)]

    def hear(self, kind: str, told: str, live: dict[str, Any]) -> None:
        """Note one event of the watch."""
        metadata = live["metadata"]
        name, uid, version = metadata["name"], metadata["uid"], int(metadata["resourceVersion"])
        if name == END:
            self._over.add(kind)
            return
        ends = (live.get("status") or {}).get("conditions") or []
        signs = ["+"] if told == "ADDED" else ["-"] if told == "DELETED" else []
        signs += ["."] if any(each["type"] in ("Complete", "Failed") for each in ends) else []
        for sign in signs:
            if f"{sign}{uid}" not in self._seen:
                self._seen.add(f"{sign}{uid}")
                self.events.append((version, sign, name))


@contextmanager
def followed(view: ClusterView, namespace: str) -> Iterator[History]:
    """Follow a namespace from now on."""
    history = History(view, namespace)
    raws = []
    for kind, api in PLACES.items():
        raw = _watch(view.kubeconfig, f"{api}/namespaces/{namespace}/{kind.lower()}s")
        raws.append(raw)
        threading.Thread(target=_listen, args=(history, kind, raw), daemon=True).start()
    try:
        yield history
    finally:
        for raw in raws:
            raw.shutdown()


def _watch(kubeconfig: Path, path: str) -> Any:
    api = config.new_client_from_config(str(kubeconfig))
    api.rest_client.pool_manager.pool_classes_by_scheme = {"https": AsKubectl}
    assert isinstance(api, client.ApiClient)
    parts = api.param_serialize("GET", path, query_params=[("watch", "true")], auth_settings=["BearerToken"])
    return api.call_api(*parts, _request_timeout=(5, 600)).response


def _listen(history: History, kind: str, raw: Any) -> None:
    rest = b""
    for piece in _pieces(raw):
        *lines, rest = (rest + piece).split(b"\n")
        for line in lines:
            event = json.loads(line)
            history.hear(kind, event["type"], event["object"])


def _pieces(raw: Any) -> Iterator[bytes]:
    with suppress(urllib3.exceptions.HTTPError, OSError, ValueError):  # ended while it was read
        yield from raw.stream(1 << 16)
