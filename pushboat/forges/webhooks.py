"""What `pushboat hook` looks after at every forge: the webhook that tells us, found by its address and kept right.

A forge never shows a webhook's secret, so that only a delivery proves it. What the forges differ in is in the module
`webhooks.py` of each; plain git has none, its hook is a file (`git/installing.py`).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol
from urllib.parse import urlsplit

from pushboat.config.secret import Secret
from pushboat.config.urls import is_loopback
from pushboat.errors import ForgeRefused

_PORTS = {"http": 80, "https": 443}


class NotOurs(ForgeRefused):
    """What is there belongs to others, so that a person has to decide."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """How our webhook should be; `tls` says whether the forge checks our certificate."""

    url: str
    secret: Secret
    tls: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Webhook:
    """A webhook to our address: the forge's number of it, the page where people change it, and all that it shows.

    `of` names whose it is, where it is not the repository's own; `shared` says that it is not ours to change.
    """

    number: int
    page: str
    of: str = ""
    shared: bool = False
    shown: Mapping[str, Any] = field(default_factory=dict, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """A setting that is not as it should be, in the words of the forge's page.

    `sentence` goes on after "the webhook", and `fix` says what a person would do; empty where the words suffice.
    """

    setting: str
    now: str
    wanted: str
    sentence: str = ""
    fix: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Last:
    """How the forge's last deliveries were answered, as far as it tells; `fix` says what to do where that is bad."""

    good: bool = True
    sentence: str = ""
    fix: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """What became of a test: the code of our answer, 0 where the forge got none, None where it does not tell.

    `tested` is False where the forge has no test for this webhook.
    """

    code: int | None = None
    said: str = ""
    tested: bool = True

    @property
    def good(self) -> bool:
        """Say whether we took it."""
        return self.code is not None and 200 <= self.code < 300


@dataclass(frozen=True, slots=True, kw_only=True)
class Manual:
    """What a person enters by hand: where, and the names and values of the fields; `scope` is what our token lacks."""

    page: str
    fields: Mapping[str, str]
    events: str
    scope: str


class Webhooks(Protocol):
    """The webhooks of one forge. What asks the forge raises ForgeUnavailable or ForgeRefused."""

    def found(self, repository: str, url: str) -> tuple[Webhook, ...]:
        """List those that go to our address, the repository's own first, then its group's as far as we see them."""

    def differences(self, webhook: Webhook, wanted: Wanted) -> tuple[Difference, ...]:
        """Compare what a webhook shows with what it should be; its secret is never shown."""

    def create(self, repository: str, wanted: Wanted) -> Webhook:
        """Create the repository's webhook."""

    def change(self, repository: str, webhook: Webhook, wanted: Wanted) -> Webhook:
        """Set all of a webhook, its secret too; what others chose beyond our needs stays."""

    def test(self, repository: str, webhook: Webhook) -> Trial:
        """Have the forge send something that leads to nothing."""

    def last(self, repository: str, webhook: Webhook) -> Last:
        """Say how the last deliveries were answered."""

    def manual(self, repository: str, url: str) -> Manual:
        """Say what a person would enter instead of us."""

    def required(self, repository: str) -> tuple[str, ...]:
        """List the statuses without which nothing is merged into the default branch, by their names or globs."""


def same_address(one: str, other: str) -> bool:
    """Say whether two addresses lead to the same place, however they are spelled."""
    return _address(one) == _address(other)


def reachable(url: str, scheme_and_host: str) -> bool:
    """Say whether a forge at the one address can reach the other, as far as names tell: ours may be of this machine."""
    return not _is_loopback(url) or _is_loopback(scheme_and_host)


def checks_certificates(url: str) -> bool:
    """Say whether the forge must check our certificate: always, but where there is none and nobody else on the way."""
    return not (urlsplit(url).scheme == "http" and _is_loopback(url))


def _is_loopback(url: str) -> bool:
    host = (urlsplit(url).hostname or "").rstrip(".")
    return is_loopback(host) or host.endswith(".localhost") or host in ("0.0.0.0", "::")  # noqa: S104 - compared


def _address(url: str) -> tuple[str, str, int | None, str]:
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return "", url, None, ""
    scheme = parts.scheme.lower()
    path = parts.path.rstrip("/") + (f"?{parts.query}" if parts.query else "")
    return scheme, (parts.hostname or "").rstrip("."), port or _PORTS.get(scheme), path
