"""A letter is whatever leaves for a forge, or for who listens elsewhere: a kind and its payload. See the table below.

A new kind is its data, one row of the table, and one function in `posting.py` of each forge that can show it. Stored
letters outlive the version that wrote them: what a payload lacks has a default, what it has too much is ignored.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields, is_dataclass
from typing import Any, Generic, TypeVar

from pushboat import later_words
from pushboat.model import forge_letters, notice
from pushboat.model.check_run import Output
from pushboat.model.forge_letters import DeploymentLetter, RenderLetter, ReviewLetter
from pushboat.model.notice import AddressedLetter, NoticeLetter
from pushboat.model.state import State
from pushboat.model.status import Status

Payload = Mapping[str, Any]

STICKY_MARKER = "pushboat-sticky-"
"""What every sticky comment's marker begins with."""
ROOM_FOR_MARKS = 200
"""Bytes of a sticky comment that its body leaves to the hidden lines below it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusLetter:
    """A status beside a commit.

    `output` is not written down: it is read of what the status is about when the letter is posted to a forge that shows
    it. `again`: how often it was read back, not found, and said anew.
    """

    sha: str
    status: Status
    output: Output = field(default_factory=Output)
    again: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplyLetter:
    """A comment in a pull request's conversation; one with the hidden marker of an earlier one takes its place.

    `path` is the page below the public URL that tells more (empty: none). With a `sha` it stands below that commit, and
    is said once.
    """

    number: int
    body: str
    marker: str
    path: str = ""
    sha: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReactionLetter:
    """Eyes on the comment that commands: it was read. `number` is the pull request's, `comment` the forge's own."""

    number: int
    comment: int


@dataclass(frozen=True, slots=True, kw_only=True)
class StickyLetter:
    """The one comment in a pull request's conversation that says how things stand, and is edited ever after.

    `edition` only grows: what a poster brings late that was frozen takes the place of nothing newer.
    """

    number: int
    body: str
    marker: str
    edition: int = 0


ForgeLetter = (
    StatusLetter | ReplyLetter | ReactionLetter | StickyLetter | DeploymentLetter | ReviewLetter | RenderLetter
)
Letter = ForgeLetter | NoticeLetter | AddressedLetter
L = TypeVar("L")


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterKind(Generic[L]):
    """One kind of letter: how it is written down and read again.

    `stream` names the letters that must arrive in their order, given the repository. `newest_suffices`: where a stream
    had to wait for long, the letters before its last one may be left out; its streams hold no other kind.
    `may_be_forbidden`: a token that may not post it is none that must be mended, and no other letter says less for it.
    `ends`: what it says is final, so that it goes first after an outage, and is read back after it went.
    `replaced_by`: whether a newer one of its stream has taken its place, so that it is not to be sent any more.
    """

    name: str
    data: type[L]
    stream: Callable[[str, L], str]
    write: Callable[[L], Payload]
    read: Callable[[Payload], L]
    newest_suffices: bool = False
    may_be_forbidden: bool = False
    ends: Callable[[L], bool] = lambda _letter: False
    replaced_by: Callable[[L, L], bool] = lambda _older, _newer: True


def read(kind: str, payload: Payload) -> Letter:
    """Read a letter as it was written down.

    Raises:
        KeyError, TypeError, ValueError: something is missing, or is what no version writes there.
    """
    letter: Letter = KINDS[kind].read(payload)
    _demand_types(letter)
    return letter


def _demand_types(said: Any) -> None:
    for each in fields(said):
        value = getattr(said, each.name)
        if is_dataclass(value):
            _demand_types(value)
        elif each.type in (str, int, bool, float) and type(value) is not each.type:
            raise TypeError(f"{each.name} of a letter must not be {type(value).__name__}")


def kind_of(letter: Letter) -> LetterKind[Any]:
    """Give the row of the table that a letter belongs to."""
    return next(kind for kind in KINDS.values() if kind.data is type(letter))


def _written_status(letter: StatusLetter) -> Payload:
    status = letter.status
    said: Payload = {
        "sha": letter.sha,
        "context": status.context,
        "state": status.state.value,
        "description": status.description,
        "path": status.path,
        "ref": status.ref,
    }
    return {**said, "again": letter.again} if letter.again else said


def _read_status(payload: Payload) -> StatusLetter:
    status = Status(
        context=payload["context"],
        state=later_words.demand(State, payload["state"]),
        description=payload.get("description", ""),
        path=payload.get("path", ""),
        ref=payload.get("ref", ""),
    )
    return StatusLetter(sha=payload["sha"], status=status, again=payload.get("again", 0))


def _written_reply(letter: ReplyLetter) -> Payload:
    said = {"number": letter.number, "body": letter.body, "marker": letter.marker, "path": letter.path}
    return {**said, "sha": letter.sha} if letter.sha else said


def _read_reply(payload: Payload) -> ReplyLetter:
    number, body, marker = payload["number"], payload["body"], payload["marker"]
    path, sha = payload.get("path", ""), payload.get("sha", "")
    return ReplyLetter(number=number, body=body, marker=marker, path=path, sha=sha)


def _written_sticky(letter: StickyLetter) -> Payload:
    return {"number": letter.number, "body": letter.body, "marker": letter.marker, "edition": letter.edition}


def _read_sticky(payload: Payload) -> StickyLetter:
    number, body, marker = payload["number"], payload["body"], payload["marker"]
    return StickyLetter(number=number, body=body, marker=marker, edition=payload.get("edition", 0))


_ROWS: tuple[LetterKind[Any], ...] = (
    LetterKind(
        name="status",
        data=StatusLetter,
        stream=lambda repository, letter: f"status {repository} {letter.sha} {letter.status.context}",
        write=_written_status,
        read=_read_status,
        newest_suffices=True,
        ends=lambda letter: letter.status.state.ended,
    ),
    LetterKind(
        name="reply",
        data=ReplyLetter,
        stream=lambda repository, letter: f"comment {repository} {letter.sha or letter.number}",
        write=_written_reply,
        read=_read_reply,
        replaced_by=lambda older, newer: older.marker == newer.marker,
    ),
    LetterKind(
        name="reaction",
        data=ReactionLetter,
        # On its own: it is there to be quick, and waits for no answer of a command before it.
        stream=lambda repository, letter: f"reaction {repository} {letter.comment}",
        write=lambda letter: {"number": letter.number, "comment": letter.comment},
        read=lambda payload: ReactionLetter(number=payload["number"], comment=payload["comment"]),
        replaced_by=lambda _older, _newer: False,
    ),
    LetterKind(
        name="sticky",
        data=StickyLetter,
        stream=lambda repository, letter: f"sticky {repository} {letter.number}",
        write=_written_sticky,
        read=_read_sticky,
        newest_suffices=True,
    ),
    LetterKind(
        name="deployment",
        data=DeploymentLetter,
        # All of an environment in one order: whichever arrives last as good is what the forge says runs there.
        stream=lambda repository, letter: f"deployment {repository} {letter.environment}",
        write=forge_letters.written_deployment,
        read=forge_letters.read_deployment,
        may_be_forbidden=True,
    ),
    LetterKind(
        name="review",
        data=ReviewLetter,
        stream=lambda repository, letter: f"review {repository} {letter.run} {letter.environment}",
        write=forge_letters.written_review,
        read=forge_letters.read_review,
    ),
    LetterKind(
        name="render",
        data=RenderLetter,
        stream=lambda repository, letter: f"render {repository} {letter.source} {letter.environment}",
        write=forge_letters.written_render,
        read=forge_letters.read_render,
    ),
    LetterKind(
        name="notice",
        data=NoticeLetter,
        stream=lambda repository, letter: notice.stream_in(repository, letter),
        write=notice.written_notice,
        read=notice.read_notice,
    ),
    LetterKind(
        name="addressed notice",
        data=AddressedLetter,
        # All that one receiver hears is in one order: red never comes after the green that followed it.
        stream=lambda _repository, letter: notice.stream_of(letter.receiver),
        write=notice.written_addressed,
        read=notice.read_addressed,
    ),
)
KINDS: Mapping[str, LetterKind[Any]] = {row.name: row for row in _ROWS}
