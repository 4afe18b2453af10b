"""Postgres fails over while I wait at the terminal: what I follow goes on, I hear why it is quiet, and how it ends."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from cli.following import follow
from cli.recovering.asking import Recovery
from cli.recovering.ends import End
from cli.recovering.to_cluster import code
from cli.vantage import Here
from pushboat.model.state import State
from pushboat.store.database.engine import Store, open_store
from tests.store.postgres import Server
from tests.store.repository import Repository
from tests.store.test_a_recovery_tells_not_yet_from_no import asked, carried_out, ends, lost, routed
from tests.until import until


@pytest.fixture
def url(postgres_server: Server, migrated_database: str) -> Iterator[str]:
    """A database of one's own, which may be shut."""
    yield (address := postgres_server.fresh(migrated_database))
    postgres_server.drop(address)


@pytest.fixture
def store(url: str, tmp_path: Path) -> Iterator[Store]:
    """It, open."""
    store = open_store(url, tmp_path)
    yield store
    store.close()


def test_a_recovery_goes_on_after_it(repository: Repository, url: str, postgres_server: Server) -> None:
    """It is shut right after my ask, and comes back a moment later."""
    target, heard = lost(repository), []

    def ring() -> None:
        routed(repository)
        postgres_server.shut(url, yes=True)

    def tell(sentence: str) -> None:
        heard.append(sentence)
        postgres_server.shut(url, yes=False)

    ended = carried_out(repository, target, ring, lambda said: ends(repository) if "waits" in said else None, tell)
    assert (ended.end, code([ended], [])) == (End.RECOVERED, 0), ended.sentence
    (said,) = heard
    assert said.startswith("the store does not answer: ")
    assert said.endswith("; asked again for 1 min")


def test_a_recovery_that_cannot_be_seen_any_more_is_not_said_to_have_failed(
    repository: Repository, url: str, postgres_server: Server
) -> None:
    """It does not come back in time: nobody knows, which is 3 and not 1, also of what was not asked for yet."""
    target = lost(repository)
    postgres_server.shut(url, yes=True)
    recovery = Recovery(
        store=repository.store, glass="", ring=lambda: None, say=lambda *_: None, tell=lambda _: None, limit=0.1
    )
    (ended,) = recovery.carry_out([target])
    postgres_server.shut(url, yes=False)
    assert (ended.end, code([ended], [])) == (End.UNKNOWN, 3)
    assert ended.sentence.startswith("it may go on, and nobody can say: the store does not answer")


def test_whoever_waits_for_a_deployment_sees_its_end(
    repository: Repository, url: str, postgres_server: Server, capsys: pytest.CaptureFixture[str]
) -> None:
    """`deploy`, `rollback` and all that follow an ask: it ends while the store is away, and I am told how it ended."""
    lost(repository)
    number = asked(repository.store)
    routed(repository)
    ends(repository)
    postgres_server.shut(url, yes=True)
    with ThreadPoolExecutor(1) as terminal:
        followed = terminal.submit(follow, Here(store=repository.store, public_url=""), number, State.SUCCEEDED, 60.0)
        told = ""

        def heard() -> bool:
            nonlocal told
            told += capsys.readouterr().err
            return "the store does not answer" in told

        until(heard, what="the word that the store is away")
        postgres_server.shut(url, yes=False)
        assert followed.result().code == 0
    assert "asked again for 1 min" in told
