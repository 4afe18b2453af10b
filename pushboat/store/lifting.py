"""Ends any hold by its number, whatever kind it is of and wherever it stands: the operator's way, at the terminal.

Also where nobody else can any more: its environment has left the file, its person is gone. So no router decides it.
It is kept as a delivery of its own with its ask and its audit, like whatever else is asked for at the terminal.
"""

import uuid
from dataclasses import dataclass

from pushboat.errors import Outrun
from pushboat.events import Event, EventKind
from pushboat.model.ask import Ask, AskVerdict, Source
from pushboat.model.hold import Hold
from pushboat.routing import Answer
from pushboat.routing.holds import LOCK, locks, moving_up, sentence
from pushboat.store import audit, deliveries
from pushboat.store.database.engine import Store
from pushboat.store.database.transaction import Transaction
from pushboat.store.holds import lift_in, lock, put_in
from pushboat.store.waiting import holds_in

WORD = "holds"


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """The hold that was ended, how many waited for it, and the delivery that says so."""

    hold: Hold
    waited: int
    delivery: int


def end(store: Store, number: int, who: str) -> Ended | None:
    """End a hold, and let whoever is in line behind a lock move up; None where there is no such hold any more.

    Raises:
        Outrun: somebody put another one in its place at this moment.
    """
    with store.writing() as tx:
        hold = _found(tx, number)
        if hold is None:
            return None
        lock(tx, hold.scope)  # from here on nobody gets into its line
        line = locks(holds_in(tx), hold.scope, tx.now) if hold.kind == LOCK else []
        lifted = lift_in(tx, hold.kind, hold.scope, hold.subject)
        if lifted.hold is None or lifted.hold.id != number:
            raise Outrun(f"hold {number} has been replaced meanwhile: ask again")
        for each in moving_up(line, hold, tx.now):
            put_in(tx, each)
        return Ended(hold=hold, waited=len(lifted.waited), delivery=_written_down(tx, hold, who))


def _found(tx: Transaction, number: int) -> Hold | None:
    return next((each for each in holds_in(tx) if each.id == number), None)


def _written_down(tx: Transaction, hold: Hold, who: str) -> int:
    forge, _, path = hold.scope.repository.partition("/")
    said = f"ended hold {hold.id}, as {who} said; it was {sentence(hold)}"
    title = f"{WORD} --end {hold.id}"
    event = Event(kind=EventKind.ASK, action=WORD, repository=path, author=who, title=title)
    wanted = Ask(
        word=WORD,
        who=who,
        source=Source.COMMAND,
        repository=hold.scope.repository,
        environment=hold.scope.environment,
        arguments={"end": str(hold.id)},
    )
    number, kept = deliveries.keep_done(tx, forge, f"ask-{uuid.uuid4()}", event, wanted, said)
    audit.append(tx, kept, number, Answer(verdict=AskVerdict.DONE, reason=said), hold.scope.deployment or None)
    return number
