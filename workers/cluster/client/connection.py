"""The one door to an API server: the official client's raw path, JSON in and out, errors translated into ours."""

import json
import re
import time
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import urllib3
from kubernetes import client, config
from kubernetes.client.exceptions import ApiException
from kubernetes.config import ConfigException

from pushboat.config.operator import ClusterAccess
from pushboat.errors import ClusterUnavailable
from workers.cluster.client.kinds import Kinds
from workers.cluster.client.refusals import NOT_FOUND, ApiRefused, translate

FIELD_MANAGER = "pushboat"
APPLY = "application/apply-patch+yaml"  # JSON is YAML; the server has no JSON name for an apply before 1.37
MERGE = "application/merge-patch+json"
CONNECT_SECONDS, READ_SECONDS = 5, 60
BUSY_ATTEMPTS, LONGEST_BUSY_WAIT = 4, 2.0
"""A busy server says 429 with a second or so; waiting here costs less than another turn in the queue."""
_WARNING = re.compile(r'299 \S+ "((?:[^"\\]|\\.)*)"')


@dataclass(frozen=True, slots=True)
class Answer:
    """What the server said: its JSON, and the sentences of its Warning headers."""

    data: dict[str, Any]
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Cluster:
    """An open connection to one API server under one identity; safe to share between threads."""

    name: str
    threads: int
    kinds: Kinds
    pool: ThreadPoolExecutor = field(repr=False)
    api: client.ApiClient = field(repr=False)
    impersonation: Mapping[str, Any] = field(default_factory=dict, repr=False)

    def request(
        self,
        method: str,
        path: str,
        query: Mapping[str, str] | None = None,
        body: Mapping[str, Any] | None = None,
        content_type: str = "",
        accept: str = "application/json",
    ) -> Answer:
        """Send one request and read its answer; a busy server is asked again a few times."""
        for attempt in range(1, BUSY_ATTEMPTS + 1):
            try:
                return _send(self, method, path, query or {}, body, content_type, accept)
            except ClusterUnavailable as busy:
                if busy.retry_after is None or busy.retry_after > LONGEST_BUSY_WAIT or attempt == BUSY_ATTEMPTS:
                    raise
                time.sleep(max(busy.retry_after, 0.1))
        raise AssertionError  # the last attempt returned or raised

    def find(self, path: str) -> dict[str, Any] | None:
        """Read one object, or nothing where there is none."""
        try:
            return self.request("GET", path).data
        except ApiRefused as refused:
            if refused.code == NOT_FOUND:
                return None
            raise

    def close(self) -> None:
        """Close its connections and threads."""
        self.pool.shutdown(wait=False, cancel_futures=True)
        self.api.rest_client.close()


def connect(access: ClusterAccess, service_account: str = "", threads: int = 8, scratch: Path | None = None) -> Cluster:
    """Open a connection as the operator's file says; `service_account` (namespace/name) is impersonated.

    `scratch` is a private folder for the files that the client makes of a kubeconfig's certificates and keys.
    """
    settings = client.Configuration()
    try:
        if access.in_cluster:
            config.load_incluster_config(client_configuration=settings)  # type: ignore[no-untyped-call]  # has no types
        else:
            config.load_kube_config(  # type: ignore[no-untyped-call]  # has no types
                config_file=str(access.kubeconfig),
                context=access.context or None,
                client_configuration=settings,
                temp_file_path=None if scratch is None else str(scratch),
            )
    except (ConfigException, OSError) as error:
        raise ClusterUnavailable(
            f"cluster {access.name} cannot be reached: its operator must mend the kubeconfig ({error})"
        ) from error
    settings.connection_pool_maxsize = threads
    # A connection that was closed while idle is worth one more try; an answer, whatever it says, is ours to judge.
    settings.retries = urllib3.Retry(
        total=2, redirect=False, status=0, backoff_factor=0.1, respect_retry_after_header=False
    )
    api = client.ApiClient(settings)
    api.user_agent = FIELD_MANAGER
    impersonation = _impersonation(service_account)
    pool = ThreadPoolExecutor(threads, thread_name_prefix=f"cluster-{access.name}")

    def fetch(path: str, accept: str) -> Mapping[str, Any]:
        return cluster.request("GET", path, accept=accept).data

    cluster = Cluster(
        name=access.name, threads=threads, kinds=Kinds(fetch), pool=pool, api=api, impersonation=impersonation
    )
    return cluster


def _impersonation(service_account: str) -> Mapping[str, Any]:
    if not service_account:
        return {}
    namespace, _, name = service_account.partition("/")
    # urllib3 joins repeated headers with commas, which the API server would read as one group; it grants an
    # impersonated service account its groups by itself as long as none is given.
    return {"Impersonate-User": f"system:serviceaccount:{namespace}:{name}"}


def _send(
    cluster: Cluster,
    method: str,
    path: str,
    query: Mapping[str, str],
    body: Mapping[str, Any] | None,
    content_type: str,
    accept: str,
) -> Answer:
    headers = {"Accept": accept, **cluster.impersonation}
    if content_type or body is not None:
        headers["Content-Type"] = content_type or "application/json"
    try:
        parts = cluster.api.param_serialize(
            method,
            path,
            query_params=list(query.items()),
            header_params=headers,
            body=body,
            auth_settings=["BearerToken"],
        )
        response = cluster.api.call_api(*parts, _request_timeout=(CONNECT_SECONDS, READ_SECONDS))
        content: bytes = response.read()  # type: ignore[no-untyped-call]  # has no types
    except (urllib3.exceptions.HTTPError, ApiException, OSError) as error:
        raise ClusterUnavailable(f"cluster {cluster.name} does not answer: {_why(error)}") from error
    if not 200 <= response.status < 300:
        raise translate(response.status, content, response.headers.get("Retry-After", ""), cluster.name)
    return Answer(json.loads(content), tuple(_WARNING.findall(response.headers.get("Warning", ""))))


def _why(error: Exception) -> str:
    reason = getattr(error, "reason", None) or error
    return " ".join(str(reason).split())[:200]
