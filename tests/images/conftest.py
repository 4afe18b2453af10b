"""A registry, keys, and the gate as an operator would have written it."""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime

import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from pushboat.config.images import ImageRules, ImageSigner
from pushboat.config.sources import Source
from tests.fakes.registry import FakeRegistry
from tests.images import shelf
from workers.images.looking import look
from workers.images.words import Gate, Looked
from workers.review.references import reference

NOW = datetime(2026, 11, 28, 12, tzinfo=UTC).timestamp()
Looks = Callable[..., Looked]


@pytest.fixture
def registry() -> Iterator[FakeRegistry]:
    """A registry that knows everybody."""
    fake = FakeRegistry()
    yield fake
    fake.close()


@pytest.fixture
def key() -> ec.EllipticCurvePrivateKey:
    """A key pair as `cosign generate-key-pair` makes one."""
    return ec.generate_private_key(ec.SECP256R1())


def signer(key: shelf.Key, name: str = "release", until: date | None = None) -> ImageSigner:
    """An image signer of the operator's file."""
    return ImageSigner(name=name, key=shelf.public(key), until=until)


@pytest.fixture
def looks(registry: FakeRegistry) -> Looks:
    """Look at an image of the registry by these rules."""

    def at(named: str, rules: ImageRules, *registries: Source, now: float = NOW) -> Looked:
        allowed = registries or (Source(address=f"oci://{registry.host}"),)
        return look(reference(f"{registry.host}/{named}"), Gate(rules=rules, registries=allowed, now=now))

    return at
