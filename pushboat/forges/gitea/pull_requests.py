"""What Gitea's deliveries say of a pull request: its two ends, and what happened to it."""

from dataclasses import replace

from pushboat.events import Event, EventKind
from pushboat.forges.payload import Payload

_ACTIONS = {
    "opened": "opened",
    "synchronized": "updated",
    "reopened": "reopened",
    "edited": "edited",
    "closed": "closed",
}
_UNREADY = ("wip:", "[wip]", "draft:", "[draft]")
"""How the title of a draft begins, in whatever letters; an instance may be configured otherwise."""


def read(body: Payload) -> Event | None:
    """Read what happened to a pull request; None for what we do not follow (labels, milestones, reviewers)."""
    action = _ACTIONS.get(body.text("action"))
    if action is None:
        return None
    pull = body.object("pull_request")
    if action == "edited":
        action = _edited(pull, body.object("changes"))
    merged = action == "closed" and pull.flag("merged")
    return replace(
        ends(pull),
        action="merged" if merged else action,
        before=body.sha("before"),
        number=_number(pull, body),
        merged_sha=pull.sha("merge_commit_sha") if merged else "",
        author=pull.object("user").text("login"),
    )


def ends(pull: Payload) -> Event:
    """Read head, base and whether they are in different repositories, as far as it is said."""
    head, base = pull.object("head"), pull.object("base")
    return Event(
        kind=EventKind.PULL_REQUEST,
        ref=head_branch(head),
        base_ref=base.name("ref"),
        sha=head.sha("sha"),
        fork=is_fork(pull),
    )


def _edited(pull: Payload, changes: Payload) -> str:
    """Tell apart what Gitea calls edited: another base, a draft that is ready, a title."""
    if changes.object("ref"):
        return "retargeted"
    was, now = _unready(changes.object("title").text("from")), _unready(pull.text("title"))
    if not changes.object("title") or was == now:
        return "edited"
    return "ready" if was else "draft"


def _unready(title: str) -> bool:
    return title.strip().lower().startswith(_UNREADY)


def head_branch(head: Payload) -> str:
    """Give the name of the branch that is proposed, also where it is deleted and only the label still says it."""
    ref = head.name("ref")
    return (head.name("label") or ref) if ref.startswith("refs/pull/") else ref


def is_fork(pull: Payload) -> bool | None:
    """Say whether somebody without a branch here may have made it.

    A push to refs/for/… opens a pull request too, and takes no more than the right to read: its head is no branch and
    has an empty label. Where the branch was deleted since, the label still names it.
    """
    head, base = pull.object("head"), pull.object("base")
    if pull.number("flow") or (head.says("label") and not head.text("label")):
        return True
    if not head.says("repo"):
        return None
    if not head.object("repo"):  # the fork is gone
        return True
    theirs, ours = head.object("repo").number("id"), base.object("repo").number("id")
    return None if theirs is None or ours is None else theirs != ours


def _number(pull: Payload, body: Payload) -> int | None:
    number = pull.number("number")
    return body.number("number") if number is None else number
