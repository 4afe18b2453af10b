"""An ask: who wants what, from where. Read once, where it comes in, and kept beside the delivery that brought it.

Comments, the command line and whatever asks later all become this noun, and go through the same table of commands.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Source(StrEnum):
    """Where an ask comes from. Whoever may run the command line may write to the store, and so is the operator."""

    COMMENT = "comment"
    COMMAND = "command"
    API = "api"
    PAGE = "page"
    BUTTON = "button"
    TIMER = "timer"
    DEPLOYMENT = "deployment"
    PUSHBOAT = "pushboat"
    """Nobody asked: a push does, or something that was agreed on before. In the audit alone."""


class AskVerdict(StrEnum):
    """What became of an ask: carried out, refused by us, or never found out because somebody else did not answer."""

    DONE = "done"
    REFUSED = "refused"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """One ask. `repository` is `github/acme/shop`, `number` the pull request it stands on (0: none).

    `sha` is the commit that the asker saw or named, perhaps only its beginning, or nothing. `refusal` says why words
    that were meant for us could not be read; `puzzled` that whoever wrote them is helped by a list of commands.
    `overheard` says where the words stood that look like an ask and are none; nothing but a record follows from it.
    `id` and `at` (seconds, by the store's clock) are the store's.
    """

    word: str
    who: str
    source: Source
    repository: str
    environment: str = ""
    arguments: Mapping[str, str] = field(default_factory=dict)
    number: int = 0
    sha: str = ""
    refusal: str = ""
    puzzled: bool = False
    overheard: str = ""
    id: int = 0
    at: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What became of an ask, in a sentence for whoever asked; the audit keeps all of it.

    `deployment` does already what was asked for, where that is why nothing follows (0: none does).
    """

    verdict: AskVerdict
    reason: str
    deployment: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditEntry:
    """One verdict on an ask, written once and never changed; `reason` is the sentence that the asker was told."""

    id: int
    at: float
    who: str
    source: Source
    repository: str
    environment: str
    word: str
    verdict: AskVerdict
    reason: str
    delivery: int
    ask: int
    deployment: int | None = None
