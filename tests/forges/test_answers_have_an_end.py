"""A forge that sends its answer a byte at a time holds nobody longer than a whole answer may take."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from pushboat.errors import ForgeUnavailable
from pushboat.forges import punctual
from pushboat.forges.protocol import Client
from pushboat.forges.table import client_of
from pushboat.model.letter import StatusLetter
from pushboat.model.state import State
from pushboat.model.status import Status
from tests.fakes.gitea import FakeGitea
from tests.fakes.github import FakeGitHub
from tests.fakes.gitlab import FakeGitLab

pytestmark = pytest.mark.programs

SHOWN = Status(context="pushboat/staging", state=State.SUCCEEDED, description="healthy", path="/deployments/1")
LETTER = StatusLetter(sha="a" * 40, status=SHOWN)


@pytest.fixture(params=[FakeGitHub, FakeGitLab, FakeGitea])
def forge(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[FakeGitHub | FakeGitLab | FakeGitea]:
    """A forge with one repository."""
    with request.param(tmp_path) as made:
        made.create_repository("acme/shop", {"a": "1"})
        yield made


def took(client: Client) -> float:
    """Say how long it takes until a letter is given up for now."""
    started = time.monotonic()
    with pytest.raises(ForgeUnavailable):
        client.post("acme/shop", LETTER, "https://pushboat.example")
    return time.monotonic() - started


@pytest.mark.parametrize("forge", [FakeGitLab], indirect=True)
def test_a_forge_that_trickles_is_left(forge: FakeGitHub | FakeGitLab | FakeGitea) -> None:
    """Each byte comes in time, the answer never: the letter is given up for now before its lease ends."""
    forge.trickle("/")
    assert took(client_of(forge.configured())) < punctual.ANSWER_SECONDS + 30


def test_all_questions_of_a_letter_end_together(forge: FakeGitHub | FakeGitLab | FakeGitea) -> None:
    """However many questions a letter takes: they share its time, and the next letter has its own again."""
    forge.trickle("/")
    client = client_of(forge.configured())
    with punctual.within(1.0):
        assert took(client) < 10
        assert took(client) < 10
    forge.trickle("")
    client.post(
        "acme/shop", StatusLetter(sha=forge.projects["acme/shop"].bare.resolve("refs/heads/main"), status=SHOWN), ""
    )
