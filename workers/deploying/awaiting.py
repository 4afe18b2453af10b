"""Wait for the health of one wave, and say what waits behind it: why it is not written yet, and by which object."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial

from pushboat.errors import Unhealthy
from workers.cluster.waiting.following import of_inventory
from workers.cluster.waiting.waiting import wait
from workers.cluster.waiting.watches import Watches
from workers.deploying import summaries
from workers.deploying.claimed import Claimed
from workers.deploying.waves import Part


def await_health(watches: Watches, work: Claimed, part: Part, deadline: float) -> summaries.Healthy:
    """Give the slot to the next one and wait until everything runs, the deadline passes, or a newer commit waits.

    Raises:
        Unhealthy: something of this wave does not run; says what was not written for that.
    """
    work.slot.leave()
    if not deadline or not part.awaited:  # what has done its work and is gone was healthy
        return summaries.Healthy(seconds=0.0 if deadline and part.plan.over else None, findings=())
    waited, started = work.waited(), time.monotonic()
    # Like the plan it only looks: where that works again, an outage is over, as long as there is time to wait.
    with (
        work.nudges.waking(watches.wake),
        work.step("plan" if waited < deadline else "wait"),
        not_begun(part),
        work.observing.each_look(partial(work.lines.show, work.deployment.id)) as see,
    ):
        findings = wait(
            watches,
            part.awaited,
            deadline=deadline,
            waited=waited,
            give_way=work.give_way(),
            say=lambda text: work.say("wait", f"{text}; then comes {part.behind}" if part.behind else text),
            labels=of_inventory(part.plan.inventory.parent.id),
            written=work.tally.written,
            see=see,
        )
    return summaries.Healthy(seconds=waited + time.monotonic() - started, findings=findings)


@contextmanager
def not_begun(part: Part) -> Iterator[None]:
    """Add to what went wrong in a wave which one was not begun for that."""
    try:
        yield
    except Unhealthy as unhealthy:
        if not part.behind:
            raise
        summary = f"{unhealthy.summary}; so {part.behind} was not begun"
        raise Unhealthy(summary, unhealthy.details, logs=unhealthy.logs) from unhealthy
