"""Look at the cluster as an outsider with kubectl's rights would."""

import json
from pathlib import Path
from typing import Any

from kubernetes import client, config

from workers.cluster.client.certificates import AsKubectl


class ClusterView:
    """Read and write objects by path, past Pushboat."""

    def __init__(self, kubeconfig: Path) -> None:
        self.kubeconfig = kubeconfig
        self._api: client.ApiClient = config.new_client_from_config(str(kubeconfig))
        self._api.rest_client.pool_manager.pool_classes_by_scheme = {"https": AsKubectl}

    def request(
        self,
        method: str,
        path: str,
        body: Any = None,
        content_type: str = "application/json",
        accept: str = "application/json",
    ) -> Any:
        """Send one request and give the JSON answer; None for 404."""
        parts = self._api.param_serialize(
            method,
            path,
            header_params={"Accept": accept, "Content-Type": content_type},
            body=body,
            auth_settings=["BearerToken"],
        )
        answer = self._api.call_api(*parts, _request_timeout=(60, 60))
        answer.read()
        if answer.status == 404:
            return None
        assert answer.status < 300, f"{method} {path}: {answer.status} {answer.data!r}"
        return json.loads(answer.data)

    def get(self, path: str) -> Any:
        """GET one object or list; None where it is missing."""
        return self.request("GET", path)

    def text(self, path: str) -> str:
        """GET what is no JSON, such as the API server's own metrics."""
        parts = self._api.param_serialize("GET", path, header_params={"Accept": "*/*"}, auth_settings=["BearerToken"])
        answer = self._api.call_api(*parts, _request_timeout=(60, 60))
        answer.read()
        assert answer.status == 200, f"GET {path}: {answer.status}"
        return str(answer.data.decode())

    def deployment(self, namespace: str, name: str) -> Any:
        """GET a Deployment."""
        return self.get(f"/apis/apps/v1/namespaces/{namespace}/deployments/{name}")

    def config_map(self, namespace: str, name: str) -> Any:
        """GET a ConfigMap."""
        return self.get(f"/api/v1/namespaces/{namespace}/configmaps/{name}")

    def names(self, namespace: str, plural: str = "configmaps", group: str = "/api/v1") -> set[str]:
        """List names in a namespace."""
        found = self.get(f"{group}/namespaces/{namespace}/{plural}")
        return {item["metadata"]["name"] for item in found["items"]}

    def close(self) -> None:
        """Close the connections."""
        self._api.close()
