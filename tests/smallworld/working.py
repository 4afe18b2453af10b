"""What a worker does with its claim, step by step, as workers/deploying/story.py and workers/cluster/ do it.

Before each request it asks its lease, by its own clock; a request that is refused is made anew from what is read then,
unless a later worker's fence is seen. What is there already is not written.
"""

from functools import partial

from pushboat.model.deployment import Claim
from pushboat.model.state import State
from pushboat.store import ending, lanes, turns
from pushboat.store.database.engine import Store
from tests.smallworld.cluster import Packet, arrive, content_of, is_stale
from tests.smallworld.world import NAMES, TICK, Game, Move, Moves, Worker, World, number_of, with_worker
from workers.running.leases import LEASE, MARGIN

IDLE = Worker()
HOLDS = ("claimed", "to read", "has read", "applied")
"""In which a worker has a claim and no request on its way."""


def may_write(worker: Worker) -> bool:
    """Say whether a worker would begin a request now."""
    return worker.claim >= 0 and worker.phase != "applied" and worker.age * TICK <= LEASE - MARGIN


def workers(game: Game, world: World) -> Moves:
    """Let either worker take its next step."""
    for index in range(len(NAMES)):
        yield from _work(game, world, index)


def late(game: Game, world: World) -> Moves:
    """Let a request of somebody who is gone arrive after all."""
    for packet in set(world.late):
        rest = list(world.late)
        rest.remove(packet)
        yield from _arrives(game, world._replace(late=tuple(rest)), packet, "of the dead worker")


def _work(game: Game, world: World, index: int) -> Moves:
    worker, name = world.workers[index], f"worker {NAMES[index]}"
    if worker.phase == "idle":
        yield from _claims(game, world, index)
        return
    if worker.packet:
        after = worker._replace(packet=None, phase=_AFTER[worker.phase])
        sent = with_worker(world, index, after._replace(version=0, fence=0))
        again = worker._replace(packet=None, phase=_AGAIN[worker.phase])
        yield from _arrives(game, sent, worker.packet, f"of {name}", index, again)
    yield from _renews(game, world, index)
    if worker.phase not in HOLDS:
        return
    if worker.phase != "applied" and not may_write(worker):
        yield Move(f"{name} finds its lease gone", with_worker(world, index, IDLE))
        return
    yield from _STEPS[worker.phase](game, world, index)
    if game.bounds.stops and world.crashes < game.bounds.crashes:
        yield from _stops(game, world, index)


def _claims(game: Game, world: World, index: int) -> Moves:
    owner = NAMES[index]
    for row in game.stored.rows(world.store, "deployment"):
        if row["state"] != "queued":
            continue
        after, claim = game.take(world, ("claim", row["id"], owner), partial(_claim, number=row["id"], owner=owner))
        if claim:
            said = f"worker {owner} claims commit {row['sha'][:1]} with fence {claim.fence}"
            phase = "claimed" if claim.took_over and game.bounds.shut_out else "to read"
            yield Move(said, with_worker(after, index, Worker(phase, game.known(claim))))


def _renews(game: Game, world: World, index: int) -> Moves:
    worker = world.workers[index]
    if not worker.age:
        return
    what = partial(_renew, claim=game.claims[worker.claim])
    after, ours = game.take(world, ("renew", worker.claim), what)
    if ours:
        said = f"worker {NAMES[index]} renews its lease"
        yield Move(said, with_worker(after, index, worker._replace(age=0)))


def _shuts_out(game: Game, world: World, index: int) -> Moves:
    worker, live, name = world.workers[index], world.live, NAMES[index]
    fence = game.claims[worker.claim].fence
    if worker.version and live.fence > max(fence, worker.fence):
        yield Move(f"worker {name} sees a later fence, and stops", with_worker(world, index, IDLE))
        return
    packet = Packet(fence=max(fence, live.fence + 1), version=live.version)
    said = f"worker {name}, who takes over, sends its fence to the object"
    read = worker._replace(phase="fencing", packet=packet, version=live.version, fence=live.fence)
    yield Move(said, with_worker(world, index, read))


