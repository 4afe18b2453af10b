"""What somebody away from the forge is told, and who of those that listen. Pure.

A failure is told with each commit that fails; that it is over once. What is being put back, or runs already, is no
news. Neither is what steps back for a newer commit: that one tells how it ends.
"""

from collections.abc import Iterable, Mapping

from pushboat.config.notifying import Receiver
from pushboat.config.project import Limits
from pushboat.model.deployment import Deployment
from pushboat.model.inspection import Inspection
from pushboat.model.notice import News
from pushboat.model.state import Kind, State, Trigger

BAD = (State.FAILED, State.ERRORED)
BACK = (Trigger.ROLLBACK, Trigger.ON_FAILURE)
"""What brings an earlier release back."""


def news_of(ended: Deployment, former: State | None) -> News | None:
    """Say what the end of a deployment is; `former` is how the one before it ended, as far as that got anywhere.

    Putting drift back brings no commit on: how that goes is told as drift.
    """
    if ended.kind is Kind.PLAN or ended.heals:
        return None
    if ended.state in BAD:
        return News.FAILED
    if ended.state is not State.SUCCEEDED:
        return None
    if ended.kind is Kind.REMOVAL:
        return News.REMOVED
    if former in BAD:
        return News.RECOVERED
    return News.DEPLOYED


def is_new_drift(known: Inspection, found: Inspection) -> bool:
    """Say whether drift is told: whenever the deployed commit begins to show it, or shows another one.

    What is put back is not shown there, and what comes and goes has pauses that grow (routing/drifting.py).
    """
    return bool(found.found and found.said.sentence and found.said != known.said)


def listeners(receivers: Iterable[Receiver], limits: Limits | None, news: News) -> list[str]:
    """Name the receivers that listen for this in an environment, in the file's order.

    Whoever hears of each deployment hears of one that ends a failure: the same message tells both.
    """
    chosen: Mapping[str, tuple[str, ...]] = limits.notify if limits else {}
    heard: set[str] = {news, News.DEPLOYED} if news is News.RECOVERED else {news}
    return [each.name for each in receivers if heard & set(chosen.get(each.name, each.events))]
