"""How an event reads in the words of the contract, for `pushboat simulate` and whoever scripts it."""

from typing import Any

from pushboat.events import Event
from pushboat.model.json_forms import event_form
from pushboat.routing import Cancel, Decision, Deploy, Post, Reply


def simulated(event: Event, decision: Decision | None = None) -> dict[str, Any]:
    """Give an event as the contract's JSON, and what it would lead to where that was decided."""
    said = {"event": event_form(event)}
    return said if decision is None else {**said, **_effects(decision)}


def _effects(decision: Decision) -> dict[str, Any]:
    acts = decision.acts
    return {
        "sentence": decision.sentence,
        "deploys": [
            {"kind": act.kind.value, "environment": act.environment, "ref": act.ref, "sha": act.sha}
            for act in acts
            if isinstance(act, Deploy)
        ],
        "statuses": [
            {"context": act.context, "state": act.state.value, "description": act.description, "sha": act.sha}
            for act in acts
            if isinstance(act, Post)
        ],
        "cancels": [act.environment for act in acts if isinstance(act, Cancel)],
        "replies": [act.body for act in acts if isinstance(act, Reply)],
    }
