"""What every forge must be able to do: the one place to read before adding a forge."""

from dataclasses import dataclass
from typing import Protocol

from pushboat.config.operator import Secret
from pushboat.events import Delivery, Event
from pushboat.model.forge_rules import ForgeRules
from pushboat.model.forge_verdict import ForgeVerdict
from pushboat.model.letter import Letter, StatusLetter
from pushboat.model.pin import Opened, PinRequest
from pushboat.model.remote import Remote
from pushboat.routing import PullRequest


class Deliveries(Protocol):
    """Bytes to events: the module `deliveries.py` of a forge. No I/O, standard library only."""

    KEPT: tuple[str, ...]
    """The headers that may be stored and shown, by name: no secret and no signature is among them."""

    def verify(self, delivery: Delivery, secrets: tuple[Secret, ...]) -> None:
        """Check the signature over the raw body with any of the secrets, in constant time.

        Raises:
            BadSignature: missing, empty, non-ASCII or wrong.
        """

    def headers(self, event: str) -> dict[str, str]:
        """Give the headers by which the forge names an event; people may write the word that its body uses."""

    def identify(self, delivery: Delivery) -> str:
        """Give the id under which the forge would send this delivery again."""

    def read(self, delivery: Delivery) -> Event:
        """Turn a verified delivery into an event; what we do not follow becomes kind `other`.

        Raises:
            UnreadableDelivery: not a JSON object, or fields of the wrong type.
        """


class Signing(Protocol):
    """A delivery of our own making, signed as the forge signs: the module `signing.py` of a forge."""

    PING: bytes
    """The body of a delivery that leads to nothing."""

    def signed(self, identity: str, body: bytes, secret: Secret) -> dict[str, str]:
        """Give the headers of a ping with this body, under this id, signed with this secret."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One line of `pushboat doctor`: whether it is so, in a sentence, and the fix as a command or a step."""

    name: str
    passed: bool
    sentence: str
    fix: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Undelivered:
    """A delivery that the forge's own log says did not get through: our name for it, and the log's."""

    delivery: str
    hook: int
    number: int


class Client(Protocol):
    """The forge's API. Every method raises ForgeUnavailable (retry later) or ForgeRefused (never as it is).

    `shows_output` says that a status has room for more than a sentence. `by_owner`: each owner of repositories has a
    credential of its own here, with limits of its own. `most_statuses`: a commit takes so many of one context, 0: any.
    """

    shows_output: bool
    by_owner: bool
    most_statuses: int

    def post(self, repository: str, letter: Letter, public_url: str) -> bool:
        """Show a letter; the same one twice is not an error and seen once. False: no place for letters of its kind."""

    def shows(self, repository: str, letter: StatusLetter, public_url: str) -> bool:
        """Ask whether a status is what the forge shows of its commit and context; one question, as a rule.

        Yes as well where nobody but us could say otherwise.
        """

    def pull_request(self, repository: str, number: int) -> PullRequest:
        """Ask what a pull request's head, base and state are now."""

    def open_pull_request(self, repository: str, wanted: PinRequest) -> Opened | None:
        """Open the pull request of a branch of the repository itself, or give the open one these words; None where
        there are none."""

    def permission(self, repository: str, user: str) -> str:
        """Ask what a user may do: admin, maintain, write, triage, read or none."""

    def is_member(self, repository: str, team: str, user: str, *, level: str = "", direct: bool = False) -> bool:
        """Ask whether a user is in a team (`@org/team`, or a GitLab group) now; False where there is no such team.

        Where the forge's groups have levels and groups above them: with this level at least, and by themselves.
        """

    def account(self, repository: str) -> str:
        """Ask under whose name what we write stands; empty where there are no comments."""

    def environment_rules(self, repository: str, environment: str) -> ForgeRules:
        """Ask what the forge's own environment demands; no rules where it has none of this name.

        Raises:
            Forbidden: our token may not read them.
        """

    def signature(self, repository: str, sha: str) -> ForgeVerdict:
        """Ask what the forge says of a commit's signature, and whether it is the forge's own."""

    def contains(self, repository: str, ancestor: str, descendant: str) -> bool:
        """Ask whether the history of one commit contains another (a commit contains itself)."""

    def head(self, repository: str, ref: str) -> str:
        """Ask for the commit that a full ref points to now; empty when it is gone."""

    def remote(self, repository: str) -> Remote:
        """Say where and how git fetches the repository."""

    def renew(self, repository: str) -> bool:
        """Let go of a credential that opens the repository no more, and say whether there can be another one."""

    def name_of(self, repository: str, number: str) -> str:
        """Ask what a repository is called now, by the forge's own id of it; empty where the forge shows us none.

        A forge without ids gives the name back.
        """

    def undelivered(self, repository: str, hook_url: str, since: float) -> tuple[Undelivered, ...]:
        """List the deliveries to our hook that did not get through, oldest first; none where the forge has no log."""

    def redeliver(self, repository: str, lost: Undelivered) -> None:
        """Have the forge send one of them again."""

    def checks(self, repository: str, hook_url: str) -> tuple[Check, ...]:
        """Examine token, permissions and the repository's webhook for `pushboat doctor` and `hook doctor`."""
