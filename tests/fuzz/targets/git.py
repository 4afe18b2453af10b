"""A plain git server's deliveries, which our own hook sends: verified, named and read."""

import json
from dataclasses import replace
from functools import partial

from pushboat.events import Delivery, Event, EventKind
from pushboat.forges.git import deliveries
from tests.fuzz.deliveries import check, door, keys_of, signed_in
from tests.fuzz.target import Target, words_of

_HEADER, _PREFIX = "x-pushboat-signature-256", "sha256="
_WANTED = signed_in(_HEADER, _PREFIX)


def _takes_what_was_there_before_as_it_is(delivery: Delivery) -> Event:
    event = deliveries.read(delivery)
    if event.kind is not EventKind.PUSH:
        return event
    return replace(event, before=json.loads(delivery.body).get("before") or "")


TARGET = Target(
    check=partial(check, door(deliveries, _WANTED)),
    bugs={
        "before-is-not-lowered": partial(check, door(deliveries, _WANTED, read=_takes_what_was_there_before_as_it_is))
    },
    words=(*words_of("git"), *keys_of("git"), f"{_HEADER}: {_PREFIX}{{hex}}", "ABCDEF0123" * 4),
    shape="http",
)
