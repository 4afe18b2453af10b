"""What an event leads to: pure decisions over an event, the repository's environments and a few facts.

The worker gathers the facts (files at the commit, permissions, the forge's word on heads) and hands them in; nothing
here does I/O, so that `pushboat simulate` says offline what a delivery would do.
"""

from dataclasses import replace

from pushboat.events import Event, EventKind
from pushboat.model.ask import Answer, Ask
from pushboat.routing.answering import answer, refuse
from pushboat.routing.approving import Approve, Carry, Unapprove
from pushboat.routing.decision import (
    Act,
    Cancel,
    Decision,
    Deploy,
    Facts,
    Leave,
    LiftHold,
    Mend,
    Post,
    PullRequest,
    PutHold,
    Reply,
    Withdraw,
)
from pushboat.routing.followed import Commit, Newest
from pushboat.routing.holds import with_holds
from pushboat.routing.ignoring import ignored
from pushboat.routing.merge_queue import DESTROYED
from pushboat.routing.pull_requests import end, merge, of_group, plan
from pushboat.routing.pushes import push
from pushboat.routing.queueing import move_on
from pushboat.routing.recognising import called_now
from pushboat.routing.reruns import rerun
from pushboat.routing.reviews import review
from pushboat.routing.unreadable import unreadable

__all__ = [
    "Act",
    "Answer",
    "Approve",
    "Cancel",
    "Carry",
    "Commit",
    "Decision",
    "Deploy",
    "Facts",
    "Leave",
    "LiftHold",
    "Mend",
    "Newest",
    "Post",
    "PullRequest",
    "PutHold",
    "Reply",
    "Unapprove",
    "Withdraw",
    "ignored",
    "refuse",
    "route",
    "unreadable",
]


ENDED = ("closed", DESTROYED)
"""What ends a proposal without a commit of its own."""


def route(event: Event, facts: Facts, ask: Ask | None = None) -> Decision:
    """Decide what an event leads to; `ask` is what it asks for, where it does."""
    decision = with_holds(move_on(_decide(event, facts, ask), facts), facts)
    if not event.renamed:
        return decision
    word = called_now(event.repository, event.renamed)
    return replace(decision, sentence=f"{decision.sentence}; {word}")


def _decide(event: Event, facts: Facts, ask: Ask | None) -> Decision:
    if nothing := ignored(event, ask, operator_knows_repository=True):
        return Decision(acts=(), sentence=nothing)
    if event.kind is EventKind.RERUN and not event.button:
        return rerun(event, facts)
    if event.kind is EventKind.REVIEW:
        return review(event, facts)
    if ask is not None:
        return answer(ask, facts)
    if event.kind is EventKind.PUSH:
        return push(event, facts)
    if event.kind is EventKind.MERGE_GROUP:
        return of_group(event, facts)
    if event.action in ENDED:
        return end(event, facts)
    return merge(event, facts) if event.action == "merged" else plan(event, facts)
