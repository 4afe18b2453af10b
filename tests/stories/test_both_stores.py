"""The core stories once more, with Postgres in place of SQLite: the same promises, word for word."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.fakes.forge import FakeForge
from tests.serving import Served
from tests.store.postgres import server
from tests.stories import test_anything_may_die as one_dies
from tests.stories.conftest import Shop, environ_of, operators_file
from tests.stories.test_a_push_deploys import test_a_push_is_accepted_deployed_and_reported as test_push
from tests.stories.test_a_redelivery_deploys_once import test_a_merge_arrives_twice_and_deploys_once as test_merge
from tests.stories.test_a_redelivery_deploys_once import (
    test_the_same_delivery_five_times_at_once_deploys_once as test_redelivery,
)
from tests.stories.test_the_newest_commit_wins import test_two_commits_pushed_while_the_first_deploys as test_newest

__all__ = ["test_merge", "test_newest", "test_push", "test_redelivery"]


@pytest.fixture(scope="module")
def pushboat(
    tmp_path_factory: pytest.TempPathFactory, kubeconfig: Path, forges: dict[str, FakeForge]
) -> Iterator[Served]:
    """A Pushboat whose store is Postgres; the URL comes from the environment, as one with a password must."""
    with server() as postgres, pytest.MonkeyPatch.context() as environ:
        environ.setenv("PUSHBOAT_STORE", postgres.fresh())
        operator = operators_file(kubeconfig, forges, {"store": {"env": "PUSHBOAT_STORE"}})
        served = Served.start(tmp_path_factory.mktemp("on-postgres"), operator, environ_of(forges))
        yield served
        served.stop()
        assert not list(served.state.glob("*.sqlite3*"))


@pytest.fixture(scope="module")
def doomed(pushboat: Served) -> Served:
    """The one whose worker is killed."""
    return pushboat


@pytest.mark.proof  # it waits for a lease to run out
def test_kill(doomed: Served, shops: Callable[[Served, str], Shop]) -> None:
    """The worker dies in the middle of an apply."""
    one_dies.test_the_worker_dies_in_the_middle_of_an_apply(doomed, shops)
