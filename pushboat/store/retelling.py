"""What another webhook has told of already: a repository's and its group's, organisation's or App's tell of the same.

Whoever accepts another delivery of the repository waits for the caller, and finds what this one has brought.
"""

import json

import sqlalchemy as sa

from pushboat.events import Event, EventKind, to_json
from pushboat.model.ask import Source
from pushboat.model.delivery import Verdict
from pushboat.routing.streams import stream
from pushboat.store.database.schema import asks, deliveries
from pushboat.store.database.transaction import Transaction

MOST_LOOKED_AT = 50
"""The newest commands of a conversation, or deliveries of a commit, among which one that comes again is known."""

_LOCK = sa.text(  # the very first delivery of a repository makes its row: the second one waits for that, too
    "INSERT INTO repository (name) VALUES (:name) ON CONFLICT (name) DO UPDATE SET name = excluded.name"
)
_MAKES_PLANS = ("opened", "updated")


def told_already(tx: Transaction, repository: str, delivery: str, event: Event) -> str:
    """Say which delivery told of the same before; empty where none did."""
    if event.kind is EventKind.COMMENT and event.comment_id:
        tx.change(_LOCK, name=repository)
        number, what = _comment(tx, repository, delivery, event), "comment"
    elif event.kind is EventKind.PULL_REQUEST and event.action in _MAKES_PLANS and event.sha:
        tx.change(_LOCK, name=repository)
        number, what = _news(tx, repository, delivery, event), "news"
    else:
        return ""
    return f"delivery {number} told of this {what} already, by another webhook: it acts once" if number else ""


def _comment(tx: Transaction, repository: str, delivery: str, event: Event) -> int:
    conversation = (asks.c.repository == repository, asks.c.number == (event.number or 0))
    query = (
        sa.select(deliveries.c.id, deliveries.c.event)
        .join(asks, asks.c.delivery_id == deliveries.c.id)
        .where(*conversation, asks.c.source == Source.COMMENT.value, deliveries.c.delivery != delivery)
        .order_by(deliveries.c.id.desc())
        .limit(MOST_LOOKED_AT)
    )
    same = (row["id"] for row in tx.rows(query) if _read(row["event"]).get("comment_id") == event.comment_id)
    return next(same, 0)


def _news(tx: Transaction, repository: str, delivery: str, event: Event) -> int:
    """Find the very same news of a pull request, where there were no others of it since."""
    wanted, here = json.loads(json.dumps(to_json(event))), deliveries.c.repository == repository
    counts = sa.and_(here, deliveries.c.delivery != delivery, deliveries.c.verdict == Verdict.ACCEPTED)
    query = sa.select(deliveries.c.id, deliveries.c.event).where(counts, deliveries.c.sha == event.sha)
    rows = tx.rows(query.order_by(deliveries.c.id.desc()).limit(MOST_LOOKED_AT))
    found = next((int(row["id"]) for row in rows if _read(row["event"]) == wanted), 0)
    if not found:
        return 0
    since = sa.select(deliveries.c.event).where(counts, deliveries.c.id > found, deliveries.c.stream == stream(event))
    others = any(_read(row["event"]).get("kind") == event.kind.value for row in tx.rows(since))
    return 0 if others else found


def _read(text: str) -> dict[str, object]:
    return dict(json.loads(text)) if text else {}
