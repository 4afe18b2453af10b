"""The line to one API server: opened when first needed, and anew when its files change, its token ends, or it says 401.

Nobody restarts Pushboat for a new token. Opening may run a program (a credential plugin), so it happens under this
line's own lock; who finds the line open never waits for that lock. Who has to wait, for the program or for the lock,
steps aside before. An old client is closed after its last request.
"""

import logging
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import urllib3
from kubernetes.client.exceptions import ApiException

from pushboat.config.operator import ClusterAccess
from pushboat.errors import ClusterRefused, ClusterUnavailable
from pushboat.pauses import read_pause
from workers.cluster.client import kubeconfig
from workers.cluster.client.opening import LOOK_EVERY_SECONDS, Opened, open_client
from workers.cluster.client.refusals import UNAUTHORIZED
from workers.cluster.client.silence import why
from workers.cluster.client.streams import Stream
from workers.cluster.client.throttle import Throttle

CONNECT_SECONDS, READ_SECONDS = 5, 60
AFTER_FAILURE_SECONDS = 10.0
"""Until a renewal that failed is tried again, as long as what we have still works."""

logger = logging.getLogger(__name__)

Aside = Callable[[], None]
"""Leaves to others what they might wait for; called by any thread, and before each wait for credentials."""


def nothing_to_leave() -> None:
    """Step aside where nobody is in the way."""


def nothing_to_ask() -> None:
    """Send without a question before."""


@dataclass(frozen=True, slots=True)
class Reply:
    """What came back, unjudged."""

    status: int
    content: bytes
    headers: Mapping[str, str]


class Line:
    """One API server's client, safe to share between threads and identities."""

    def __init__(self, access: ClusterAccess, threads: int, scratch: Path | None = None) -> None:
        self._access = access
        self._threads = threads
        self._scratch = scratch
        self._throttle = Throttle(access.name, threads)
        self._opened: Opened | None = None
        self._opening = threading.Lock()
        self._counting = threading.Lock()
        self._failure: tuple[float, ClusterRefused | ClusterUnavailable] | None = None

    def send(
        self,
        method: str,
        path: str,
        query: Mapping[str, str],
        headers: Mapping[str, str],
        body: Any = None,
        aside: Aside = nothing_to_leave,
        before: Callable[[], None] = nothing_to_ask,
    ) -> Reply:
        """Send one request; where the server does not accept who we are, find out anew who that is and send it again.

        `before` is called when nothing is left to wait for.

        Raises:
            ClusterUnavailable: nothing came back, or the credentials could not be had.
            ClusterRefused: our operator must mend how the cluster is reached.
        """
        with self._using(None, aside) as opened:
            reply = self._send(opened, method, path, query, headers, body, before)
        if reply.status != UNAUTHORIZED or not self._may_differ(opened):
            return reply
        with self._using(opened, aside) as another:
            return self._send(another, method, path, query, headers, body, before)

    @contextmanager
    def stream(
        self, path: str, query: Mapping[str, str], headers: Mapping[str, str], aside: Aside = nothing_to_leave
    ) -> Iterator[Stream]:
        """Ask for an answer that goes on; who we are is found out anew as for any other request.

        Raises:
            ClusterUnavailable, ClusterRefused: as `send`.
        """
        self._throttle.pass_by()
        with self._using(None, aside) as opened:
            stream = Stream(self._asked(opened, "GET", path, query, headers), self._access.name)
            self._throttle.hear(stream.status, read_pause(stream.headers.get("Retry-After", "")))
            try:
                if stream.status != UNAUTHORIZED or not self._may_differ(opened):
                    yield stream
                    return
            finally:
                stream.close()
        with self._using(opened, aside) as another:
            stream = Stream(self._asked(another, "GET", path, query, headers), self._access.name)
            try:
                yield stream
            finally:
                stream.close()

    def close(self) -> None:
        """Close its connections, once nobody uses them."""
        self._replace(None)

    @contextmanager
    def _using(self, refused: Opened | None, aside: Aside) -> Iterator[Opened]:
        """Hold a client, another one than `refused`."""
        came = time.monotonic()
        if self._opened is refused:
            aside()
            with self._opening:
                if self._opened is refused:
                    self._open(came)
        elif self._opened and time.monotonic() >= self._opened.look_at and self._opening.acquire(blocking=False):
            try:
                self._look(self._opened, aside)
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
            new = open_client(self._access, self._threads, self._scratch)
            new.for_refusal = self._opened is not None
            self._replace(new)
        except (ClusterRefused, ClusterUnavailable) as failure:
            self._failure = (time.monotonic(), failure)
            raise

    def _look(self, opened: Opened, aside: Aside) -> None:
        """Renew what is outdated; where that fails, what still works goes on working."""
        opened.look_at = time.monotonic() + LOOK_EVERY_SECONDS
        if opened is not self._opened or not opened.is_outdated:
            return
        try:
            aside()
            self._replace(open_client(self._access, self._threads, self._scratch))
        except (ClusterRefused, ClusterUnavailable) as failure:
            opened.look_at = time.monotonic() + AFTER_FAILURE_SECONDS
            logger.warning("the old credentials are kept: %s", failure.summary)

    def _may_differ(self, refused: Opened) -> bool:
        """Say whether opening anew may help: not where a refusal has led to just that a moment ago."""
        return (
            self._opened is not refused
            or not refused.for_refusal
            or time.monotonic() - refused.made_at > AFTER_FAILURE_SECONDS
            or kubeconfig.stamp(refused.files) != refused.stamp
        )

    def _replace(self, new: Opened | None) -> None:
        with self._counting:
            old, self._opened = self._opened, new
            if old:
                old.retired = True
                if not old.users:
                    old.close()

    def _send(
        self,
        opened: Opened,
        method: str,
        path: str,
        query: Mapping[str, str],
        headers: Mapping[str, str],
        body: Any,
        before: Callable[[], None],
    ) -> Reply:
        with self._throttle.passing(method, before):
            response = self._asked(opened, method, path, query, headers, body)
            try:
                reply = Reply(response.status, response.read(), response.headers)
            except (urllib3.exceptions.HTTPError, OSError) as error:
                raise self._away(error) from error
        self._throttle.hear(reply.status, read_pause(reply.headers.get("Retry-After", "")))
        return reply

    def _asked(
        self,
        opened: Opened,
        method: str,
        path: str,
        query: Mapping[str, str],
        headers: Mapping[str, str],
        body: Any = None,
    ) -> urllib3.BaseHTTPResponse:
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
        except (urllib3.exceptions.HTTPError, ApiException, OSError) as error:
            raise self._away(error) from error
        raw: urllib3.BaseHTTPResponse = response.response
        logger.debug("%s %s: %s", method, path, raw.status)
        return raw

    def _away(self, error: Exception) -> ClusterUnavailable:
        return ClusterUnavailable(f"cluster {self._access.name} does not answer{why(error)}")
