"""Two workers, a few commits, one crash and leases that run out, in every order that there is: no promise is broken.

`python -m tests.smallworld` tells the same at length.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.smallworld.ending import unkept
from tests.smallworld.exploring import Found, explore
from tests.smallworld.serving import web
from tests.smallworld.stored import Stored
from tests.smallworld.world import Bounds, Game, World

ENOUGH = 100_000
"""Worlds that differ in something."""


@pytest.fixture
def stored(migrated_file: Path) -> Iterator[Stored]:
    """A store whose contents are told apart."""
    stored = Stored(migrated_file)
    yield stored
    stored.close()


def kept(game: Game) -> Found:
    """Look at all worlds, and let one of each content of the store, and all that have come to an end, go on alone."""
    found = explore(game)
    assert not found.broken, "\n".join((found.broken, *found.story))
    assert found.ends, "no world comes to an end"
    for world in (*found.ends, *{world.store: world for world in found.worlds}.values()):
        assert not (broken := unkept(game, world)), f"{broken}: {world}"
    return found


def test_one_commit_survives_a_crash_at_any_point(stored: Stored) -> None:
    """Whatever dies while my commit is routed and deployed, and whoever is slow: it is deployed, and I am told once."""
    assert len(kept(Game(stored, Bounds(commits=1, ticks=2))).worlds) > ENOUGH / 50


@pytest.mark.proof
@pytest.mark.timeout(1800)
def test_three_commits_survive_a_crash_at_any_point(stored: Stored) -> None:
    """I push three commits, and anything dies: nothing is lost, nothing old is written over, the newest one runs."""
    assert len(kept(Game(stored, Bounds(commits=3, ticks=2, stops=False))).worlds) > ENOUGH


@pytest.mark.proof
@pytest.mark.timeout(1800)
@pytest.mark.parametrize(
    "bounds",
    [Bounds(commits=1, ticks=4), Bounds(commits=2, ticks=4, crashes=0), Bounds(commits=2, ticks=2)],
    ids=["one commit and a crash", "two commits", "two commits and a crash"],
)
def test_leases_that_run_out_again_undo_nothing(stored: Stored, bounds: Bounds) -> None:
    """A lane is taken over from who has taken it over, or was told to stop: no fence comes late, and no write."""
    kept(Game(stored, bounds))


def test_a_cluster_that_compares_no_versions_is_written_over(stored: Stored) -> None:
    """With the check at the cluster off, a lease alone undoes my newest commit, and this is the shortest way to it."""
    game = Game(stored, Bounds(commits=2, ticks=2, crashes=0, checked=False))
    pushed = World(store=stored.current)
    for _ in range(2):
        (move,) = web(game, pushed)
        pushed = move.world
    found = explore(game, pushed)
    assert found.broken == "what a later claim saw to was written over"
    assert found.story == (
        "the router takes the repository",
        "the router reads what commit 1 is to replace",
        "the router queues commit 1",
        "the router reads what commit 2 is to replace",
        "worker A claims commit 1 with fence 1",
        "the router queues commit 2",
        "worker A reads the object, version 1",
        "worker A sends commit 1 over version 1",
        "8 seconds pass",
        "8 seconds pass",
        "the dispatcher sees a lease that has run out",
        "the dispatcher takes the lane away",
        "worker B claims commit 2 with fence 3",
        "worker B, who takes over, sends its fence to the object",
        "the fence 3 of worker B arrives and is written",
        "worker B finds the object as commit 2 has it",
        "commit 1 of worker A arrives and is written",
    )


@pytest.mark.proof
def test_who_takes_over_and_shuts_nobody_out_is_undone(stored: Stored) -> None:
    """A take-over that finds the object as it is to be, and puts no fence, is undone by a write of before."""
    found = explore(Game(stored, Bounds(commits=2, ticks=2, crashes=0, shut_out=False)))
    assert found.broken == "what a later claim saw to was written over"
    assert found.story[-2:] == (
        "worker B finds the object as commit 2 has it",
        "commit 1 of worker A arrives and is written",
    )
