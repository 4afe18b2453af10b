"""The one door to an API server: the official client's raw path, JSON in and out, errors translated into ours."""

import json
import re
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any

from pushboat.config.health import Rules
from pushboat.config.operator import ClusterAccess
from pushboat.errors import ClusterUnavailable
from pushboat.logs import EntrustingPool
from workers.cluster.client.kinds import Discovered, Kinds
from workers.cluster.client.lags import Lags
from workers.cluster.client.lines import Aside, Line, nothing_to_ask, nothing_to_leave
from workers.cluster.client.openapi import OpenApi, Published, Version
from workers.cluster.client.refusals import NOT_FOUND, Answered, from_a_proxy, translate
from workers.cluster.client.streams import Stream
from workers.cluster.client.throttle import TOO_MANY, UNTOLD_PAUSE

FIELD_MANAGER = "pushboat"
APPLY = "application/apply-patch+yaml"  # JSON is YAML; the server has no JSON name for an apply before 1.37
MERGE = "application/merge-patch+json"
MOST_THREADS = 16
"""For one API server; how many of them write at once is the throttle's to say."""
BUSY_ATTEMPTS, LONGEST_BUSY_WAIT = 4, 2.0
"""A busy server says 429 with a second or so; waiting here costs less than another turn in the queue."""
_NOT_FOR_YAML = re.compile("[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]")
_WARNING = re.compile(r'299 \S+ "((?:[^"\\]|\\.)*)"')
_QUOTED = re.compile(r"\\(.)")


@dataclass(frozen=True, slots=True)
class Answer:
    """What the server said: its JSON, the sentences of its Warning headers, and what its clock showed then."""

    data: dict[str, Any]
    warnings: tuple[str, ...] = ()
    clock: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Cluster:
    """An open connection to one API server under one identity; safe to share between threads.

    `aside` is called before a wait for its credentials, which may take a program half a minute; `before` right before
    each write, when nothing is left to wait for.
    """

    name: str
    threads: int
    pool: EntrustingPool = field(repr=False)
    line: Line = field(repr=False)
    openapi: OpenApi = field(repr=False)
    impersonation: Mapping[str, Any] = field(default_factory=dict, repr=False)
    rules: Rules = field(default_factory=dict, repr=False)
    """The operator's own rules of health."""
    discovered: Discovered = field(default_factory=Discovered, repr=False)
    lags: Lags = field(default_factory=Lags, repr=False)
    aside: Aside = field(default=nothing_to_leave, repr=False)
    before: Callable[[], None] = field(default=nothing_to_ask, repr=False)

    @property
    def kinds(self) -> Kinds:
        """Give the kinds that it serves."""
        return Kinds(lambda path, accept: self.request("GET", path, accept=accept).data, self.discovered, self.aside)

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
                pause = _pause(busy)
                if pause is None or pause > LONGEST_BUSY_WAIT or attempt == BUSY_ATTEMPTS:
                    raise
                time.sleep(max(pause, 0.1))
        raise AssertionError  # the last attempt returned or raised

    def text(self, path: str, query: Mapping[str, str]) -> str:
        """Read what is no JSON: what a container has written."""
        reply = self.line.send("GET", path, query, {"Accept": "*/*", **self.impersonation}, aside=self.aside)
        if reply.status != 200:
            again = reply.headers.get("Retry-After", "")
            raise translate("GET", reply.status, reply.content, again, self.name)
        return reply.content.decode("utf-8", "replace")

    @contextmanager
    def stream(self, path: str, query: Mapping[str, str]) -> Iterator[Stream]:
        """Ask for an answer that goes on, line by line, as long as the block.

        Raises:
            ClusterUnavailable, ApplyRejected, ClusterRefused: as `request`; nothing is asked again here.
        """
        headers = {"Accept": "application/json", **self.impersonation}
        with self.line.stream(path, query, headers, self.aside) as stream:
            if stream.status != 200:
                again = stream.headers.get("Retry-After", "")
                raise translate("GET", stream.status, stream.content(), again, self.name)
            yield stream

    def find(self, path: str) -> dict[str, Any] | None:
        """Read one object, or nothing where there is none."""
        try:
            return self.request("GET", path).data
        except Answered as answered:
            if answered.code == NOT_FOUND:
                return None
            raise

    def published(self, wanted: Iterable[Version]) -> Published:
        """Read what the cluster publishes of the schemas of some groups and versions."""
        return self.openapi.read(lambda path, query: self.request("GET", path, query).data, wanted)

    def minor(self) -> str:
        """Ask for its minor version of Kubernetes, such as 1.36; "" where it says none that can be read."""
        told = self.request("GET", "/version").data
        numbers = [str(told.get(each, "")).rstrip("+") for each in ("major", "minor")]
        return ".".join(numbers) if all(each.isdecimal() for each in numbers) else ""

    def close(self) -> None:
        """Close its connections and threads."""
        self.pool.shutdown(wait=False, cancel_futures=True)
        self.line.close()

    def speaking_as(self, service_account: str) -> "Cluster":
        """Give the same connections under another identity (namespace/name; empty: our own)."""
        return replace(self, impersonation=_impersonation(service_account), discovered=Discovered())

    def beside(self, aside: Aside) -> "Cluster":
        """Give the same connections to somebody who has a place to leave to others during such a wait."""
        return replace(self, aside=aside)

    def guarded_by(self, before: Callable[[], None]) -> "Cluster":
        """Give the same connections with a question before each write, also before one that is sent again."""
        return replace(self, before=before)