def _reads(game: Game, world: World, index: int) -> Moves:
    worker, live, name = world.workers[index], world.live, NAMES[index]
    claim: Claim = game.claims[worker.claim]
    if worker.version and live.fence > max(claim.fence, worker.fence):
        yield Move(f"worker {name} sees a later fence, and stops", with_worker(world, index, IDLE))
    elif live.content == content_of(number_of(claim)):
        right = world._replace(live=live._replace(writer=max(live.writer, claim.fence)))
        said = f"worker {name} finds the object as commit {number_of(claim)} has it"
        yield Move(said, with_worker(right, index, worker._replace(phase="applied", version=0, fence=0)))
    else:
        read = worker._replace(phase="has read", version=live.version, fence=live.fence)
        yield Move(f"worker {name} reads the object, version {live.version}", with_worker(world, index, read))


def _sends(game: Game, world: World, index: int) -> Moves:
    worker, claim = world.workers[index], game.claims[world.workers[index].claim]
    packet = Packet(fence=claim.fence, version=worker.version, number=number_of(claim))
    said = f"worker {NAMES[index]} sends commit {packet.number} over version {packet.version}"
    yield Move(said, with_worker(world, index, worker._replace(phase="writing", packet=packet)))


def _ends(game: Game, world: World, index: int) -> Moves:
    worker, name = world.workers[index], NAMES[index]
    claim: Claim = game.claims[worker.claim]
    shown = f"commit {number_of(claim)}"
    newer, waits = game.take(world, ("newer", worker.claim), partial(_newer_waits, claim=claim))
    if waits:
        after, ours = game.take(newer, ("give way", worker.claim), partial(_end, claim=claim, state=State.SUPERSEDED))
        said = "gives way to a newer one" if ours else "is too late to give way"
        yield Move(f"worker {name}, at {shown}, {said}", with_worker(after, index, IDLE))
    after, ours = game.take(world, ("end", worker.claim), partial(_end, claim=claim, state=State.SUCCEEDED))
    said = "ends well" if ours else "ends, and its lane is not its own any more"
    yield Move(f"{shown} of worker {name} {said}", with_worker(after, index, IDLE))


def _stops(game: Game, world: World, index: int) -> Moves:
    worker = world.workers[index]
    after, ours = game.take(world, ("stop", worker.claim), partial(_give_back, claim=game.claims[worker.claim]))
    said = "gives its lane back" if ours else "has no lane any more"
    stopped = after._replace(crashes=world.crashes + 1)
    yield Move(f"worker {NAMES[index]} is told to stop, and {said}", with_worker(stopped, index, IDLE))


def _arrives(
    game: Game, world: World, packet: Packet, whose: str, index: int = -1, again: Worker | None = None
) -> Moves:
    what = f"commit {packet.number}" if packet.number else f"the fence {packet.fence}"
    after = arrive(world.live, packet, checked=game.bounds.checked)
    if after is None:
        back = world if again is None else with_worker(world, index, again)
        yield Move(f"{what} {whose} arrives and is refused: the object has another version by now", back)
        return
    broken = "what a later claim saw to was written over" if is_stale(world.live, packet) else ""
    yield Move(f"{what} {whose} arrives and is written", world._replace(live=after), broken)


def _claim(store: Store, number: int, owner: str) -> Claim | None:
    return lanes.claim(store, number, owner, LEASE)


def _renew(store: Store, claim: Claim) -> bool:
    return bool(turns.renew(store, [claim.turn], LEASE))


def _newer_waits(store: Store, claim: Claim) -> bool:
    return lanes.newer_waits(store, claim) is not None


def _give_back(store: Store, claim: Claim) -> bool:
    return ending.give_back(store, claim, "Pushboat was told to stop", 0.0, counted=False)


def _end(store: Store, claim: Claim, state: State) -> bool:
    return ending.finish(store, claim, state, "1 object; healthy") is not None


_AGAIN = {"fencing": "claimed", "writing": "to read"}
_AFTER = {"fencing": "to read", "writing": "applied"}
_STEPS = {"claimed": _shuts_out, "to read": _reads, "has read": _sends, "applied": _ends}
