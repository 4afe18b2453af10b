"""Letters as the store has them: another version may have written them, or a disk."""

import json
from collections.abc import Callable
from functools import partial
from typing import Any

from pushboat.model.letter import KINDS, Letter, kind_of
from pushboat.store import outbox
from pushboat.store.outbox import Envelope
from tests.fuzz.demanding import demand
from tests.fuzz.target import Target, words_of

Open = Callable[[Envelope], Letter]


def _check(opened: Open, data: bytes) -> None:
    envelope = _envelope(data)
    if envelope is None:
        return
    letter = _letter(opened, envelope)
    if letter is None:
        return
    kind = kind_of(letter)
    demand(kind.name == envelope.kind, "a letter of another kind")
    payload = json.dumps(kind.write(letter))
    again = opened(_envelope_of(envelope.kind, payload))
    demand(again == letter and json.dumps(kind.write(again)) == payload, "written and read again, and not the same")
    demand(
        kind.stream("acme/shop", letter) == kind.stream("acme/shop", again),
        "another stream",
    )
    said, kept = json.loads(envelope.payload), json.loads(payload)
    for key in kept.keys() & said.keys():
        demand(json.dumps(said[key]) == json.dumps(kept[key]), f"{key} is another one")


def _letter(opened: Open, envelope: Envelope) -> Letter | None:
    try:
        return opened(envelope)
    except (KeyError, ValueError, TypeError, RecursionError):
        return None  # as the outbox promises: any exception keeps the letter for the version that knows it


def _envelope(data: bytes) -> Envelope | None:
    try:
        said: Any = json.loads(data)
    except (ValueError, RecursionError):
        return None
    kind = said.get("kind") if isinstance(said, dict) else None
    if not isinstance(kind, str) or kind not in KINDS:
        return None
    return _envelope_of(kind, json.dumps(said.get("payload")))


def _envelope_of(kind: str, payload: str) -> Envelope:
    return Envelope(id=1, stream="s", forge="github", repository="acme/shop", kind=kind, payload=payload, attempts=1)


def _takes_too_much_for_no_number(envelope: Envelope) -> Letter:
    letter = outbox.opened(envelope)
    payload = json.loads(envelope.payload)
    if isinstance(payload, dict) and str(payload.get("edition", "")).startswith("-"):
        return KINDS[envelope.kind].read({**payload, "edition": 0})  # type: ignore[no-any-return]
    return letter


TARGET = Target(
    check=partial(_check, outbox.opened),
    bugs={"an-edition-below-zero": partial(_check, _takes_too_much_for_no_number)},
    words=(*words_of("outbox"), *KINDS, "a" * 40),
    shape="json",
)
