"""Freezes of environments that come with a deployment: their windows stand before it does, in one transaction.

The calendar keeps windows for the environments that there are. One that a pattern makes is there with its first
deployment, which would have begun by the time of the calendar's next look.
"""

from dataclasses import replace

from pushboat.routing import Decision, Deploy, PutHold
from workers.freezing import windows_of
from workers.tools import Tools

AHEAD = 3600.0
"""Seconds within which a window begins that is put here; the calendar has looked by then, and puts the others."""


def with_windows(tools: Tools, name: str, decision: Decision) -> Decision:
    """Add the windows that are open, or nearly, of environments that nothing was known of until this decision."""
    allowed = tools.project(name).environments
    deployed = dict.fromkeys(act.environment for act in decision.acts if isinstance(act, Deploy))
    by_pattern = [allowed[each] for each in deployed if each not in allowed.listed and each in allowed]
    frozen = [limits for limits in by_pattern if limits.freeze]
    if not frozen:
        return decision
    there, now = tools.environments(name), tools.store.now()
    windows = (hold for limits in frozen if limits.environment not in there for hold in windows_of(name, limits, now))
    puts = tuple(PutHold(hold=hold) for hold in windows if hold.begins <= now + AHEAD)
    return replace(decision, acts=(*puts, *decision.acts))
