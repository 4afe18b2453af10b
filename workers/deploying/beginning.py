"""Let hooks begin, each once it can: its kind is served, and no neighbour's hook of that name runs."""

import time
from collections.abc import Callable, Sequence

from pushboat.model.hook import HookState
from pushboat.store import deployments, hook_runs
from workers.cluster.hooks.starting import Neighbours, NotYet, start
from workers.cluster.hooks.words import Run
from workers.cluster.planning.rules import Rules
from workers.cluster.waiting.watches import Watches
from workers.cluster.writing.parking import SAY_EVERY
from workers.deploying import summaries
from workers.deploying.claimed import Claimed
from workers.deploying.runs import is_run_of, number_in

LONGEST_RUN = 600.0
"""Seconds, where the environment does not wait for health: what a hook prepares must be there all the same."""
LOOKS_EVERY = 1.0
_RUNNING = ("Job", "Pod")
"""Kinds that nobody uses once they have ended; anything else may be in use until its deployment ends."""


def begin(
    watches: Watches,
    work: Claimed,
    hooks: Sequence[Run],
    rules: Rules,
    patience: float,
    meanwhile: Callable[[], None],
) -> None:
    """Let all hooks of a wave begin; who has to wait keeps nobody else from it. As long as none has begun, a newer
    commit goes first.

    Raises:
        ApplyRejected, Unhealthy: one could not begin in time; says why, and who must act.
    """
    began, said_at, over, give_way = time.monotonic(), float("-inf"), -1.0, work.give_way()
    with work.step("apply"):
        late = _begun(watches, work, hooks, rules)
        while late:
            work.slot.leave()
            over = work.waited() if over < 0 else over
            lasted, first = over + time.monotonic() - began, next(iter(late.values()))
            if lasted > patience:
                raise first.verdict(summaries.span(patience)) from first
            if time.monotonic() - said_at >= SAY_EVERY:
                work.say("wait", f"waiting for {first.what}; waited {lasted:.0f} s of {summaries.span(patience)}")
                said_at = time.monotonic()
            watches.sleep(LOOKS_EVERY)
            meanwhile()
            if len(late) == len(hooks):
                give_way()
            late = _begun(watches, work, [one for one in hooks if one.key in late], rules)


def _begun(watches: Watches, work: Claimed, hooks: Sequence[Run], rules: Rules) -> dict[str, NotYet]:
    """Let these begin, and give those that cannot yet."""
    late: dict[str, NotYet] = {}
    for one in hooks:
        try:
            start(
                watches.cluster,
                one,
                rules,
                work.go_on,
                lambda text: work.say("apply", text),
                _neighbours(work, one),
                lambda one=one: hook_runs.began(work.store, work.claim, one.key),  # type: ignore[misc]
            )
        except NotYet as later:
            late[one.key] = later
    return late


def _neighbours(work: Claimed, one: Run) -> Neighbours:
    """Tell whose a run is by the store, which knows all deployments of this repository and how their hooks ended."""

    def who(label: str) -> str | None:
        theirs = deployments.find(work.store, number_in(label))
        mine = work.deployment.lane
        if theirs is None or theirs.lane.repository != mine.repository or not is_run_of(theirs, label):
            return None
        ended = one.ref.kind in _RUNNING and any(
            each.run == label and each.ref == str(one.ref) and each.state is not HookState.RUNNING
            for each in hook_runs.listed(work.store, theirs.id)
        )
        return "" if ended or theirs.state.ended else f"{theirs.lane.repository}:{theirs.lane.environment}"

    return who
