"""How an event reads in the words of the contract, for `pushboat simulate` and whoever scripts it."""

from typing import Any

from pushboat.events import Event, EventKind
from pushboat.routing import Decision, Deploy, Post, Reply

_FIELDS = (
    "action",
    "repository",
    "ref",
    "base_ref",
    "sha",
    "before",
    "number",
    "fork",
    "merged_sha",
    "author",
    "comment",
)


def simulated(event: Event, decision: Decision | None = None) -> dict[str, Any]:
    """Give an event as the contract's JSON, and what it would lead to where that was decided.

    The names under `event` are fixed (docs/configuration.md); a comment has `on` besides.
    """
    said: dict[str, Any] = {"kind": event.kind.value, **{name: getattr(event, name) for name in _FIELDS}}
    if event.kind is EventKind.COMMENT:
        said["on"] = event.comment_on
    return {"event": said} if decision is None else {"event": said, **_effects(decision)}


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
        "replies": [act.body for act in acts if isinstance(act, Reply)],
    }
