"""The few words that these tests need to speak to a simulated cluster.

Plain HTTPS on purpose: what is tested here is the cluster, not a client library.
"""

import base64
import json
import ssl
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any

import yaml

from workers.cluster.client.certificates import as_kubectl

PREFIX = "devcluster.pushboat.dev/"
PATIENCE = 120.0  # seconds; on an idle machine everything here happens within three


def eventually(check: Callable[[], Any], what: str) -> Any:
    """Return the first true answer of `check`, or fail with its last one."""
    deadline = time.monotonic() + PATIENCE
    while not (answer := check()):
        assert time.monotonic() < deadline, f"not within {PATIENCE:.0f} s: {what}; last answer: {answer!r}"
        time.sleep(0.02)
    return answer


class Cluster:
    """The API of one cluster, in one namespace of its own."""

    def __init__(self, kubeconfig: Path, namespace: str = "default") -> None:
        config = yaml.safe_load(kubeconfig.read_text())
        cluster, user = config["clusters"][0]["cluster"], config["users"][0]["user"]
        authority = base64.b64decode(cluster["certificate-authority-data"]).decode()
        self.kubeconfig, self.namespace = kubeconfig, namespace
        self.server, self.token = cluster["server"], user["token"]
        self._trust = as_kubectl(ssl.create_default_context(cadata=authority))

    def ask(self, method: str, path: str, body: object = None, token: str | None = None) -> tuple[int, str]:
        """Send one request and return its status code and text."""
        request = urllib.request.Request(
            self.server + path,
            data=None if body is None else json.dumps(body).encode(),
            method=method,
            headers={"Authorization": f"Bearer {token or self.token}", "Content-Type": "application/json"},
        )
        try:
            with urllib.request.urlopen(request, context=self._trust, timeout=60) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            with error:
                return error.code, error.read().decode()

    def get(self, path: str) -> Any:
        """Return an object, or nothing where there is none."""
        status, text = self.ask("GET", path)
        return json.loads(text) if status == 200 else {}

    def create(self, path: str, body: object) -> Any:
        """Create an object."""
        status, text = self.ask("POST", path, body)
        assert status in (200, 201), text
        return json.loads(text)

    @property
    def core(self) -> str:
        """The path of the namespace in the core API."""
        return f"/api/v1/namespaces/{self.namespace}"

    def run_pod(self, name: str, spec: dict[str, Any] | None = None, **annotations: str) -> None:
        """Create a pod of one container, annotated: ready_after="1s" becomes devcluster.pushboat.dev/ready-after."""
        noted = {PREFIX + key.replace("_", "-"): value for key, value in annotations.items()}
        body = {"metadata": {"name": name, "annotations": noted}, "spec": {**pod_spec(), **(spec or {})}}
        self.create(f"{self.core}/pods", body)

    def pod(self, name: str) -> Any:
        """Return a pod as it is."""
        return self.get(f"{self.core}/pods/{name}")

    def container(self, name: str) -> Any:
        """Return the status of a pod's first container, empty while it has none."""
        return (self.pod(name).get("status", {}).get("containerStatuses") or [{}])[0]

    def events(self, name: str) -> dict[str, Any]:
        """Return the events about an object, by reason."""
        found = self.get(f"{self.core}/events?fieldSelector=involvedObject.name={name}").get("items", [])
        return {event["reason"]: event for event in found}

    def await_reason(self, name: str, reason: str) -> Any:
        """Wait until the pod's container waits for this reason, and return its status."""

        def reached() -> Any:
            status = self.container(name)
            return status if status.get("state", {}).get("waiting", {}).get("reason") == reason else None

        return eventually(reached, f"{name} is {reason}")

    def await_event(self, name: str, reason: str) -> Any:
        """Wait for an event about an object."""
        return eventually(lambda: self.events(name).get(reason), f"an event {reason} about {name}")


def pod_spec(image: str = "web:1", **more: Any) -> dict[str, Any]:
    """Return a pod's spec with one container."""
    return {"containers": [{"name": "app", "image": image}], **more}


def condition(thing: Any, kind: str) -> Any:
    """Return a condition of an object, empty where there is none."""
    found = [each for each in thing.get("status", {}).get("conditions", []) if each["type"] == kind]
    return found[0] if found else {}