def connect(
    access: ClusterAccess,
    service_account: str = "",
    threads: int = MOST_THREADS,
    scratch: Path | None = None,
    rules: Rules | None = None,
) -> Cluster:
    """Prepare a connection as the operator's file says; `service_account` (namespace/name) is impersonated.

    Nothing is read, run or asked before the first request. `scratch` is a private folder for the files that the client
    makes of a kubeconfig's certificates and keys.
    """
    pool = EntrustingPool(threads, thread_name_prefix=f"cluster-{access.name}")
    return Cluster(
        name=access.name,
        threads=threads,
        pool=pool,
        line=Line(access, threads, scratch),
        openapi=OpenApi(),
        impersonation=_impersonation(service_account),
        rules=rules or {},
    )


def yaml_text(body: Mapping[str, Any]) -> str:
    """Write an apply's body so that the server's YAML parser reads what we mean.

    To YAML, JSON's escapes of characters beyond the first 65,536 are two halves of nothing, so all text goes as it is;
    only what YAML takes for a line's end or does not allow is escaped.
    """
    return _NOT_FOR_YAML.sub(lambda found: f"\\u{ord(found[0]):04x}", json.dumps(body, ensure_ascii=False))


def _impersonation(service_account: str) -> Mapping[str, Any]:
    if not service_account:
        return {}
    namespace, _, name = service_account.partition("/")
    # urllib3 joins repeated headers with commas, which the API server would read as one group; it grants an
    # impersonated service account its groups by itself as long as none is given.
    return {"Impersonate-User": f"system:serviceaccount:{namespace}:{name}"}


def _pause(busy: ClusterUnavailable) -> float | None:
    """Say for how long to wait before the same request is sent again; None where that would not help."""
    if busy.retry_after is None and isinstance(busy, Answered) and busy.code == TOO_MANY:
        return UNTOLD_PAUSE
    return busy.retry_after


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
    sent = yaml_text(body) if content_type == APPLY and body is not None else body
    reply = cluster.line.send(method, path, query, headers, sent, cluster.aside, cluster.before)
    if not 200 <= reply.status < 300:
        raise translate(method, reply.status, reply.content, reply.headers.get("Retry-After", ""), cluster.name)
    try:
        data = json.loads(reply.content)
    except ValueError:
        data = None
    if not isinstance(data, dict):
        raise from_a_proxy(method, reply.status, cluster.name)
    warnings = _WARNING.findall(reply.headers.get("Warning", ""))
    unquoted = tuple(_QUOTED.sub(r"\1", text) for text in warnings)
    return Answer(data, unquoted, _clock(reply.headers.get("Date", "")))


def _clock(date: str) -> float | None:
    try:
        return parsedate_to_datetime(date).timestamp()
    except ValueError:
        return None
