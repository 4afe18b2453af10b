"""What pins an environment to something else than its newest commit, and how that ends."""

from collections.abc import Iterable

from pushboat.model.hold import Hold, Scope

PIN = "pin"
"""Holds an environment at the release that a rollback brought back."""

UNMERGED = "unmerged"
"""Holds an environment at a pull request that was deployed there before its merge; its deployments pass."""

PINS = (PIN, UNMERGED)
"""What `unlock` ends, and whoever names a commit at the terminal."""


def pins(holds: Iterable[Hold], scope: Scope) -> list[Hold]:
    """Pick what pins exactly this environment: to a release, or to a pull request."""
    return [hold for hold in holds if hold.kind in PINS and hold.scope == scope]


def unmerged(holds: Iterable[Hold], scope: Scope) -> list[Hold]:
    """Pick what pins exactly this environment to a pull request."""
    return [hold for hold in pins(holds, scope) if hold.kind == UNMERGED]


def unlock(hold: Hold) -> str:
    """Write the command that ends a pin."""
    return f"pushboat unlock {hold.scope.repository} {hold.scope.environment}"
