"""One environment touched of 2,000, against the same push to a repository that has that one alone.

From the delivery that is there to the decision that is enacted, in the processor's time of this process: what git's own
programs use is the same for both. Nothing is carried out; what a cluster would have shown is written down.
"""

import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import sqlalchemy as sa
import yaml

from pushboat.config.operator import ClusterAccess, Limits
from pushboat.events import Event, EventKind
from pushboat.model.footprint import Footprint
from pushboat.model.remote import Remote
from pushboat.model.state import State
from pushboat.store import deliveries, deployments
from pushboat.store.database.engine import open_store
from pushboat.store.database.migrations import upgrade
from tests.bench.measuring import Row
from tests.engine_room.worker import at_work
from tests.fakes.github import FakeGitHub
from tests.written import config_map
from workers.render.settings import settings_of
from workers.routing.story import route_repository
from workers.source import checkout
from workers.source.environments import environments_at, fetched
from workers.tools import Tools

ENVIRONMENTS = 2000
ROUNDS = 7
AT_MOST = 1.3
NAME = "github/acme/many"
REF = "refs/heads/main"


def measure(folder: Path, many: int = ENVIRONMENTS) -> list[Row]:
    """Push to one folder, some times, with many environments beside it and with none."""
    with _stage(folder / "many", many) as ours, _stage(folder / "one", 1) as peer:
        times: tuple[list[float], list[float]] = ([], [])
        for number in range(ROUNDS + 1):
            for side, stage in enumerate((ours, peer)):
                took = stage.push(str(number))
                if number:  # the first one learns what the next ones find
                    times[side].append(took)
    what = f"1 touched of {many:,} environments, routed, against 1 of 1; at most {AT_MOST}"
    return [Row(what, sorted(times[0])[ROUNDS // 2], sorted(times[1])[ROUNDS // 2])]


_ENDED = sa.text("UPDATE deployment SET state = 'succeeded', finished_at = :now WHERE state = 'queued'")
_LEFT = sa.text(
    "INSERT INTO footprint (lane_id, deployment_id, origin, roots, settings) "
    "SELECT lane_id, id, id, :roots, :settings FROM deployment WHERE id = :id ON CONFLICT (lane_id) DO UPDATE "
    "SET deployment_id = excluded.deployment_id, origin = excluded.origin, roots = excluded.roots"
)
_RELEASED = sa.text(
    "INSERT INTO release (deployment_id, lane_id, number) SELECT d.id, d.lane_id, d.seq FROM deployment d "
    "WHERE d.state = 'succeeded' AND NOT EXISTS (SELECT 1 FROM release r WHERE r.deployment_id = d.id)"
)
_STANDS = sa.text("UPDATE lane SET deployed_seq = seq")


class _Stage:
    """A repository of which everything is deployed."""

    def __init__(self, tools: Tools, github: FakeGitHub) -> None:
        self.tools, self.github, self.received = tools, github, 0

    def push(self, version: str) -> float:
        """Change one folder, give the seconds of the processor, and let the deployment get through."""
        took = self.route({"envs/e0000/a.yaml": config_map("it", version=version)})
        carry_out(self.tools, NAME)
        return took

    def route(self, files: dict[str, str]) -> float:
        """Push, and route it."""
        sha = self.github.push("acme/many", "main", files, deliver=False).sha
        self.received += 1
        event = Event(kind=EventKind.PUSH, action="updated", repository="acme/many", ref=REF, sha=sha)
        deliveries.accept(self.tools.store, "github", f"delivery-{self.received}", event)
        started = time.process_time()
        route_repository(self.tools, NAME)
        return time.process_time() - started


def carry_out(tools: Tools, name: str) -> None:
    """Write down what is left of everything that waits when it gets through, as if a cluster were there."""
    waiting = deployments.listed(tools.store, state=State.QUEUED, limit=ENVIRONMENTS)
    found, _ = environments_at(tools, name, waiting[0].sha)
    paths = {each.id: found[each.lane.environment].path for each in waiting}

    def look(remote: Remote) -> dict[str, str]:
        return checkout.objects_at(tools.git_caches, remote, waiting[0].sha, paths.values())

    there = fetched(tools, name, look)
    footprints = [
        {
            "id": each.id,
            "roots": Footprint(roots={paths[each.id]: there[paths[each.id]]}).text,
            "settings": settings_of(tools.operator, name, found[each.lane.environment]),
        }
        for each in waiting
    ]
    with tools.store.writing() as tx:
        tx.change(_ENDED, now=tx.now)
        tx.change_each(_LEFT, footprints)
        tx.change(_RELEASED)
        tx.change(_STANDS)


@contextmanager
def _stage(folder: Path, many: int) -> Iterator[_Stage]:
    folder.mkdir(parents=True)
    names = [f"e{number:04}" for number in range(many)]
    limits = {name: Limits(environment=name, cluster="dev", namespaces=(name,)) for name in names}
    clusters = {"dev": ClusterAccess(name="dev", kubeconfig=folder / "kubeconfig")}
    with FakeGitHub(folder / "github") as github:
        github.create_repository("acme/many", {".pushboat.yaml": _file(names), "README.md": "x"})
        store = open_store("", folder)
        try:
            upgrade(store)
            with at_work(folder, store, github.configured(), {NAME: limits}, clusters) as tools:
                stage = _Stage(tools, github)
                stage.route({f"envs/{name}/a.yaml": config_map("it", version="a") for name in names})
                carry_out(tools, NAME)
                yield stage
        finally:
            store.close()


def _file(names: Iterable[str]) -> str:
    return yaml.safe_dump({"environments": {name: {"branch": "main", "path": f"envs/{name}"} for name in names}})
