"""Gitea's and Forgejo's deliveries: the signature checked, the id found, the body read into an event.

Both send GitHub's headers as well, with other words inside, so only their own ones count here.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace

from pushboat.config.operator import Secret
from pushboat.errors import BadSignature, UnreadableDelivery, UnsupportedEncoding
from pushboat.events import ZERO_SHA, Delivery, Event, EventKind
from pushboat.forges import signatures
from pushboat.forges.gitea import pull_requests
from pushboat.forges.payload import Payload, complete, parse

_EVENT_HEADER = "x-gitea-event"
KEPT = (
    "x-gitea-event",
    "x-gitea-event-type",
    "x-gitea-delivery",
    "x-gitea-hook-installation-target-type",
    "x-forgejo-event",
    "x-forgejo-event-type",
    "x-forgejo-delivery",
)
"""Headers that say what a delivery is; none of them bears a secret, or a signature."""
_BOTS = ("gitea-actions", "forgejo-actions")
"""Under whose name workflows comment; no other account is marked as a program's."""
_SIGNATURES = ("x-forgejo-signature", "x-gitea-signature")


def verify(delivery: Delivery, secrets: tuple[Secret, ...]) -> None:
    """Check the bare hex digest of `X-Forgejo-Signature` or `X-Gitea-Signature`; without a secret both come empty."""
    header = next((name for name in _SIGNATURES if delivery.headers.get(name)), _SIGNATURES[-1])
    given = b"sha256=" + signatures.ascii_header(delivery, header)
    wanted = [signatures.signature(secret.value, delivery.body).encode() for secret in signatures.usable(secrets)]
    if not signatures.any_match(given, wanted):
        raise BadSignature(signatures.MISMATCH)


def headers(event: str) -> dict[str, str]:
    """Give the header that names an event."""
    return {_EVENT_HEADER: event}


def identify(delivery: Delivery) -> str:
    """Give the delivery's uuid; both forges send it under Gitea's name."""
    return signatures.identity(delivery, "x-gitea-delivery", _EVENT_HEADER)


def read(delivery: Delivery) -> Event:
    """Read what happened."""
    if delivery.headers.get("content-type", "").startswith("application/x-www-form-urlencoded"):
        raise UnsupportedEncoding("the hook sends forms; set its content type to application/json")
    name = delivery.headers.get(_EVENT_HEADER) or delivery.headers.get("x-forgejo-event", "")
    if not name:
        raise UnreadableDelivery("header X-Gitea-Event is missing; is this forge's kind really gitea?")
    body = parse(delivery.body)
    event = _READERS.get(name, _read_other)(name, body)
    repository = body.object("repository")
    number = repository.number("id")
    return complete(
        replace(event, repository=repository.name("full_name"), repository_id="" if number is None else str(number))
    )


def _read_other(name: str, body: Payload) -> Event:
    action = body.text("action")
    return Event(kind=EventKind.OTHER, action=action, title=f"{name} {action}".strip(), author=_sender(body))


def _read_push(_name: str, body: Payload) -> Event:
    before, after = body.sha("before"), body.sha("after")
    if not body.text("ref") or not after:
        raise UnreadableDelivery("a push without `ref` or `after`")
    if after == ZERO_SHA:
        action, sha = "deleted", ZERO_SHA
    else:
        action = "created" if before == ZERO_SHA else "updated"
        # After pushing an annotated tag, `after` is the tag object and only head_commit names the commit.
        sha = body.object("head_commit").sha("id") or after
    return Event(
        kind=EventKind.PUSH,
        action=action,
        ref=body.name("ref"),
        sha=sha,
        before=before,
        author=body.object("pusher").text("login") or _sender(body),
    )


def _read_delete(name: str, body: Payload) -> Event:
    """Read the end of a ref: of a branch no push tells, and of a tag a push tells as well."""
    folder = {"branch": "refs/heads/", "tag": "refs/tags/"}.get(body.text("ref_type"))
    if folder is None or not body.text("ref"):
        return _read_other(name, body)
    return Event(
        kind=EventKind.PUSH,
        action="deleted",
        ref=f"{folder}{body.name('ref')}",
        sha=ZERO_SHA,
        before="",
        author=_sender(body),
    )


def _read_pull_request(name: str, body: Payload) -> Event:
    return pull_requests.read(body) or _read_other(name, body)


def _read_issue_comment(_name: str, body: Payload) -> Event:
    issue, comment, pull = body.object("issue"), body.object("comment"), body.object("pull_request")
    author, sender = comment.object("user").text("login"), _sender(body)
    on_pull = body.flag("is_pull") or bool(issue.object("pull_request"))
    return replace(
        pull_requests.ends(pull),  # newer versions say what the pull request looked like
        kind=EventKind.COMMENT,
        action=body.text("action"),
        number=issue.number("number"),
        comment=comment.text("body"),
        comment_on="pull_request" if on_pull else "issue",
        comment_id=comment.number("id"),
        author=author,
        sender="" if sender.casefold() == author.casefold() else sender,
        bot=author in _BOTS or sender in _BOTS,
    )


def _read_review(_name: str, body: Payload) -> Event:
    """Read a review, whose words are no conversation."""
    return replace(
        pull_requests.ends(body.object("pull_request")),
        kind=EventKind.COMMENT,
        action="created",
        number=body.number("number"),
        comment=body.object("review").text("content"),
        comment_on="other",
        author=_sender(body),
    )


_READERS: Mapping[str, Callable[[str, Payload], Event]] = {
    "push": _read_push,
    "delete": _read_delete,
    "pull_request": _read_pull_request,
    "issue_comment": _read_issue_comment,
    "pull_request_comment": _read_review,
    "pull_request_approved": _read_review,
    "pull_request_rejected": _read_review,
}


def _sender(body: Payload) -> str:
    return body.object("sender").text("login")
