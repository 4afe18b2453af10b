"""Puts letters into the outbox, inside the transaction that makes true what they say."""

import json
from collections.abc import Iterable, Sequence

import sqlalchemy as sa

from pushboat.events import Event
from pushboat.model.ask import Ask
from pushboat.model.deployment import Deployment
from pushboat.model.forge_letters import RenderLetter
from pushboat.model.letter import Letter, ReactionLetter, StatusLetter, kind_of
from pushboat.model.notice import EVERYBODY, AddressedLetter, NoticeLetter
from pushboat.model.state import State
from pushboat.model.status import Status
from pushboat.store.database.schema import outbox
from pushboat.store.database.texts import cleaned
from pushboat.store.database.transaction import Transaction
from pushboat.store.database.unheld import unheld
from pushboat.store.turns import is_free

_PUT = sa.text(
    "INSERT INTO outbox (stream, forge, repository, kind, payload, created_at, ends) "
    "VALUES (:stream, :forge, :repository, :kind, :payload, :now, :ends)"
)
_OUTDATED = unheld(
    "UPDATE outbox SET sent_at = :now, outcome = 'collapsed', lease_owner = '', lease_until = 0",
    "outbox",
    "id",
    f"stream = :stream AND sent_at IS NULL AND {is_free('outbox')}",
)


def put(tx: Transaction, repository: str, letter: Letter) -> None:
    """Put a letter of any kind into the outbox, behind those of its stream."""
    put_all(tx, repository, (letter,))


def put_all(tx: Transaction, repository: str, letters: Iterable[Letter]) -> None:
    """Put letters into the outbox, in their order."""
    tx.change_each(_PUT, [_row(repository, letter, tx.now) for letter in letters])


def _row(repository: str, letter: Letter, now: float) -> dict[str, object]:
    kind = kind_of(letter)
    forge, _, path = repository.partition("/")
    return {
        "stream": kind.stream(repository, letter),
        "forge": forge,
        "repository": path,
        "kind": kind.name,
        # Cleaned before it becomes JSON, which would write down as \u0000 and \ud800 what no forge can be sent.
        "payload": json.dumps(cleaned(kind.write(letter)), ensure_ascii=False),
        "now": now,
        "ends": kind.ends(letter),
    }


def publish(tx: Transaction, deployment: Deployment, to: str) -> None:
    """Let what was brought be committed to a repository, if to any; nothing waits for that."""
    lane = deployment.lane
    if to:
        put(tx, to, RenderLetter(source=lane.repository, environment=lane.environment, deployment=deployment.id))


def put_notices(tx: Transaction, letters: Iterable[NoticeLetter | AddressedLetter]) -> None:
    """Put notices into the outbox, where they lie for everybody, or for one receiver."""
    tx.change_each(_PUT, [{**_row(each.notice.repository, each, tx.now), **_place(each)} for each in letters])


def _place(letter: NoticeLetter | AddressedLetter) -> dict[str, object]:
    receiver = letter.receiver if isinstance(letter, AddressedLetter) else ""
    return {"forge": f"{EVERYBODY}{receiver}", "repository": letter.notice.repository}


def repeat(tx: Transaction, repository: str, sha: str, context: str) -> int:
    """Say once more what a commit was told last under a context, or under all: what stands below it may be news.

    Gives the number of letters that makes; those of long ago are not kept.
    """
    letter = StatusLetter(sha=sha, status=Status(context=context, state=State.QUEUED, description="", path=""))
    kind = kind_of(letter)
    stream = kind.stream(repository, letter)
    rows = list(tx.rows(_newest_of(outbox.c.stream == stream if context else _begins_with(tx, stream), kind.name)))
    for row in rows:
        put(tx, repository, kind.read(json.loads(row["payload"])))
    return len(rows)


def is_newest(tx: Transaction, repository: str, letter: Letter) -> bool:
    """Say whether this very letter is the newest of its stream, posted or not."""
    row = _row(repository, letter, tx.now)
    said = tx.row(_newest_of(outbox.c.stream == row["stream"], str(row["kind"])))
    return said is not None and said["payload"] == row["payload"]


def _newest_of(streams: sa.ColumnElement[bool], kind: str) -> sa.Select[tuple[str]]:
    """Choose the newest letter of each of these streams, posted or not."""
    newest = sa.select(sa.func.max(outbox.c.id)).where(streams, outbox.c.kind == kind).group_by(outbox.c.stream)
    return sa.select(outbox.c.payload).where(outbox.c.id.in_(newest)).order_by(outbox.c.id)


def _begins_with(tx: Transaction, stream: str) -> sa.ColumnElement[bool]:
    """Choose the streams whose name goes on after a space, as each database can answer it by the index.

    SQLite has none for LIKE. Postgres orders spaces by its own language, unless asked for a pattern.
    """
    if tx.postgres:
        return outbox.c.stream.startswith(stream, autoescape=True)
    return sa.and_(outbox.c.stream >= stream, outbox.c.stream < f"{stream.removesuffix(' ')}!")


def put_newest(tx: Transaction, repository: str, letter: Letter) -> None:
    """Put a letter into the outbox in place of those of its stream that nobody is posting yet."""
    stream = kind_of(letter).stream(repository, letter)
    tx.change(_OUTDATED[tx.postgres], stream=stream, now=tx.now, far=tx.far)
    put(tx, repository, letter)


def react(tx: Transaction, forge: str, event: Event, asked: Sequence[Ask]) -> None:
    """Show whoever wrote a command that it was read, before anybody decides about it; talk is not reacted to."""
    if asked and event.comment_on == "pull_request" and event.number and event.comment_id:
        put(tx, f"{forge}/{event.repository}", ReactionLetter(number=event.number, comment=event.comment_id))
