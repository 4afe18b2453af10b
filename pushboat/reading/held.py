"""A hold as lists show it: where it stands in words, and as JSON for API and command alike."""

from typing import Any

from pushboat.model.hold import Hold, Scope
from pushboat.model.json_forms import held_form, moment
from pushboat.routing.holds import in_words
from pushboat.routing.holds.locking import NEVER


def environments_form(hold: Hold) -> dict[str, Any]:
    """Write a hold of an environment; `begins` is null where it holds at once, or nobody knows when it will."""
    begins = moment(hold.begins) if 0 < hold.begins < NEVER else None
    return {**held_form(in_words(hold)), "by": hold.by, "reason": hold.reason, "begins": begins}


def hold_form(hold: Hold, now: float) -> dict[str, Any]:
    """Write a hold wherever it stands; what is null means every one, `holds` says whether it does already."""
    return {
        **environments_form(hold),
        "repository": hold.scope.repository or None,
        "environment": hold.scope.environment or None,
        "deployment": hold.scope.deployment or None,
        "holds": hold.begins <= now,
    }


def place(scope: Scope) -> str:
    """Say what a hold is put on."""
    where = " ".join(each for each in (scope.repository, scope.environment) if each) or "everything"
    return f"{where}, deployment {scope.deployment}" if scope.deployment else where
