"""The line to one API server: opened when first needed, and anew when its files change, its token ends, or it says 401.

Nobody restarts Pushboat for a new token. Opening may run a program (a credential plugin), so it happens under this
line's own lock; who finds the line open never waits for that lock. An old client is closed after its last request.
"""

import logging
import shutil
import tempfile
import threading
import time
import weakref
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import urllib3
from kubernetes import client
from kubernetes.client.exceptions import ApiException

from pushboat.config.operator import ClusterAccess
from pushboat.errors import ClusterRefused, ClusterUnavailable
from workers.cluster.client import kubeconfig, plugins
from workers.cluster.client.kubeconfig import Credentials, Kubeconfig
from workers.cluster.client.refusals import UNAUTHORIZED

CONNECT_SECONDS, READ_SECONDS = 5, 60
LOOK_EVERY_SECONDS = 1.0
"""Between two looks at the files; four calls of stat(2), so this costs nothing."""
AFTER_FAILURE_SECONDS = 10.0
"""Until a renewal that failed is tried again, as long as what we have still works."""
RENEW_BEFORE_SECONDS = 60.0
"""Before a token's end; of one that lives shorter than ten minutes, the last tenth."""

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Reply:
    """What came back, unjudged."""

    status: int
    content: bytes
    headers: Mapping[str, str]


@dataclass(slots=True)
class _Opened:
    """One client of the SDK, and the state of the files that it was made of."""

    api: client.ApiClient
    files: tuple[Path, ...]
    stamp: kubeconfig.Stamp
    renew_at: float
    forget: Callable[[], object]
    for_refusal: bool = False
    made_at: float = field(default_factory=time.monotonic)
    look_at: float = field(default_factory=lambda: time.monotonic() + LOOK_EVERY_SECONDS)
    users: int = 0
    retired: bool = False

    @property
    def is_outdated(self) -> bool:
        return time.time() >= self.renew_at or kubeconfig.stamp(self.files) != self.stamp

    def close(self) -> None:
        self.api.rest_client.close()
        self.forget()


class Line:
    """One API server's client, safe to share between threads and identities."""

    def __init__(self, access: ClusterAccess, threads: int, scratch: Path | None = None) -> None:
        self._access = access
        self._threads = threads
        self._scratch = scratch
        self._opened: _Opened | None = None
        self._opening = threading.Lock()
        self._counting = threading.Lock()
        self._failure: tuple[float, ClusterRefused | ClusterUnavailable] | None = None

    def send(
        self, method: str, path: str, query: Mapping[str, str], headers: Mapping[str, str], body: Any = None
    ) -> Reply:
        """Send one request; where the server does not accept who we are, find out anew who that is and send it again.

        Raises:
            ClusterUnavailable: nothing came back, or the credentials could not be had.
            ClusterRefused: our operator must mend how the cluster is reached.
        """
        with self._using(None) as opened:
            reply = self._send(opened, method, path, query, headers, body)
        if reply.status != UNAUTHORIZED or not self._may_differ(opened):
            return reply
        with self._using(opened) as another:
            return self._send(another, method, path, query, headers, body)

    def close(self) -> None:
        """Close its connections, once nobody uses them."""
        self._replace(None)

    @contextmanager
    def _using(self, refused: _Opened | None) -> Iterator[_Opened]:
        """Hold a client, another one than `refused`."""
        came = time.monotonic()
        if self._opened is refused:
            with self._opening:
                if self._opened is refused:
                    self._open(came)
        elif self._opened and time.monotonic() >= self._opened.look_at and self._opening.acquire(blocking=False):
            try:
                self._look(self._opened)
            finally:
                self._opening.release()
        with self._counting:
            opened = self._opened
            assert opened, "this line was closed"
            opened.users += 1
        try:
            yield opened
        finally:
            with self._counting:
                opened.users -= 1
                if opened.retired and not opened.users:
                    opened.close()

    def _open(self, came: float) -> None:
        """Open it; who waited here while somebody else failed fails with them instead of trying once more."""
        if self._failure and self._failure[0] >= came:
            raise self._failure[1]
        try:
            new = _opened(self._access, self._threads, self._scratch)
            new.for_refusal = self._opened is not None
            self._replace(new)
        except (ClusterRefused, ClusterUnavailable) as failure:
            self._failure = (time.monotonic(), failure)
            raise

    def _look(self, opened: _Opened) -> None:
        """Renew what is outdated; where that fails, what still works goes on working."""
        opened.look_at = time.monotonic() + LOOK_EVERY_SECONDS
        if opened is not self._opened or not opened.is_outdated:
            return
        try:
            self._replace(_opened(self._access, self._threads, self._scratch))
        except (ClusterRefused, ClusterUnavailable) as failure:
            opened.look_at = time.monotonic() + AFTER_FAILURE_SECONDS
            logger.warning("the old credentials are kept: %s", failure.summary)

    def _may_differ(self, refused: _Opened) -> bool:
        """Say whether opening anew may help: not where a refusal has led to just that a moment ago."""
        return (
            self._opened is not refused
            or not refused.for_refusal
            or time.monotonic() - refused.made_at > AFTER_FAILURE_SECONDS
            or kubeconfig.stamp(refused.files) != refused.stamp
        )

    def _replace(self, new: _Opened | None) -> None:
        with self._counting:
            old, self._opened = self._opened, new
            if old:
                old.retired = True
                if not old.users:
                    old.close()

    def _send(
        self, opened: _Opened, method: str, path: str, query: Mapping[str, str], headers: Mapping[str, str], body: Any
    ) -> Reply:
        try:
            parts = opened.api.param_serialize(
                method,
                path,
                query_params=list(query.items()),
                header_params=dict(headers),
                body=body,
                auth_settings=["BearerToken"],
            )
            response = opened.api.call_api(*parts, _request_timeout=(CONNECT_SECONDS, READ_SECONDS))
            content: bytes = response.read()  # type: ignore[no-untyped-call]  # has no types
        except (urllib3.exceptions.HTTPError, ApiException, OSError) as error:
            raise ClusterUnavailable(f"cluster {self._access.name} does not answer: {_why(error)}") from error
        return Reply(response.status, content, response.headers)


