"""Do one thing to many objects at once, and report every refusal together instead of the first."""

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from pushboat.errors import ApplyRejected, PushboatError

Item = TypeVar("Item")
Result = TypeVar("Result")


def together(pool: ThreadPoolExecutor, items: Sequence[Item], act: Callable[[Item], Result]) -> list[Result]:
    """Act on all items; a refusal lets the others go on, anything else (a lost lease, a lost cluster) ends it.

    Raises:
        ApplyRejected: one sentence for the first refusal, all of them in the details.
    """
    stop = threading.Event()

    def guarded(item: Item) -> Result | ApplyRejected | None:
        if stop.is_set():
            return None
        try:
            return act(item)
        except ApplyRejected as refused:
            return refused
        except BaseException:
            stop.set()
            raise

    futures = [pool.submit(guarded, item) for item in items]
    errors = [error for future in futures if (error := future.exception()) is not None]  # waits for all
    if errors:
        raise next((error for error in errors if isinstance(error, PushboatError)), errors[0])
    results = [future.result() for future in futures]
    refusals = [each for each in results if isinstance(each, ApplyRejected)]
    if refusals:
        raise summed_up(refusals)
    return [each for each in results if not isinstance(each, ApplyRejected) and each is not None]


def summed_up(refusals: Sequence[ApplyRejected]) -> ApplyRejected:
    """Make one error of several."""
    more = f" (and {len(refusals) - 1} more)" if len(refusals) > 1 else ""
    return ApplyRejected(f"{refusals[0].summary}{more}", "\n".join(f"- {each.summary}" for each in refusals))
