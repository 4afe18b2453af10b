"""The nouns of these tests: a show room where people sign in with a forge, and who may what there."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.dashboard.signing_in import Room, opened
from tests.fakes.accounts import Accounts


@pytest.fixture
def accounts() -> Iterator[Accounts]:
    """A forge: ada may write to the shop, eve everything there, bob reads the other one, cyd nothing."""
    there = Accounts()
    there.permissions = {
        ("acme/shop", "ada"): "write",
        ("acme/shop", "eve"): "admin",
        ("acme/other", "bob"): "read",
        ("acme/shop", "cyd"): "none",
    }
    yield there
    there.door.close()


@pytest.fixture
def room(tmp_path: Path, accounts: Accounts) -> Iterator[Room]:
    """Its show room."""
    with opened(tmp_path, accounts, {"forge": "github"}) as opening:
        yield opening
