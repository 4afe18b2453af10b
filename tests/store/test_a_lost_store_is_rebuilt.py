"""What a cluster says of an environment is written down once, behind everything that the store knows otherwise."""

from dataclasses import replace

import sqlalchemy as sa

from pushboat.model.deployment import Lane
from pushboat.model.remnant import Remnant
from pushboat.model.state import State, Trigger
from pushboat.reading.environments import standings
from pushboat.store import audit, deployments, ending, rebuilding
from pushboat.store.database.schema import lanes
from pushboat.store.database.soundness import refuse_damaged
from pushboat.store.rebuilding import Known
from tests.store.repository import NAME, Repository, deploy
from tests.store.test_needs import needs

STAGING = Lane(repository=NAME, environment="staging")
FOUND = Remnant(
    lane=STAGING,
    cluster="dev",
    inventory="Secret/shop/pushboat-staging-1",
    sha="a" * 40,
    ref="refs/heads/main",
    deployment=4711,
    fence=41,
    objects=3,
)


def fence(repository: Repository) -> int:
    """Read the fence of staging's lane."""
    with repository.store.reading() as tx:
        return int(tx.scalar(sa.select(lanes.c.fence).where(lanes.c.environment == "staging", lanes.c.number == 0)))


def test_it_is_what_runs_under_its_old_number(repository: Repository) -> None:
    """The address that the forge shows leads to it again, numbers go on behind it, and saying it twice is saying it."""
    assert rebuilding.rebuild(repository.store, FOUND, "olga", anew=False) is Known.NOTHING
    made = deployments.find(repository.store, 4711)
    assert made
    assert (made.state, made.trigger, made.sha, made.counts.unchanged) == (
        State.SUCCEEDED,
        Trigger.RECOVERY,
        FOUND.sha,
        3,
    )
    assert rebuilding.rebuild(repository.store, FOUND, "olga", anew=False) is Known.THE_SAME
    (standing,) = standings(repository.store, NAME, ["staging"])
    assert standing.runs == made
    words = [(each.word, each.who) for each in audit.listed(repository.store)]
    assert words == [("end", "olga"), ("begin", "olga")]
    other = replace(FOUND, lane=replace(STAGING, environment="qa"), deployment=17)
    rebuilding.rebuild(repository.store, other, "olga", anew=False)
    assert deployments.running_in(repository.store, other.lane) != made, "a lower number may be somebody else's"
    assert repository.push("b" * 40).id > 4712
    refuse_damaged(repository.store)


def test_the_next_turn_is_beyond_every_fence_of_the_cluster(repository: Repository) -> None:
    """A worker of before the loss that still runs must not be believed."""
    rebuilding.rebuild(repository.store, FOUND, "olga", anew=False)
    claim = repository.claim(repository.push("b" * 40))
    assert claim.fence == 42
    assert ending.finish(repository.store, claim, State.SUCCEEDED, "healthy")
    rebuilding.rebuild(repository.store, replace(FOUND, fence=7), "olga", anew=False)
    assert fence(repository) == 42, "a fence only grows"


def test_what_is_known_stands_unless_it_is_meant(repository: Repository) -> None:
    """A restored backup knows an older commit: only the fence is raised, until I say that the cluster is right."""
    first = repository.push("b" * 40)
    assert ending.finish(repository.store, repository.claim(first), State.SUCCEEDED, "healthy")
    assert rebuilding.rebuild(repository.store, FOUND, "olga", anew=False) is Known.ANOTHER
    runs = deployments.running_in(repository.store, STAGING)
    assert runs
    assert (runs.id, fence(repository)) == (first.id, 41)
    waits = repository.push("c" * 40)
    assert rebuilding.rebuild(repository.store, FOUND, "olga", anew=True) is Known.UNFINISHED
    assert ending.finish(repository.store, repository.claim(waits), State.FAILED, "crashes")
    assert rebuilding.rebuild(repository.store, FOUND, "olga", anew=True) is Known.ANOTHER
    runs = deployments.running_in(repository.store, STAGING)
    assert runs
    assert (runs.id, runs.sha) == (4711, FOUND.sha)


def test_what_a_cluster_only_says_lets_nobody_into_production(repository: Repository) -> None:
    """Whoever may write Secrets in staging says there that a commit runs: production waits until it has been seen."""
    said = replace(FOUND, lane=replace(STAGING, environment="qa"))
    rebuilding.rebuild(repository.store, said, "olga", anew=False)
    (production,) = repository.route(deploy(FOUND.sha, "production", holds=(needs(FOUND.sha),)))
    assert production.waits == "waits until qa is healthy at aaaaaaa"
    (seen,) = repository.route(deploy(FOUND.sha, "qa"))
    assert ending.finish(repository.store, repository.claim(seen), State.SUCCEEDED, "healthy")
    assert not repository.row(production).held
