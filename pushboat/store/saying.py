"""What a decision says at the forge besides what it deploys: statuses, replies, answers to the forge's own asking."""

from collections.abc import Collection

from pushboat.model.forge_answer import Answered, Reviewed
from pushboat.model.state import State
from pushboat.model.status import FILE_CONTEXT, Status, clip
from pushboat.routing import Decision, Leave, Post, Reply
from pushboat.store import forge_deployments, leaving, proposing
from pushboat.store.announcing import announce_status, reply
from pushboat.store.database.transaction import Transaction


def say(tx: Transaction, repository: str, delivery_id: int, decision: Decision, outdated: Collection[str] = ()) -> None:
    """Put into the outbox what a decision says; of `outdated` environments it says nothing of leaving."""
    page = f"/deliveries/{delivery_id}"
    for act in decision.acts:
        if isinstance(act, Post):
            said = clip(act.description)
            shown = Status(context=act.context, state=act.state, description=said, path=page, ref=act.ref)
            proposing.post(tx, repository, act, shown)
        elif isinstance(act, Leave) and act.environment not in outdated:
            leaving.leave(tx, repository, act.environment, act.sha)
            said = clip(act.description)
            shown = Status(context=FILE_CONTEXT, state=State.ERRORED, description=said, path=page, ref=act.ref)
            announce_status(tx, repository, act.sha, shown)
        elif isinstance(act, Answered | Reviewed):
            forge_deployments.answer(tx, repository, act, page)
        elif isinstance(act, Reply):
            reply(tx, repository, act.number, act.body, delivery_id, once=act.once, sha=act.sha)
