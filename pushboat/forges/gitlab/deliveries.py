"""GitLab's deliveries: token or signature checked, the id found, the body read into an event."""

from collections.abc import Callable, Mapping
from dataclasses import replace

from pushboat.config.secret import Secret, that_count
from pushboat.errors import BadSignature, UnreadableDelivery
from pushboat.events import ZERO_SHA, Delivery, Event, EventKind
from pushboat.forges import signatures
from pushboat.forges.gitlab import accounts, merge_requests, signing
from pushboat.forges.payload import Payload, complete, parse

_EVENT_HEADER = "x-gitlab-event"
KEPT = (
    "x-gitlab-event",
    "x-gitlab-event-uuid",
    "x-gitlab-webhook-uuid",
    "x-gitlab-instance",
    "idempotency-key",
    "webhook-id",
    "webhook-timestamp",
)
"""Headers that say what a delivery is; none of them bears a secret, or a signature."""


def verify(delivery: Delivery, secrets: tuple[Secret, ...]) -> None:
    """Check the signature where a signing token is configured, else the token that GitLab sends in clear.

    With a signing token the clear one does not count, or whoever saw it once could go on without a signature; but for
    one that the operator calls leaving, of deliveries that bear no signature (docs/adr/0031).
    """
    valid = that_count(secrets)
    signing_tokens = tuple(secret for secret in valid if secret.kind == "signing")
    clear = tuple(secret for secret in valid if secret.kind != "signing")
    if signing_tokens and (not clear or delivery.headers.get("webhook-signature")):
        signing.verify(delivery, signing_tokens)
        return
    given = signatures.ascii_header(delivery, "x-gitlab-token")
    if not signatures.any_match(given, [secret.value.encode() for secret in clear]):
        raise BadSignature(signatures.MISMATCH)


def headers(event: str) -> dict[str, str]:
    """Give the header that names an event: a title ("Tag Push Hook"), also for the word in the body (`tag_push`)."""
    title = event if event.endswith("Hook") else f"{event.replace('_', ' ').title()} Hook"
    return {"x-gitlab-event": title}


def identify(delivery: Delivery) -> str:
    """Give the id that a Resend keeps.

    Not `X-Gitlab-Webhook-UUID` (fresh per send) nor `X-Gitlab-Event-UUID` (repeated by hooks that hooks cause).
    """
    header = "webhook-id" if delivery.headers.get("webhook-id") else "idempotency-key"
    return signatures.identity(delivery, header, _EVENT_HEADER)


def read(delivery: Delivery) -> Event:
    """Read what happened."""
    name = delivery.headers.get(_EVENT_HEADER, "")
    if not name:
        raise UnreadableDelivery("header X-Gitlab-Event is missing; is this forge's kind really gitlab?")
    body = parse(delivery.body)
    kind = _SYSTEM_KINDS.get(body.text("object_kind") or body.text("event_name"), name)
    event = _READERS.get(kind if name == "System Hook" else name, _read_other)(name, body)
    return complete(replace(event, repository=accounts.project(body), repository_id=accounts.project_id(body)))


def _read_other(name: str, body: Payload) -> Event:
    title = body.text("event_name") or body.text("object_kind") or name
    return Event(kind=EventKind.OTHER, title=title, author=accounts.actor(body))


def _read_push(_name: str, body: Payload) -> Event:
    before, after = body.sha("before"), body.sha("after")
    if not body.text("ref") or not after:
        raise UnreadableDelivery("a push without `ref` or `after`; does the hook have a custom payload template?")
    if after == ZERO_SHA:
        action, sha = "deleted", ZERO_SHA
    else:
        action = "created" if before == ZERO_SHA else "updated"
        # `after` may be an annotated tag's own object; `checkout_sha` is always the commit.
        sha = body.sha("checkout_sha") or after
    # Old versions send only the display name.
    author = body.text("user_username") or body.text("user_name")
    return Event(
        kind=EventKind.PUSH,
        action=action,
        ref=body.name("ref"),
        sha=sha,
        before=before,
        author=author,
        bot=accounts.is_bot(author),
    )


def _read_merge_request(name: str, body: Payload) -> Event:
    return merge_requests.read(body) or _read_other(name, body)


def _read_note(name: str, body: Payload) -> Event:
    note = body.object("object_attributes")
    if note.flag("system"):
        return _read_other(name, body)
    merge = body.object("merge_request")
    action = "edited" if note.text("action") == "update" else "created"
    noteable = {"MergeRequest": "pull_request", "Issue": "issue", "Commit": "commit"}.get(
        note.text("noteable_type"), "other"
    )
    numbered = merge or body.object("issue")
    author, theirs = accounts.actor(body), (note.number("author_id"), body.object("user").number("id"))
    return Event(
        kind=EventKind.COMMENT,
        action=action,
        ref=merge.name("source_branch"),
        base_ref=merge.name("target_branch"),
        sha=merge.object("last_commit").sha("id") or body.object("commit").sha("id"),
        number=numbered.number("iid"),
        fork=merge_requests.is_fork(merge),
        comment=note.text("note"),
        comment_on=noteable,  # also on a line of the diff, which comes by the same hook
        comment_id=note.number("id"),
        author=author,
        sender=author if None not in theirs and theirs[0] != theirs[1] else "",
        bot=accounts.is_bot(author),
    )


_READERS: Mapping[str, Callable[[str, Payload], Event]] = {
    "Push Hook": _read_push,
    "Tag Push Hook": _read_push,
    "Merge Request Hook": _read_merge_request,
    "Note Hook": _read_note,
    "Confidential Note Hook": _read_note,
}
_SYSTEM_KINDS = {
    "push": "Push Hook",
    "tag_push": "Tag Push Hook",
    "merge_request": "Merge Request Hook",
    "note": "Note Hook",
}
"""An instance-wide hook names the event only inside the body."""
