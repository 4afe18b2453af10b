"""Gitea's and Forgejo's deliveries: verified, named and read."""

from functools import partial

from pushboat.config.secret import Secret
from pushboat.errors import BadSignature
from pushboat.events import Delivery
from pushboat.forges.gitea import deliveries
from tests.fuzz.deliveries import OTHER, SECRET, check, door, hex_of, keys_of
from tests.fuzz.target import Target, words_of

_FIRST, _SECOND = "x-forgejo-signature", "x-gitea-signature"


def _wanted(delivery: Delivery) -> bool:
    given = delivery.headers.get(_FIRST) or delivery.headers.get(_SECOND, "")
    return given in [hex_of(secret, delivery.body) for secret in (SECRET, OTHER)]


def _lets_an_empty_secret_count(delivery: Delivery, secrets: tuple[Secret, ...]) -> None:
    try:
        deliveries.verify(delivery, secrets)
    except BadSignature:
        given = delivery.headers.get(_FIRST) or delivery.headers.get(_SECOND)
        if given != hex_of("", delivery.body):
            raise


TARGET = Target(
    check=partial(check, door(deliveries, _wanted)),
    bugs={"an-empty-secret": partial(check, door(deliveries, _wanted, verify=_lets_an_empty_secret_count))},
    words=(*words_of("gitea"), *keys_of("gitea"), f"{_FIRST}: {{hex}}", f"{_SECOND}: {{other}}"),
    shape="http",
)
