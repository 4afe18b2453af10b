"""Who may see pages and API, and which proxies' forwarded addresses count, as the operator says.

Where only this machine can reach them they are open. Elsewhere they are hidden until the operator says how they are
shown, because they tell what runs where.
"""

import ipaddress
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import AfterValidator, Discriminator, Tag

from pushboat.config.schema import URL_TAG, VARIABLE_TAG, Section, word_or_section
from pushboat.config.secret import SecretSource
from pushboat.config.urls import is_loopback

Network = ipaddress.IPv4Network | ipaddress.IPv6Network


class Access(StrEnum):
    """To whom pages and API are shown: everybody, who knows the password, nobody."""

    OPEN = "open"
    PASSWORD = "password"  # noqa: S105 - no password
    HIDDEN = "hidden"


@dataclass(frozen=True, slots=True, kw_only=True)
class Pages:
    """How pages and API are shown; the password stands here where one is needed.

    `private` says that only this machine can reach them.
    """

    access: Access = Access.HIDDEN
    private: bool = False
    password: str = field(default="", repr=False)

    @property
    def with_logs(self) -> bool:
        """Say whether they show what containers said: not because of `open`, which is a word on what runs where."""
        return self.access is Access.PASSWORD or (self.access is Access.OPEN and self.private)


class PagesSection(Section):
    """`pages` with a password: HTTP Basic, with any user name."""

    password: SecretSource


def _only_open(written: str) -> str:
    if written != Access.OPEN:
        raise ValueError("must be open, or {password: {file: PATH}}")
    return written


PagesSetting = Annotated[
    Annotated[str, AfterValidator(_only_open), Tag(URL_TAG)] | Annotated[PagesSection, Tag(VARIABLE_TAG)],
    Discriminator(word_or_section),
]


def shown(setting: str | PagesSection | None, listened_on: str, public_url: str) -> Pages:
    """Decide how pages are shown, from what the operator says, the host that is listened on and the public address."""
    if isinstance(setting, PagesSection):
        return Pages(access=Access.PASSWORD, password=setting.password.value)
    private = is_loopback(listened_on) and is_loopback(urlsplit(public_url).hostname or "")
    return Pages(access=Access.OPEN if setting or private else Access.HIDDEN, private=private)


def _network(written: str) -> str:
    try:
        ipaddress.ip_network(written)
    except ValueError:
        raise ValueError("must be addresses or networks, such as 10.0.0.0/8 or 192.0.2.7") from None
    return written


TrustedProxy = Annotated[str, AfterValidator(_network)]


def networks(written: list[str]) -> tuple[Network, ...]:
    """Read addresses and networks; one address is a network of one."""
    return tuple(ipaddress.ip_network(one) for one in written)
