"""As a GitHub App: a credential for each owner, and check runs in place of statuses, read back like these."""

from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from pushboat.model.letter import StatusLetter
from pushboat.model.state import State
from pushboat.model.status import Status
from pushboat.store import outbox, putting, quieting, reading_back
from pushboat.store.database.engine import Store
from tests.engine_room.worker import at_work
from tests.fakes.app_key import installed
from tests.fakes.github import FakeGitHub
from tests.store.repository import time_passes
from workers.reporting import Seats, report
from workers.tools import Tools

pytestmark = pytest.mark.programs
OWNERS = ("acme", "beta")
URL = "http://pushboat.example"


@pytest.fixture
def forge(tmp_path: Path) -> Iterator[FakeGitHub]:
    """A GitHub with a repository of each owner."""
    with FakeGitHub(tmp_path / "forge") as made:
        for owner in OWNERS:
            made.create_repository(f"{owner}/shop", {"a": "1"})
        yield made


@pytest.fixture
def tools(tmp_path: Path, forge: FakeGitHub, store: Store) -> Iterator[Tools]:
    """A reporter that acts as an App."""
    with at_work(tmp_path, store, forge.configured(token="", app=installed(forge)), {}) as made:
        yield made


def letter(forge: FakeGitHub, owner: str, state: State) -> StatusLetter:
    """A status of the owner's commit."""
    sha = forge.projects[f"{owner}/shop"].bare.resolve("refs/heads/main")
    return StatusLetter(sha=sha, status=Status(context="pushboat/a", state=state, description="so", path="/"))


def say(tools: Tools, repository: str, one: StatusLetter) -> None:
    """Have it posted."""
    with tools.store.writing() as tx:
        putting.put(tx, repository, one)


def shown(forge: FakeGitHub, owner: str) -> str:
    """What the owner's commit shows."""
    runs = forge.check_runs.get(f"{owner}/shop", [])
    return runs[-1].state if runs else ""


def work(tools: Tools) -> None:
    """Post and read back whatever is due."""
    for name in {*outbox.due_forges(tools.store), *reading_back.due_forges(tools.store)}:
        report(tools, Seats(), name)


def test_a_limit_of_one_owners_installation_holds_no_other_owner_up(tools: Tools, forge: FakeGitHub) -> None:
    """acme has used up what it may ask; beta's commit is told at once, and acme's when it may be."""
    tools.clients("github").remote("acme/shop")  # it has a token already, so that the limit is of what it asks
    forge.fail(429, path="/repos/acme/", headers={"Retry-After": "600"}, times=99)
    for owner in OWNERS:
        say(tools, f"github/{owner}/shop", letter(forge, owner, State.FAILED))
    work(tools)
    assert [shown(forge, owner) for owner in OWNERS] == ["", "failure"]
    assert [each.credential for each in quieting.listed(tools.store)] == ["github/acme"]
    forge._door.troubles.clear()
    time_passes(tools.store, 601)
    work(tools)
    assert shown(forge, "acme") == "failure"


def test_a_stale_run_after_the_last_word_is_put_right(tools: Tools, forge: FakeGitHub) -> None:
    """A poster that was frozen before it made a run wakes after the end: the newest run says how it ended again."""
    ended = letter(forge, "acme", State.FAILED)
    say(tools, "github/acme/shop", ended)
    work(tools)
    stale = letter(forge, "acme", State.RUNNING)
    tools.clients("github").post("acme/shop", stale, URL)
    assert shown(forge, "acme") == "in_progress"
    time_passes(tools.store, 61)
    work(tools)
    assert shown(forge, "acme") == "failure"
    asked = partial(len, forge.requests)
    before = asked()
    time_passes(tools.store, 61)
    work(tools)
    assert asked() - before == 1
