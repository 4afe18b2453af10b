"""Whoever does not know the secret stays outside, and whoever does cannot make us crash. The same for every forge."""

import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from pushboat.config.kinds import KINDS
from pushboat.config.operator import Secret
from pushboat.errors import BadSignature, UnreadableDelivery
from pushboat.events import Delivery
from pushboat.forges.table import deliveries_of
from tests.forges.recorded import SECRET, SIGNATURES, cases, recorded, signed

SECRETS = (Secret(value="the old one"), Secret(value=SECRET))
ODD_VALUES: list[Any] = [7, -1, 1.5, 2**80, "x", "\ud800\0", [], [1], {}, {"id": []}, True, None]
every_forge = pytest.mark.parametrize("forge", sorted(KINDS))
every_delivery = pytest.mark.parametrize(
    ("forge", "case"), [(one, case) for one in sorted(KINDS) for case in cases(one)]
)


@every_delivery
def test_any_of_the_configured_secrets_opens(forge: str, case: str) -> None:
    """While a secret is rotated, both work."""
    for secret in SECRETS:
        deliveries_of(forge).verify(signed(forge, recorded(forge, case), secret.value), SECRETS)


@pytest.mark.proves("receiver")
@every_forge
@pytest.mark.parametrize("signature", ["", "sha256=", "sha256=00", "v1,", "ünïcode", "x" * 10_000, None])
def test_a_wrong_or_missing_signature_is_refused(forge: str, signature: str | None) -> None:
    """Empty, short, long, non-ASCII or absent: 401, never a crash."""
    delivery = recorded(forge, "push")
    if signature is not None:
        delivery.headers[SIGNATURES[forge]] = signature

    with pytest.raises(BadSignature):
        deliveries_of(forge).verify(delivery, SECRETS)


@pytest.mark.proves("receiver")
@pytest.mark.parametrize("forge", ["github", "git"])
@pytest.mark.parametrize("flipped", [0, -2])
def test_a_flipped_byte_is_refused(forge: str, flipped: int) -> None:
    """The signature covers every byte of the body, white space too."""
    delivery = signed(forge, recorded(forge, "push"))
    body = bytearray(delivery.body)
    body[flipped] ^= 1

    with pytest.raises(BadSignature):
        deliveries_of(forge).verify(replace(delivery, body=bytes(body)), SECRETS)


@every_forge
def test_an_empty_secret_opens_nothing(forge: str) -> None:
    """Anyone can sign with an empty key, so it never counts."""
    delivery = signed(forge, recorded(forge, "push"), "")

    with pytest.raises(BadSignature):
        deliveries_of(forge).verify(delivery, (Secret(value=""),))


def test_the_documented_signature_of_github_is_accepted() -> None:
    """GitHub's own example verifies."""
    digest = "757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17"
    delivery = Delivery(headers={"x-hub-signature-256": f"sha256={digest}"}, body=b"Hello, World!")

    deliveries_of("github").verify(delivery, SECRETS)


@every_forge
@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"[]", b'"text"', b"null", b"\xff\xfe", b'{"a":' * 100_000, b"[" * 1_000_000, b'{"a":' + b"9" * 5000],
    ids=["empty", "half", "list", "text", "null", "not-utf8", "deep", "deep-list", "half-number"],
)
def test_a_body_that_is_no_json_object_is_unreadable(forge: str, body: bytes) -> None:
    """Signed nonsense is a 400, however deep it goes."""
    with pytest.raises(UnreadableDelivery):
        deliveries_of(forge).read(replace(recorded(forge, "push"), body=body))


@every_delivery
def test_values_of_wrong_types_never_crash(forge: str, case: str) -> None:
    """Each field in turn as number, text, list, object, truth and null: read or refused, nothing else."""
    delivery = recorded(forge, case)
    body = json.loads(delivery.body)
    for place in _places(body):
        for value in ODD_VALUES:
            _read(forge, replace(delivery, body=json.dumps(_with(body, place, value)).encode()))


@every_delivery
def test_missing_and_unknown_keys_never_crash(forge: str, case: str) -> None:
    """Each field in turn left out, and one more than we know: read or refused."""
    delivery = recorded(forge, case)
    body = json.loads(delivery.body)
    before = None
    for place in _places(body):
        _read(forge, replace(delivery, body=json.dumps(_with(body, place)).encode()))
    if case != "sent_by_forgejo":
        before = deliveries_of(forge).read(delivery)
        assert (
            deliveries_of(forge).read(replace(delivery, body=json.dumps({**body, "new": {"field": 1}}).encode()))
            == before
        )


def _read(forge: str, delivery: Delivery) -> None:
    try:
        event = deliveries_of(forge).read(delivery)
    except UnreadableDelivery:
        return
    (event.comment + event.ref + event.author).encode()
    assert "\0" not in event.ref + event.sha + event.author + event.repository


def _places(value: Any, place: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    for key, inner in value.items() if isinstance(value, dict) else ():
        yield (*place, key)
        if key not in ("repository", "project", "organization", "head_commit", "commits", "hook", "repo"):
            yield from _places(inner, (*place, key))


def _with(body: Any, place: tuple[str, ...], *value: Any) -> Any:
    copy = dict(body)
    if len(place) > 1:
        copy[place[0]] = _with(body[place[0]], place[1:], *value)
    elif value:
        copy[place[0]] = value[0]
    else:
        del copy[place[0]]
    return copy
