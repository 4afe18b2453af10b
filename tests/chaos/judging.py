"""What must hold when everything has settled, judged of facts alone: each thing that does not is a sentence."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from tests.chaos.facts import Facts, Row, Write, settings_of
from tests.chaos.lanes import SETTINGS, config_maps
from tests.chaos.producing import History, Ledger

GREEN, RED = ("success",), ("failure", "failed", "error", "canceled", "cancelled", "superseded")
FINALS = (*GREEN, *RED)
BEFORE = {"pending": 0, "queued": 0, "running": 1}
"""The states on the way to those, in their order."""

MOST_BYTES = {"broker": 64 << 20, "pushboat.sqlite3-wal": 128 << 20, "tmp": 64 << 20}
"""What may lie below a state folder, whatever happened there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What does not hold, by kind."""

    lost: tuple[str, ...] = ()
    doubled: tuple[str, ...] = ()
    out_of_order: tuple[str, ...] = ()
    stale: tuple[str, ...] = ()
    other: tuple[str, ...] = ()

    @property
    def counted(self) -> dict[str, tuple[str, ...]]:
        """Give what is counted, by the word for it."""
        return {"lost": self.lost, "doubled": self.doubled, "out of order": self.out_of_order, "stale": self.stale}

    @property
    def sentences(self) -> list[str]:
        """List all of it."""
        counted = [f"{kind}: {words}" for kind, each in self.counted.items() for words in each]
        return [*counted, *self.other]


def judge(histories: Sequence[History], ledger: Ledger, facts: Facts) -> Verdict:
    """Judge a run."""
    others = [*_ends(facts.rows), *_cluster(histories, facts), *_leftovers(facts)]
    others += [f"an answer that nobody may get: {line}" for line in ledger.odd]
    return Verdict(
        lost=tuple(lost(histories, ledger, facts)),
        doubled=tuple(doubled(facts.rows)),
        out_of_order=tuple(out_of_order(histories, facts)),
        stale=tuple(stale(histories, facts)),
        other=tuple(others),
    )


def lost(histories: Iterable[History], ledger: Ledger, facts: Facts) -> Iterator[str]:
    """Name what was pushed and never taken, or promised and is not there, was never routed, or led to nothing."""
    queued = {(row.repository, row.environment, row.sha) for row in facts.rows}
    environments = {history.place.repository: history.place.environments for history in histories}
    for promise in sorted(ledger.promises, key=lambda each: each.delivery):
        repository, sha, routed = facts.delivered.get(promise.delivery, ("", "", False))
        told = f"delivery {promise.delivery} of {promise.repository}"
        if (repository, sha) != (promise.repository, promise.sha):
            yield f"{told} was answered 202 and is not in the store"
        elif not routed:
            yield f"{told} was never routed"
        else:
            for environment in environments[promise.repository]:
                if (promise.repository, environment, sha) not in queued:
                    yield f"{told} led to no deployment of {sha[:7]} to {environment}"
    yield from _never_taken(histories, ledger)


def _never_taken(histories: Iterable[History], ledger: Ledger) -> Iterator[str]:
    """Name commits that somebody pushed and whose delivery was never answered: whoever sends does until it is."""
    promised = {(promise.repository, promise.sha) for promise in ledger.promises}
    for history in histories:
        name = history.place.repository
        for commit in history.commits:
            if (name, commit.sha) not in promised:
                yield f"{name} has commit {commit.number}, and no delivery of it was ever taken"


def doubled(rows: Iterable[Row]) -> Iterator[str]:
    """Name commits that were deployed more than once in a lane."""
    counts = Counter((row.repository, row.environment, row.sha) for row in rows)
    for (repository, environment, sha), count in counts.items():
        if count > 1:
            yield f"{repository} {environment} has {count} deployments of {sha[:7]}"


def stale(histories: Iterable[History], facts: Facts) -> Iterator[str]:
    """Name writes of a commit that came after those of a newer one: two that overlapped, or one that came too late."""
    for history in histories:
        for environment in history.place.environments:
            namespace = history.place.namespace(environment)
            writes = facts.writes.get(namespace, ())
            for before, after in pairwise(write for write in writes if write.says):
                if after.number < before.number:
                    yield (
                        f"{namespace}: {after.verb} of {after.name} for commit {after.number} (revision "
                        f"{after.revision}) after {before.name} was written for {before.number}"
                    )
            yield from _fences(namespace, writes)
            made = Counter((write.name, write.number) for write in writes if write.made)
            for name, number in (each for each, times in made.items() if times > 1):
                yield f"{namespace}: {name} of commit {number} was deleted, and made again for it"
            known = {*history.numbers().values()}
            for number in sorted({write.number for write in writes} - known):
                yield f"{namespace}: something was written for {number}, which is no commit"


def _fences(namespace: str, writes: Iterable[Write]) -> Iterator[str]:
    """Name objects whose fence fell. One that left and came again begins anew, so the lane's highest is no measure."""
    highest: dict[str, int] = {}
    for write in writes:
        if write.name == SETTINGS and write.fence < highest.get(write.name, 0):
            yield f"{namespace}: the fence of {write.name} fell from {highest[write.name]} to {write.fence}"
        highest[write.name] = write.fence


