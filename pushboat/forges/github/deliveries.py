"""GitHub's deliveries: the signature checked, the id found, the body read into an event."""

from collections.abc import Callable, Mapping
from dataclasses import replace

from pushboat.config.operator import Secret
from pushboat.errors import UnreadableDelivery, UnsupportedEncoding
from pushboat.events import ZERO_SHA, Delivery, Event, EventKind
from pushboat.forges import signatures
from pushboat.forges.github import wanted_deployments
from pushboat.forges.payload import Payload, complete, parse

_EVENT_HEADER = "x-github-event"
KEPT = (_EVENT_HEADER, "x-github-delivery", "x-github-hook-id", "x-github-hook-installation-target-id")
"""Headers that say what a delivery is; none of them bears a secret, or a signature."""


def verify(delivery: Delivery, secrets: tuple[Secret, ...]) -> None:
    """Check `X-Hub-Signature-256`; the SHA-1 header beside it is ignored."""
    signatures.verify_hex(delivery, "x-hub-signature-256", secrets)


def headers(event: str) -> dict[str, str]:
    """Give the header that names an event."""
    return {_EVENT_HEADER: event}


def identify(delivery: Delivery) -> str:
    """Give `X-GitHub-Delivery`, which a redelivery keeps."""
    return signatures.identity(delivery, "x-github-delivery", _EVENT_HEADER)


def read(delivery: Delivery) -> Event:
    """Read what happened."""
    if delivery.headers.get("content-type", "").startswith("application/x-www-form-urlencoded"):
        raise UnsupportedEncoding("the hook sends forms; set its content type to application/json")
    name = delivery.headers.get(_EVENT_HEADER, "")
    if not name:
        raise UnreadableDelivery("header X-GitHub-Event is missing; is this forge's kind really github?")
    if "x-gitea-event" in delivery.headers or "x-forgejo-event" in delivery.headers:
        # They send all of GitHub's headers too, with other words inside.
        raise UnreadableDelivery("this is a Gitea or Forgejo delivery; point that hook at a forge of kind gitea")
    body = parse(delivery.body)
    event = _READERS.get(name, _read_other)(name, body)
    return complete(replace(event, repository=_repository(body), repository_id=_repository_id(body)))


def _read_other(name: str, body: Payload) -> Event:
    action = body.text("action")
    title = f"{name} {action}".strip()
    return Event(
        kind=EventKind.OTHER,
        action=action,
        title=title,
        author=_sender(body),
        bot=_is_bot(body.object("sender")),
    )


def _read_ping(_name: str, body: Payload) -> Event:
    return Event(kind=EventKind.PING, title="ping", author=_sender(body))


def _read_push(_name: str, body: Payload) -> Event:
    before, after = body.sha("before"), body.sha("after")
    if not body.text("ref") or not after:
        raise UnreadableDelivery("a push without `ref` or `after`")
    if body.flag("deleted") or after == ZERO_SHA:
        action, sha = "deleted", ZERO_SHA
    else:
        action = "created" if body.flag("created") or before == ZERO_SHA else "updated"
        # After pushing an annotated tag, `after` is the tag object and only head_commit names the commit.
        sha = body.object("head_commit").sha("id") or after
    return Event(
        kind=EventKind.PUSH,
        action=action,
        ref=body.name("ref"),
        sha=sha,
        before=before,
        forced=body.flag("forced"),
        author=body.object("pusher").text("name") or _sender(body),
        bot=_is_bot(body.object("sender")),
    )


_PULL_REQUEST_ACTIONS = {
    "opened": "opened",
    "synchronize": "updated",
    "reopened": "reopened",
    "ready_for_review": "ready",
    "converted_to_draft": "draft",
    "edited": "edited",
    "closed": "closed",
}


def _read_pull_request(name: str, body: Payload) -> Event:
    action = _PULL_REQUEST_ACTIONS.get(body.text("action"))
    if action is None:
        return _read_other(name, body)
    pull = body.object("pull_request")
    head, base = pull.object("head"), pull.object("base")
    if action == "edited" and body.object("changes").object("base"):
        action = "retargeted"
    merged = action == "closed" and pull.flag("merged")
    opener, sender = pull.object("user").text("login"), _sender(body)
    return Event(
        kind=EventKind.PULL_REQUEST,
        action="merged" if merged else action,
        ref=head.name("ref"),
        base_ref=base.name("ref"),
        sha=head.sha("sha"),
        before=body.sha("before"),
        number=_first_number(pull.number("number"), body.number("number")),
        fork=_is_fork(head, base),
        # A closed one may still carry the test merge's commit there.
        merged_sha=pull.sha("merge_commit_sha") if merged else "",
        author=opener,
        sender="" if sender.casefold() == opener.casefold() else sender,
        bot=_is_bot(pull.object("user")),
    )


