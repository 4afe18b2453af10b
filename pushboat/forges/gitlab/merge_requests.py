"""GitLab's Merge Request Hook: one action `update` for many things, told apart by what changed."""

import re

from pushboat.events import Event, EventKind
from pushboat.forges.gitlab import accounts
from pushboat.forges.payload import Payload

_ACTIONS = {"open": "opened", "reopen": "reopened", "close": "closed", "merge": "merged", "update": "edited"}
_DRAFT = re.compile(r"\s*(?:draft:|wip:|\[draft\]|\(draft\)|\[wip\])", re.IGNORECASE)


def read(body: Payload) -> Event | None:
    """Read a merge request's event, or None for an action that we do not follow."""
    merge = body.object("object_attributes")
    action = _ACTIONS.get(merge.text("action"))
    if action is None:
        return None
    head = merge.object("last_commit").sha("id")
    author = accounts.actor(body)
    return Event(
        kind=EventKind.PULL_REQUEST,
        action=_update(merge, body.object("changes")) if action == "edited" else action,
        ref=merge.name("source_branch"),
        base_ref=merge.name("target_branch"),
        sha=head,
        before=merge.sha("oldrev"),
        number=merge.number("iid"),
        fork=is_fork(merge),
        merged_sha=_merged(merge, head) if action == "merged" else "",
        author=author,
        bot=accounts.is_bot(author),
    )


def is_fork(merge: Payload) -> bool | None:
    """Say whether it comes from another project; None where the payload does not say."""
    source, target = merge.number("source_project_id"), merge.number("target_project_id")
    return None if source is None or target is None else source != target


def _merged(merge: Payload, head: str) -> str:
    # A fast-forward has no merge commit: the branch simply moves to the head.
    return merge.sha("merge_commit_sha") or merge.sha("squash_commit_sha") or head


def _update(merge: Payload, changes: Payload) -> str:
    if merge.text("oldrev"):
        return "updated"
    if changes.object("target_branch"):
        return "retargeted"
    draft = changes.object("draft")
    if draft:
        return "draft" if draft.flag("current") else "ready"
    # Before 15.x a draft is only a word at the beginning of the title.
    title = changes.object("title")
    was, now = (_DRAFT.match(title.text(when)) is not None for when in ("previous", "current"))
    if was != now:
        return "draft" if now else "ready"
    return "edited"
