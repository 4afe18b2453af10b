"""What our own post-receive hook sends from a plain git server: one signed POST per pushed ref."""

from pushboat.config.operator import Secret
from pushboat.errors import UnreadableDelivery
from pushboat.events import ZERO_SHA, Delivery, Event, EventKind
from pushboat.forges import signatures
from pushboat.forges.payload import Payload, parse

_EVENT_HEADER = "x-pushboat-event"
KEPT = (
    "x-pushboat-event",
    "x-pushboat-delivery",
)
"""Headers that say what a delivery is; none of them bears a secret, or a signature."""


def verify(delivery: Delivery, secrets: tuple[Secret, ...]) -> None:
    """Check `X-Pushboat-Signature-256`."""
    signatures.verify_hex(delivery, "x-pushboat-signature-256", secrets)


def headers(event: str) -> dict[str, str]:
    """Give the header that names an event."""
    return {_EVENT_HEADER: event}


def identify(delivery: Delivery) -> str:
    """Give `X-Pushboat-Delivery`, which the hook derives from the ref update, so that catching up repeats it."""
    return signatures.identity(delivery, "x-pushboat-delivery", _EVENT_HEADER)


def read(delivery: Delivery) -> Event:
    """Read what was pushed."""
    body = parse(delivery.body)
    name = delivery.headers.get(_EVENT_HEADER, "") or body.text("event")
    if name == "push":
        return _read_push(body)
    kind = EventKind.PING if name == "ping" else EventKind.OTHER
    return Event(kind=kind, repository=body.name("repository"), author=body.text("pusher"), title=name)


def _read_push(body: Payload) -> Event:
    before, after = body.sha("before"), body.sha("after")
    if not (body.name("repository") and body.name("ref") and after):
        raise UnreadableDelivery("a push without `repository`, `ref` or `after`; install the hook again")
    action = "deleted" if after == ZERO_SHA else "created" if before == ZERO_SHA else "updated"
    return Event(
        kind=EventKind.PUSH,
        action=action,
        repository=body.text("repository"),
        ref=body.text("ref"),
        # For an annotated tag the hook says the commit beside the tag's own object.
        sha=after if action == "deleted" else body.sha("commit") or after,
        before=before,
        forced=body.flag("forced"),
        author=body.text("pusher"),
    )
