"""What happens between a push and its place in the lane, and who takes lanes away: web, router, dispatcher."""

from functools import partial
from typing import Any

from pushboat.errors import LeaseLost
from pushboat.model.deployment import Lane
from pushboat.routing import Decision
from pushboat.store import deliveries, enacting, ending, routing_jobs
from pushboat.store.database.engine import Store
from tests.smallworld.world import Game, Move, Moves, Router, World, sha_of
from tests.store.repository import NAME, deploy, push

LANE = Lane(repository=NAME, environment="staging")


def web(game: Game, world: World) -> Moves:
    """Take the next commit in."""
    if world.pushed < game.bounds.commits:
        number = world.pushed + 1
        after, _ = game.take(world, ("accept", number), partial(_accept, number=number))
        yield Move(f"commit {number} is pushed and accepted", after._replace(pushed=number))


def _accept(store: Store, number: int) -> None:
    deliveries.accept(store, "github", f"delivery-{number}", push(sha_of(number)))


def router(game: Game, world: World) -> Moves:
    """Route deliveries, one after the other, as workers/routing/story.py does."""
    mine = world.router
    if mine.phase == "idle":
        if world.pushed:
            after, claim = game.take(world, "claim_routing", _claim_routing)
            if claim:
                yield Move("the router takes the repository", _routing(after, Router("holds", game.known(claim))))
        return
    claim = game.claims[mine.claim]
    if mine.phase == "holds":
        after, row = game.take(world, ("next", mine.claim), partial(_next, claim=claim))
        if row:
            said = f"the router reads what commit {row} is to replace"
            after, found = game.take(after, "unfinished", _unfinished)
            yield Move(said, _routing(after, mine._replace(phase="has read", row=row, contained=found)))
        else:
            yield Move("the router finds nothing more", _routing(after, mine._replace(phase="done")))
    elif mine.phase == "has read":
        what = ("complete", mine.claim, mine.row, mine.contained)
        after, done = game.take(world, what, partial(_complete, claim=claim, row=mine.row, contained=mine.contained))
        then = Router("holds", mine.claim) if done else Router()
        yield Move(
            f"the router {'queues' if done else 'is too late to queue'} commit {mine.row}", _routing(after, then)
        )
    else:
        after, _ = game.take(world, ("release", mine.claim), partial(_release, claim=claim))
        yield Move("the router lets the repository go", _routing(after, Router()))


def _routing(world: World, mine: Router) -> World:
    return world._replace(router=mine)


def _claim_routing(store: Store) -> Any:
    return routing_jobs.claim_routing(store, NAME, "router")


def _next(store: Store, claim: Any) -> int:
    row = routing_jobs.next_unrouted(store, claim)
    return row.id if row else 0


def _unfinished(store: Store) -> tuple[int, ...]:
    return tuple(each.id for each in routing_jobs.unfinished(store, LANE))


def _complete(store: Store, claim: Any, row: int, contained: tuple[int, ...]) -> bool:
    decision = Decision(acts=(deploy(sha_of(row)),), sentence="deploys")
    try:
        enacting.complete(store, claim, row, decision, contained, moved="main")
    except LeaseLost:
        return False
    return True


def _release(store: Store, claim: Any) -> None:
    routing_jobs.release(store, claim)


def sweeper(game: Game, world: World) -> Moves:
    """Look for leases that have run out, and take those lanes away: what was seen may be old by then."""
    if world.sweeper < 0:
        after, none = game.take(world, "sweep", ending.sweep)
        if none is None:
            yield Move(
                "the dispatcher sees a lease that has run out", after._replace(sweeper=game.same_lane(after.store))
            )
        return
    after, swept = game.take(world, "sweep", ending.sweep, world.sweeper)
    said = "takes the lane away" if swept else "finds it renewed or gone"
    yield Move(f"the dispatcher {said}", after._replace(sweeper=-1))
