"""A pause: nothing new starts in an environment until somebody resumes it. Put at the terminal."""

from pushboat.model.hold import Hold
from pushboat.routing.holds.kind import HoldKind, because, how_long


def _sentence(hold: Hold) -> str:
    return f"paused by {hold.by}{how_long(hold)}{because(hold)}"


def _ends(hold: Hold) -> str:
    """Resuming ends the pause of one environment, not of everything."""
    scope = hold.scope
    one = scope.repository and scope.environment and not scope.deployment
    return f"pushboat resume {scope.repository} {scope.environment}" if one else ""


def _who(_: Hold) -> str:
    return "the operator, at the terminal"


HOLD = HoldKind(name="pause", sentence=_sentence, ends=_ends, who=_who)