def out_of_order(histories: Iterable[History], facts: Facts) -> Iterator[str]:
    """Name commits whose statuses do not end, end twice, or say what is not so."""
    written = {
        (history.place.repository, environment): {
            *settings_of(facts.writes.get(history.place.namespace(environment), ()))
        }
        for history in histories
        for environment in history.place.environments
    }
    of = {(row.repository, row.environment, row.sha): row for row in facts.rows}
    for history in histories:
        numbers = history.numbers()
        for environment in history.place.environments:
            name = history.place.repository
            ours = written[name, environment].intersection(numbers.values())
            ran = {one for number in ours for one in history.ancestors(number)}
            for sha, number in numbers.items():
                row = of.get((name, environment, sha))
                said = facts.statuses.get((name, sha, f"pushboat/{environment}"), ())
                trouble = row and _told(said, number in ran, row)
                if trouble:
                    yield f"{name} {environment} {sha[:7]} (number {number}): {trouble}: {' '.join(said)}"


def _told(said: Sequence[str], ran: bool, row: Row) -> str:
    if not said or said[-1] not in FINALS:
        return "its status did not end"
    if any(BEFORE.get(after, 2) < BEFORE.get(before, 2) for before, after in pairwise(said) if before not in FINALS):
        return "its status went back"
    first = next(index for index, state in enumerate(said) if state in FINALS)
    if {*said[first:]} != {said[first]}:
        return "something came after its end"
    green = said[-1] in GREEN
    if green and not ran:
        return "green, and neither it nor what contains it was ever written"
    if green != (row.state == "succeeded" or (row.state == "superseded" and row.contained)):
        return f"the store says {row.state}"
    return ""


def _ends(rows: Iterable[Row]) -> Iterator[str]:
    for row in rows:
        if not row.finished:
            yield f"deployment {row.id} of {row.repository} is still {row.state}"
        elif row.state not in ("succeeded", "superseded"):
            yield f"deployment {row.id} of {row.repository} {row.environment} {row.state}: {row.reason}"


def _cluster(histories: Iterable[History], facts: Facts) -> Iterator[str]:
    for history in histories:
        if not history.commits:
            continue
        newest = history.commits[-1].number
        for environment in history.place.environments:
            namespace = history.place.namespace(environment)
            lane = facts.lanes.get(namespace)
            if lane is None:
                yield f"nobody looked at {namespace}"
                continue
            if dict(lane.config_maps) != config_maps(newest):
                yield f"{namespace} is not at its newest commit {newest}: {dict(lane.config_maps)}"
            if history.place.runs and not lane.image.endswith(f":{newest}"):
                yield f"{namespace} runs {lane.image}, and its newest commit is {newest}"
            if lane.unowned:
                yield f"{namespace} has objects of nobody's inventory: {', '.join(lane.unowned)}"
            if list(lane.inventories) != [f"{history.place.repository}:{environment}"]:
                yield f"{namespace} has the inventories {list(lane.inventories)}"


def _leftovers(facts: Facts) -> Iterator[str]:
    if facts.unsent:
        yield f"{facts.unsent} letters were not sent"
    if facts.audit:
        yield f"the audit does not stand: {facts.audit}"
    for each in facts.said:
        yield f"a log says {each}"
    for each in facts.left:
        yield f"left behind: {each}"
    yield from _too_large(facts.sizes)


def _too_large(sizes: Mapping[str, int]) -> Iterator[str]:
    for name, most in MOST_BYTES.items():
        if sizes.get(name, 0) > most:
            yield f"{name} in the state folder has {sizes[name] >> 20} MB"
