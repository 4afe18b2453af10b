"""What must hold of any delivery, of whichever forge: who may say something, and what is made of what they say.

An input is headers, an empty line and a body. `{…}` in a header stands for what only who knows the secret can write, so
that a mutation may bend, cut or double a right signature, and a check knows what it must be.
"""

import base64
import hashlib
import hmac
import json
import re
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from types import ModuleType
from typing import Any

from pushboat.config.secret import Secret
from pushboat.errors import BadSignature, DeliveryRejected, UnreadableDelivery, UnsupportedEncoding
from pushboat.events import Delivery, Event, EventKind, from_json, to_json
from pushboat.model.delivery import REPLAY
from pushboat.routing import asking
from tests.fuzz.demanding import demand
from tests.fuzz.target import corpus_of

SECRET, OTHER = "it is a secret to everybody", "the one before it"
TOKEN = base64.b64encode(b"a signing token of 24 b.").decode()
PLAIN = (Secret(value=SECRET), Secret(value=OTHER), Secret(value=""))
SIGNING = (Secret(value=SECRET), Secret(value=OTHER, kind="leaving"), Secret(value=f"whsec_{TOKEN}", kind="signing"))
_WORD = re.compile(r"\{(\w+)\}")
_SHA = re.compile(r"([0-9a-f]{40}([0-9a-f]{24})?)?")
_NO_NAME = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]|\.\.")
_NAMES = ("repository", "ref", "base_ref")
_SHAS = ("sha", "before", "merged_sha")
_SILENT = (EventKind.PING, EventKind.OTHER)
_ID_CHARACTERS = 200
MOST_NUMBER = 2**63
Verify = Callable[[Delivery, tuple[Secret, ...]], None]
Read = Callable[[Delivery], Event]


@dataclass(frozen=True, slots=True, kw_only=True)
class Door:
    """A forge's functions, and `wanted`: by our own account, whether a delivery is signed as the forge signs."""

    verify: Verify
    read: Read
    identify: Callable[[Delivery], str]
    wanted: Callable[[Delivery], bool]
    secrets: tuple[Secret, ...] = PLAIN


def door(forge: ModuleType, wanted: Callable[[Delivery], bool], **others: Any) -> Door:
    """Give a forge's door as it is, or with another function in a place of it."""
    return Door(**{"verify": forge.verify, "read": forge.read, "identify": forge.identify, "wanted": wanted, **others})


def check(at: Door, data: bytes) -> None:
    """Hold a forge's door to its promises about one delivery."""
    delivery = _delivery(data)
    _is_verified_only_as_signed(at, delivery)
    identity = at.identify(delivery)
    demand(identity.isascii() and identity.isprintable() and 0 < len(identity) <= _ID_CHARACTERS, str(identity))
    demand(
        REPLAY not in identity and at.identify(delivery) == identity,
        "an id that is not its own",
    )
    event = _event(at, delivery)
    demand(event == _event(at, delivery), "read twice, and not the same")
    if event is not None:
        _can_be_kept(event)
        _says_where(event)
        asking.read(event, f"forge/{event.repository}", ("production", "staging"))
    _depends_on_no_spelling(at, delivery, event)


def hex_of(secret: str, body: bytes) -> str:
    """Sign a body, by the standard library alone."""
    return hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


def standard_of(headers: Mapping[str, str], body: bytes) -> str:
    """Sign a body with its id and its time, as the Standard Webhooks text has it."""
    signed = b".".join((headers.get("webhook-id", "").encode(), headers.get("webhook-timestamp", "").encode(), body))
    return base64.b64encode(hmac.new(base64.b64decode(TOKEN), signed, hashlib.sha256).digest()).decode()


def signed_in(header: str, prefix: str) -> Callable[[Delivery], bool]:
    """Say whether a header has the signature of one of the secrets that are not empty, and nothing else."""
    return lambda delivery: (
        delivery.headers.get(header, "") in [f"{prefix}{hex_of(secret, delivery.body)}" for secret in (SECRET, OTHER)]
    )


