"""`registries`: which registries are asked about images, and with which login; the operator alone says so.

An entry allows its own address and what stands below it, as in `sources`. A registry on this machine speaks plain http,
every other one https.
"""

from collections.abc import Iterable
from typing import Annotated

from pydantic import AfterValidator, Discriminator, Tag

from pushboat.config.schema import URL_TAG, VARIABLE_TAG, Section, word_or_section
from pushboat.config.secret import SecretSource
from pushboat.config.sources import Source, canonical

MOST_REGISTRIES = 200
DOCKER_HUB = "docker.io"
OCI = "oci://"
_ALSO_CALLED = ("index.docker.io", "registry-1.docker.io", "registry.hub.docker.com")


def image_address(written: str) -> str:
    """Accept where images lie, as their names begin, with or without `/*` at its end: `ghcr.io/acme/*`.

    Raises:
        ValueError: it is none; says why.
    """
    plain = written.removeprefix(OCI).removesuffix("/*")
    if "*" in plain:
        raise ValueError("may have a * only as its last part, such as registry.example.com/team/*")
    if "://" in plain:
        raise ValueError("is written as images are, without a scheme: registry.example.com/team")
    address = canonical(f"{OCI}{plain}")
    host, slash, path = address.removeprefix(OCI).partition("/")
    if "." not in host and ":" not in host and host != "localhost":
        raise ValueError(f"begins with no host: write {DOCKER_HUB}/library/{host} or registry.example.com/{host}")
    return f"{OCI}{DOCKER_HUB if host in _ALSO_CALLED else host}{slash}{path}"


class RegistryLoginSection(Section):
    """A registry that wants a login."""

    url: Annotated[str, AfterValidator(image_address)]
    username: str = ""
    password: SecretSource


WrittenRegistry = Annotated[
    Annotated[str, AfterValidator(image_address), Tag(URL_TAG)] | Annotated[RegistryLoginSection, Tag(VARIABLE_TAG)],
    Discriminator(word_or_section),
]


def registries(written: Iterable[str | RegistryLoginSection]) -> tuple[Source, ...]:
    """Make the entries."""
    return tuple(
        Source(address=each)
        if isinstance(each, str)
        else Source(address=each.url, username=each.username, password=each.password.value)
        for each in written
    )
