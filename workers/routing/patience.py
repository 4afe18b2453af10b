"""How long a delivery waits for its forge: without end while the forge is away, bounded where it owes one answer.

What is nice to know (does one commit contain another) is done without after a minute. What nothing can be decided
without (the commit's file, what an asker may do) is given up after ten, but only if the same repository answers other
questions of that sort at that moment. Where it does not, nobody else could be routed either, and giving up would lose
what was accepted.
"""

from pushboat.errors import ForgeRefused, PushboatError, Unavailable
from pushboat.model.delivery import DeliveryRow
from workers.source.environments import fetched
from workers.source.git.tips import tips
from workers.tools import Tools, split

DOUBT_SECONDS = 60.0
"""How long the order of two commits is asked for before it is taken as not contained, not late."""

OUTAGE_SECONDS = 600.0
"""How long one question is asked that nothing can be decided without, from its first failure, as for deployments."""

LONGEST_DELAY_SECONDS = 60.0
REFUSED_DELAY_SECONDS = 60.0
"""Until we ask again where the forge refused us: our operator has to act, so there is no hurry."""


def delay(attempts: int, trouble: PushboatError) -> float:
    """Say for how many seconds to wait before the next try: as long as the forge wishes, else longer each time."""
    if not isinstance(trouble, Unavailable):
        return REFUSED_DELAY_SECONDS
    return trouble.retry_after or min(LONGEST_DELAY_SECONDS, 2.0 ** min(attempts, 6))


def others_are_answered(tools: Tools, repository: str) -> bool:
    """Ask the forge what a healthy one always knows, by git and by its API; no answer to either means it is away."""
    forge, path = split(repository)
    try:
        default = fetched(tools, repository, lambda remote: tips(remote, tools.scratch)).default
        tools.client(forge).head(path, default or "refs/heads/main")
    except (Unavailable, ForgeRefused, OSError):  # the last one: our own disk, which is no fault of one commit
        return False
    return True


def given_up(row: DeliveryRow, trouble: PushboatError) -> PushboatError:
    """Say that a delivery ends here, and how it goes on once the forge knows better."""
    minutes = OUTAGE_SECONDS / 60
    return Unavailable(
        f"gave up after {minutes:.0f} min; pushboat deliveries replay {row.id} tries again: {trouble.summary}",
        trouble.details,
    )