def _delivery(data: bytes) -> Delivery:
    head, _, body = data.partition(b"\n\n")
    words = delivery_words(body)
    headers = {}
    for line in head.decode("latin-1").split("\n"):
        name, colon, value = line.partition(":")
        if colon and not {"\0", "\r"} & set(value):  # those never come through HTTP
            headers[name.strip().lower()] = _WORD.sub(lambda found: words.get(found[1], found[0]), value.strip())
    standard = standard_of(headers, body)
    return Delivery(headers={name: value.replace("{standard}", standard) for name, value in headers.items()}, body=body)


def delivery_words(body: bytes) -> Mapping[str, str]:
    return {
        "hex": hex_of(SECRET, body),
        "HEX": hex_of(SECRET, body).upper(),
        "other": hex_of(OTHER, body),
        "unkeyed": hex_of("", body),
        "of_nothing": hex_of(SECRET, b""),
        "sha1": hmac.new(SECRET.encode(), body, hashlib.sha1).hexdigest(),
        "secret": SECRET,
        "Secret": SECRET.upper(),
        "former": OTHER,
        "now": str(int(time.time())),
        "earlier": str(int(time.time()) - 3600),
    }


def _is_verified_only_as_signed(at: Door, delivery: Delivery) -> None:
    try:
        at.verify(delivery, at.secrets)
    except BadSignature as refused:
        demand(not at.wanted(delivery), "a right signature is refused")
        demand(not any(value in str(refused) for value in (SECRET, OTHER, TOKEN)), "a secret in an error")
    else:
        demand(at.wanted(delivery), "verified, and not signed")


def _event(at: Door, delivery: Delivery) -> Event | None:
    try:
        return at.read(delivery)
    except DeliveryRejected as rejected:
        demand(isinstance(rejected, UnreadableDelivery | UnsupportedEncoding), str(rejected))
        demand(str(rejected).isprintable(), str(rejected))
        return None


def _can_be_kept(event: Event) -> None:
    for each in fields(Event):
        value = getattr(event, each.name)
        if isinstance(value, str):
            value.encode()
            demand("\0" not in value, str(each.name))
        elif isinstance(value, int):
            demand(0 <= value < MOST_NUMBER, str(each.name))
        else:
            demand(value is None, str(each.name))
    demand(
        from_json(json.loads(json.dumps(to_json(event)))) == event,
        "kept, and another one",
    )


def _says_where(event: Event) -> None:
    demand(event.repository or event.kind in _SILENT, "it happened nowhere")
    for name in _NAMES:
        demand(not _NO_NAME.search(getattr(event, name)), f"{name} is no name")
    for name in _SHAS:
        demand(_SHA.fullmatch(getattr(event, name)), f"{name} is no commit")
    if event.kind is EventKind.PUSH:
        demand(event.ref and event.sha, "a push of nothing")


def _depends_on_no_spelling(at: Door, delivery: Delivery, event: Event | None) -> None:
    """Write the same body in another order, and with every other character escaped."""
    try:
        said = json.loads(delivery.body)
        body = json.dumps(_turned(said), indent=1).encode()
    except (ValueError, RecursionError):
        return
    demand(_event(at, Delivery(headers=delivery.headers, body=body)) == event, "another spelling says something else")


def _turned(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _turned(each) for key, each in reversed(value.items())}
    return [_turned(each) for each in value] if isinstance(value, list) else value


def keys_of(forge: str) -> tuple[str, ...]:
    """Collect the words by which a forge's deliveries are written."""
    found: dict[str, None] = {}
    for path in corpus_of(forge):
        found.update(dict.fromkeys(re.findall(r'"(\w+)":', path.read_text("utf-8", "replace"))))
    return (
        *found,
        *(f"{{{word}}}" for word in delivery_words(b"")),
        "{standard}",
        "refs/heads/main",
        "0" * 40,
        "a" * 40,
    )
