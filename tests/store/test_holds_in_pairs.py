"""Every hold alone and beside every other one: nothing starts early, nothing waits for ever, each is said in turn."""

from itertools import combinations
from typing import Any

import pytest

from pushboat.model.deployment import Deployment
from pushboat.model.state import Trigger
from pushboat.routing.holds import KINDS, in_order, sentence
from pushboat.store import attempts, ending, hinting, holds, lanes
from pushboat.store.database.engine import Store
from tests.store import held
from tests.store.repository import Repository, deploy

PAIRS = list(combinations(sorted(held.SAMPLES), 2))


def may_start(store: Store, deployment: Deployment) -> bool:
    """Whether the dispatcher tells a worker of it and that worker gets it."""
    hinted = deployment.id in hinting.due(store)
    claimed = lanes.claim(store, deployment.id, "worker") is not None
    assert hinted == claimed
    return claimed


def test_every_kind_has_a_sample() -> None:
    """Whoever adds a kind of hold tries it beside all others."""
    assert set(held.SAMPLES) == set(KINDS)


@pytest.mark.parametrize("kind", sorted(held.SAMPLES))
def test_each_alone_holds_says_so_and_ends(store: Store, repository: Repository, kind: str) -> None:
    """My push waits, the list, the page and the commit say for what, and it goes the moment that ends."""
    mine = repository.push("a")
    held.put(store, kind, mine)
    row = repository.row(mine)
    (hold,) = holds.listed(store)
    assert row.held
    assert row.waits == sentence(hold)
    assert [(each.sentence, bool(each.who)) for each in row.holds] == [(sentence(hold), True)]
    assert not may_start(store, mine)
    held.end(store, kind, mine)
    assert may_start(store, mine)


@pytest.mark.parametrize(("one", "other"), PAIRS, ids=["-".join(pair) for pair in PAIRS])
@pytest.mark.parametrize("first", [0, 1], ids=["the one first", "the other first"])
def test_two_hold_together(store: Store, repository: Repository, one: str, other: str, first: int) -> None:
    """Both are said, in the order in which they end; one that ends lets nothing start; the last one does."""
    mine = repository.push("a")
    for kind in (one, other):
        held.put(store, kind, mine)
    both = in_order(holds.listed(store))
    assert repository.row(mine).waits == "; then ".join(map(sentence, both))
    assert not may_start(store, mine)
    ends, stays = (one, other) if first == 0 else (other, one)
    if ends in held.BY_THE_CLOCK and stays in held.BY_THE_CLOCK:
        held.end(store, ends, mine)  # the clock ends both
    else:
        held.end(store, ends, mine)
        (left,) = holds.listed(store)
        assert repository.row(mine).waits == sentence(left)
        assert not may_start(store, mine)
        held.end(store, stays, mine)
    assert may_start(store, mine)


SOURCES: dict[str, dict[str, Any]] = {
    "push": {"trigger": Trigger.PUSH},
    "comment": {"trigger": Trigger.COMMENT},
    "command line": {"trigger": Trigger.COMMAND, "author": "root on the command line"},
    "button": {"trigger": Trigger.BUTTON},
    "catch-up": {"trigger": Trigger.CATCH_UP},
    "replay": {"trigger": Trigger.REPLAY},
    "merge": {"trigger": Trigger.MERGE},
    "deployment at the forge": {"trigger": Trigger.DEPLOYMENT},
    "promotion": {"trigger": Trigger.PROMOTION},
    "rollback": {"trigger": Trigger.ROLLBACK, "release": 1},
}


@pytest.mark.parametrize("kind", sorted(held.SAMPLES))
@pytest.mark.parametrize("source", SOURCES)
def test_whoever_deploys_is_bound_alike(store: Store, repository: Repository, kind: str, source: str) -> None:
    """However a deployment came to be, the same hold binds it; pins alone let a rollback pass."""
    (made,) = repository.route(deploy("a", **SOURCES[source]))
    held.put(store, kind, made)
    passes = source == "rollback" and not KINDS[kind].rollbacks
    assert repository.row(made).held is not passes
    assert may_start(store, made) is passes


@pytest.mark.parametrize("kind", sorted(held.SAMPLES))
def test_breaking_the_glass_passes_what_is_breakable(store: Store, repository: Repository, kind: str) -> None:
    """A calendar, a need and a gate; never people's consent, and never what somebody keeps for themselves."""
    (made,) = repository.route(deploy("a", glass="the shop is down"))
    held.put(store, kind, made)
    assert may_start(store, made) is (kind in ("freeze", "gate", "needs"))


@pytest.mark.parametrize("kind", sorted(held.SAMPLES))
def test_half_of_it_is_not_left_where_nobody_means_it(store: Store, repository: Repository, kind: str) -> None:
    """What has written is tried again past a calendar and consents; a person's word stops it all the same."""
    made = repository.push("a")
    claim = repository.claim(made)
    attempts.mean(store, claim, {})
    held.put(store, kind, made)
    assert ending.give_back(store, claim, "the cluster does not answer", 0.0)
    assert may_start(store, made) is not KINDS[kind].begun
