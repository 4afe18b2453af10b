"""Goes through all worlds that come of the first one, nearest first: what is found broken has the shortest way."""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass

from tests.smallworld.promises import Promises
from tests.smallworld.serving import router, sweeper, web
from tests.smallworld.working import late, workers
from tests.smallworld.world import Game, Move, World, time

ACTORS = (web, router, workers, late, sweeper, time)


@dataclass(frozen=True)
class Found:
    """All worlds, those in which nothing can happen any more, how many steps lead between them, and what was broken."""

    worlds: dict[World, tuple[World, str] | None]
    ends: tuple[World, ...]
    steps: int
    broken: str = ""
    story: tuple[str, ...] = ()


def explore(game: Game, first: World | None = None) -> Found:
    """Look at every world that can come of the first one (an empty one, where none is given) until a promise breaks."""
    first = first or World(store=game.stored.current)
    worlds: dict[World, tuple[World, str] | None] = {first: None}
    waiting, ends, steps, promises = deque([first]), list[World](), 0, Promises(game)
    while waiting:
        world = waiting.popleft()
        last = True
        for move in moves(game, world):
            if move.world == world:
                continue
            steps += 1
            last = False
            if move.world not in worlds:
                worlds[move.world] = world, move.sentence
                waiting.append(move.world)
            if broken := move.broken or promises.broken_between(world, move.world):
                story = (*_story(worlds, world), move.sentence)
                return Found(worlds, tuple(ends), steps, broken, story)
        if last:
            ends.append(world)
    return Found(worlds, tuple(ends), steps)


def moves(game: Game, world: World) -> Iterator[Move]:
    """Give all that may happen next."""
    for actor in ACTORS:
        yield from actor(game, world)


def _story(worlds: dict[World, tuple[World, str] | None], world: World) -> tuple[str, ...]:
    told: list[str] = []
    while before := worlds[world]:
        world, sentence = before
        told.append(sentence)
    return tuple(reversed(told))
