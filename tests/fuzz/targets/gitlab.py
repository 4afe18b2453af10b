"""GitLab's deliveries: verified by a clear token or by a signature, named and read."""

from functools import partial

from pushboat.config.secret import Secret
from pushboat.errors import BadSignature
from pushboat.events import Delivery
from pushboat.forges.gitlab import deliveries
from tests.fuzz import deliveries as of_any
from tests.fuzz.deliveries import OTHER, SECRET, SIGNING, Door, door, keys_of, standard_of
from tests.fuzz.target import Target, words_of

_TOKEN = "x-gitlab-token"
_CLOSE_SECONDS = 300
"""Seconds that the two clocks may differ."""


def _in_clear(delivery: Delivery) -> bool:
    return delivery.headers.get(_TOKEN) in (SECRET, OTHER)


def _signed_or_leaving(delivery: Delivery) -> bool:
    if not (given := delivery.headers.get("webhook-signature")):
        return delivery.headers.get(_TOKEN) == OTHER
    stamp, words = delivery.headers.get("webhook-timestamp", ""), of_any.delivery_words(b"")
    is_fresh = stamp.isascii() and stamp.isdigit() and len(stamp) < 13
    is_fresh = is_fresh and abs(int(stamp) - int(words["now"])) <= _CLOSE_SECONDS
    is_named = bool(delivery.headers.get("webhook-id")) and delivery.headers["webhook-id"].isascii()
    return (
        given.isascii()
        and is_fresh
        and is_named
        and f"v1,{standard_of(delivery.headers, delivery.body)}".encode() in given.encode().split()
    )


def _check(clear: Door, signed: Door, data: bytes) -> None:
    of_any.check(clear, data)
    of_any.check(signed, data)


def _takes_a_token_in_any_case(delivery: Delivery, secrets: tuple[Secret, ...]) -> None:
    try:
        deliveries.verify(delivery, secrets)
    except BadSignature:
        if delivery.headers.get(_TOKEN, "").lower() != SECRET:
            raise


def _forgets_the_time(delivery: Delivery, secrets: tuple[Secret, ...]) -> None:
    try:
        deliveries.verify(delivery, secrets)
    except deliveries.signatures.StaleSignature:
        return


_CLEAR = door(deliveries, _in_clear)
_SIGNED = door(deliveries, _signed_or_leaving, secrets=SIGNING)
TARGET = Target(
    check=partial(_check, _CLEAR, _SIGNED),
    bugs={
        "a-token-in-any-case": partial(_check, door(deliveries, _in_clear, verify=_takes_a_token_in_any_case), _SIGNED),
        "an-old-signature": partial(
            _check, _CLEAR, door(deliveries, _signed_or_leaving, secrets=SIGNING, verify=_forgets_the_time)
        ),
    },
    words=(*words_of("gitlab"), *keys_of("gitlab"), f"{_TOKEN}: {{secret}}", f"{_TOKEN}: {SECRET}"),
    shape="http",
)
