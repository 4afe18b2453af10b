"""GitHub asks our App whether a workflow may deploy: not while something holds that, or the environment is ill."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from pushboat.model.hold import Hold, Scope
from pushboat.model.state import State
from pushboat.store import ending, holds
from pushboat.store.database.engine import Store
from tests.engine_room.conftest import STAGING
from tests.engine_room.test_a_deployment_at_the_forge_deploys import hear
from tests.engine_room.worker import at_work
from tests.fakes.app_key import installed
from tests.fakes.github import FakeGitHub
from tests.fakes.github_environments import ask_us
from tests.store.repository import NAME, Repository
from workers.tools import Tools

SHOP = "acme/shop"
AGAIN = ": run the job again once that has ended"


@pytest.fixture
def tools(tmp_path: Path, github: FakeGitHub, store: Store) -> Iterator[Tools]:
    """A worker that acts as an App."""
    configured = github.configured(token="", app=installed(github))
    with at_work(tmp_path, store, configured, {NAME: {"staging": STAGING}}) as tools:
        yield tools


def paused(**more: object) -> Hold:
    """Something that holds staging."""
    hold = Hold(kind="pause", scope=Scope(repository=NAME, environment="staging"), by="ann", reason="a migration")
    return replace(hold, **more)  # type: ignore[arg-type]


def test_what_nothing_holds_goes_on(
    tools: Tools, github: FakeGitHub, store: Store, repository: Repository, main: str
) -> None:
    """Staging is well and free: the job goes on, and reads so."""
    ending.finish(store, repository.claim(repository.push(main)), State.SUCCEEDED, "12 objects")
    hear(tools, ask_us(github, SHOP, "staging", 7, "alice"))
    assert github.reviews == [(7, "staging", "approved", "nothing holds staging, and it is well")]


@pytest.mark.parametrize(
    ("hold", "answer"),
    [
        (paused(), "rejected"),
        (paused(spares="alice"), "approved"),
        (paused(begins=9e9), "approved"),
        (paused(scope=Scope(repository=NAME, environment="live")), "approved"),
    ],
)
def test_what_holds_us_holds_workflows(tools: Tools, github: FakeGitHub, store: Store, hold: Hold, answer: str) -> None:
    """A pause, a lock, a freeze: whom it spares and when it begins is as for us."""
    holds.put(store, hold)
    hear(tools, ask_us(github, SHOP, "staging", 7, "alice"))
    ((run, where, said, comment),) = github.reviews
    assert (run, where, said) == (7, "staging", answer)
    if answer == "rejected":
        assert comment.startswith("staging is held: `paused by ann")
        assert comment.endswith(f"a migration`{AGAIN}")


def test_what_is_ill_or_busy_is_left_alone(
    tools: Tools, github: FakeGitHub, store: Store, repository: Repository, main: str
) -> None:
    """Nobody deploys over a deployment that runs, nor over one that failed."""
    claim = repository.claim(repository.push(main))
    hear(tools, ask_us(github, SHOP, "staging", 7, "alice"))
    ending.finish(store, claim, State.FAILED, "web crashes")
    hear(tools, ask_us(github, SHOP, "staging", 8, "alice"))
    assert [review[3] for review in github.reviews] == [
        f"deployment 1 is on its way to staging{AGAIN}",
        f"staging is not well since deployment 1: `web crashes`{AGAIN}",
    ]


def test_an_environment_that_we_do_not_have_is_refused(tools: Tools, github: FakeGitHub) -> None:
    """Somebody asked for our word on it and misspelt it: an open door would be worse than a red job."""
    hear(tools, ask_us(github, SHOP, "stagign", 7, "alice"))
    assert github.reviews[0][2:] == (
        "rejected",
        f"Pushboat has no environment stagign here, so nobody knows what holds it{AGAIN}",
    )


def test_our_token_goes_to_no_address_that_a_payload_names(tools: Tools, github: FakeGitHub) -> None:
    """Of the callback's address only the run's number counts."""
    place = "http://127.0.0.1:9/repos/evil/evil/actions/runs/7/deployment_protection_rule"
    hear(tools, ask_us(github, SHOP, "staging", 7, "alice", url=place))
    assert [review[0] for review in github.reviews] == [7]