def _is_fork(head: Payload, base: Payload) -> bool | None:
    if not head.says("repo"):
        return None
    # A deleted fork is null. `repo.fork` would also be true inside a repository that is itself a fork.
    if not head.object("repo"):
        return True
    theirs, ours = head.object("repo").number("id"), base.object("repo").number("id")
    return None if theirs is None or ours is None else theirs != ours


_COMMENT_ACTIONS = ("created", "edited", "deleted")


def _read_issue_comment(name: str, body: Payload) -> Event:
    issue = body.object("issue")
    on = "pull_request" if issue.object("pull_request") else "issue"
    return _comment(name, body, on, number=issue.number("number"))


def _read_commit_comment(name: str, body: Payload) -> Event:
    return _comment(name, body, "commit", sha=body.object("comment").sha("commit_id"))


def _read_review(name: str, body: Payload) -> Event:
    return _comment(name, body, "other", number=body.object("pull_request").number("number"))


def _comment(name: str, body: Payload, on: str, *, number: int | None = None, sha: str = "") -> Event:
    action = {"submitted": "created", "dismissed": "edited"}.get(body.text("action"), body.text("action"))
    if action not in _COMMENT_ACTIONS:
        return _read_other(name, body)
    comment = body.object("comment") or body.object("review")
    author, sender = comment.object("user").text("login"), _sender(body)
    return Event(
        kind=EventKind.COMMENT,
        action=action,
        sha=sha,
        number=number,
        author=author,
        sender="" if sender.casefold() == author.casefold() else sender,
        bot=_is_bot(comment.object("user")) or _is_bot(body.object("sender")),
        comment=comment.text("body"),
        comment_on=on,
        comment_id=comment.number("id"),
    )


def _read_merge_group(_name: str, body: Payload) -> Event:
    group = body.object("merge_group")
    return Event(
        kind=EventKind.MERGE_GROUP,
        action=body.text("action"),
        ref=group.name("head_ref"),
        base_ref=group.name("base_ref").removeprefix("refs/heads/"),
        sha=group.sha("head_sha"),
        before=group.sha("base_sha"),
        title=body.text("reason"),
        author=_sender(body),
    )


def _read_check(name: str, body: Payload) -> Event:
    action, button = body.text("action"), body.object("requested_action").text("identifier")
    pressed = name == "check_run" and action == "requested_action" and bool(button)
    if action != "rerequested" and not pressed:
        return _read_other(name, body)
    check = body.object(name)
    pulls = check.objects("pull_requests")
    return Event(
        kind=EventKind.RERUN,
        action=action,
        ref=check.name("head_branch") or check.object("check_suite").name("head_branch"),
        sha=check.sha("head_sha"),
        number=pulls[0].number("number") if pulls else None,
        title=check.text("name"),
        button=button if pressed else "",
        author=_sender(body),
        bot=_is_bot(body.object("sender")),
    )


def _read_deployment(_name: str, body: Payload) -> Event:
    return wanted_deployments.read(body, _sender(body), bot=_is_bot(body.object("sender")))


def _read_protection_rule(_name: str, body: Payload) -> Event:
    return wanted_deployments.read_review(body, _sender(body), bot=_is_bot(body.object("sender")))


_READERS: Mapping[str, Callable[[str, Payload], Event]] = {
    "ping": _read_ping,
    "push": _read_push,
    "pull_request": _read_pull_request,
    "issue_comment": _read_issue_comment,
    "commit_comment": _read_commit_comment,
    "pull_request_review": _read_review,
    "pull_request_review_comment": _read_review,
    "merge_group": _read_merge_group,
    "check_run": _read_check,
    "check_suite": _read_check,
    "deployment": _read_deployment,
    "deployment_protection_rule": _read_protection_rule,
}


def _repository(body: Payload) -> str:
    return body.object("repository").name("full_name")


def _repository_id(body: Payload) -> str:
    number = body.object("repository").number("id")
    return "" if number is None else str(number)


def _sender(body: Payload) -> str:
    return body.object("sender").text("login")


def _is_bot(user: Payload) -> bool:
    return user.text("type") == "Bot" or user.text("login").endswith("[bot]")


def _first_number(*numbers: int | None) -> int | None:
    return next((number for number in numbers if number is not None), None)
