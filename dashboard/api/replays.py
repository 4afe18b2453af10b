"""A delivery that is done again through the API, for whoever could ask for what is in it anyway."""

from flask import Response

from dashboard.api import deliveries as shown
from dashboard.api.asks import deployer, taken
from dashboard.api.routes import Asked, Room
from pushboat.errors import CommandRefused
from pushboat.events import EventKind
from pushboat.model.ask import Ask, Source
from pushboat.model.command_words import BY_TOKEN
from pushboat.model.delivery import DeliveryRow, Verdict
from pushboat.model.wording import printable
from pushboat.store import deliveries
from webhook.failures import answer

NOT_FOR_IT = (
    "what delivery {number} asked for is not for a token to ask for: `pushboat deliveries replay {number}` on the "
    "server's machine does it again"
)

MOVES = (EventKind.PUSH, EventKind.PULL_REQUEST, EventKind.MERGE_GROUP)


def take(room: Room, asked: Asked) -> Response:
    """Do a delivery again, as a new one."""
    token = deployer(room)
    if isinstance(token, Response):
        return token
    found = shown.one(room, asked)
    if isinstance(found, Response):
        return found
    row = deliveries.find(room.store, asked.number)
    if row and not _could_be_asked(row):
        return answer(409, NOT_FOR_IT.format(number=asked.number))
    who = Ask(
        word="replay",
        who=token.who,
        source=Source.API,
        repository=row.repository if row else "",
        environment=asked.reach.environment,
    )
    try:
        return taken(room, deliveries.replay(room.store, asked.number, who))
    except CommandRefused as refused:
        return answer(409, printable(refused.summary))


def _could_be_asked(row: DeliveryRow) -> bool:
    """Say whether a token may lead to this: by what moved a ref, or by what it may ask for itself.

    A comment's ask is about a pull request, whose commit it names, and a review or a button speaks for its person.
    """
    plain = all(not each.number and not each.sha and each.source in (Source.API, Source.COMMAND) for each in row.asks)
    known = all(each.word in BY_TOKEN and set(each.arguments) <= set(BY_TOKEN[each.word]) for each in row.asks)
    if row.verdict is Verdict.REJECTED or row.forgotten:
        return True  # nothing is left that could be done, and the store says why
    return row.event.kind in MOVES if not row.asks else plain and known
