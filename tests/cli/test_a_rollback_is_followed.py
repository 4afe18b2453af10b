"""Who asked for a deployment that is answered by a rollback sees that one through, and what runs then."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from pushboat.model.deployment import Counts
from pushboat.model.state import State
from pushboat.routing import Decision
from pushboat.store import ending, lanes, mending
from pushboat.store.database.engine import Store
from tests.cli.conftest import Pushboat
from tests.cli.test_asking import DEPLOY, DONE, SHOP, decide, meanwhile
from tests.fresh_store import fresh_store
from tests.store.repository import Repository, deploy
from tests.store.test_releases import released, render
from tests.until import until


@pytest.fixture
def store(home: Path) -> Iterator[Store]:
    """The store of the operator's file, with a release of staging."""
    (home / "var").mkdir()
    opened = fresh_store(home / "var")
    repository = Repository(opened)
    released(repository, repository.push("a" * 40))
    yield opened
    opened.close()


@pytest.mark.proves("on-failure")
@pytest.mark.parametrize(
    ("state", "runs"),
    [
        (State.SUCCEEDED, "rolled back to release 1 (aaaaaaa): what runs in staging now is release 1 (aaaaaaa)"),
        (State.FAILED, "failed as well: what runs in staging now may be neither this nor release 1 as a whole"),
    ],
)
def test_a_rollback_that_answers_a_failure_is_followed_to_its_end(
    pushboat: Pushboat, store: Store, state: State, runs: str
) -> None:
    """My deployment fails and is rolled back: I read how that ends and what runs now, and the answer is still no."""

    def work() -> None:
        (number,) = decide(store, Decision(acts=(DEPLOY,), sentence="deploying", answer=DONE))
        claim = until(lambda: lanes.claim(store, number, "worker"), what="the claim")
        ending.finish(store, claim, State.FAILED, "web crashes", counts=Counts(configured=1), rollback=True)
        back = mending.answered_by(store, number)
        assert back
        taken = until(lambda: lanes.claim(store, back.id, "worker"), what="the rollback's claim")
        ending.finish(store, taken, state, "so it went", render=render("a"))

    finished = meanwhile(work, lambda: pushboat("deploy", SHOP, "staging"))
    assert finished.returncode == 1, finished.stderr
    assert "failed: web crashes; roll" in finished.stderr
    assert f"{state}: so it went" in finished.stderr
    assert runs in finished.stderr


def test_what_took_the_rollbacks_place_is_what_runs(pushboat: Pushboat, store: Store) -> None:
    """The repair was pushed before the rollback began, and runs: nobody tells me that the old release does."""

    def work() -> None:
        (number,) = decide(store, Decision(acts=(DEPLOY,), sentence="deploying", answer=DONE))
        claim = until(lambda: lanes.claim(store, number, "worker"), what="the claim")
        ending.finish(store, claim, State.FAILED, "web crashes", counts=Counts(configured=1), rollback=True)
        back = mending.answered_by(store, number)
        assert back
        repository = Repository(store)
        repository.receive("a" * 40)  # known already: the fixture's push
        (repair,) = repository.route(deploy("c" * 40), contained=[back.id])
        ending.finish(store, repository.claim(repair), State.SUCCEEDED, "healthy", render=render("c"))

    finished = meanwhile(work, lambda: pushboat("deploy", SHOP, "staging"))
    assert finished.returncode == 1, finished.stderr
    told = "rolling back to release 1 (aaaaaaa) gave way to ccccccc: what runs in staging now is ccccccc"
    assert told in finished.stderr
