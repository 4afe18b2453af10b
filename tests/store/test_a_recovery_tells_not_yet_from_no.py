"""What only comes late, or comes another way, `recover` follows to its end: it says no where the answer is no."""

from collections.abc import Callable
from dataclasses import replace

from cli.recovering.asking import Recovery
from cli.recovering.ends import End, Ended
from cli.recovering.targets import Target
from cli.recovering.to_cluster import code
from pushboat.model.ask import Ask, AskVerdict, Source
from pushboat.model.deployment import Lane
from pushboat.model.state import State, Trigger
from pushboat.reading.environments import standings
from pushboat.routing import Answer
from pushboat.routing.answering import answer
from pushboat.store import deliveries, deployments, ending, holds, releases
from pushboat.store.database.engine import Store
from tests.routing.words import STAGING, facts, limits
from tests.store import held
from tests.store.looking import LANE
from tests.store.repository import NAME, Repository, deploy, time_passes
from tests.store.test_one_look_is_one_moment import between_two_statements
from tests.store.test_releases import released, render

FOREVER = 60.0
WANTED = Ask(word="recover", who="olga", source=Source.COMMAND, repository=NAME, environment="staging")


def lost(repository: Repository) -> Target:
    """Staging has a release, and its cluster lost it."""
    released(repository, repository.push("a"))
    return Target(lane=LANE, release=releases.listed(repository.store, LANE, 1)[0])


def asked(store: Store) -> int:
    """Ask for the newest release of staging, as `pushboat recover` does, and give the delivery."""
    return deliveries.accept_ask(store, WANTED)


def routed(repository: Repository) -> None:
    """Let the router decide over the ask that is next, as it does."""
    store = repository.store
    there = tuple(standings(store, NAME, ["staging"]))
    known = facts(limits=limits(STAGING), standings=there, releases=tuple(releases.listed(store, LANE)))
    decision = answer(WANTED, known)
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
    tell: Callable[[str], object] = lambda _: None,
) -> Ended:
    """Recover it; `ring` is called when it was asked for, `say` and `tell` when something is told of it."""

    def told(_lane: Lane, sentence: str) -> None:
        say(sentence)

    recovery = Recovery(store=repository.store, glass="", ring=ring, say=told, tell=tell, limit=FOREVER)
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


def test_what_comes_by_itself_meanwhile_is_followed(repository: Repository) -> None:
    """Drift is put back there just before my ask is decided: that brings all of it, and I hear how it ends."""
    target = lost(repository)
    heal = repository.route(deploy("a", trigger=Trigger.SELF_HEAL, release=1))[0]
    said: list[str] = []

    def say(sentence: str) -> None:
        said.append(sentence)
        if "waits" in sentence:
            ends(repository)

    ended = carried_out(repository, target, lambda: routed(repository), say)
    assert (ended.end, ended.deployment, code([ended], [])) == (End.RECOVERED, heal.id, 0), ended.sentence
    assert any(f"deployment {heal.id} (a) is on its way to staging" in each for each in said), said


def test_where_that_does_not_get_through_mine_is_asked_for_again(repository: Repository) -> None:
    """What came in between fails: the release that I wanted comes after it."""
    target = lost(repository)
    heal = repository.route(deploy("a", trigger=Trigger.SELF_HEAL, release=1))[0]
    ways = iter((State.ERRORED, State.SUCCEEDED))

    def say(sentence: str) -> None:
        if sentence.startswith("waits"):
            ends(repository, next(ways), "the cluster was away")

    ended = carried_out(repository, target, lambda: routed(repository), say)
    assert ended.end is End.RECOVERED, ended.sentence
    assert ended.deployment > heal.id


def test_what_nobody_could_decide_is_not_refused(repository: Repository) -> None:
    """Who decides over my ask could not find out: neither could I, which is no no."""
    target = lost(repository)
    trouble = Answer(verdict=AskVerdict.UNKNOWN, reason="the forge does not answer")
    ended = carried_out(repository, target, lambda: repository.route_waiting(answer=trouble), lambda _: None)
    assert (ended.end, code([ended], [])) == (End.UNKNOWN, 3)


def test_a_freeze_that_ends_while_i_look_is_waited_for(repository: Repository) -> None:
    """Nobody has to act: I hear on a pipe too until when it is frozen, and it comes after that."""
    target, heard = lost(repository), []
    thawed = replace(held.WHOLE["freeze"], begins=repository.store.now(), until=repository.store.now() + held.LASTS)
    holds.put(repository.store, thawed)

    def tell(sentence: str) -> None:
        heard.append(sentence)
        time_passes(repository.store, held.LASTS + 1)

    ended = carried_out(
        repository,
        target,
        lambda: routed(repository),
        lambda said: ends(repository) if said[:5] == "waits" else None,
        tell,
    )
    assert (ended.end, code([ended], [])) == (End.RECOVERED, 0), ended.sentence
    assert [each.partition(" until ")[0][:36] for each in heard] == ["github/acme/shop staging: frozen fro"]


def test_a_freeze_that_outlasts_my_time_is_told(repository: Repository) -> None:
    """It ends tomorrow: I am not kept waiting, and all is not back."""
    target, now = lost(repository), repository.store.now()
    holds.put(repository.store, replace(held.WHOLE["freeze"], begins=now, until=now + 86400))
    ended = carried_out(repository, target, lambda: routed(repository), lambda _: None)
    assert (ended.end, code([ended], [])) == (End.HELD, 1)
    assert "it comes by itself after that" in ended.sentence
