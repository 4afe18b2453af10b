"""Wait for the health of one wave, and say what waits behind it: why it is not written yet, and by which object."""

import time

from pushboat.errors import Unhealthy
from workers.cluster.waiting.waiting import of_inventory, wait
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
    if not deadline or not part.awaited:
        return summaries.Healthy(seconds=None, findings=())
    over = part.plan.over
    waited, started = work.waited(), time.monotonic()
    # Like the plan it only looks: where that works again, an outage is over, as long as there is time to wait.
    with work.nudges.waking(watches.wake), work.step("plan" if waited < deadline else "wait"):
        try:
            findings = wait(
                watches,
                [each for each in part.awaited if each.ref not in over],
                deadline=deadline,
                waited=waited,
                give_way=work.give_way(),
                say=lambda text: work.say("wait", f"{text}; then comes {part.behind}" if part.behind else text),
                labels=of_inventory(part.plan.inventory.parent.id),
                written=work.tally.written,
            )
        except Unhealthy as unhealthy:
            if not part.behind:
                raise
            summary = f"{unhealthy.summary}; so {part.behind} was not begun"
            raise Unhealthy(summary, unhealthy.details, logs=unhealthy.logs) from unhealthy
    return summaries.Healthy(seconds=waited + time.monotonic() - started, findings=findings)
