"""Heads and looks on both stores: what arrived is known, and only one worker looks at a time."""

import pytest
import sqlalchemy as sa

from pushboat.events import ZERO_SHA, Event, EventKind
from pushboat.model.head import Head
from pushboat.model.repository import Identity
from pushboat.store import deliveries, heads, looks, repositories
from pushboat.store.database.engine import Store
from tests.store.repository import NAME, time_passes

MAIN = "refs/heads/main"


def event(sha: str, before: str, action: str = "updated") -> Event:
    """A push to main."""
    return Event(kind=EventKind.PUSH, action=action, repository="acme/shop", ref=MAIN, sha=sha, before=before)


def tell(store: Store, sha: str, before: str, name: str = "", **more: str) -> None:
    """Accept its delivery."""
    deliveries.accept(store, "github", name or f"{before}-{sha}", event(sha, before, **more))


@pytest.fixture(autouse=True)
def scheduled(store: Store) -> None:
    """The operator's file has the repository."""
    looks.schedule(store, [NAME])


def main_of(store: Store) -> Head | None:
    """What is known of main."""
    return heads.known(store, NAME).get(MAIN)


def test_a_delivery_moves_the_head(store: Store) -> None:
    """What arrived is where the ref stands; a deleted ref stands nowhere; a repetition says nothing new."""
    tell(store, "b", before="a")
    assert main_of(store) == Head(ref=MAIN, sha="b")
    tell(store, "c", before="b")
    tell(store, "b", before="a")
    assert main_of(store) == Head(ref=MAIN, sha="c")
    tell(store, ZERO_SHA, before="c", action="deleted")
    assert main_of(store) is None


def test_an_older_push_that_arrives_later_moves_nothing(store: Store) -> None:
    """Deliveries in reverse order leave the head at the newest; a branch that was set back is where it was set."""
    for sha, before in (("d", "c"), ("c", "b"), ("b", "a")):
        tell(store, sha, before)
    assert main_of(store) == Head(ref=MAIN, sha="d")
    tell(store, "c", before="d", name="set back")
    assert main_of(store) == Head(ref=MAIN, sha="c")


def test_what_was_found_is_accepted_only_where_nothing_arrived(store: Store) -> None:
    """A look found c; then its delivery came: the look has nothing to add, now or when it is late."""
    tell(store, "b", before="a")
    began = main_of(store)
    assert began
    heads.found(store, NAME, [(began, "c")])
    waiting = main_of(store)
    assert waiting
    assert waiting.found_at > 0
    tell(store, "c", before="b")
    assert deliveries.accept_found(store, "github", "found", event("c", "b"), waiting) is None
    heads.found(store, NAME, [(began, "c")])
    assert main_of(store) == Head(ref=MAIN, sha="c")


def test_what_was_found_is_accepted_once(store: Store) -> None:
    """Two workers whose looks overlap accept a missed push once."""
    tell(store, "b", before="a")
    began = main_of(store)
    assert began
    heads.found(store, NAME, [(began, "c")])
    waiting = main_of(store)
    assert waiting
    answers = [deliveries.accept_found(store, "github", "found", event("c", "b"), waiting) for _ in range(2)]
    assert [answer is None for answer in answers] == [False, True]
    assert main_of(store) == Head(ref=MAIN, sha="c")


def test_a_head_that_went_back_was_not_missed(store: Store) -> None:
    """Somebody pushed and took it back between two looks."""
    tell(store, "b", before="a")
    began = main_of(store)
    assert began
    heads.found(store, NAME, [(began, "c")])
    heads.as_before(store, NAME, [began])
    assert main_of(store) == began


def test_thousands_of_heads_are_recorded_and_forgotten(store: Store) -> None:
    """The first look at a repository with many refs notes them all, and none that a delivery told of in between."""
    tell(store, "b", before="a")
    heads.record(store, NAME, {MAIN: "old", **{f"refs/tags/v{number}": "a" for number in range(1200)}})
    known = heads.known(store, NAME)
    assert len(known) == 1201
    assert known[MAIN].sha == "b"
    heads.forget(store, NAME, [known["refs/tags/v7"]])
    assert "refs/tags/v7" not in heads.known(store, NAME)


