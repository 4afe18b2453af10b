"""`sources`: where renders may fetch charts, bases and files from, and with which login; the operator alone says so.

An entry allows its own address and what stands below it, by whole path segments: `oci://charts.example.com/team` is not
`oci://charts.example.com/teammates`. A login is sent to the addresses that its entry allows, and to where a registry
there gives tokens for them.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import AfterValidator, Discriminator, Tag

from pushboat.config.schema import URL_TAG, VARIABLE_TAG, Section, word_or_section
from pushboat.config.secret import SecretSource
from pushboat.config.urls import is_loopback

MOST_SOURCES = 200
_HOST = re.compile(r"[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?(?::[0-9]{1,5})?|\[[0-9a-f:.]+\](?::[0-9]{1,5})?")
_SEGMENT = re.compile(r"[A-Za-z0-9_~+@.-]+")
_SCHEMES = ("oci", "https", "http")


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """An address in `canonical` form, or a repository as `<forge>/<path>`; the login is empty where none is needed."""

    address: str
    username: str = ""
    password: str = field(default="", repr=False)

    def covers(self, address: str) -> bool:
        """Say whether a canonical address is this one, or stands below it."""
        return address == self.address or address.startswith(f"{self.address}/")


def canonical(address: str) -> str:
    """Write an address in the one form in which addresses are compared: no `.git`, no `/` at its end.

    Raises:
        ValueError: it is none that anything is fetched from; says why.
    """
    if not address.isprintable() or " " in address or not address.isascii() or "\\" in address:
        raise ValueError("must be plain characters without spaces")
    scheme, _, rest = address.partition("://")
    if not rest or scheme.lower() not in _SCHEMES:
        raise ValueError("must begin with oci:// or https://")
    host, _, path = rest.partition("/")
    if "@" in host:
        raise ValueError("must not have credentials in it: write {url: …, username: …, password: {env: NAME}}")
    if not _is_host(host.lower()):
        raise ValueError("has no host: write it as https://host/…")
    if scheme.lower() == "http" and not is_loopback(urlsplit(f"http://{host}").hostname or ""):
        raise ValueError("is plain http, where anybody on the way decides what is deployed: use https")
    segments = [each for each in path.removesuffix("/").split("/") if path]
    if any(not _SEGMENT.fullmatch(each) or each in (".", "..") for each in segments):
        raise ValueError("has a path that is none: plain segments between single slashes, no '..', no '?'")
    if segments and scheme.lower() != "oci":
        segments[-1] = segments[-1].removesuffix(".git") or segments[-1]
    return f"{scheme.lower()}://{'/'.join((host.lower(), *segments))}"


def _is_host(written: str) -> bool:
    try:
        return bool(_HOST.fullmatch(written)) and urlsplit(f"//{written}").port != 0
    except ValueError:
        return False


def allowing(address: str, sources: Iterable[Source]) -> Source | None:
    """Find the entry that allows a canonical address or a repository: the longest, whose login is the nearest."""
    return max((each for each in sources if each.covers(address)), key=lambda each: len(each.address), default=None)


def _address(written: str) -> str:
    """Accept `oci://host/path`, `https://host/path`, either with `/*` at its end, or `<forge>/<owner>/<name>`."""
    plain = written.removesuffix("/*")
    if "*" in plain:
        raise ValueError("may have a * only as its last part, such as oci://charts.example.com/*")
    if "://" in plain:
        return canonical(plain)
    segments = plain.removesuffix(".git").split("/")
    if len(segments) < 3 or any(not _SEGMENT.fullmatch(each) or each in (".", "..") for each in segments):
        raise ValueError(
            "lists addresses such as oci://charts.example.com/*, https://charts.example.com/stable or, "
            "for a repository of one of your forges, github/acme/base"
        )
    return "/".join(segments)


class LoginSection(Section):
    """A source that wants a login."""

    url: Annotated[str, AfterValidator(_address)]
    username: str = ""
    password: SecretSource


WrittenSource = Annotated[
    Annotated[str, AfterValidator(_address), Tag(URL_TAG)] | Annotated[LoginSection, Tag(VARIABLE_TAG)],
    Discriminator(word_or_section),
]


def sources(written: Iterable[str | LoginSection]) -> tuple[Source, ...]:
    """Make the entries."""
    return tuple(
        Source(address=each)
        if isinstance(each, str)
        else Source(address=each.url, username=each.username, password=each.password.value)
        for each in written
    )
