"""What a registry has of one repository: digests of tags, manifests, small contents, and what refers to an image.

Manifests and contents count only as their digest has them. The API is that of the distribution specification:
https://github.com/opencontainers/distribution-spec/blob/main/spec.md
"""

import hashlib
import json
import re
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlsplit

from pushboat.config.registries import DOCKER_HUB
from pushboat.config.sources import Source
from pushboat.config.urls import is_loopback
from workers.registries.asking import Astray, Question, Reply, Silent, ask

TIMEOUT, PATIENCE = 10.0, 60.0
"""Seconds for one answer, and for all about one image."""
LARGEST_MANIFEST = 4 << 20
LARGEST_CONTENT = 16 << 20
"""Bytes; a scanner's report of a large image has some megabytes."""
MOST_REFERRERS = 50
_DOCKER_HUBS_HOST = "registry-1.docker.io"
_MANIFESTS = ", ".join(
    (
        "application/vnd.oci.image.index.v1+json",
        "application/vnd.oci.image.manifest.v1+json",
        "application/vnd.docker.distribution.manifest.list.v2+json",
        "application/vnd.docker.distribution.manifest.v2+json",
    )
)
_DIGEST = re.compile(r"sha256:[a-f0-9]{64}|sha512:[a-f0-9]{128}")
_NAMED = re.compile(rf"{_DIGEST.pattern}|[A-Za-z0-9_][A-Za-z0-9_.-]{{0,127}}")


class NotThere(Exception):
    """The registry has nothing under this name."""


class Unwelcome(Exception):
    """The registry wants another login, or sends us where nobody is asked: our operator must act. Says which."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Repository:
    """A repository of a registry, the operator's entry that allows to ask there, and until when (monotonic seconds)."""

    host: str
    path: str
    source: Source
    deadline: float

    @property
    def root(self) -> str:
        """Give the registry's own address; one on this machine speaks no TLS."""
        loopback = is_loopback(urlsplit(f"//{self.host}").hostname or "")
        return f"{'http' if loopback else 'https'}://{_DOCKER_HUBS_HOST if self.host == DOCKER_HUB else self.host}"

    def at(self, what: str) -> str:
        """Give the address of something of it."""
        return f"{self.root}/v2/{self.path}/{what}"


def opened(host: str, path: str, source: Source) -> Repository:
    """Begin to ask a registry about one repository; it has its time for all that it is asked."""
    return Repository(host=host, path=path, source=source, deadline=time.monotonic() + PATIENCE)


def digest_of(repository: Repository, tag: str) -> str:
    """Give the digest that a tag stands for now; of an image for several platforms that of its index.

    Raises:
        NotThere, Silent, Unwelcome: as their names say.
    """
    where = repository.at(f"manifests/{tag}")
    told = answered(where, repository, Question(accept=_MANIFESTS, method="HEAD"))
    if _DIGEST.fullmatch(told.digest):
        return told.digest
    return _named(_read(where, repository, LARGEST_MANIFEST))


def manifest(repository: Repository, named: str) -> Mapping[str, Any]:
    """Give a manifest by its tag or digest.

    Raises:
        NotThere, Silent, Unwelcome: as their names say; what is no manifest counts as no answer.
    """
    if not _NAMED.fullmatch(named):  # a name with '..' in it is another question to the same host, with our login
        raise NotThere
    content = _read(repository.at(f"manifests/{named}"), repository, LARGEST_MANIFEST)
    if ":" in named:
        _demand(content, named, repository)
    return mapping(content)


def blob(repository: Repository, digest: str) -> bytes:
    """Give a content by its digest.

    Raises:
        NotThere, Silent, Unwelcome: as their names say; other content counts as no answer.
    """
    if not _DIGEST.fullmatch(digest):
        raise NotThere
    content = _read(repository.at(f"blobs/{digest}"), repository, LARGEST_CONTENT)
    _demand(content, digest, repository)
    return content


def referrers(repository: Repository, digest: str) -> tuple[Mapping[str, Any], ...]:
    """Describe what refers to an image; a registry that does not know who does keeps a list under a tag.

    Raises:
        Silent, Unwelcome: as their names say.
    """
    try:
        found = mapping(_read(repository.at(f"referrers/{digest}"), repository, LARGEST_MANIFEST))
    except NotThere:
        found = {}
    if not isinstance(found.get("manifests"), list):  # ghcr.io sends whoever asks to a page for people
        try:
            found = manifest(repository, digest.replace(":", "-"))
        except NotThere:
            return ()
    return tuple(mappings(found.get("manifests")))[:MOST_REFERRERS]


def mapping(content: bytes | str) -> Mapping[str, Any]:
    """Read an object of JSON; an empty one for what is none."""
    try:
        found = json.loads(content)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def mappings(found: Any) -> Iterator[Mapping[str, Any]]:
    """Pick the objects of a list of JSON."""
    return (each for each in found if isinstance(each, dict)) if isinstance(found, list) else iter(())


def answered(url: str, repository: Repository, question: Question) -> Reply:
    """Ask an address of a registry for what must be there, while the registry has time.

    Raises:
        NotThere, Silent, Unwelcome: as their names say.
    """
    left = repository.deadline - time.monotonic()
    if left <= 0:
        raise Silent(f"{repository.host} takes longer than {PATIENCE:.0f} s for one image")
    try:
        reply = ask(url, repository.source, replace(question, timeout=min(TIMEOUT, left)))
    except Astray as astray:
        raise Unwelcome(str(astray)) from astray
    if reply.status in (401, 403):
        raise Unwelcome(f"{reply.shown} wants another login: correct the one beside its entry in `registries`")
    if reply.status in (404, 410):
        raise NotThere
    if reply.status != 200:
        raise Silent(f"{reply.shown} answers {reply.status}")
    return reply


def _read(url: str, repository: Repository, most: int) -> bytes:
    reply = answered(url, repository, Question(accept=f"{_MANIFESTS}, */*", most=most + 1))
    if len(reply.body) > most:
        raise Silent(f"{reply.shown} is larger than {most >> 20} MiB")
    return reply.body


def _demand(content: bytes, digest: str, repository: Repository) -> None:
    if _named(content, digest.partition(":")[0]) != digest:
        raise Silent(f"{repository.host} gives other content than {digest[:19]}…")


def _named(content: bytes, algorithm: str = "sha256") -> str:
    return f"{algorithm}:{hashlib.new(algorithm, content).hexdigest()}"
