"""What happens in a run, drawn from its seed before it begins: when which push is made, and when what is broken.

The same seed, length and store give the same schedule; what a push or a fault meets at its moment depends on how fast
everything is, so that a run is replayed as far as timing allows.
"""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

LEASE = 15.0
"""Seconds after which a silent worker has lost its lanes."""

PUSHES_A_SECOND = 6.0
"""Of all people together. Two cores with ten times as much to do worked off one or two a second while everything broke,
since a repository's routing waits 15 s whenever its worker dies, and the rest afterwards."""
FORCED, SENT_TWICE = 0.08, 0.1
"""Shares of pushes that leave the newest commit behind, and of deliveries that come twice."""

PAUSE = (0.6, 3.2)
"""Seconds between two faults, from and to."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Push:
    """One push: `at` seconds after the beginning, to the repository of that number, by one of its people."""

    at: float
    repository: int
    person: int
    forced: bool
    twice: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """Something that breaks `at` seconds after the beginning: what is done, to what, and for how many seconds."""

    at: float
    kind: str
    part: str
    seconds: float = 0.0

    def __str__(self) -> str:
        """Say it in a line."""
        lasting = f" for {self.seconds:.1f} s" if self.seconds else ""
        return f"{self.at:6.1f} s  {self.kind} {self.part}{lasting}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Breakable:
    """A kind of fault: how often it is drawn, on which parts, how long it lasts, and on which store it exists."""

    kind: str
    weight: int
    parts: tuple[str, ...]
    seconds: tuple[float, float] = (0.0, 0.0)
    stores: tuple[str, ...] = ("sqlite", "postgres")
    own_cluster: bool = False


PROCESSES = ("web", "dispatcher", "worker", "reporter")
BREAKABLE = (
    Breakable(kind="kill", weight=30, parts=("worker", *PROCESSES)),
    Breakable(kind="terminate", weight=6, parts=PROCESSES),
    Breakable(kind="freeze", weight=8, parts=("worker",), seconds=(LEASE + 2, LEASE + 8)),
    Breakable(kind="freeze", weight=10, parts=PROCESSES, seconds=(1.0, 6.0)),
    Breakable(kind="kill", weight=2, parts=("dashboard",)),
    Breakable(kind="kill", weight=3, parts=("machine",)),
    Breakable(kind="kill", weight=6, parts=("broker",)),
    Breakable(kind="freeze", weight=3, parts=("broker",), seconds=(1.0, 6.0)),
    Breakable(kind="wipe", weight=4, parts=("broker",)),
    Breakable(kind="down", weight=4, parts=("forge",), seconds=(1.0, 8.0)),
    Breakable(kind="502", weight=5, parts=("forge",)),
    Breakable(kind="lost answers", weight=4, parts=("forge",)),
    Breakable(kind="429", weight=3, parts=("forge",)),
    Breakable(kind="silence", weight=3, parts=("forge",), seconds=(1.0, 6.0)),
    Breakable(kind="kill", weight=5, parts=("postgres",), stores=("postgres",)),
    Breakable(kind="cut off", weight=5, parts=("postgres",), stores=("postgres",)),
    Breakable(kind="kill", weight=4, parts=("kube-apiserver", "kube-controller-manager"), own_cluster=True),
    Breakable(kind="freeze", weight=3, parts=("kube-apiserver",), seconds=(1.0, 6.0), own_cluster=True),
)
"""All that breaks; a new fault is a row here and one in tests/chaos/faults.py."""

FIRST = (("kill", "worker", 0.0), ("freeze", "worker", LEASE + 3), ("wipe", "broker", 0.0), ("kill", "dispatcher", 0.0))
"""What even the shortest run has, early, so that there is time for a lease to run out: kind, part, seconds."""


def pushes(seed: int, seconds: float, people: Mapping[int, int], rate: float = PUSHES_A_SECOND) -> list[Push]:
    """Draw the pushes of a run.

    Args:
        seed: of the run.
        seconds: for how long they are made.
        people: how many push to each repository; where they are several, nobody forces: who is newer would be a matter
            of whose delivery came last.
        rate: pushes a second, of all together.
    """
    chance, found, at = random.Random(f"pushes {seed}"), list[Push](), 0.0
    # Some repositories are busy, others see a push now and then.
    weights = [1 + 3 * (number % 3 == 0) for number in people]
    while (at := at + chance.expovariate(rate)) < seconds:
        [repository] = chance.choices(list(people), weights)
        many = people[repository]
        forced = many == 1 and chance.random() < FORCED
        twice = chance.random() < SENT_TWICE
        found.append(Push(at=at, repository=repository, person=chance.randrange(many), forced=forced, twice=twice))
    return found


def faults(seed: int, seconds: float, store: str, *, own_cluster: bool) -> list[Fault]:
    """Draw the faults of a run, in their order; the last ones end with it."""
    chance, found, at = random.Random(f"faults {seed}"), list[Fault](), 1.0
    rows = [row for row in BREAKABLE if store in row.stores and (own_cluster or not row.own_cluster)]
    first = [Fault(at=0.0, kind=kind, part=part, seconds=lasts) for kind, part, lasts in FIRST]
    while (at := at + chance.uniform(*PAUSE)) < seconds:
        fault = first.pop(0) if first else _drawn(chance, rows)
        found.append(Fault(at=at, kind=fault.kind, part=fault.part, seconds=fault.seconds))
    return found


def _drawn(chance: random.Random, rows: Sequence[Breakable]) -> Fault:
    [row] = chance.choices(rows, [row.weight for row in rows])
    return Fault(at=0.0, kind=row.kind, part=chance.choice(row.parts), seconds=chance.uniform(*row.seconds))
