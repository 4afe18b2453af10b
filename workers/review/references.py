"""An image's name as the cluster's nodes read it: registry, repository, tag and digest.

As containerd and Docker do (https://github.com/distribution/reference): no registry means Docker Hub, no namespace
there `library`, neither tag nor digest `latest`; a digest beside a tag is what counts.
"""

import re
from dataclasses import dataclass

from pushboat.config.registries import DOCKER_HUB, OCI
from pushboat.model.wording import printable

LONGEST_NAME = 255
"""Characters of registry and repository."""
LATEST = "latest"
_LABEL = r"(?:[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9])"
_HOST = re.compile(rf"(?:{_LABEL}(?:\.{_LABEL})*|\[[a-fA-F0-9:]+\])(?::[0-9]{{1,5}})?")
_PART = r"[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*"
_PATH = re.compile(rf"{_PART}(?:/{_PART})*")
_TAG = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}")
_HEXADECIMAL = {"sha256": 64, "sha384": 96, "sha512": 128}
_DIGEST = re.compile(r"([a-z0-9]+):([a-f0-9]+)")
_ONLY_DIGITS = re.compile(r"[a-f0-9]{64}")


class NoReference(ValueError):
    """A text names no image; says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """An image: where it lies, and by which tag or digest; `tag` is empty where a digest alone is written."""

    host: str
    path: str
    tag: str = ""
    digest: str = ""

    @property
    def name(self) -> str:
        """Give registry and repository."""
        return f"{self.host}/{self.path}"

    @property
    def address(self) -> str:
        """Give them in the form in which the operator's addresses are compared."""
        return f"{OCI}{self.host.lower()}/{self.path}"

    def __str__(self) -> str:
        """Write it whole, with what is left out of short names."""
        return self.name + (f":{self.tag}" if self.tag else "") + (f"@{self.digest}" if self.digest else "")


def reference(text: str) -> Reference:
    """Read an image's name.

    Raises:
        NoReference: no node could pull that; says why.
    """
    if _ONLY_DIGITS.fullmatch(text):
        raise NoReference("is the digits of a digest alone: write its registry and repository too")
    rest, at, digest = text.partition("@")
    name, tag = rest, ""
    if ":" in rest.rpartition("/")[2]:
        name, _, tag = rest.rpartition(":")
        if not _TAG.fullmatch(tag):
            raise NoReference(f"has the tag {printable(tag, 40) or chr(34) * 2}, which is none")
    if at:
        _demand_digest(digest)
    host, path = _apart(name)
    if path != path.lower():
        raise NoReference("has upper-case letters in its repository, where only lower-case ones may be")
    if not _HOST.fullmatch(host) or not _PATH.fullmatch(path):
        raise NoReference("is no image's name: registry/repository:tag or registry/repository@sha256:…")
    if len(host) + 1 + len(path) > LONGEST_NAME:
        raise NoReference(f"is longer than {LONGEST_NAME} characters")
    return Reference(host=host, path=path, tag=tag or ("" if at else LATEST), digest=digest)


def _apart(name: str) -> tuple[str, str]:
    """Tell the registry from the repository: a first part with a dot, a colon or a capital, or localhost, is one."""
    first, slash, rest = name.partition("/")
    if not slash or not ("." in first or ":" in first or first == "localhost" or first != first.lower()):
        host, path = DOCKER_HUB, name
    else:
        host, path = (DOCKER_HUB if first == f"index.{DOCKER_HUB}" else first), rest
    return host, f"library/{path}" if host == DOCKER_HUB and "/" not in path else path


def _demand_digest(text: str) -> None:
    found = _DIGEST.fullmatch(text)
    if found is None or _HEXADECIMAL.get(found[1]) != len(found[2]):
        raise NoReference("has a digest that is none: sha256: and 64 hexadecimal digits")
