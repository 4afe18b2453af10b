"""A run from its beginning to its verdict: begin everything, push and break, let it settle, look, judge."""

import json
import random
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from cli.lab import devcluster
from tests.chaos import facts, producing, schedule
from tests.chaos.faults import Mend, Nothing, Scene, do
from tests.chaos.judging import Verdict, judge
from tests.chaos.lanes import PLACES, audited, namespaces
from tests.chaos.machines import Machines, machines
from tests.chaos.schedule import Fault
from tests.chaos.settling import SETTLES, Cluster, settled
from tests.fakes.bare import Bare
from tests.fakes.forge import FakeForge
from tests.fakes.gitea import FakeGitea
from tests.fakes.github import FakeGitHub
from tests.fakes.gitlab import FakeGitLab
from tests.until import until

LOOK_AFTER = 0.2

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which run: its seed, its store, for how long things break, and how many pushes a second."""

    seed: int
    store: str
    seconds: float
    rate: float = schedule.PUSHES_A_SECOND


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What a run came to; it is written down as JSON."""

    day: str
    wanted: Wanted
    environments: int
    accepted: int
    sent: int
    unanswered: int
    deployments: Mapping[str, int]
    written: int
    faults: Mapping[str, int]
    settled_seconds: float
    verdict: Verdict


@contextmanager
def own_cluster(folder: Path) -> Iterator[Cluster]:
    """Start a control plane that mends itself, and keeps what was written in our namespaces."""
    log = folder / "audit.log"
    options = ["--mend", *audited(folder, log)]
    with devcluster.started(folder / "devcluster", options=options, environ={"GOGC": "400"}) as (kubeconfig, program):
        yield Cluster(kubeconfig=kubeconfig, audit=log, pid=program.pid)


def run(wanted: Wanted, folder: Path, cluster: Cluster, say: Say) -> Outcome:
    """Run it all below a folder; `say` hears of each fault as it happens."""
    with ExitStack() as stack:
        forges: dict[str, FakeForge] = {
            "github": stack.enter_context(FakeGitHub(folder / "github")),
            "gitlab": stack.enter_context(FakeGitLab(folder / "gitlab")),
            "gitea": stack.enter_context(FakeGitea(folder / "gitea")),
        }
        git_root = folder / "git"
        git_root.mkdir()
        histories = _repositories(forges, git_root)
        with machines(folder, wanted.store, forges, git_root, cluster.kubeconfig) as running:
            done, people = _begin_pushing(wanted, folder, running, forges, histories)
            scene = Scene(running, forges, cluster.pid, random.Random(f"victims {wanted.seed}"))
            plan = schedule.faults(wanted.seed, wanted.seconds, wanted.store, own_cluster=bool(cluster.pid))
            happened = _break(scene, plan, wanted.seconds, say)
            say("nothing breaks any more; settling")
            began = time.monotonic()
            _calm(scene, done, people)
            ledger = producing.read(folder.glob("ledger-*"))
            found = settled(running, cluster, histories, forges)
            seconds = time.monotonic() - began
        left = facts.processes_of(folder / "machine-")
    found = replace(found, left=(*found.left, *left))
    return Outcome(
        day=datetime.now(UTC).date().isoformat(),
        wanted=wanted,
        environments=len(namespaces()),
        accepted=len(ledger.promises),
        sent=ledger.sent,
        unanswered=ledger.unanswered,
        deployments=dict(Counter(row.state for row in found.rows)),
        written=sum(map(len, found.writes.values())),
        faults=dict(happened),
        settled_seconds=round(seconds, 1),
        verdict=judge(histories, ledger, found),
    )


def _repositories(forges: Mapping[str, FakeForge], git_root: Path) -> list[producing.History]:
    found = []
    for place in PLACES:
        if place.forge in forges:
            bare = forges[place.forge].create_repository(place.path).bare
        else:
            bare = Bare.create(git_root / f"{place.path}.git")
        found.append(producing.History(place, bare))
    return found


def _begin_pushing(
    wanted: Wanted,
    folder: Path,
    running: Machines,
    forges: Mapping[str, FakeForge],
    histories: Sequence[producing.History],
) -> tuple[threading.Event, list[threading.Thread]]:
    plan = schedule.pushes(
        wanted.seed, wanted.seconds, {each.place.number: each.place.people for each in histories}, wanted.rate
    )
    done, began, threads = threading.Event(), time.monotonic(), list[threading.Thread]()
    for history in histories:
        place = history.place
        for person in range(place.people):
            own = [push for push in plan if (push.repository, push.person) == (place.number, person)]
            ledger = folder / f"ledger-{place.number:02}-{person}.jsonl"
            somebody = producing.Person(history, forges.get(place.forge), ledger, running.urls)
            threads.append(threading.Thread(target=somebody.work, args=(own, began, done), daemon=True))
    for thread in threads:
        thread.start()
    return done, threads


def _break(scene: Scene, plan: Sequence[Fault], seconds: float, say: Say) -> Counter[str]:
    """Break what is due and mend what has lasted long enough, until the time is over; give what happened how often."""
    happened, mends, began, clock = Counter[str](), list[tuple[float, Mend]](), time.monotonic(), threading.Event()
    waiting = list(plan)
    while (now := time.monotonic() - began) < seconds or mends:
        for moment, mend in [each for each in mends if each[0] <= now]:
            mends.remove((moment, mend))
            mend()
        if waiting and waiting[0].at <= now:
            fault = waiting.pop(0)
            try:
                mend_it = do(scene, fault)
            except Nothing:
                say(f"{fault}: nothing of it was there")
                continue
            say(str(fault))
            happened[f"{fault.kind} {fault.part}"] += 1
            if mend_it:
                mends.append((time.monotonic() - began + fault.seconds, mend_it))
        scene.machines.look_after()
        clock.wait(LOOK_AFTER)
    return happened


def _calm(scene: Scene, done: threading.Event, people: Sequence[threading.Thread]) -> None:
    """Let nothing break any more, and let everybody come to the end of the push in hand."""
    scene.machines.wake()
    scene.well()
    done.set()

    def all_have_ended() -> bool:
        scene.machines.look_after()
        return not any(thread.is_alive() for thread in people)

    until(all_have_ended, within=SETTLES, what="everybody's last delivery to be taken")


def written(outcome: Outcome) -> str:
    """Write an outcome as JSON."""
    return json.dumps(asdict(outcome), indent=1, sort_keys=True)
