"""GitHub's deliveries: verified, named and read."""

from functools import partial

from pushboat.config.secret import Secret
from pushboat.errors import BadSignature
from pushboat.events import Delivery
from pushboat.forges.github import deliveries
from tests.fuzz.deliveries import check, door, keys_of, signed_in
from tests.fuzz.target import Target, words_of

_HEADER, _PREFIX = "x-hub-signature-256", "sha256="
_WANTED = signed_in(_HEADER, _PREFIX)


def _compares_as_far_as_given(delivery: Delivery, secrets: tuple[Secret, ...]) -> None:
    given = delivery.headers.get(_HEADER, "")
    try:
        deliveries.verify(delivery, secrets)
    except BadSignature:
        wanted = _PREFIX + deliveries.signatures.signature(secrets[0].value, delivery.body).removeprefix(_PREFIX)
        if not given.startswith(_PREFIX) or not wanted.startswith(given):
            raise


TARGET = Target(
    check=partial(check, door(deliveries, _WANTED)),
    bugs={
        "a-beginning-is-enough": partial(check, door(deliveries, _WANTED, verify=_compares_as_far_as_given)),
    },
    words=(*words_of("github"), *keys_of("github"), f"{_HEADER}: {_PREFIX}{{hex}}"),
    shape="http",
)
