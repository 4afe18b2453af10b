"""Do one thing to many objects at once, and report every refusal together instead of the first."""

import threading
from collections.abc import Callable, Sequence
from typing import TypeVar

from pushboat.errors import ApplyRejected, ClusterRefused, PushboatError
from pushboat.logs import EntrustingPool

Item = TypeVar("Item")
Result = TypeVar("Result")
Refusal = ApplyRejected | ClusterRefused


def together(pool: EntrustingPool, items: Sequence[Item], act: Callable[[Item], Result]) -> list[Result]:
    """Act on all items; a refusal lets the others go on, anything else (a lost lease, a lost cluster) ends it.

    Raises:
        ApplyRejected, ClusterRefused: one sentence for the first refusal, all of them in the details.
    """
    stop = threading.Event()

    def guarded(item: Item) -> Result | Refusal | None:
        if stop.is_set():
            return None
        try:
            return act(item)
        except (ApplyRejected, ClusterRefused) as refused:
            return refused
        except BaseException:
            stop.set()
            raise

    futures = [pool.submit(guarded, item) for item in items]
    errors = [error for future in futures if (error := future.exception()) is not None]  # waits for all
    if errors:
        raise next((error for error in errors if isinstance(error, PushboatError)), errors[0])
    results = [future.result() for future in futures]
    refusals = [each for each in results if isinstance(each, Refusal)]
    if refusals:
        raise summed_up(refusals)
    return [each for each in results if not isinstance(each, Refusal) and each is not None]


def summed_up(refusals: Sequence[Refusal]) -> Refusal:
    """Make one error of several; what the commit must change comes first, since without that nothing else helps."""
    refusals = sorted(refusals, key=lambda each: isinstance(each, ClusterRefused))
    make = type(refusals[0]) if isinstance(refusals[0], ClusterRefused) else ApplyRejected
    more = f" (and {len(refusals) - 1} more)" if len(refusals) > 1 else ""
    return make(f"{refusals[0].summary}{more}", "\n".join(f"- {each.summary}" for each in refusals))
