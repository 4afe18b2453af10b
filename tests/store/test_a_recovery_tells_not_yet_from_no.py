"""What only comes late, or comes another way, is followed by `recover` to its end: it says no where the answer is no."""

from collections.abc import Callable

from cli.recovering.asking import End, Ended, Recovery
from cli.recovering.targets import Target
from cli.recovering.to_cluster import code
from pushboat.model.ask import Ask, Source
from pushboat.model.deployment import Lane
from pushboat.model.state import State
from pushboat.reading.environments import standings
from pushboat.routing.answering import answer
from pushboat.store import deployments, ending, releases
from tests.routing.words import STAGING, facts, limits
from tests.store.looking import LANE
from tests.store.repository import NAME, Repository
from tests.store.test_one_look_is_one_moment import between_two_statements
from tests.store.test_releases import released, render

FOREVER = 60.0


def lost(repository: Repository) -> Target:
    """Staging has a release, and its cluster lost it."""
    released(repository, repository.push("a"))
    return Target(lane=LANE, release=releases.listed(repository.store, LANE, 1)[0])


def routed(repository: Repository) -> None:
    """Let the router decide over the ask that is next, as it does."""
    store = repository.store
    wanted = Ask(word="recover", who="olga", source=Source.COMMAND, repository=NAME, environment="staging")
    there = tuple(standings(store, NAME, ["staging"]))
    known = facts(limits=limits(STAGING), standings=there, releases=tuple(releases.listed(store, LANE)))
    decision = answer(wanted, known)
    repository.route_waiting(*decision.acts, answer=decision.answer)


def ends(repository: Repository, state: State = State.SUCCEEDED, why: str = "healthy") -> None:
    """Let a worker do what waits."""
    for each in deployments.listed(repository.store, state=State.QUEUED):
        claim = repository.claim(each)
        made = render("a") if state is State.SUCCEEDED else None
        assert ending.finish(repository.store, claim, state, why, render=made)


def carried_out(
    repository: Repository,
    target: Target,
    ring: Callable[[], object],
    say: Callable[[str], object],
) -> Ended:
    """Recover it; `ring` is called when it was asked for, `say` when something is told of it."""

    def told(_lane: Lane, sentence: str) -> None:
        say(sentence)

    recovery = Recovery(store=repository.store, glass="", ring=ring, say=told, limit=FOREVER)
    (ended,) = recovery.carry_out([target])
    return ended


def test_what_is_answered_while_it_is_looked_at_is_not_refused(repository: Repository) -> None:
    """The router writes its answer and the deployment in the middle of my look: mine is followed to its end."""
    target = lost(repository)
    between_two_statements(repository.store, "delivery", lambda: routed(repository))
    ended = carried_out(
        repository, target, lambda: None, lambda sentence: ends(repository) if "asked" not in sentence else None
    )
    assert (ended.end, code([ended], [])) == (End.RECOVERED, 0), ended.sentence