def test_thousands_of_changed_heads_are_few_transactions(store: Store) -> None:
    """A look finds that a mirror moved every branch: whoever delivers meanwhile does not wait for each of them."""
    refs = [f"refs/heads/b{number}" for number in range(1000)]
    heads.record(store, NAME, dict.fromkeys(refs, "a"))
    stand = list(heads.known(store, NAME).values())
    commits: list[object] = []
    count = commits.append
    sa.event.listen(store.engine, "commit", count)
    try:
        heads.found(store, NAME, [(head, "b") for head in stand])
        heads.as_before(store, NAME, stand)
        heads.forget(store, NAME, stand)
    finally:
        sa.event.remove(store.engine, "commit", count)
    assert heads.known(store, NAME) == {}
    assert len(commits) <= 20


def test_a_repository_that_is_not_looked_at_keeps_no_heads(store: Store) -> None:
    """Whoever sends us pushes of repositories that the operator never named fills nothing."""
    other = Event(kind=EventKind.PUSH, action="updated", repository="acme/other", ref=MAIN, sha="b", before="a")
    deliveries.accept(store, "github", "other", other, ignored="not in the operator's file")
    assert heads.known(store, "github/acme/other") == {}


def test_a_look_has_its_turn(store: Store) -> None:
    """What is due is hinted once a minute until somebody takes it, and one worker has it for as long as it lives."""
    assert looks.due(store, 5) == [NAME]
    assert looks.due(store, 5) == []
    time_passes(store, looks.ASK_AGAIN)
    assert looks.due(store, 5) == [NAME]
    assert looks.claim(store, NAME, "one")
    assert looks.claim(store, NAME, "other") is None
    time_passes(store, looks.LEASE)
    assert looks.claim(store, NAME, "other")
    looks.looked(store, NAME, "one", "too late", 0)
    assert looks.listed(store)[0].covered == ""
    looks.troubled(store, NAME, "other", "the forge is asleep", 60)
    assert looks.listed(store)[0].trouble == "the forge is asleep"
    assert looks.due(store, 5) == []
    time_passes(store, 60)
    assert looks.due(store, 5) == [NAME]


@pytest.mark.parametrize("ends", ["looked", "troubled"])
def test_a_file_that_comes_during_a_look_is_looked_by_at_once(store: Store, ends: str) -> None:
    """I renew a token while a look goes on by the one before: the next look does not wait for minutes to try mine."""
    assert looks.due(store, 5) == [NAME]
    assert looks.claim(store, NAME, "one")
    looks.schedule(store, [NAME])
    assert looks.due(store, 5) == [], "the one that goes on ends first"
    looks.log_read(store, NAME, "one", 300.0)
    if ends == "looked":
        looks.looked(store, NAME, "one", "branches tags", 300.0)
    else:
        looks.troubled(store, NAME, "one", "the forge refused it", 300.0)
    assert looks.due(store, 5) == [NAME]
    again = looks.claim(store, NAME, "one")
    assert again
    assert again.log_due
    looks.looked(store, NAME, "one", "branches tags", 300.0)
    assert looks.due(store, 5) == [], "and once is enough"


def test_a_name_belongs_to_whoever_had_it_first(store: Store) -> None:
    """The first id under a name stays, whatever comes later, until the operator says otherwise."""
    first = Identity(name=NAME, forge="github", id="5", path="acme/shop")
    other = Identity(name=NAME, forge="github", id="6", path="acme/shop")
    assert repositories.keep(store, first)
    assert not repositories.keep(store, other)
    assert repositories.holder(store, NAME) == first
    assert repositories.accept(store, NAME, "6")
    assert repositories.holder(store, NAME) == other
    assert not repositories.accept(store, "github/acme/none", "6")
    assert repositories.names_of(store, "github", "6") == [other]