def _opened(access: ClusterAccess, threads: int, scratch: Path | None) -> _Opened:
    found = kubeconfig.read(access)
    began = time.time()
    shown = plugins.ask(found, access.name) if found.plugin else found.credentials
    folder = Path(tempfile.mkdtemp(dir=scratch, prefix="cluster-"))
    api = client.ApiClient(_settings(found, shown, threads, folder))
    api.user_agent = "pushboat"
    return _Opened(
        api=api,
        files=found.files,
        stamp=found.stamp,
        renew_at=_renew_at(began, shown.expires_at),
        forget=weakref.finalize(api, shutil.rmtree, folder, ignore_errors=True),
    )


def _settings(found: Kubeconfig, shown: Credentials, threads: int, folder: Path) -> client.Configuration:
    settings = client.Configuration()
    settings.host = found.server.address
    settings.verify_ssl = found.server.verify
    settings.tls_server_name = found.server.tls_name or None
    settings.proxy = found.server.proxy or settings.proxy
    files = {"ssl_ca_cert": found.server.authority, "cert_file": shown.certificate, "key_file": shown.key}
    for name, pem in files.items():  # urllib3 takes them by their paths only
        if pem:
            file = folder / name
            file.touch(mode=0o600)
            file.write_bytes(pem)
            setattr(settings, name, str(file))
    if shown.authorization:
        settings.api_key["BearerToken"] = shown.authorization
    settings.connection_pool_maxsize = threads
    # A connection that was closed while idle is worth one more try; an answer, whatever it says, is ours to judge.
    settings.retries = urllib3.Retry(
        total=2, redirect=False, status=0, backoff_factor=0.1, respect_retry_after_header=False
    )
    return settings


def _renew_at(began: float, expires_at: float | None) -> float:
    if expires_at is None:
        return float("inf")
    lasts = max(0.0, expires_at - began)
    return expires_at - min(RENEW_BEFORE_SECONDS, lasts / 10)


def _why(error: Exception) -> str:
    reason = getattr(error, "reason", None) or error
    return " ".join(str(reason).split())[:200]
