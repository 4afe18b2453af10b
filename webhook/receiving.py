"""A delivery's way in: receive, verify, read, accept, ring, answer. No network, no git, no broker in the request.

The answer carries one sentence for people, because the forge's delivery log is where they look first. Those who cannot
sign learn nothing about the configuration.
"""

import logging
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from flask import Blueprint, Request, request
from flask.typing import ResponseReturnValue

from pushboat import routing
from pushboat.config.operator import Operator, Secret
from pushboat.config.rereading import SecretsInUse
from pushboat.errors import (
    BadSignature,
    DeliveryRejected,
    StoreUnavailable,
    UnknownForge,
)
from pushboat.events import EventKind
from pushboat.forges import table
from pushboat.logs import about, learn
from pushboat.model.delivery import Accepted
from pushboat.model.span import caller_of
from pushboat.reading import known
from pushboat.routing import asking, recognising
from pushboat.store import deliveries, traces
from pushboat.store.database.engine import Store
from webhook import bodies
from webhook.recognising import recognise
from webhook.rejections import Rejections

Answer = tuple[dict[str, Any], int]

log = logging.getLogger(__name__)


def blueprint(
    operator: Operator, store: Store, ring: Callable[[], None], secrets: Mapping[str, SecretsInUse]
) -> Blueprint:
    """Open `POST /webhooks/<forge>`."""
    door = Blueprint("receiving", __name__)
    rejections = Rejections(store)

    @door.post("/webhooks/<forge>", strict_slashes=False)
    def take(forge: str) -> ResponseReturnValue:
        with about(forge=forge):
            return answer(forge)

    def answer(forge: str) -> ResponseReturnValue:
        try:
            valid = secrets[forge].now() if forge in secrets else ()
            return deliver(forge, valid, request, operator, store, ring)
        except DeliveryRejected as refusal:
            rejections.record(forge, request.remote_addr or "", refusal.summary, known=forge in secrets)
            return {"error": refusal.summary}, refusal.http_status
        except StoreUnavailable as trouble:
            log.error("a delivery for %s was not stored: %s", forge, trouble.summary)  # noqa: TRY400 - the sentence says it
            return {"error": _NOT_STORED}, 503, {"Retry-After": "30"}

    return door


def deliver(
    name: str,
    secrets: tuple[Secret, ...],
    request: Request,
    operator: Operator,
    store: Store,
    ring: Callable[[], None],
) -> Answer:
    """Take one delivery in, signed with any of the forge's secrets, and say what became of it.

    Raises:
        DeliveryRejected: the sender must act.
        StoreUnavailable: nothing was stored; the forge may deliver it again.
    """
    forge = operator.forges.get(name)
    if forge is None:
        bodies.drain(request)
        raise UnknownForge(_UNKNOWN_FORGE)
    delivery = bodies.receive(request)
    reader = table.deliveries_of(forge.kind)
    try:
        reader.verify(delivery, secrets)
    except BadSignature:
        raise BadSignature(_BAD_SIGNATURE) from None
    called = reader.identify(delivery)
    learn(id_at_forge=called, trace_id=traces.id_of(store, forge.name, called))
    event, found = recognise(operator, store, forge, reader.read(delivery))
    repository = f"{forge.name}/{event.repository}"
    project = operator.projects.get(repository) if found.repository else None
    speaks = event.kind in (EventKind.COMMENT, EventKind.DEPLOYMENT)
    ask = asking.read(event, repository, known.names(store, project) if project and speaks else ())
    ignored = found.refusal or routing.ignored(event, ask, operator_knows_repository=bool(found.repository))
    # What people say to each other, also in confidence, is not ours to keep and to show.
    kept = replace(event, comment="") if ignored else event
    asked = (ask,) if ask and project else ()
    headers = {name: value for name in (*_ALWAYS_KEPT, *reader.KEPT) if (value := delivery.headers.get(name))}
    if store.traces and caller_of(caller := delivery.headers.get("traceparent", "")):
        headers["traceparent"] = caller
    accepted = deliveries.accept(store, forge.name, called, kept, ignored=ignored, asked=asked, headers=headers)
    learn(delivery=accepted.id)
    if not accepted.ignored and not accepted.duplicate:
        ring()
    word = recognising.called_now(event.repository, event.renamed) if event.renamed else ""
    return _answer(accepted, f"{operator.public_url.rstrip('/')}/deliveries/{accepted.id}", word)


def _answer(accepted: Accepted, page: str, word: str) -> Answer:
    answer: dict[str, Any] = {"delivery": accepted.id}
    if accepted.duplicate:
        message = f"this delivery is known already and changes nothing; what it did stands at {page}"
        return {**answer, "duplicate": True, "message": message, "url": page}, 200
    if why := accepted.ignored:
        return {**answer, "ignored": why, "message": why, "url": page}, 200
    message = f"accepted; what it leads to stands at {page} soon"
    return {**answer, "message": f"{message}; {word}" if word else message, "url": page}, 202


_ALWAYS_KEPT = ("content-type", "content-length", "user-agent")
_BAD_SIGNATURE = "signature does not match; run `pushboat hook doctor`"
_UNKNOWN_FORGE = "no forge of this name; run `pushboat hook doctor`"
_NOT_STORED = (
    "not stored, because the database cannot be written now; the forge may deliver it again by itself, "
    "else redeliver it from the webhook's page at the forge"
)
