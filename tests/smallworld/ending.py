"""What becomes of a small world when nothing gets in the way any more: everybody who worked is gone, others go on."""

import json
from dataclasses import replace

from tests.smallworld.cluster import arrive, content_of
from tests.smallworld.serving import router, sweeper, web
from tests.smallworld.working import workers
from tests.smallworld.world import Game, Moves, Router, Worker, World, time

ENOUGH = 200
"""Steps. Three commits need forty at the most."""
LEASES_LAST = 2
"""Ticks."""
ENDED_WELL = ("succeeded", "superseded")


def unkept(game: Game, world: World) -> str:
    """Let all that is under way die and the rest go on to its end; name the promise that is not kept there, if any."""
    calm = Game(game.stored, replace(game.bounds, ticks=ENOUGH, crashes=0), game.claims, game.numbers, game.lanes)
    last = _gone_on(calm, _alone(world))
    if last is None:
        return "it never comes to rest"
    live = last.live
    for packet in last.late:  # the latest moment at which what a dead worker sent can arrive
        live = arrive(live, packet, checked=True) or live
    if live.content != content_of(calm.bounds.commits):
        return f"the cluster ends at what commit {calm.bounds.commits} does not want"
    return _untold(calm, last.store)


def _alone(world: World) -> World:
    late = (*world.late, *(worker.packet for worker in world.workers if worker.packet))
    return world._replace(router=Router(), sweeper=-1, workers=(Worker(), Worker()), late=late, crashes=0)


def _gone_on(calm: Game, world: World) -> World | None:
    """Let everybody take their first step in turn, and time pass when nobody has any."""
    waited = 0
    for _ in range(ENOUGH):
        step = next((move.world for move in _others(calm, world) if move.world != world), None)
        if step is None and waited > LEASES_LAST:
            return world
        waited = 0 if step else waited + 1
        world = step or next(move.world for move in time(calm, world))
    return None


def _others(calm: Game, world: World) -> Moves:
    for actor in (web, sweeper, router, workers):
        yield from actor(calm, world)


def _untold(calm: Game, content: int) -> str:
    """Name what a commit was not told, or the lane does not know."""
    rows = calm.stored.rows
    ended = [row["state"] for row in rows(content, "deployment")]
    if len(ended) != calm.bounds.commits or not set(ended) <= set(ENDED_WELL):
        return f"not every commit has ended: {ended}"
    told = dict[str, str]()
    for letter in rows(content, "outbox"):
        if letter["kind"] == "status":
            said = json.loads(letter["payload"])
            told[said["sha"][0]] = said["state"]
    if told != {str(number): "succeeded" for number in range(1, calm.bounds.commits + 1)}:
        return f"the last word of a commit is another one: {told}"
    (lane,) = rows(content, "lane")
    if lane["deployed_sha"][0] != str(calm.bounds.commits) or lane["running"] is not None:
        return f"the lane does not end on the newest: {lane}"
    return ""
