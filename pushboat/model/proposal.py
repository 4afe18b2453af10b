"""A proposal asks about a commit: an open pull request about its head, a merge queue about the head it made.

Several may ask about one commit under one context, and the forge has room for one status there: the worst of their
answers, never the last. Which proposals ask about what is known to the store's `proposals.py`.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from pushboat import later_words
from pushboat.model.state import State
from pushboat.model.status import FILE_CONTEXT, Status, clip
from pushboat.model.wording import listed

LEFT = "no longer proposed"
MENDED = "mended since: nothing is wrong with it any more"
NOTHING_HERE = "nothing deploys from this commit here; what was wrong with its file is mended"

_WORST_FIRST = (
    State.FAILED,
    State.ERRORED,
    State.CANCELLED,
    State.SUPERSEDED,
    State.RUNNING,
    State.QUEUED,
    State.SUCCEEDED,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What one proposal is told under one context.

    `number` is the pull request's; 0 stands for a push, whose mistakes are remembered until they are mended; below 0 it
    is a merge queue's head, made for the pull request of that number.
    """

    number: int
    status: Status


def together(answers: Sequence[Answer]) -> Status | None:
    """Give what a commit shows under a context: the worst answer, and whose it is where others differ; None: nobody
    asks."""
    if not answers:
        return None
    worst = min((each.status.state for each in answers), key=_rank)
    told = [each for each in answers if each.status.state == worst]
    first = told[0].status
    if len({each.status.state for each in answers}) == 1 and len({each.status.description for each in answers}) == 1:
        return first
    whose = listed(dict.fromkeys(named(each.number) for each in told if each.number))
    return replace(first, description=clip(f"{whose}: {first.description}" if whose else first.description))


def _rank(state: State) -> int:
    """Say how bad a state is, 0 is worst; of one that only a later version knows, that it is not good yet."""
    return _WORST_FIRST.index(later_words.known_or(state, State.RUNNING))


def left(answer: Answer, *, merged: bool = False, mended: bool = False) -> Status | None:
    """Say what a context shows that nobody asks about any more; None where it goes on showing what it does.

    What was merged was proposed to the end, so its good answers stay. `mended`: the commit is still asked about, and
    its file is as it should be.
    """
    if merged and answer.status.state is State.SUCCEEDED:
        return None
    description = LEFT
    if answer.status.context == FILE_CONTEXT and mended:
        description = MENDED
    elif answer.number == 0:
        description = NOTHING_HERE
    return replace(answer.status, state=State.SUCCEEDED, description=description)


def named(number: int) -> str:
    """Name a proposal as people do."""
    return f"#{number}" if number > 0 else f"#{-number} in the merge queue"
