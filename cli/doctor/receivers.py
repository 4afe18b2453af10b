"""Who hears what becomes of environments: does each take its letters?"""

import time
from collections.abc import Iterator

from cli.configuration import NotSetUp
from cli.opening import opened_store
from pushboat.config.notifying import APPRISE
from pushboat.config.operator import Operator
from pushboat.errors import PushboatError
from pushboat.model.times import ago
from pushboat.model.wording import counted
from pushboat.store import noticing
from pushboat.store.noticing import Heard
from workers.checks.words import Line, failed, passed, skipped, warned
from workers.notifying.posting import EXTRA, lacks_apprise

LATELY = 7 * 24 * 3600.0
PATIENCE = 300.0
"""Seconds that a letter may wait before somebody should look."""


def check_receivers(operator: Operator) -> Iterator[Line]:
    """Say of each receiver what waits for it, and what it never got."""
    if lacks_apprise() and (names := [each.name for each in operator.receivers.values() if each.way == APPRISE]):
        yield failed("notifications", f"{', '.join(names)}: need apprise, which is not installed here", EXTRA)
    if not operator.receivers:
        return
    try:
        with opened_store(operator) as store:
            heard = {name: noticing.heard(store, name, LATELY) for name in operator.receivers}
    except (PushboatError, NotSetUp):
        yield skipped("notifications", "needs the store")
        return
    yield from (_line(name, each, time.time()) for name, each in heard.items())


def _line(name: str, heard: Heard, now: float) -> Line:
    check, ask = f"notify {name}", f"pushboat notify test {name}"
    if heard.given_up:
        lost = f"{counted(heard.given_up, 'notice')} of the last week never got there"
        return failed(check, f"{lost}: {heard.refusal}", ask)
    if heard.since is not None and now - heard.since > PATIENCE:
        waiting = f"{counted(heard.waiting, 'notice')} waiting, the oldest from {ago(heard.since, now)}"
        return warned(check, f"{waiting}: {heard.trouble or 'is the reporter alive?'}", ask)
    last = "nothing was to be told yet" if heard.last is None else f"heard the last one {ago(heard.last, now)}"
    return passed(check, last)
