"""git's smart HTTP without a program between us and git's own servers.

`git http-backend` starts three programs for each request, and a fetch makes three requests. Where one asks what the
server can do, the answer of protocol 2 depends on the repository's configuration alone, so each is asked for once.
The form of requests and answers is https://git-scm.com/docs/http-protocol.
"""

import subprocess
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path

SERVICES = ("git-upload-pack", "git-receive-pack")
_FLUSH = b"0000"
_GZIP = 16 + zlib.MAX_WBITS
_CAN: dict[tuple[str, bytes], bytes] = {}
"""What git's server says of itself, by protocol and the repository's configuration."""
_NOT_KEPT = {"Expires": "Fri, 01 Jan 1980 00:00:00 GMT", "Pragma": "no-cache", "Cache-Control": "no-cache, max-age=0"}


@dataclass(frozen=True)
class Answer:
    """What goes back to a git client."""

    content: bytes = b""
    kind: str = "text/plain"
    status: HTTPStatus = HTTPStatus.OK

    @property
    def headers(self) -> Mapping[str, str]:
        """Say what it is, and that nobody may keep it."""
        return {"Content-Type": self.kind, **_NOT_KEPT}


@dataclass(frozen=True)
class Asked:
    """What a git client wants of a repository: `rest` is the path behind its name."""

    method: str
    rest: str
    service: str = ""
    body: bytes = b""
    encoding: str = ""
    protocol: str = ""


def answer(repository: Path, asked: Asked, environment: Mapping[str, str]) -> Answer:
    """Let git's own server answer for a bare repository; who may push has a REMOTE_USER."""
    given = {**environment, "GIT_PROTOCOL": asked.protocol}
    service = asked.service if (asked.method, asked.rest) == ("GET", "info/refs") else asked.rest
    if not repository.is_dir() or service not in SERVICES or (asked.rest == service and asked.method != "POST"):
        return Answer(b"not found", status=HTTPStatus.NOT_FOUND)
    if service == "git-receive-pack" and not given.get("REMOTE_USER"):
        return Answer(b"service not enabled", status=HTTPStatus.FORBIDDEN)
    if asked.rest == service:
        body = zlib.decompress(asked.body, _GZIP) if asked.encoding in ("gzip", "x-gzip") else asked.body
        return Answer(_served(repository, (service, "--stateless-rpc"), given, body), f"application/x-{service}-result")
    return Answer(_advertised(repository, service, given), f"application/x-{service}-advertisement")


def _advertised(repository: Path, service: str, environment: Mapping[str, str]) -> bytes:
    words = (service, "--http-backend-info-refs")
    if service == "git-upload-pack" and "version=2" in environment["GIT_PROTOCOL"].split(":"):
        key = environment["GIT_PROTOCOL"], (repository / "config").read_bytes()
        if key not in _CAN:
            _CAN[key] = _served(repository, words, environment)
        return _CAN[key]
    line = f"# service={service}\n".encode()
    return b"%04x%s%s%s" % (len(line) + 4, line, _FLUSH, _served(repository, words, environment))


def _served(repository: Path, words: tuple[str, str], environment: Mapping[str, str], body: bytes = b"") -> bytes:
    program, option = words
    command = ["git", program.removeprefix("git-"), option, "."]
    done = subprocess.run(command, input=body, cwd=repository, env=environment, capture_output=True, check=False)
    return done.stdout
